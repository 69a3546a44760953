"""Lines that came in faster than they can be read: who is read first, and how many in a second.

Reading a line closely takes up to some milliseconds of the one core that also draws the show, so
it is rationed. What waits is bounded; what finds no room is counted.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

from agent.bucket import Bucket
from agent.ports import Fate
from agent.sieve import Sight

READ_PER_S, READ_AT_ONCE = 200.0, 60.0
"""Lines that are read closely in a second, and in one go: about a sixth of one core."""
ROOM = {Sight.GRAVE: 200, Sight.ASKS: 400, Sight.PLAIN: 100}
"""How many may wait to be read, by what they seem to be."""
STALE_S = 10.0
"""A line that was not read for so long is not read any more."""
PER_VIEWER, PER_VIEWER_S = 20, 10.0
"""Lines of one viewer that are looked at in so many seconds."""
_SLICE = 4
"""Lines that are read between two turns of the event loop."""
_PAUSE_S = 0.01


@dataclass(frozen=True, slots=True)
class Unread:
    """A line as it came."""

    id: str
    author: str
    viewer: str
    """By whom the inbox tells viewers apart."""
    text: str
    at: float
    sight: Sight
    fate: Fate | None = None


class Intake:
    """Of one show."""

    def __init__(self, lost: Callable[[Unread, str], None]) -> None:
        self._lost = lost
        self._pace = Bucket(READ_PER_S, READ_AT_ONCE)
        self._waiting: dict[Sight, deque[Unread]] = {sight: deque() for sight in ROOM}
        self._added = asyncio.Event()
        self._lines: Counter[str] = Counter()
        self._since = float("-inf")
        self.reader: Callable[[Unread], None] | None = None

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def floods(self, viewer: str, now: float) -> bool:
        """Whether *viewer* has written too much of late; counts one more line."""
        if now - self._since > PER_VIEWER_S:
            self._lines.clear()
            self._since = now
        self._lines[viewer] += 1
        return self._lines[viewer] > PER_VIEWER

    def at_once(self) -> bool:
        """Whether a line may be read where it comes in: nobody waits, and there is time."""
        return not len(self) and self._pace.take()

    def put(self, line: Unread) -> None:
        """Keep *line* until it can be read; where there is no room the oldest gives way."""
        waiting = self._waiting[line.sight]
        if len(waiting) >= ROOM[line.sight]:
            self._lost(waiting.popleft(), "unread")
        waiting.append(line)
        self._added.set()

    async def work(self) -> None:
        """Read what waits, a few lines at a time, for ever."""
        clock = asyncio.get_running_loop().time
        while True:
            if not len(self):
                self._added.clear()
                await self._added.wait()
            for _ in range(_SLICE):
                if len(self) and self._pace.take():
                    self._one(clock())
            await asyncio.sleep(_PAUSE_S)

    def _one(self, now: float) -> None:
        waiting = next(lines for lines in self._waiting.values() if lines)
        line = waiting.popleft()
        if self.reader is None or now - line.at > STALE_S:
            self._lost(line, "unread")
            return
        try:
            self.reader(line)
        except ValueError:  # nothing to read in it; its viewer has gone on
            self._lost(line, "unreadable")

    def forget(self, ids: Collection[str]) -> None:
        """Take back the lines called *ids*."""
        for waiting in self._waiting.values():
            for line in [line for line in waiting if line.id in ids]:
                waiting.remove(line)
                self._lost(line, "taken_back")

    def clear(self) -> None:
        """Let go of all that waits."""
        for waiting in self._waiting.values():
            while waiting:
                self._lost(waiting.popleft(), "cleared")
