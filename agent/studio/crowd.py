"""Many readers of the same lines, none of whom can hold up another or fill the memory."""

import asyncio
from collections import deque

BUFFERED = 256 * 1024
"""Characters that may wait for one reader; beyond, it is dropped."""


class Member:
    """One reader's queue."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._size = 0
        self._added = asyncio.Event()
        self.slow = False
        """It did not keep up: nothing more will come."""

    def put(self, line: str) -> None:
        if self.slow:
            return
        self._size += len(line)
        if self._size > BUFFERED and self._lines:
            self.slow = True
            self._lines.clear()
        else:
            self._lines.append(line)
        self._added.set()

    async def take(self) -> str | None:
        """The next line; None once it was too slow."""
        while not self._lines and not self.slow:
            self._added.clear()
            await self._added.wait()
        if self.slow:
            return None
        line = self._lines.popleft()
        self._size -= len(line)
        return line


class Crowd:
    """The readers there are."""

    def __init__(self) -> None:
        self._members: set[Member] = set()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._members)

    def join(self) -> Member:
        member = Member()
        self._members.add(member)
        return member

    def leave(self, member: Member) -> None:
        self._members.discard(member)

    def tell(self, line: str) -> None:
        """*line* for everyone."""
        for member in tuple(self._members):
            member.put(line)
            if member.slow:
                self._members.discard(member)
                self.dropped += 1
