"""One question through the whole real pipeline, as a short show of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from agent.app import open_show
from agent.config import Config, Secrets
from agent.loop import run
from agent.types import Event

WAIT_S = 120.0
"""For the model server to answer, once, at the start; templates answer when it does not."""
_AFTER_S = 0.6
"""Of picture after the last sound."""


async def say(
    config: Config, secrets: Secrets, question: str, out: Path | None
) -> dict[str, object]:
    """Answer *question*; the film of it, opening notice first, goes to *out*.

    Gives ``question, language, sentences [{text, spoken, evidence [{fact, version}], rung}],
    refused [{text, rule, reason}], times_s, writer_ready``. Times are seconds from the moment the
    question was asked; ``first_frame`` is the first picture on the air with its sound.
    """
    async with open_show(config, secrets, film=out) as rig:
        await rig.writer_ready(WAIT_S)
        ready = rig.show.writer.ready
        reply = Reply(question)
        async with asyncio.TaskGroup() as tasks:
            events = rig.show.hub.events()
            tasks.create_task(run(rig.show))
            async with aclosing(events):
                async for event in events:
                    if event.kind == "notice" and not reply.asked:
                        await reply.ask(rig.desk.ask)
                    if reply.take(event):
                        break
            await asyncio.sleep(_AFTER_S)
            rig.show.ended.set()
        return reply.told() | {"writer_ready": ready}


class Reply:
    """Gathers what became of one question."""

    def __init__(self, question: str) -> None:
        self.question = question
        self.asked = False
        self.id: str | None = None
        self._language: object = None
        self._sentences: list[dict[str, object]] = []
        self._refused: list[dict[str, object]] = []
        self._times: object = {}
        self._dropped: object = None

    async def ask(self, ask: Callable[[str, str], Awaitable[str]]) -> None:
        self.asked = True
        try:
            self.id = await ask("Viewer", self.question)
        except ValueError as error:
            self._dropped = str(error)

    def take(self, event: Event) -> bool:
        """Note *event*; whether the reply is complete."""
        data = event.data
        if self.asked and self.id is None:
            return True
        if self.id is None or data.get("id") != self.id:
            return False
        if event.kind == "asked":
            self._language = data["language"]
        elif event.kind == "said":
            self._sentences.append(
                {name: data[name] for name in ("text", "spoken", "evidence", "rung")}
            )
        elif event.kind == "refused":
            self._refused.append({name: data[name] for name in ("text", "rule", "reason")})
        elif event.kind == "dropped":
            self._dropped = data["reason"]
            return True
        elif event.kind == "answered":
            self._times = data["times_s"]
            return True
        return False

    def told(self) -> dict[str, object]:
        return {
            "question": self.question,
            "language": self._language,
            "sentences": self._sentences,
            "refused": self._refused,
            "not_answered": self._dropped,
            "times_s": self._times,
        }
