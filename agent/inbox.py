"""Which message is answered next: ranked, merged, bounded, and every loss counted."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.hostile import Flag, skeleton
from agent.types import ChatMessage, Source
from agent.understand import Kind, Understanding

PER_VIEWER = 5
"""Questions of one viewer that may wait at once."""
REPEATS, REPEATS_S = 3, 60.0
"""How often the same words are answered within how many seconds."""
_FIXED = frozenset({Kind.IDENTITY, Kind.DISTRESS, Kind.OFF_TOPIC, Kind.PERSONAL, Kind.RIVALS})
"""Kinds with one answer whatever the words: all who wait for it get it together."""


@dataclass(slots=True)
class Waiting:
    """A message that waits for its answer, and how many asked the same."""

    message: ChatMessage
    understanding: Understanding
    asked_by: list[str] = field(default_factory=list)
    """Each viewer once."""

    @property
    def rank(self) -> int:
        """Lower goes first; what tries something on the host goes last."""
        if self.message.source is Source.OPERATOR:
            return 0
        if self.understanding.kind in (Kind.IDENTITY, Kind.DISTRESS):
            return 1
        if self.understanding.flag is not None:
            return 5
        return {Kind.ORDER_TROUBLE: 2, Kind.HEALTH: 3, Kind.QUESTION: 3}.get(
            self.understanding.kind, 4
        )


class Inbox:
    """Messages waiting for an answer. Offering never waits; the least wanted give way."""

    def __init__(
        self, size: int, stale_s: float, dropped: Callable[[ChatMessage, str], None]
    ) -> None:
        self._size = size
        self._stale_s = stale_s
        self._dropped = dropped
        self._waiting: list[Waiting] = []
        self._offered = asyncio.Event()
        self._answered: deque[tuple[float, str]] = deque(maxlen=200)
        """When a line was taken to be answered, and its skeleton."""
        self.losses: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        """How many lines tried what."""

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def urgent(self) -> bool:
        """Whether someone waits who outranks what is being said: the operator, or a viewer who
        asks whether the host is real."""
        return any(item.rank <= 1 for item in self._waiting)

    def offer(self, message: ChatMessage, understanding: Understanding, viewer: str = "") -> None:
        """Take *message* of *viewer* (by default its author); one that asks the same as a waiting
        one joins it, and a flood of one viewer's or of the same words is kept out."""
        viewer = viewer or message.author
        for item in self._waiting:
            if item.rank > 0 and _alike(item.understanding, understanding):
                if viewer not in item.asked_by:
                    item.asked_by.append(viewer)
                self._lose(message, "merged")
                return
        if message.source is not Source.OPERATOR and understanding.kind not in _FIXED:
            mine = sum(item.asked_by[0] == viewer and item.rank > 0 for item in self._waiting)
            if mine >= PER_VIEWER:
                self._lose(message, "flooding")
                return
            if self._times(understanding) >= REPEATS:
                self._lose(message, "repeated")
                return
        self._waiting.append(Waiting(message, understanding, [viewer]))
        self._waiting.sort(key=lambda item: (item.rank, item.message.at))
        while len(self._waiting) > self._size:
            self._lose(self._waiting.pop().message, "crowded_out")
        self._offered.set()

    async def next(self, wanted: Callable[[Waiting], bool] = lambda _: True) -> Waiting:
        """Wait for a message still worth answering and *wanted*."""
        clock = asyncio.get_running_loop().time
        while True:
            self._expire(clock())
            for index, item in enumerate(self._waiting):
                if wanted(item):
                    self._answered.append((clock(), _key(item.understanding)))
                    return self._waiting.pop(index)
            self._offered.clear()
            await self._offered.wait()

    def refuse(self, message: ChatMessage, reason: str) -> None:
        """Count and tell *message*, which is not to be answered."""
        self._lose(message, reason)

    def note(self, tried: Flag | None) -> None:
        """Count a line by what it tries on the host."""
        if tried is not None:
            self.flags[tried.value] += 1

    def wake(self) -> None:
        """Let a waiting reader look again, as what it wants has changed."""
        self._offered.set()

    def clear(self) -> None:
        """Forget everyone who waits."""
        for item in self._waiting:
            self._lose(item.message, "cleared")
        self._waiting.clear()

    def _expire(self, now: float) -> None:
        fresh = []
        for item in self._waiting:
            if item.rank > 1 and now - item.message.at > self._stale_s:
                self._lose(item.message, "expired")
            else:
                fresh.append(item)
        self._waiting = fresh

    def _times(self, understanding: Understanding) -> int:
        """How often the same was answered of late."""
        since = asyncio.get_running_loop().time() - REPEATS_S
        key = _key(understanding)
        return sum(at >= since and key == answered for at, answered in self._answered)

    def _lose(self, message: ChatMessage, reason: str) -> None:
        self.losses[reason] += 1
        self._dropped(message, reason)


def _alike(one: Understanding, other: Understanding) -> bool:
    """The same question in the same words, whatever their looks; or one with a fixed answer."""
    if one.kind is not other.kind or one.language != other.language:
        return False
    return one.kind in _FIXED or _key(one) == _key(other)


def _key(understanding: Understanding) -> str:
    return skeleton(understanding.text) or understanding.text
