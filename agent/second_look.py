"""A second look at chat lines that no list knows: by meaning, beside the show and never before it.

The lists see most of who asks whether the host is real, and of who may hurt themselves, at once;
in words that nobody thought of they see little. A learned reader (``models/meaning.py``) sees most
of those too, some milliseconds later: then the line is taken anew for what it is, and the answer
that was begun for it stops.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import aclosing, asynccontextmanager
from typing import Final

from agent.desk import UNSHOWN
from agent.hostile import Flag
from agent.names import VIEWERS
from agent.show import Show
from agent.types import ChatMessage, Event, Language, Source
from agent.understand import Kind, Understanding

log = logging.getLogger(__name__)

Meaning = Callable[[str, Language | None], Mapping[str, float]]
"""How far a line is about "identity" and "distress", above 0 where it is; blocking."""
WAITING: Final = 16
"""Lines; of more the oldest is passed over, and counted."""
REST: Final = 3.0
"""Times as long as a look took the reader rests: a flood costs a quarter of a core."""
SHORTEST: Final = 4
"""Letters: less says nothing of a person."""
_LOOKED_AT: Final = frozenset(
    {Kind.QUESTION, Kind.CHATTER, Kind.HEALTH, Kind.ORDER_TROUBLE, Kind.PERSONAL, Kind.OFF_TOPIC}
)
_FROM: Final = frozenset({Source.VIEWER, Source.VOICE})


class SecondLook:
    """Of one show; *pool* is where it computes. ``run`` until cancelled."""

    def __init__(self, show: Show, meaning: Meaning, pool: Executor) -> None:
        self._show, self._meaning, self._pool = show, meaning, pool
        self._waiting: deque[Mapping[str, object]] = deque(maxlen=WAITING)
        self._came = asyncio.Event()
        self.passed_over = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(), name="second look: lines")
            tasks.create_task(self._look(), name="second look")

    async def _follow(self) -> None:
        async with aclosing(self._show.hub.events()) as events:
            async for event in events:
                if _worth_it(event):
                    self.passed_over += len(self._waiting) == WAITING
                    self._waiting.append(event.data)
                    self._came.set()

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while not self._waiting:
                self._came.clear()
                await self._came.wait()
            line, begun = self._waiting.popleft(), loop.time()
            text, language = str(line["text"]), _language(line["language"])
            try:
                found = await loop.run_in_executor(self._pool, self._meaning, text, language)
            except (ImportError, OSError) as error:
                log.error("no line gets a second look", extra={"error": str(error)})
                return
            if found["distress"] > 0:
                self._distress(line, text, language)
            elif found["identity"] > 0:
                self._anew(line, Understanding(text, language, Kind.IDENTITY), text)
            await asyncio.sleep(REST * (loop.time() - begun))

    def _distress(self, line: Mapping[str, object], text: str, language: Language | None) -> None:
        show = self._show
        told = {"id": line["id"], "why": "distress", "author": line["author"], "text": text}
        show.hub.tell("alert", told)
        show.inbox.note(Flag.DISTRESS)
        understood = Understanding(text, language, Kind.DISTRESS, Flag.DISTRESS)
        self._anew({**line, "author": VIEWERS[show.language]}, understood, UNSHOWN)

    def _anew(self, line: Mapping[str, object], understood: Understanding, shown: str) -> None:
        """Have the line answered as *understood*, and not as it was taken at first."""
        show, name = self._show, str(line["id"])
        show.inbox.forget([name])
        if show.turn is not None and show.turn.message.id == name:
            show.interrupted.set()
        source = Source(str(line["source"]))
        now = asyncio.get_running_loop().time()
        show.inbox.offer(
            ChatMessage(name, str(line["author"]), shown, now, understood.language, source),
            understood,
        )


def _language(name: object) -> Language | None:
    return "en" if name == "en" else "fr" if name == "fr" else "zh" if name == "zh" else None


def _worth_it(event: Event) -> bool:
    """Whether a line may be about the host or a person, and nothing was seen in it yet."""
    if event.kind != "asked":
        return False
    line = event.data
    return (
        line.get("kind") in _LOOKED_AT
        and line.get("flag") != Flag.DISTRESS
        and line.get("source") in _FROM
        and line.get("language") is not None
        and sum(char.isalpha() for char in str(line.get("text", ""))) >= SHORTEST
    )


@asynccontextmanager
async def second_look(show: Show, meaning: Meaning, pool: Executor) -> AsyncIterator[SecondLook]:
    """Look at *show*'s lines while this is open."""
    look = SecondLook(show, meaning, pool)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(look.run(), name="second look")
        yield look
        task.cancel()
    if look.passed_over:
        log.warning("lines got no second look", extra={"lines": look.passed_over})
