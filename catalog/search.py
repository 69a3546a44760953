"""Products and facts by what a question is about: words (tantivy) and meaning (vectors), fused."""

import hashlib
import logging
import math
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import punctuation
from typing import Literal, Protocol

import numpy as np
import tantivy
from numpy.typing import NDArray

from agent.types import LANGUAGES, Language
from catalog.book import Book
from catalog.shelf import Shelf
from catalog.spelling import Spelling
from catalog.text import bigrams, fold, tokens

log = logging.getLogger(__name__)
Vectors = NDArray[np.float32]
Kind = Literal["product", "fact"]
KINDS: tuple[Kind, ...] = ("product", "fact")
LEXICAL_SHARE: Mapping[Language, float] = {"en": 0.2, "fr": 0.4, "zh": 0.4}
"""Of a fused score, times how much of the question stands in the texts at all: a French question
to English texts shares hardly a word with them, and goes by meaning. Tuned on the dev halves of
``evals.retrieval``: 0.2 to 0.3 was best for facts in English, 0.4 to 0.5 for French."""
NEAREST = 100
"""Meaning is scaled to 0..1 over that many of the nearest: over all of a shop, the things that
have nothing to do with the question would press those that have together at the top."""
_BOOST = {"title": 3.0, "names": 2.0, "body": 1.0}
_STEMMED: Mapping[Language, str] = {"en": "en_stem", "fr": "fr_stem", "zh": "whitespace"}


class Embedder(Protocol):
    """A text embedding model; blocking."""

    name: str
    """With its version: vectors of one name can be compared."""
    dims: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (texts, dims)."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """What is searched: a product as a whole, or one of its texts or answers."""

    kind: Kind
    sku: str
    field: str
    """Of a fact: its field, or for an answer its fact id without the language; "" for a product."""
    title: str
    names: str
    body: str

    @property
    def text(self) -> str:
        """What is embedded."""
        return ". ".join(part for part in (self.title, self.names, self.body) if part)


@dataclass(frozen=True, slots=True)
class Hit:
    document: Document
    score: float
    """0 to 1 among the hits of this query."""
    words: float
    """BM25 of the words, 0 where none is shared."""
    meaning: float
    """Cosine, -1 to 1; 0 where there are no vectors."""


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def documents(shelf: Shelf, language: Language) -> list[Document]:
    """What can be found of one shelf in one language."""
    found: list[Document] = []

    def words(name: str) -> str:
        text = shelf.words(shelf.sku, name, language)
        return "; ".join(text[0].row.words or ()) if text else ""

    if shelf.product is not None:
        title = words("title")
        points = " ".join(words(f"point_{n}") for n in range(1, 5)).strip()
        parts = (shelf.product.row.category, words("also_called"), words("brand"))
        body = " ".join(part for part in (words("material"), points) if part)
        found.append(
            Document("product", shelf.sku, "", title, "; ".join(p for p in parts if p), body)
        )
        for name in ("material", "care", "age", "point_1", "point_2", "point_3", "point_4"):
            if words(name):
                found.append(Document("fact", shelf.sku, name, "", "", words(name)))
    asked = {held.row.faq_id for held in shelf.faq}
    for held in shelf.faq:
        row = held.row
        own = row.language == language
        english = row.language == "en" and not any(
            o.row.faq_id == row.faq_id and o.row.language == language for o in shelf.faq
        )
        if row.faq_id in asked and (own or english):
            name = f"{shelf.sku or 'shop'}/answer/{row.faq_id}"
            found.append(Document("fact", shelf.sku, name, row.question, "", row.answer))
    return found


NAMES = ("title", "also_called", "brand")


def title_words(book: Book) -> dict[str, int]:
    """In how many products' names each word stands."""
    found: Counter[str] = Counter()
    for sku in book.skus:
        shelf = book.pages[sku].shelf
        texts = [shelf.product.row.category] if shelf.product is not None else []
        for (owner, name, _), held in shelf.attributes.items():
            if owner == sku and name in NAMES:
                texts += held.row.words or ()
        found.update({word for text in texts for word in tokens(text) if word.isalnum()})
    return dict(found)


