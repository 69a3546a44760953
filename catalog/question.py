"""One question to one book: what it is asked of, and how its facts are put together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from agent.types import Fact, Facts, Focus, Language, Topic, Words
from catalog.ask import understand
from catalog.choose import Choice, choose
from catalog.details import free, means
from catalog.fields import BY_REGION, CONTEXT, CONTEXT_SIZE
from catalog.kinds import trade
from catalog.known import Known
from catalog.search import Hit, Search
from catalog.text import stem

_FOUND, _FOUND_ALONE = 4, 9
"""Facts that search found, for the writer: beside one that answers, and where none does."""
_FEW = 6
"""Products that a colour or a size may tell apart."""


class Question:
    """What is asked, of which book, when."""

    def __init__(
        self,
        words: Known,
        search: Search,
        question: str,
        language: Language,
        focus: Focus,
        now: datetime,
    ) -> None:
        self.book, self.search, self.names = words.book, search, words.names
        self.question, self.language, self.now = question, language, now
        self.focus = Focus(
            focus.pinned if focus.pinned in self.book.pages else None,
            focus.spoken_of if focus.spoken_of in self.book.pages else None,
        )
        held = (self.focus.pinned, self.focus.spoken_of)
        self.ask = understand(question, words, [sku for sku in held if sku])

    def fact(self, sku: str, field: str, *, variant: str = "", region: str = "") -> Fact | None:
        return self.book.fact(
            sku, field, self.now, language=self.language, variant=variant, region=region
        )

    def _foreign(self, words: Iterable[str], sku: str | None) -> bool:
        if sku is None:
            return any(True for _ in words)
        card = self.names.card(self.book, sku)
        # a word for a material, in a language that the product is not told in, says nothing
        lent = frozenset() if self.language in card.languages else trade().materials
        return any(stem(word) not in card.vocabulary | lent for word in words)

    def _unknown(self, sku: str | None = None) -> Facts:
        return self._pack(Topic.UNKNOWN, sku, [])

    def _details(self, sku: str) -> list[Fact]:
        """In the viewer's language, else in the one they are written in; by field."""
        held: dict[str, Fact] = {}
        for fact in free(self.book.pages[sku].at(self.now).values()):
            own = fact.value.language if isinstance(fact.value, Words) else self.language
            if fact.field not in held or own == self.language:
                held[fact.field] = fact
        return list(held.values())

    def _hit(self, hit: Hit) -> Fact | None:
        field = hit.document.field
        if "/" not in field:
            return self.fact(hit.document.sku, field)
        spoken = dict.fromkeys((self.language, hit.document.language, "en"))
        for name in (f"{field}/{own}" if own != "en" else field for own in spoken):
            found = self.book.current(name, self.now)
            if found is not None:
                return found
        return None

    # --- what is meant -----------------------------------------------------------------------

    def _held(self) -> str | None:
        """The product that a line without a name is about: the one that is shown, else the one just
        spoken of. "And in blue?" goes on from the latter where only that is there in blue."""
        shown, before = self.focus.pinned, self.focus.spoken_of
        if shown and before and self.ask.follows:
            choice, other = self._choice(shown), self._choice(before)
            if (choice is None or choice.missing) and other is not None and not other.missing:
                return before
        return shown or before

    def _chosen(self, meant: frozenset[str]) -> frozenset[str]:
        """Of several products those that there are in the colour and size that are named, if that
        leaves one: "the atomic tee in yellow"."""
        if not (self.ask.colours or self.ask.sizes) or len(meant) > _FEW:
            return meant
        choices = {sku: self._choice(sku) for sku in meant}
        left = frozenset(
            sku for sku, choice in choices.items() if choice is not None and not choice.missing
        )
        return left if len(left) == 1 and all(choices.values()) else meant

    def _remembers(self, sku: str | None) -> bool:
        """Whether the line says a price of it and asks whether that still holds."""
        if sku is None or not self.ask.remembered:
            return False
        shelf = self.book.pages[sku].shelf
        return self.ask.remembered not in {variant.row.size for variant in shelf.variants}

    def _details_alone(self, sku: str | None) -> bool:
        """Whether all that nothing else explains are words for details of the product."""
        rests = self.ask.rest
        return bool(sku and rests) and all(means(r.words, self._details(sku or "")) for r in rests)

    def _choice(self, sku: str | None) -> Choice | None:
        if sku is None:
            return None
        shelf = self.book.pages[sku].shelf
        own = {variant.row.size for variant in shelf.variants}
        sizes = [*self.ask.sizes, *(figure for figure in self.ask.figures if figure in own)]
        return choose(shelf, self.ask.colours, sizes)

    # --- together ----------------------------------------------------------------------------

    def _pack(
        self, topic: Topic, sku: str | None, asked: Sequence[Fact | None], hits: Sequence[Hit] = ()
    ) -> Facts:
        product = self.book.product(sku, self.now, self.language) if sku is not None else None
        first: dict[str, Fact] = {}
        for fact in asked:
            if fact is not None:
                first.setdefault(fact.field, fact)
        context = self._context(sku, first, hits)
        aside = product is not None and product.sku != self.focus.pinned
        version = self.book.version
        return Facts(topic, product, tuple(first.values()), tuple(context), version, aside)

    def _context(
        self, sku: str | None, asked: Mapping[str, Fact], hits: Sequence[Hit]
    ) -> list[Fact]:
        """What else may help the writer: what search found, then the usual."""
        found: dict[str, Fact] = {}

        def add(fact: Fact | None) -> None:
            if fact is not None and fact.field not in asked and len(found) < CONTEXT_SIZE:
                found.setdefault(fact.field, fact)

        owner = sku or ""
        add(self.fact("", "shop_name") if sku is None else self.fact(owner, "title"))
        for hit in hits[: _FOUND if asked else _FOUND_ALONE]:
            add(self._hit(hit))
        region = self.ask.region or self.book.shop.row.market
        for field in CONTEXT:
            if field in BY_REGION:
                add(self.fact(owner, field, region=region))
            else:
                add(self.fact(owner, field))
        for fact in self._details(owner) if sku else ():
            add(fact)
        return list(found.values())
