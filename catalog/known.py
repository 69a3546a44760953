"""The words of a shop: its products' names for the lexicon, and what words each is told with."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.book import Book
from catalog.choose import colour_family, variant_names
from catalog.lexicon import Lexicon, Phrase, Sense, base
from catalog.text import stem, tokens

TITLES = ("title", "also_called")


@dataclass(frozen=True, slots=True)
class Known:
    """One book, and what its words are."""

    book: Book
    lexicon: Lexicon
    vocabulary: Mapping[str, frozenset[str]]
    """Stems of a product's texts, by sku."""
    titles: Mapping[str, frozenset[str]]
    """Stems of its names."""


def known(book: Book) -> Known:
    """The words of a book; some tens of milliseconds."""
    words = {sku: _vocabulary(book, sku) for sku in book.skus}
    titles = {sku: _vocabulary(book, sku, titles=True) for sku in book.skus}
    return Known(book, _lexicon(book), words, titles)


def _lexicon(book: Book) -> Lexicon:
    """The base lexicon with the names of the book's products."""
    skus: dict[Phrase, set[str]] = {}
    colours: dict[Phrase, str] = {}
    told: set[str] = set()
    for sku in book.skus:
        shelf = book.pages[sku].shelf
        for (owner, name, _), held in shelf.attributes.items():
            words = held.row.words or ()
            if owner == sku and name in TITLES:
                for text in words:
                    phrase = tuple(tokens(text))
                    if phrase:
                        skus.setdefault(phrase, set()).add(sku)
                        skus.setdefault((*phrase[:-1], stem(phrase[-1])), set()).add(sku)
                        if phrase[-1].isascii() and not phrase[-1].endswith("s"):
                            skus.setdefault((*phrase[:-1], phrase[-1] + "s"), set()).add(sku)
        told |= _vocabulary(book, sku, stemmed=False)
        for text in (text for held in shelf.variants for text in variant_names(shelf, held)):
            phrase = tuple(text.split())
            if phrase:
                colours[phrase] = colour_family(text)
    choices = [(phrase, Sense("colour", family)) for phrase, family in colours.items()]
    names = [(phrase, Sense("name", skus=frozenset(owners))) for phrase, owners in skus.items()]
    return base().with_phrases([*names, *choices], told)


def _vocabulary(
    book: Book, sku: str, *, stemmed: bool = True, titles: bool = False
) -> frozenset[str]:
    """Every word of a product's texts and answers, or only of its names."""
    shelf = book.pages[sku].shelf
    if titles:
        named = [h for (_, name, _), h in shelf.attributes.items() if name in TITLES]
        return frozenset(
            stem(word) for held in named for text in held.row.words or () for word in tokens(text)
        )
    texts = [text for held in shelf.attributes.values() for text in held.row.words or ()]
    texts += [f"{held.row.question} {held.row.answer}" for held in shelf.faq]
    texts += [f"{held.row.colour} {held.row.size}" for held in shelf.variants]
    texts += [held.row.claim for held in shelf.claims]
    words = (word for text in texts for word in tokens(text))
    return frozenset(stem(word) if stemmed else word for word in words)