class Index:
    """The documents of one language."""

    def __init__(self, language: Language, found: Iterable[Document]) -> None:
        self.language: Language = language
        self.documents = list(found)
        self.vectors: Vectors | None = None
        """By document, or None while there are none."""
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("at", stored=True, fast=True)
        for name in _BOOST:
            builder.add_text_field(name, tokenizer_name=_STEMMED[language])
        self._index = tantivy.Index(builder.build())
        if language == "fr":
            self._index.register_tokenizer("fr_stem", _french())
        self._analyzer = _analyzer(language)
        writer = self._index.writer(15_000_000, 1)
        for at, document in enumerate(self.documents):
            writer.add_document(
                tantivy.Document(
                    at=at,
                    title=bigrams(document.title),
                    names=bigrams(document.names),
                    body=bigrams(document.body),
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def words(self, question: str, count: int = 50) -> dict[int, float]:
        """BM25 by document, for those that share a word with the question."""
        plain = "".join(c if c.isalnum() else " " for c in bigrams(question)).split()
        if not plain:
            return {}
        query, _ = self._index.parse_query_lenient(
            " ".join(f'"{word}"' for word in plain[:64]), list(_BOOST), field_boosts=dict(_BOOST)
        )
        found = self._searcher.search(query, count).hits
        return {self._searcher.doc(address)["at"][0]: score for score, address in found}

    def named(self, words: Sequence[str], count: int) -> dict[str, float]:
        """BM25 by sku, of products of which a name has one of the words in it."""
        plain = "".join(c if c.isalnum() else " " for c in bigrams(" ".join(words))).split()
        if not plain:
            return {}
        fields = ["title", "names"]
        query, _ = self._index.parse_query_lenient(
            " ".join(f'"{word}"' for word in plain[:64]),
            fields,
            field_boosts={name: _BOOST[name] for name in fields},
        )
        found: dict[str, float] = {}
        for score, address in self._searcher.search(query, 4 * count + 50).hits:
            document = self.documents[self._searcher.doc(address)["at"][0]]
            if document.kind == "product":
                found[document.sku] = max(score, found.get(document.sku, 0.0))
        return found

    def covered(self, question: str) -> float:
        """How much of a question stands in the texts at all, 0 to 1; rare words count for more."""
        total = known = 0.0
        size = self._searcher.num_docs
        for word in self._analyzer.analyze(bigrams(question)):
            often = max((self._searcher.doc_freq(name, word) for name in _BOOST), default=0)
            weight = math.log(1 + (size - often + 0.5) / (often + 0.5))
            total += weight
            known += weight if often else 0.0
        return known / total if total else 0.0

    def has(self, word: str) -> bool:
        """Whether a word stands in a text, its stem compared."""
        stems = self._analyzer.analyze(bigrams(word))
        return any(self._searcher.doc_freq(name, one) for one in stems for name in _BOOST)

    def meaning(self, query: Vectors) -> Vectors:
        """Cosine by document; zeros where there are no vectors."""
        if self.vectors is None:
            return np.zeros(len(self.documents), np.float32)
        cosine: Vectors = self.vectors @ query
        return cosine


def _french() -> tantivy.TextAnalyzer:
    return _stemming("french")


def _analyzer(language: Language) -> tantivy.TextAnalyzer:
    """Cuts a text as the index of that language does."""
    if language == "zh":
        return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    return _stemming("french" if language == "fr" else "english")


def _stemming(language: str) -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer(language))
        .build()
    )


