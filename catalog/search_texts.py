"""What is searched: products by the texts that name them, and the texts of one product."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.types import LANGUAGES, Language
from catalog.brief import Brief
from catalog.fields import KNOWN
from catalog.rows import AttributeRow
from catalog.shelf import Shelf
from catalog.text import CJK_RUN, fold, tokens

Kind = Literal["product", "fact"]
KINDS: tuple[Kind, ...] = ("product", "fact")
NOT_FACTS = frozenset(
    ("title", "also_called", "description", "link", "gtin", "model", "image", "colour", "size")
)
"""Texts that name a product or are for its pages, and are never spoken as they are."""
NAMING_TEXTS = frozenset(("title", "also_called", "brand"))
_PLAIN = ("material", "care", "age", "point_1", "point_2", "point_3", "point_4")
"""Their names are no part of what they say."""
_BODY = ("material", "point_1", "point_2", "point_3", "point_4")
_QUESTION = re.compile(r"[^?？]+[?？]?")
_LONGEST = 1200
"""Characters of a description that are searched."""


@dataclass(frozen=True, slots=True)
class Document:
    """A product as a whole, or one of its texts or answers."""

    kind: Kind
    sku: str
    field: str
    """Of a fact: its field, or for an answer its fact id without the language; "" for a product."""
    title: str
    names: str
    body: str
    language: Language = "en"
    """That it is written in."""
    more: str = ""
    """What is searched by words alone."""

    @property
    def text(self) -> str:
        """What is embedded."""
        return ". ".join(part for part in (self.title, self.names, self.body) if part)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is embedded of a fact: all of it, and of an answer each question that it answers, as
        those who ask say one thing at a time."""
        if self.kind != "fact" or "/" not in self.field:
            return (self.text,)
        asked = [part.strip() for part in _QUESTION.findall(self.title)]
        return tuple(dict.fromkeys((self.text, *(part for part in asked if part))))

    def itself(self) -> "Document":
        return self


Kinds = Mapping[str, Mapping[Language, str]]
"""What categories are called, by language."""


def kinds_of(shop: Shelf) -> dict[str, dict[Language, str]]:
    """From the shop's own shelf."""
    found: dict[str, dict[Language, str]] = {}
    for (owner, name, own), held in shop.attributes.items():
        _, colon, category = owner.partition("category:")
        if colon and name == "category" and held.row.words:
            for language in LANGUAGES:
                if own == language:
                    found.setdefault(category, {})[language] = held.row.words[0]
    return found


def languages_of(brief: Brief) -> tuple[Language, ...]:
    """Those that its title is written in."""
    return tuple(language for language in LANGUAGES if ("title", language) in brief.texts)


def read_in(own: tuple[Language, ...], language: Language) -> Language:
    """Which of its own languages a product is read in by one who speaks *language*."""
    if language in own:
        return language
    return "en" if "en" in own or not own else own[0]


def product(brief: Brief, kinds: Kinds, language: Language) -> Document:
    """A product as one who speaks *language* finds it: in English where it is not written in
    that, in whatever there is where it is not in English either."""
    own = read_in(languages_of(brief), language)
    texts = {name: text for (name, wrote), text in brief.texts.items() if wrote == "en"}
    if own != "en":
        texts |= {name: text for (name, wrote), text in brief.texts.items() if wrote == own}

    def words(name: str) -> str:
        return texts.get(name, "")

    category = kinds.get(brief.category, {}).get(own, brief.category)
    names = (category, words("also_called"), words("brand"))
    return Document(
        "product",
        brief.sku,
        "",
        words("title"),
        "; ".join(part for part in names if part),
        " ".join(text for name in _BODY if (text := words(name))),
        own,
        words("description")[:_LONGEST],
    )


def facts(shelf: Shelf, language: Language) -> list[Document]:
    """The texts and answers of one product, or of the shop."""
    found: list[Document] = []
    details = sorted(
        {
            name
            for (owner, name, _), held in shelf.attributes.items()
            if owner == shelf.sku and shelf.sku and _told(held.row) and name not in NOT_FACTS
        },
        key=lambda name: (_PLAIN.index(name) if name in _PLAIN else len(_PLAIN), name),
    )
    for name in details:
        title = "" if name in _PLAIN else name.replace("_", " ")
        figure = shelf.attributes.get((shelf.sku, name, ""))
        if figure is not None and figure.row.amount is not None:
            body = f"{figure.row.amount.normalize():f} {figure.row.unit}"
            found.append(Document("fact", shelf.sku, name, title, "", body, language))
            continue
        choices: tuple[Language, ...] = (language, "en", *LANGUAGES)
        for own in choices:
            held = shelf.attributes.get((shelf.sku, name, own))
            if held is not None and held.row.words:
                body = "; ".join(held.row.words)
                found.append(Document("fact", shelf.sku, name, title, "", body, own))
                break
    for answer in shelf.faq:
        row = answer.row
        others = {o.row.language for o in shelf.faq if o.row.faq_id == row.faq_id}
        mine = row.language == language
        if mine or (language not in others and row.language == _first(others)):
            name = f"{shelf.sku or 'shop'}/answer/{row.faq_id}"
            wrote: Language = next((one for one in LANGUAGES if one == row.language), "en")
            found.append(Document("fact", shelf.sku, name, row.question, "", row.answer, wrote))
    return found


def _told(row: AttributeRow) -> bool:
    """Whether it is a text, or a figure under a name of the shop's own: "temps d'infusion"."""
    return bool(row.words) or (row.amount is not None and row.name not in KNOWN)


def _first(others: set[str]) -> str:
    return next((one for one in ("en", *LANGUAGES) if one in others), "")


def name_words(brief: Brief, kinds: Kinds) -> set[str]:
    """The words of its names in all languages, as ``catalog.text.tokens`` has them."""
    texts = [brief.category, *kinds.get(brief.category, {}).values()]
    texts += [text for (name, _), text in brief.texts.items() if name in NAMING_TEXTS]
    return {word for word in tokens(" , ".join(texts)) if word.isalnum()}


def folded(text: str) -> str:
    """As ``catalog.text.bigrams``, and quick for plain English, of which there may be a lot."""
    if text.isascii():
        return text.lower()

    def pairs(run: str) -> str:
        return " ".join(run[at : at + 2] for at in range(max(1, len(run) - 1)))

    return CJK_RUN.sub(lambda found: f" {pairs(found[0])} ", fold(text))
