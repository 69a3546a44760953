"""Which product the words of a line name: whole titles, other names, or a few words of a title.

Search proposes some thirty products whose names share words with the line; everything else is
decided on those, so that the size of the shop does not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from agent.types import LANGUAGES, Language
from catalog.book import Book
from catalog.choose import colour_family, variant_names
from catalog.kinds import Kinds, kinds_of, stemmed, trade
from catalog.search import Search
from catalog.shelf import Shelf
from catalog.text import is_cjk, stem, tokens

Phrase = tuple[str, ...]
TITLES = ("title", "also_called")
_BESIDE = frozenset(("brand", "model"))
"""Texts whose words may stand beside a name."""
_CARDS = 20_000
"""Names remembered; then forgotten all at once."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one product is called, and what words it is told with."""

    sku: str
    phrases: tuple[tuple[Phrase, str], ...]
    """Whole names, with their plurals; and the kinds that one is a mere word for, between bars."""
    words: frozenset[str]
    """Stems of its names and its brand."""
    named: frozenset[str]
    """Those of its names alone."""
    full: tuple[frozenset[str], ...]
    """Stems of each of its titles."""
    kinds: Kinds
    languages: frozenset[Language]
    """Of its names."""
    category: frozenset[str]
    """Kinds that its category speaks of."""
    filed: frozenset[str]
    """Stems of the words of its category."""
    colours: tuple[tuple[Phrase, str], ...]
    """Names of its colours, with the family."""
    vocabulary: frozenset[str]
    """Stems of everything it is told with."""

    def is_a(self, codes: frozenset[str], phrase: Phrase = ()) -> bool:
        """Whether it is a thing of one of these kinds, and does not just speak of them; *phrase*:
        the stems by which they were named. Where its category speaks of other kinds than its
        title, only the title's own word names it."""
        if codes & self.kinds.heads:
            agreed = not self.category or self.category & (self.kinds.heads | trade().wide)
            return bool(agreed or codes & self.category or (phrase and set(phrase) <= self.words))
        if not codes & self.category:
            return False
        filed = not self.kinds.all or codes & self.category & trade().wide
        return bool(filed or codes & self.kinds.all)

    def has(self, codes: frozenset[str]) -> bool:
        """Whether words for these kinds may stand in a name of it."""
        return bool(codes & (self.kinds.all | self.category))


class Names:
    """The names of one shop, read as they are needed. For one thread at a time."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self._cards: dict[str, Card] = {}
        self._categories: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def forget(self) -> None:
        """Texts have changed."""
        self._cards.clear()
        self._categories.clear()

    def __contains__(self, word: str) -> bool:
        """Whether it stands in a name of a product."""
        return word in self.search.title_words or stem(word) in self.search.title_words

    def card(self, book: Book, sku: str) -> Card:
        found = self._cards.get(sku)
        if found is None:
            if len(self._cards) >= _CARDS:
                self._cards.clear()
            shelf = book.pages[sku].shelf
            name = shelf.product.row.category if shelf.product is not None else ""
            found = self._cards[sku] = _card(shelf, *self.category(book, name))
        return found

    def category(self, book: Book, name: str) -> tuple[frozenset[str], frozenset[str]]:
        """The kinds and the stems of a category's names."""
        if name not in self._categories:
            shelf = book.pages[""].shelf
            kinds, words = set(kinds_of(tokens(name), "en").whole), set(tokens(name))
            for language in LANGUAGES:
                held = shelf.attributes.get((f"category:{name}", "category", language))
                for text in (held.row.words or ()) if held is not None else ():
                    kinds |= kinds_of(tokens(text), language).whole
                    words.update(tokens(text))
            self._categories[name] = frozenset(kinds), frozenset(map(stem, words))
        return self._categories[name]

    def categories(self, book: Book) -> Iterable[str]:
        """The names of all categories."""
        for owner, name, _ in book.pages[""].shelf.attributes:
            if name == "category":
                yield owner.removeprefix("category:")

    def proposed(self, book: Book, words: Sequence[str], focus: Iterable[str]) -> list[Card]:
        """The products that the words of a line may name, those in focus among them."""
        asked = [word for word in words if word in self or is_cjk(word)]
        line = stemmed(words)
        for start in range(len(line)):
            for size in range(1, trade().longest + 1):
                for code in trade().by_phrase.get(line[start : start + size], ()):
                    asked += [word for word in trade().words[code] if word in self]
        joined = _runs(asked)
        skus = self.search.candidates(joined, 30) if joined else []
        every = dict.fromkeys((*focus, *skus))
        return [self.card(book, sku) for sku in every if sku in book.pages]

    def of_kind(self, codes: frozenset[str], most: int) -> set[str] | None:
        """Skus of all products of whose names a word for these kinds is a part, whether they are
        of the kind or not; None if they are more than *most*."""
        words = [w for code in sorted(codes) for w in trade().words[code] if w in self]
        if not words:
            return set()
        skus = self.search.candidates(_runs(words), most)
        return None if len(skus) >= most else set(skus)


def _runs(words: Iterable[str]) -> list[str]:
    """Single Chinese characters put together again, other words as they are."""
    found: list[str] = []
    run = ""
    for word in words:
        if is_cjk(word):
            run += word
            continue
        if run:
            found.append(run)
            run = ""
        found.append(word)
    return [*dict.fromkeys(found), *([run] if run else [])]


