"""What happened in the show, told to whoever listens: pages, record, evals."""

import asyncio
from collections import deque
from collections.abc import Mapping

from agent.types import Event, Stream


class Hub:
    """Telling never waits. A listener too slow loses its oldest events, counted."""

    def __init__(self, backlog: int = 500) -> None:
        self._backlog = backlog
        self._listeners: set[_Listener] = set()
        self.lost = 0

    def tell(self, kind: str, data: Mapping[str, object]) -> None:
        """Tell everyone of an event of *kind* (see ``Event``) that happened now."""
        event = Event(kind, asyncio.get_running_loop().time(), dict(data))
        for listener in self._listeners:
            self.lost += listener.add(event)

    def events(self) -> Stream[Event]:
        """What is told from this call on, whenever it is read."""
        listener = _Listener(self._backlog)
        self._listeners.add(listener)
        return self._read(listener)

    async def _read(self, listener: "_Listener") -> Stream[Event]:
        try:
            while True:
                yield await listener.take()
        finally:
            self._listeners.discard(listener)


class _Listener:
    def __init__(self, backlog: int) -> None:
        self._events: deque[Event] = deque(maxlen=backlog)
        self._added = asyncio.Event()

    def add(self, event: Event) -> int:
        """Keep *event*; 1 if an older one was lost for it."""
        lost = int(len(self._events) == self._events.maxlen)
        self._events.append(event)
        self._added.set()
        return lost

    async def take(self) -> Event:
        while not self._events:
            self._added.clear()
            await self._added.wait()
        return self._events.popleft()