class Search:
    """Finds products and facts in three languages. ``find`` and the rest may run on different
    threads: an index is replaced whole, never changed."""

    def __init__(self, book: Book) -> None:
        self._indexes = {language: self._index(book, language) for language in LANGUAGES}
        self._words = title_words(book)
        self._spelling = Spelling(self._words)
        self._models: Mapping[Language, Embedder] = {}
        self._known: dict[tuple[str, str], Vectors] = {}
        self._stopped = threading.Event()

    @property
    def title_words(self) -> Mapping[str, int]:
        """In how many products' names (title, also called, brand, category; in any language) a
        word stands: words as ``catalog.text.tokens`` gives them, not stemmed."""
        return self._words

    def candidates(self, words: Sequence[str], count: int = 30) -> list[str]:
        """Skus of products of which a name shares a word with these, stems compared, best first:
        over the texts of all languages."""
        best: dict[str, float] = {}
        for index in self._indexes.values():
            for sku, score in index.named(words, count).items():
                best[sku] = max(score, best.get(sku, 0.0))
        return sorted(best, key=lambda sku: (-best[sku], sku))[:count]

    @property
    def ready(self) -> bool:
        """Whether meaning counts, and not words alone."""
        return bool(self._models)

    def stop(self) -> None:
        """Give up embedding soon."""
        self._stopped.set()

    @staticmethod
    def _index(book: Book, language: Language) -> Index:
        shelves = (page.shelf for page in book.pages.values())
        return Index(language, (d for shelf in shelves for d in documents(shelf, language)))

    def turn(self, book: Book, sku: str) -> None:
        """Follow changed texts. Words at once; meaning too, as only what is new is embedded."""
        log.debug("texts changed", extra={"sku": sku})
        self._words = title_words(book)
        for word in self._words:
            self._spelling.add(word)
        for language in LANGUAGES:
            index = self._index(book, language)
            if self._models:
                self._embed(index, self._models[language])
            self._indexes[language] = index

    def embed(
        self,
        models: Mapping[Language, Embedder],
        known: Mapping[str, Mapping[str, bytes]],
    ) -> dict[str, dict[str, bytes]]:
        """Give every document its vector; *known* are those kept, by model and sha256 of the text.
        Gives the new ones, to be kept. Blocking; seconds for a hundred texts."""
        for model, vectors in known.items():
            for sha, vector in vectors.items():
                self._known[model, sha] = np.frombuffer(vector, np.float32)
        fresh: dict[str, dict[str, bytes]] = {}
        for language in LANGUAGES:
            new = self._embed(self._indexes[language], models[language])
            fresh.setdefault(models[language].name, {}).update(new)
        if not self._stopped.is_set():
            self._models = models
        return fresh

    def _embed(self, index: Index, model: Embedder) -> dict[str, bytes]:
        texts = {_sha(d.text): d.text for d in index.documents}
        wanted = [sha for sha in texts if (model.name, sha) not in self._known]
        fresh: dict[str, bytes] = {}
        for start in range(0, len(wanted), 16):
            if self._stopped.is_set():
                return fresh
            shas = wanted[start : start + 16]
            for sha, vector in zip(shas, model.encode([texts[sha] for sha in shas]), strict=True):
                self._known[model.name, sha] = vector
                fresh[sha] = vector.tobytes()
        if index.documents:
            index.vectors = np.stack(
                [self._known[model.name, _sha(d.text)] for d in index.documents]
            )
        return fresh

    def find(
        self, question: str, language: Language, kind: Kind, skus: Iterable[str] | None = None
    ) -> list[Hit]:
        """Documents of a kind (of these products), best first. Scores are fused as a weighted sum
        of words and meaning, each scaled to 0..1 over the hits. A product's name may be misspelt:
        the words of names that are near to an unknown word are looked for besides."""
        index = self._indexes[language]
        if kind == "product":
            question = self._mended(question, index)
        words = index.words(question)
        model = self._models.get(language)
        meaning = (
            index.meaning(model.encode([question])[0])
            if model is not None
            else np.zeros(len(index.documents), np.float32)
        )
        among = None if skus is None else set(skus)
        chosen = [
            at
            for at, document in enumerate(index.documents)
            if document.kind == kind and (among is None or document.sku in among)
        ]
        if not chosen:
            return []
        lexical = np.array([words.get(at, 0.0) for at in chosen], np.float32)
        semantic = meaning[chosen]
        share = LEXICAL_SHARE[language] * index.covered(question) if model is not None else 1.0
        score = share * _scaled(lexical) + (1 - share) * _scaled(semantic, NEAREST)
        order = np.argsort(-score, kind="stable")
        return [
            Hit(
                index.documents[chosen[at]],
                float(score[at]),
                float(lexical[at]),
                float(semantic[at]),
            )
            for at in order
            if score[at] > 0
        ]

    def _mended(self, question: str, index: Index) -> str:
        """The question with what its unknown words may be meant for behind each of them."""
        words: list[str] = []
        for word in question.split():
            plain = fold(word).strip(punctuation)
            near = [] if index.has(plain) else self._spelling.near(plain, self._words)
            words += [word, *near]
        return " ".join(words)


def _scaled(values: Vectors, nearest: int | None = None) -> Vectors:
    """To 0..1, from the least (of the *nearest* highest) to the greatest."""
    low, high = float(values.min()), float(values.max())
    if nearest is not None and len(values) > nearest:
        low = float(np.partition(values, -nearest)[-nearest])
    if high <= low:
        return np.zeros_like(values)
    scaled: Vectors = np.clip((values - low) / np.float32(high - low), 0, 1)
    return scaled
