"""What everything costs now, in one row of numbers, so that the cheapest of a million is found in
milliseconds."""

import threading
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from catalog.brief import UNBOUNDED, Brief, Tag

Bound = tuple[Literal["under", "over"], Decimal]
"""Below a price, or from it on."""
Numbers = NDArray[np.int64]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCALE = 10_000
_COLUMNS = ("_owner", "_of", "_sale", "_amount", "_begins", "_ends", "_sold_out")


def micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


class Prices:
    """By place (``catalog.roll``). Offers begin and end by the clock alone: what holds is computed
    for the stretch of time in which nothing begins or ends, and kept."""

    def __init__(self) -> None:
        self._owner = array("i")
        """By variant: the place of its product."""
        self._of = array("i")
        """By price: its variant; of one variant, the older price first."""
        self._sale = array("b")
        self._amount = array("q")
        self._begins = array("q")
        self._ends = array("q")
        self._sold_out = array("b")
        """By place."""
        self._lock = threading.Lock()
        self._fresh: dict[int, Brief | None] = {}
        """Products that changed since; None for one that is gone."""
        self._stretch = (0, 0)
        self._low: Numbers = np.zeros(0, np.int64)
        """By place, what the cheapest variant costs; -1 where nothing can be bought."""
        self._high: Numbers = np.zeros(0, np.int64)

    def add(self, place: int, brief: Brief) -> None:
        """Take in the next product; places come in order."""
        if place != len(self._sold_out):
            raise ValueError("products are to come in the order of their places")
        first = len(self._owner)
        self._owner.extend([place] * len(brief.variants))
        self._sold_out.append(brief.sold_out)
        for tag in brief.tags:
            self._of.append(first + tag.variant)
            self._sale.append(tag.sale)
            self._amount.append(tag.amount)
            self._begins.append(tag.begins)
            self._ends.append(tag.ends)

    def put(self, place: int, brief: Brief | None, now: datetime) -> None:
        """Follow a change; None: the product is gone."""
        with self._lock:
            self._put(place, brief, micros(now))

    def _put(self, place: int, brief: Brief | None, at: int) -> None:
        self._fresh[place] = brief
        if not self._stretch[0] <= at < self._stretch[1]:
            return
        if place >= len(self._low):
            more = np.full(place + 1 - len(self._low), -1, np.int64)
            self._low, self._high = np.append(self._low, more), np.append(self._high, more)
        self._one(place, brief, at)
        turns = _turns(brief.tags if brief is not None else ())
        later = min((turn for turn in turns if turn > at), default=UNBOUNDED[1])
        self._stretch = (at, min(self._stretch[1], later))

    def extremes(
        self,
        now: datetime,
        *,
        dearest: bool,
        among: Sequence[int] | None,
        kinds: NDArray[np.bool_] | None,
        bound: Bound | None,
    ) -> list[int]:
        """Places of the lowest (or highest) price of what can be bought, all that tie, by place.
        *kinds* says of each place whether it is of a kind that is asked for."""
        with self._lock:
            self._at(micros(now))
            price = self._high if dearest else self._low
            able = price >= 0
            if among is not None:
                chosen = np.zeros(len(price), bool)
                chosen[[place for place in among if place < len(price)]] = True
                able &= chosen
            if kinds is not None:
                able[: len(kinds)] &= kinds[: len(able)]
                able[len(kinds) :] = False
            if bound is not None:
                # in whole ten-thousandths "below" and "from ... on" need the amount rounded up
                big = abs(bound[1]) >= 10**12
                limit = UNBOUNDED[1] if big else int(-((-bound[1] * _SCALE) // 1))
                able &= (price < limit) == (bound[0] == "under")
            of = np.where(able, price, -1 if dearest else UNBOUNDED[1])
            best = int((of.max if dearest else of.min)(initial=-1 if dearest else UNBOUNDED[1]))
            if best in (-1, UNBOUNDED[1]):
                return []
            return np.flatnonzero(of == best).tolist()

    # --- what holds at a moment --------------------------------------------------------------

    def _at(self, at: int) -> None:
        if self._stretch[0] <= at < self._stretch[1]:
            return
        fresh = self._fresh
        count = max(len(self._sold_out), *(place + 1 for place in fresh), 0)
        owner, of = np.array(self._owner, np.int64), np.array(self._of, np.int64)
        amount, sale = np.array(self._amount, np.int64), np.array(self._sale, bool)
        begins, ends = np.array(self._begins, np.int64), np.array(self._ends, np.int64)
        holds = (begins <= at) & (at < ends)
        # of several regular prices the newest holds: of equal indices the last one is kept
        listed = np.flatnonzero(holds & ~sale)
        regular = np.full(len(owner), -1, np.int64)
        regular[of[listed]] = amount[listed]
        pays = regular.copy()
        lower = np.flatnonzero(holds & sale & (amount < regular[of]))
        np.minimum.at(pays, of[lower], amount[lower])
        priced = np.flatnonzero(pays >= 0)
        low, high = np.full(count, 2**62, np.int64), np.full(count, -1, np.int64)
        np.minimum.at(low, owner[priced], pays[priced])
        np.maximum.at(high, owner[priced], pays[priced])
        low[high < 0] = -1
        out = np.flatnonzero(np.array(self._sold_out, bool))
        low[out] = high[out] = -1
        self._low, self._high = low, high
        edges = np.concatenate([begins, ends])
        until = int(edges[edges > at].min(initial=UNBOUNDED[1]))
        for place, brief in fresh.items():
            self._one(place, brief, at)
            later = (turn for turn in _turns(brief.tags if brief else ()) if turn > at)
            until = min(until, *later, UNBOUNDED[1])
        self._stretch = (at, until)

    def _one(self, place: int, brief: Brief | None, at: int) -> None:
        pays = [] if brief is None or brief.sold_out else list(payable(brief.tags, at).values())
        self._low[place], self._high[place] = min(pays, default=-1), max(pays, default=-1)

    # --- kept beside a large catalog ---------------------------------------------------------

    def state(self) -> dict[str, bytes]:
        return {name: getattr(self, name).tobytes() for name in _COLUMNS}

    @classmethod
    def of_state(cls, state: Mapping[str, bytes]) -> "Prices":
        found = cls()
        for name in _COLUMNS:
            getattr(found, name).frombytes(state[name])
        return found


def _turns(tags: Iterable[Tag]) -> Iterable[int]:
    for tag in tags:
        yield tag.begins
        yield tag.ends


def payable(tags: Iterable[Tag], at: int) -> dict[int, int]:
    """What each variant costs; as ``catalog.sheet`` has it."""
    now = [tag for tag in tags if tag.begins <= at < tag.ends]
    regular = {tag.variant: tag.amount for tag in now if not tag.sale}
    pays = dict(regular)
    for tag in now:
        if tag.sale and tag.amount < regular.get(tag.variant, -1):
            pays[tag.variant] = min(pays[tag.variant], tag.amount)
    return pays
