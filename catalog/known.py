"""The words of a shop: what its products are called, and how its words are spelt."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from catalog.book import Book
from catalog.choose import variant_names
from catalog.details import asking
from catalog.lexicon import Lexicon, Phrase, Sense, base
from catalog.names import Card, Names
from catalog.roots import roots
from catalog.search import Search
from catalog.speller import Speller
from catalog.text import is_cjk, stem

_GLUED = re.compile(r"(?:l|d|qu)([aeiouyh]\w{3,})$")
_PLAIN = ("ask", "stop", "it", "to", "and", "have", "last", "purpose", "under", "over")
"""Senses that a word keeps, though a product may be called by it alone."""
_VERBAL = ("e", "es", "ent", "ons", "ez", "ait", "aient", "ing", "ed")
"""Endings of French and English verbs."""
_LONG = 5
"""Letters of a word that may be a form of another."""


@dataclass(frozen=True, slots=True)
class Known:
    """One book, and what its words are."""

    book: Book
    lexicon: Lexicon
    names: Names
    speller: Speller

    def follow(self, book: Book, *, texts: bool) -> "Known":
        """With another book; *texts*: of other words, too."""
        if texts:
            self.names.forget()
            self.speller.follow(self.names.search.title_words)
            self.speller.follow(_colours(book), meant=False)
        return Known(book, self.lexicon, self.names, self.speller)

    def spelt(self, line: Sequence[str], focus: Sequence[Card]) -> list[str]:
        """A line's tokens as they were meant; two as one where a product's name has them so."""

        def told(word: str) -> bool:
            return any(stem(word) in card.vocabulary for card in focus)

        meant = [self._meant(self._parted(token), told) for token in line]
        joined: list[str] = []
        for token in meant:
            if (
                joined
                and joined[-1] not in self.lexicon.words
                and joined[-1] not in self.names
                and joined[-1] + token in self.names.search.title_words
            ):
                joined[-1] += token
            else:
                joined.append(token)
        return joined

    def _parted(self, token: str) -> str:
        """ "lenceinte" as "enceinte": in chat the apostrophe is left out."""
        glued = _GLUED.match(token)
        if glued is None or token in self.speller or stem(token) in self.speller:
            return token
        return glued[1] if glued[1] in self.names.search.title_words else token

    def _meant(self, token: str, told: Callable[[str], bool]) -> str:
        """*token* as a form of a word that asks, itself as one of an ordinary verb ("plie"), or
        put right."""
        form = self._inflected(token)
        if form == token and token.endswith(_VERBAL) and roots(token) & self.lexicon.ordinary:
            return token
        return self.speller.spelt(form, told)

    def _inflected(self, token: str) -> str:
        """ "coûterait" as "coûte": an unknown form of one word that asks for something."""
        if len(token) < _LONG or not token.isalpha() or is_cjk(token):
            return token
        if token in self.speller or stem(token) in self.speller or token in self.names:
            return token
        forms = {form for root in roots(token) for form in self.lexicon.forms.get(root, ())}
        return min(forms, key=lambda form: (len(form), form)) if forms else token

    def overlay(self, cards: Iterable[Card]) -> dict[str, list[tuple[Phrase, Sense]]]:
        """The names and the colours of *cards* as phrases, by first word."""
        named: dict[Phrase, set[str]] = {}
        codes: dict[Phrase, str] = {}
        coloured: dict[Phrase, str] = {}
        for card in cards:
            for phrase, code in card.phrases:
                named.setdefault(phrase, set()).add(card.sku)
                codes[phrase] = code
            coloured.update(card.colours)
        found: dict[str, list[tuple[Phrase, Sense]]] = {}
        for phrase, family in coloured.items():
            if self.lexicon.sense(phrase) is None:
                found.setdefault(phrase[0], []).append((phrase, Sense("colour", family)))
        for phrase, skus in named.items():
            held = self.lexicon.sense(phrase)
            if held is not None and held.kind in _PLAIN and len(phrase) == 1:
                continue
            sense = Sense("name", codes[phrase], skus=frozenset(skus))
            found.setdefault(phrase[0], []).insert(0, (phrase, sense))
        for entries in found.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        return found


def known(book: Book, search: Search) -> Known:
    """The words of a book."""
    lexicon = base()
    words = [*lexicon.words, *search.title_words]
    kept = [*lexicon.kept, *asking(), *_colours(book)]
    return Known(book, lexicon, Names(search), Speller(words, kept))


def _colours(book: Book) -> set[str]:
    """The words of a small shop's colours, which are no slips of others: "vert mousse"."""
    if not book.whole:
        return set()
    shelves = (book.pages[sku].shelf for sku in book.skus)
    return {
        word
        for shelf in shelves
        for variant in shelf.variants
        for name in variant_names(shelf, variant)
        for word in name.split()
    }
