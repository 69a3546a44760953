"""A show without the air: what the host would say to a line, from real catalog, model and gate.

Everything of ``agent.loop`` up to the voice runs as it does on air, but for its patience: a slow
machine must not save the host from what the model would have said.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from agent.budget import Budget
from agent.config import Config, WriterSettings, secrets
from agent.desk import ShowDesk
from agent.ledger import Ledger
from agent.loop import drafts, find, in_order, plain
from agent.ports import BackendError
from agent.show import Show
from agent.turns import Turn
from agent.types import (
    LANGUAGES,
    AudioChunk,
    Facts,
    Frame,
    Image,
    Language,
    Mouth,
    Refusal,
    Scene,
    Stream,
    Utterance,
)
from agent.understand import Kind
from agent.writers import writer
from catalog import sample
from catalog.store import Store
from models.embed import embedders

PATIENCE_S = 30.0
"""For the model's next sentence."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one line."""

    outcome: str
    """answered, hostile, emoji_only or "at the door"."""
    kind: str = ""
    flag: str = ""
    author: str = ""
    """As it is shown."""
    language: Language = "en"
    facts: Facts | None = None
    said: Sequence[Utterance] = ()
    refused: Sequence[Refusal] = ()


class _Nothing:
    """Stage, publisher and voice of a show that does not air."""

    languages: Sequence[Language] = LANGUAGES
    rate = 16_000

    async def warm(self) -> None:
        pass

    async def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        raise BackendError("nothing is spoken off the air")
        yield

    def draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        raise BackendError("nothing is shown off the air")

    async def send(self, frame: Frame) -> bool:
        raise BackendError("nothing is shown off the air")


@dataclass
class Booth:
    """Where lines are put to the host."""

    show: Show
    desk: ShowDesk
    store: Store
    model: bool
    """Whether the model is ready."""

    async def answer(self, name: str, text: str) -> Reply:
        show, clock = self.show, asyncio.get_running_loop().time
        show.notices.played(clock())  # nothing is due while lines are judged
        try:
            await self.desk.ask(name, text)
        except ValueError:
            return Reply("at the door")
        if not len(show.inbox):
            return Reply("not answered", Kind.HOSTILE.value)
        waiting = await show.inbox.next()
        turn, told = Turn(waiting), waiting.understanding
        show.begin(turn)
        said: list[Utterance] = []
        facts: Facts | None = None
        if turn.kind is Kind.IDENTITY:
            said.append(show.identity_notice(turn.message.language))
        else:
            facts = await find(show, turn)
            first = plain(show, turn, facts)
            rest = drafts(show, turn, facts, bool(first))
            async with aclosing(rest), aclosing(in_order(show, turn, facts, first, rest)) as spoken:
                said += [utterance async for utterance in spoken]
        turn.trace.said += [(utterance, utterance.rung) for utterance in said]
        show.inbox.clear()
        show.end(turn)
        flag = told.flag.value if told.flag else ""
        return Reply(
            "answered",
            turn.kind.value,
            flag,
            turn.message.author,
            turn.language,
            facts,
            said,
            turn.trace.refusals,
        )


@asynccontextmanager
async def booth(*, model: bool = True, within_s: float = 300.0) -> AsyncIterator[Booth]:
    """The sample shop's host with the packaged model, ready; or without a model."""
    config = Config(writer=WriterSettings(enabled=model))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        path = Path(folder) / "shop.duckdb"
        await asyncio.to_thread(sample.build, path)
        store = await Store.open(path, embedders=embedders)
        await store.embedded()
        ledger = Ledger(Path(folder) / "show.jsonl", lambda: datetime.now(UTC))
        try:
            async with writer(config, secrets({})) as made:
                patience = Budget(
                    facts_s=60.0, first_sentence_s=PATIENCE_S, gap_s=PATIENCE_S, answer_s=120.0
                )
                nothing = _Nothing()
                show = Show(
                    shop=store.shop.name,
                    catalog=store,
                    writer=made,
                    voice=nothing,
                    stage=nothing,
                    publisher=nothing,
                    ledger=ledger,
                    labelled=lambda image: True,
                    slate=np.zeros((2, 2, 3), np.uint8),
                    pool=pool,
                    budget=patience,
                )
                until = asyncio.get_running_loop().time() + within_s
                while model and not made.ready and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
                yield Booth(show, ShowDesk(show, None, store), store, made.ready)
        finally:
            ledger.close()
            await store.close()