def _card(shelf: Shelf, category: frozenset[str], filed: frozenset[str]) -> Card:
    phrases: set[Phrase] = set()
    words: set[str] = set()
    named: set[str] = set()
    full: list[frozenset[str]] = []
    every: set[str] = set()
    whole: set[str] = set()
    languages: set[Language] = set()
    heads: set[str] = set()
    told: list[str] = []
    for (owner, name, own), held in shelf.attributes.items():
        texts = held.row.words or ()
        told += texts
        if owner != shelf.sku:
            continue
        if name in _BESIDE:
            words.update(stem(token) for text in texts for token in tokens(text))
        if name not in TITLES:
            continue
        for text in texts:
            line = tuple(token for token in tokens(text) if token.isalnum())
            phrases |= _forms(line)
            named.update(map(stem, line))
            named.update(a + b for a, b in pairwise(line) if a.isascii())
            kinds = kinds_of(tokens(text), _language(own))
            every |= kinds.all
            whole |= kinds.whole
            languages.add(_language(own))
            if name == "title":
                heads |= kinds.heads
                full.append(frozenset(map(stem, line)))
            elif kinds.all:
                heads |= kinds.heads
    told += [f"{held.row.question} {held.row.answer}" for held in shelf.faq]
    told += [f"{held.row.colour} {held.row.size}" for held in shelf.variants]
    told += [held.row.claim for held in shelf.claims]
    colours = {
        tuple(text.split()): colour_family(text)
        for held in shelf.variants
        for text in variant_names(shelf, held)
        if text
    }
    return Card(
        shelf.sku,
        tuple((phrase, _kind_code(phrase)) for phrase in sorted(phrases)),
        frozenset(words | named),
        frozenset(named),
        tuple(full),
        Kinds(frozenset(every), frozenset(whole), frozenset(heads)),
        frozenset(languages),
        category,
        filed,
        tuple(colours.items()),
        frozenset(stem(token) for text in told for token in tokens(text)),
    )


def _language(text: str) -> Language:
    return next((known for known in LANGUAGES if known == text), "en")


def _kind_code(phrase: Phrase) -> str:
    return "|".join(sorted(trade().by_phrase.get(stemmed(phrase), ())))


def _forms(line: Phrase) -> set[Phrase]:
    """A name, its plural and its singular."""
    if not line:
        return set()
    forms = {line, (*line[:-1], stem(line[-1]))}
    if line[-1].isascii() and not line[-1].endswith("s"):
        forms.add((*line[:-1], line[-1] + "s"))
    return forms


# --- a run of words --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a line that stand together and may name a product."""

    names: tuple[frozenset[str], ...]
    """Whole names among them, as skus."""
    kinds: tuple[tuple[frozenset[str], Phrase], ...]
    """Kinds, and the stems they were said with."""
    words: frozenset[str]
    """Stems that stand in names of products."""
    soft: frozenset[str]
    """Stems that tell how a thing is, and name nothing alone; and those that mean something else
    besides: "power", "red"."""
    before: frozenset[str]
    """Of *soft*, those that stand before a noun, and so belong to it."""


@cache
def soft_words() -> frozenset[str]:
    return trade().plain | trade().materials


def meant(run: Run, cards: Sequence[Card]) -> frozenset[str]:
    """The products that *run* names: none where a word of it contradicts each."""
    fitting = [card for card in cards if _fits(run, card)]
    if not fitting:
        return frozenset()
    codes = [codes for codes, _ in run.kinds]
    for better in (
        [c for c in fitting if any(f <= _said(run) for f in c.full)],
        [c for c in fitting if run.words <= c.named],
        [c for c in fitting if run.words <= c.words],
        [c for c in fitting if all(own & c.kinds.all for own in codes)],
        [c for c in fitting if any(own & c.kinds.heads for own in codes)],
        [c for c in fitting if all(set(phrase) <= c.named for _, phrase in run.kinds)],
        _most(fitting, codes),
    ):
        fitting = [card for card in fitting if card in better] or fitting
    soft = run.soft & frozenset(word for card in fitting for word in card.words)
    most = max(len(soft & card.words) for card in fitting)
    fitting = [card for card in fitting if len(soft & card.words) == most]
    return frozenset(card.sku for card in fitting)


def _most(cards: Sequence[Card], codes: Sequence[frozenset[str]]) -> list[Card]:
    """Those that are of most of the kinds that a word may stand for."""
    counts = [sum(len(own & card.kinds.heads) for own in codes) for card in cards]
    return [card for card, count in zip(cards, counts, strict=True) if count == max(counts)]


def _said(run: Run) -> frozenset[str]:
    told = frozenset(word for _, phrase in run.kinds for word in phrase)
    return run.words | run.soft | told


def _fits(run: Run, card: Card) -> bool:
    if any(card.sku not in names for names in run.names):
        return False
    bare = not run.names and not (run.words & card.words)
    for codes, phrase in run.kinds:
        if not (set(phrase) <= card.words or card.has(codes)):
            return False
    if bare and run.kinds and not any(card.is_a(*kind) for kind in run.kinds):
        return False
    if not (run.words & card.words or run.kinds or run.names):
        return False
    known = card.words | card.filed
    if any(word not in known and word not in card.vocabulary for word in run.words):
        return False
    told = card.vocabulary
    return all(word in known or (word in trade().materials and word in told) for word in run.before)


def unsure(run: Run) -> bool:
    """Whether nothing but a single word of a title stands there, which may be no name at all."""
    return not run.names and not run.kinds and len(run.words) == 1


def shared(cards: Sequence[Card]) -> Mapping[str, int]:
    """In how many of the cards' names a word stands."""
    found: dict[str, int] = {}
    for card in cards:
        for word in card.words:
            found[word] = found.get(word, 0) + 1
    return found
