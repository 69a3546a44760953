"""The facts of one product through time: they change only at its turns."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime

from agent.types import Fact
from catalog.rows import Held, ShopRow
from catalog.sheet import Sheet, boundaries
from catalog.shelf import Shelf


class Page:
    """What a shelf says, at any moment. Facts are made when they are first asked for, and kept."""

    __slots__ = ("_shop", "_states", "before", "ended", "shelf", "since", "turns", "used")

    def __init__(
        self, shelf: Shelf, shop: Held[ShopRow], since: int = 0, before: "Page | None" = None
    ) -> None:
        self.shelf = shelf
        self.turns = tuple(boundaries(shelf))
        self.since = since
        """The catalog's version from which on this is what the product says."""
        self.before = before
        """What it said before, for whoever is still reading an older version."""
        self.ended = 0.0
        """When another page came in its place, as ``time.monotonic``."""
        self.used = 0
        """Grows with use, for the library to know which pages to keep."""
        self._shop = shop
        self._states: list[Mapping[str, Fact] | None] = [None] * (len(self.turns) + 1)

    @property
    def gone(self) -> bool:
        """Whether the shop sells it no longer."""
        return bool(self.shelf.sku) and self.shelf.product is None

    def at(self, now: datetime) -> Mapping[str, Fact]:
        """Facts by id."""
        return self._state(bisect_right(self.turns, now))

    def ready(self, now: datetime) -> None:
        """Have the facts of this moment, and those that come next, at hand."""
        place = bisect_right(self.turns, now)
        for at in range(place, min(place + 2, len(self._states))):
            self._state(at)

    def _state(self, place: int) -> Mapping[str, Fact]:
        facts = self._states[place]
        if facts is None:
            start = self.turns[place - 1] if place else datetime.min.replace(tzinfo=UTC)
            facts = self._states[place] = Sheet(self.shelf, self._shop, start).collect()
        return facts
