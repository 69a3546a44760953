"""Which message is answered next: ranked, merged, bounded, and every loss counted."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.types import ChatMessage, Source
from agent.understand import Kind, Understanding


@dataclass(slots=True)
class Waiting:
    """A message that waits for its answer, and how many asked the same."""

    message: ChatMessage
    understanding: Understanding
    asked_by: list[str] = field(default_factory=list)

    @property
    def rank(self) -> int:
        """Lower goes first."""
        if self.message.source is Source.OPERATOR:
            return 0
        return {Kind.IDENTITY: 1, Kind.ORDER_TROUBLE: 2, Kind.HEALTH: 3, Kind.QUESTION: 3}.get(
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
        self.losses: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def urgent(self) -> bool:
        """Whether someone waits who outranks what is being said: the operator, or a viewer who
        asks whether the host is real."""
        return any(item.rank <= 1 for item in self._waiting)

    def offer(self, message: ChatMessage, understanding: Understanding) -> None:
        """Take *message*; one that asks the same as a waiting one joins it."""
        for item in self._waiting:
            if item.rank > 0 and _alike(item.understanding, understanding):
                item.asked_by.append(message.author)
                self._lose(message, "merged")
                return
        self._waiting.append(Waiting(message, understanding, [message.author]))
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
                    return self._waiting.pop(index)
            self._offered.clear()
            await self._offered.wait()

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

    def _lose(self, message: ChatMessage, reason: str) -> None:
        self.losses[reason] += 1
        self._dropped(message, reason)


def _alike(one: Understanding, other: Understanding) -> bool:
    """The same question in the same words, whatever the case and punctuation."""
    return (
        one.kind is other.kind
        and one.language == other.language
        and _bare(one.text) == _bare(other.text)
    )


def _bare(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())
