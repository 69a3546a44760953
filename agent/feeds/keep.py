"""A feed kept connected: tried again after a pause, each line once, and silence told."""

import asyncio
import logging
import random
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypeVar

from agent.feeds.line import (
    Feed,
    FeedError,
    FeedLine,
    FeedRefused,
    Happening,
    Item,
    Removal,
)
from agent.types import RoomEvent

log = logging.getLogger(__name__)


async def _nobody(events: Sequence[RoomEvent]) -> None:
    """Takes no events."""


REMEMBERED = 10_000
"""Lines of a feed that are known again when the platform sends them twice."""
LONGEST = 1000
"""Characters of a line's id, its writer's and their name."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""Before a new try: drawn from zero to a bound that doubles from the one to the other, so that
many who lost the same server do not come back at once ("full jitter")."""
REFUSED_PAUSE_S = 300.0
"""Before a new try where the platform refused: somebody has to mend something first."""
STEADY_S = 60.0
"""Connected for so long, the next break begins with a short pause again."""
SILENT_S = 300.0
"""A chat that has been written in, and then not for so long, is told as silent."""


_Known: TypeAlias = tuple[str, str, str, str]
"""Kind, platform, room and id; or platform, room, id and writer."""


class State(StrEnum):
    CONNECTING = "connecting"
    UP = "up"
    SILENT = "silent"
    """Connected, and nobody writes though somebody did: a fault of the feed, or a dead chat."""
    DOWN = "down"
    REFUSED = "refused"


@dataclass
class Health:
    """What the studio shows of a feed."""

    state: State = State.CONNECTING
    why: str = ""
    """Of DOWN and REFUSED."""
    counts: Counter[str] = field(default_factory=Counter)
    """lines, twice, removals, events, breaks; and what the room did not take, by reason."""
    last_at: float | None = None
    """When the last line came, by the loop's clock."""


class Keeper:
    """Runs one feed for as long as the show runs."""

    def __init__(
        self,
        feed: Feed,
        hear: Callable[[FeedLine], str],
        forget: Callable[[list[str]], None],
        happened: Callable[[Sequence[RoomEvent]], Awaitable[None]] = _nobody,
        *,
        silent_s: float = SILENT_S,
        tell: Callable[["Keeper"], None] = lambda keeper: None,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """*hear* takes a line into the show and gives its id there, or raises ValueError; *forget*
        takes such ids back; *happened* takes what viewers did without words. *tell*:
        called when the state changes."""
        self.feed = feed
        self.health = Health()
        self._hear = hear
        self._forget = forget
        self._happened = happened
        self._silent_s = silent_s
        self._tell = tell
        self._draw = draw
        self._known: OrderedDict[_Known, None] = OrderedDict()
        self._taken: OrderedDict[str, _Known] = OrderedDict()
        """By its id in the show: platform, room, id and writer. A feed may carry several platforms
        (agent/feeds/hook.py)."""
        self._up_at: float | None = None

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch(), name=f"silence of {self.feed.room}")
            await self._again_and_again()

    async def _again_and_again(self) -> None:
        tries = 0
        clock = asyncio.get_running_loop().time
        while True:
            self._up_at = None
            try:
                async with aclosing(self.feed.items()) as items:
                    async for item in items:
                        await self._take(item, clock())
                        await asyncio.sleep(0)  # a burst leaves the show its turn
                raise FeedError("the platform closed the connection")
            except FeedRefused as refused:
                self._now(State.REFUSED, str(refused))
                pause = REFUSED_PAUSE_S
            except FeedError as error:
                self._now(State.DOWN, str(error))
                if self._up_at is not None and clock() - self._up_at >= STEADY_S:
                    tries = 0
                pause = self._draw(0.0, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**tries))
                tries = min(tries + 1, 16)
            self.health.counts["breaks"] += 1
            await asyncio.sleep(pause)

    async def _take(self, item: Item, now: float) -> None:
        if self._up_at is None:
            self._up_at = now
            self._now(State.UP)
        if isinstance(item, FeedLine):
            self._take_line(item, now)
        elif isinstance(item, Removal):
            self._take_back(item)
        elif isinstance(item, Happening) and self._is_new(item):
            self.health.counts["events"] += 1
            await self._happened([item.event])

    def _is_new(self, item: FeedLine | Happening) -> bool:
        """Counts it where it is not. What has no id is always new."""
        key = (type(item).__name__, item.platform, item.room, item.id)
        if item.id and key in self._known:
            self.health.counts["twice"] += 1
            return False
        if item.id:
            _keep(self._known, key, None)
        return True

    def _take_line(self, line: FeedLine, now: float) -> None:
        counts = self.health.counts
        if len(line.id) + len(line.user_id) + len(line.user) > LONGEST:
            counts["refused"] += 1  # they are remembered, and no platform has such names
            return
        if not self._is_new(line):
            return
        counts["lines"] += 1
        self.health.last_at = now
        if self.health.state is State.SILENT:
            self._now(State.UP)
        try:
            wrote = (line.platform, line.room, line.id, line.user_id)
            _keep(self._taken, self._hear(line), wrote)
        except ValueError:  # too long, say; its writer is not here to be told
            counts["refused"] += 1

    def _take_back(self, removal: Removal) -> None:
        self.health.counts["removals"] += 1
        gone = [own for own, wrote in self._taken.items() if _concerns(removal, *wrote)]
        for own in gone:
            del self._taken[own]
        if gone:
            self._forget(gone)

    async def _watch(self) -> None:
        """Tell when nobody has written for long where somebody did."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(self._silent_s / 10)
            last = self.health.last_at
            up = self.health.state is State.UP
            if up and last is not None and clock() - last >= self._silent_s:
                self._now(State.SILENT, f"no line for {self._silent_s:.0f} s")

    def _now(self, state: State, why: str = "") -> None:
        if state is self.health.state and why == self.health.why:
            return
        self.health.state, self.health.why = state, why
        level = logging.INFO if state is State.UP else logging.WARNING
        names = {"platform": self.feed.platform, "room": self.feed.room}
        log.log(level, "a feed is %s", state.value, extra=names | {"why": why})
        self._tell(self)


def _concerns(removal: Removal, platform: str, room: str, line_id: str, user_id: str) -> bool:
    if (removal.platform, removal.room) != (platform, room):
        return False
    everyone = not removal.id and not removal.user_id
    by_id = bool(removal.id) and removal.id == line_id
    return everyone or by_id or (bool(removal.user_id) and removal.user_id == user_id)


_K = TypeVar("_K")
_V = TypeVar("_V")


def _keep(known: OrderedDict[_K, _V], key: _K, value: _V) -> None:
    """Remember *key*, and forget the oldest beyond REMEMBERED."""
    known[key] = value
    if len(known) > REMEMBERED:
        known.popitem(last=False)
