"""The pages of all products: those of a small shop all at hand, of a large one those in use."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.brief import Brief, brief, brief_of
from catalog.packed import cells, pack, unpack
from catalog.page import Page
from catalog.prices import Prices
from catalog.roll import Roll
from catalog.rows import Held, ShopRow
from catalog.shelf import Shelf

MANY = 4096
"""Pages of a large shop that are at hand."""
STAY = 256
"""Products lately spoken of, whose pages stay whatever else is read."""
REMEMBERED_S = 2.0
"""How long a page that was changed is kept for those who are reading the version before."""


class Kept(Protocol):
    """Where packed shelves are kept, by place."""

    def read(self, place: int) -> bytes: ...

    def write(self, place: int, packed: bytes) -> None: ...


class InMemory:
    """Of a small shop, whose pages are never let go of."""

    def __init__(self) -> None:
        self._packed: dict[int, bytes] = {}

    def read(self, place: int) -> bytes:
        return self._packed[place]

    def write(self, place: int, packed: bytes) -> None:
        self._packed[place] = packed


class InFile:
    """One file that is only appended to. What was appended since it was made is void when it is
    opened again."""

    def __init__(self, path: Path, offsets: NDArray[np.int64]) -> None:
        """*offsets*: where each packed shelf begins, by place, then where the last one ends."""
        self._offsets = offsets
        self._end = int(offsets[-1])
        self._fresh: dict[int, tuple[int, int]] = {}
        self._file = path.open("r+b")
        self._file.truncate(self._end)

    def close(self) -> None:
        self._file.close()

    def read(self, place: int) -> bytes:
        fresh = self._fresh.get(place)
        if fresh is not None:
            begin, size = fresh
        else:
            begin = int(self._offsets[place])
            size = int(self._offsets[place + 1]) - begin
        return os.pread(self._file.fileno(), size, begin)

    def write(self, place: int, packed: bytes) -> None:
        os.pwrite(self._file.fileno(), packed, self._end)
        self._fresh[place] = (self._end, len(packed))
        self._end += len(packed)


class Library:
    """Read from any thread; changed by the writing thread alone.

    Whoever reads does so as of a version: a page that came later stands aside for the one before.
    So a reader sees all of a change or nothing of it, and waits for nobody.
    """

    def __init__(
        self, shop: Held[ShopRow], own: Shelf, roll: Roll, prices: Prices, kept: Kept, most: int
    ) -> None:
        """*own*: the shop's shelf. *most*: pages at hand; 0 for all."""
        self.shop = shop
        self.roll = roll
        self.prices = prices
        self._kept = kept
        self._most = most
        self._lock = threading.Lock()
        """For pages that come and go; what is at hand is found without it."""
        self._pages: dict[str, Page] = {"": Page(own, shop)}
        self._unsaved: set[str] = set()
        self._stay: OrderedDict[str, None] = OrderedDict()
        self._tick = 1

    def kept_in(self, kept: Kept) -> None:
        """Where the shelves are, once they have been written there."""
        self._kept = kept

    @property
    def whole(self) -> bool:
        """Whether all pages are at hand."""
        return not self._most

    # --- reading -----------------------------------------------------------------------------

    def page(self, sku: str, version: int) -> Page | None:
        """What the product said at *version*; from memory if it was read lately, else in some
        tenths of a millisecond."""
        found = self._pages.get(sku)
        if found is None:
            found = self._read(sku)
            if found is None:
                return None
        found.used = self._tick
        while found.since > version and found.before is not None:
            found = found.before
        return None if found.gone else found

    def shelf(self, sku: str) -> Shelf | None:
        """The newest rows of a product, without its page being kept at hand."""
        page = self._pages.get(sku)
        if page is None:
            place = self.roll.place(sku)
            if place is None:
                return None
            with self._lock:
                packed = self._kept.read(place)
            return unpack(sku, packed)
        return None if page.gone else page.shelf

    def brief(self, sku: str) -> Brief | None:
        """As *shelf*, in brief; many times quicker where the page is not at hand."""
        page = self._pages.get(sku)
        if page is not None:
            return None if page.gone else brief_of(page.shelf)
        place = self.roll.place(sku)
        if place is None:
            return None
        with self._lock:
            kept = self._kept.read(place)
        return brief(sku, cells(kept))

    def stay(self, skus: Iterable[str], now: datetime) -> None:
        """These are spoken of: their pages are to stay, with the facts of now and those to come."""
        for sku in skus:
            page = self._pages.get(sku)
            if page is not None:
                page.ready(now)
            if self._most:
                with self._lock:
                    self._stay[sku] = None
                    self._stay.move_to_end(sku)
                    if len(self._stay) > STAY:
                        self._stay.popitem(last=False)

    def _read(self, sku: str) -> Page | None:
        place = self.roll.place(sku)
        if place is None:
            return None
        with self._lock:
            found = self._pages.get(sku)
            if found is None:
                found = Page(unpack(sku, self._kept.read(place)), self.shop)
                self._take(sku, found)
        return found

    def _take(self, sku: str, page: Page) -> None:
        self._tick += 1
        page.used = self._tick
        self._pages[sku] = page
        if self._most and len(self._pages) > self._most:
            self._let_go()

    def _let_go(self) -> None:
        """Of the tenth of the pages that was not used for longest."""
        order = sorted(self._pages, key=lambda sku: self._pages[sku].used)
        many = max(1, self._most // 10)
        for sku in islice((sku for sku in order if sku and sku not in self._stay), many):
            page = self._pages[sku]
            if sku in self._unsaved and (place := self.roll.any_place(sku)) is not None:
                if not page.gone:
                    self._kept.write(place, pack(page.shelf))
                self._unsaved.discard(sku)
            del self._pages[sku]

    # --- changing ----------------------------------------------------------------------------

    def put(self, shelf: Shelf, version: int, now: datetime) -> Brief:
        """What a product says from *version* on; a new product, too. Gives it in brief."""
        found = brief_of(shelf)
        self._turn(shelf, version)  # first, as who finds the product in the roll wants its page
        if shelf.sku:
            again = shelf.sku in self.roll
            self.roll = self._again(found) if again else self.roll.with_one(found)
            place = self.roll.any_place(shelf.sku)
            if place is not None:
                self.prices.put(place, found, now)
        return found

    def _again(self, one: Brief) -> Roll:
        roll = self.roll
        place = roll.place(one.sku)
        same = place is not None and roll.kind(place) == one.category
        known = all(roll.owner(variant) == one.sku for variant in one.variants)
        if same and known and roll.number(one.sku) == one.number:
            return roll
        return roll.with_one(one)

    def remove(self, sku: str, version: int, now: datetime) -> None:
        """The shop sells it no longer, from *version* on."""
        place = self.roll.place(sku)
        if place is None:
            return
        self._read(sku)  # whoever reads the version before has its page
        self.prices.put(place, None, now)
        self.roll = self.roll.without(sku)
        self._turn(Shelf(sku), version)

    def _turn(self, shelf: Shelf, version: int) -> None:
        with self._lock:
            before = self._pages.get(shelf.sku)
            if before is not None:
                before.ended = time.monotonic()
            _forget(before)
            self._take(shelf.sku, Page(shelf, self.shop, version, before))
            self._unsaved.add(shelf.sku)


def _forget(page: Page | None) -> None:
    """Of the pages before, those that nobody can be reading any more."""
    oldest = time.monotonic() - REMEMBERED_S
    while page is not None:
        if page.before is not None and page.before.ended < oldest:
            page.before = None
        page = page.before
