"""A plain LangChain RAG chain over a shop's catalog, as its guides build one: for comparison.

A document for each product and language, one for each region delivered to and one for the rest of
the shop, embedded by the models that Candor's own search uses; the nearest, the product on show and
the shop's go into a good prompt; the model's answer is streamed. Nothing looks at what it says.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.slots import SlotError, eye
from agent.types import LANGUAGES, Fact, Language, Words
from catalog.search import Embedder
from catalog.store import Store
from evals.baseline import MOST_TOKENS, PROMPT
from models.embed import embedders
from models.server import ServerState

NEAREST = 2
"""Documents found, beside that of the product on show and the shop's."""
_SHOP = "shop"
_BY_REGION = ("delivery_region", "delivery_days", "delivery_fee", "free_delivery_from")
_END = re.compile(r"[.!?](?=\s)|[。！？]")


@dataclass
class Told:
    """One answer of the chain."""

    text: str = ""
    first_sentence_s: float | None = None
    done_s: float = 0.0
    facts: list[Fact] = field(default_factory=list)
    """All that its prompt held."""


class _Embedded(Embeddings):
    def __init__(self, model: Embedder) -> None:
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self._model.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class RagChain:
    """Retriever, prompt and model, for one shop."""

    def __init__(self, store: Store, server: ServerState) -> None:
        """Blocking: embeds the whole shop."""
        self._shop = store.shop.name
        models = embedders()
        kept = {product.sku: list(store.sheet(product.sku)) for product in store.products()}
        for fact in store.sheet(""):
            kept.setdefault(_place(fact), []).append(fact)
        self._sheets = {
            (name, language): _told(facts, language)
            for name, facts in kept.items()
            for language in LANGUAGES
        }
        self._stores: dict[Language, InMemoryVectorStore] = {}
        for language in LANGUAGES:
            held = InMemoryVectorStore(_Embedded(models[language]))
            held.add_documents(
                [
                    Document(text, metadata={"name": name})
                    for (name, of), (text, _) in self._sheets.items()
                    if of == language and name != _SHOP
                ]
            )
            self._stores[language] = held
        prompt = ChatPromptTemplate.from_messages([("system", PROMPT), ("user", "{question}")])
        model = ChatOpenAI(
            base_url=server.url,
            model=server.model,
            api_key=SecretStr(server.key),
            temperature=0,
            max_completion_tokens=MOST_TOKENS,
            max_retries=0,
        )
        self._chain = prompt | model | StrOutputParser()

    async def answer(self, question: str, language: Language, pinned: str) -> Told:
        """What the chain says to *question* while *pinned* is on show, and when."""
        began, told = time.monotonic(), Told()
        near = await asyncio.to_thread(
            self._stores[language].similarity_search, question, k=NEAREST
        )
        names = dict.fromkeys([pinned, *(str(one.metadata["name"]) for one in near), _SHOP])
        parts = [self._sheets[(name, language)] for name in names]
        told.facts = [fact for _, facts in parts for fact in facts]
        text = "\n\n".join(text for text, _ in parts)
        asked = {"shop": self._shop, "facts": text, "question": question}
        async for piece in self._chain.astream(asked):
            told.text += piece
            if told.first_sentence_s is None and _END.search(told.text):
                told.first_sentence_s = time.monotonic() - began
        told.done_s = time.monotonic() - began
        if told.first_sentence_s is None:
            told.first_sentence_s = told.done_s
        return told


def _place(fact: Fact) -> str:
    """The document that a fact of the shop belongs to: that of a region, or the rest."""
    parts = fact.id.split("/")
    return "/".join(parts[::2][:2]) if fact.field in _BY_REGION and len(parts) > 2 else _SHOP


def _told(facts: Sequence[Fact], language: Language) -> tuple[str, list[Fact]]:
    """*facts* as a document has them, those in other languages left out."""
    lines, held = [], []
    for fact in facts:
        if isinstance(fact.value, Words) and fact.value.language != language:
            continue
        try:
            text = eye(fact, language)
        except SlotError:
            text = "yes" if fact.value else "no"
        lines.append(f"{fact.field.replace('_', ' ')}: {text}")
        held.append(fact)
    return "\n".join(lines), held
