"""Where cases are played: shops loaded, the voice warm, the model at hand, the real loop between.

Everything of a show is real but for its clock, which leaps over waiting, and, where it is not
asked for, its picture.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import soundfile

from agent.budget import AIR_RATE, FPS, HEIGHT, WIDTH, Budget
from agent.compose import Stage
from agent.config import DATA
from agent.desk import ShowDesk
from agent.ledger import Ledger
from agent.ports import Writer
from agent.publish.film import Film
from agent.rules.fixed import holding_line
from agent.show import Show
from agent.showplan import load
from agent.showplan_run import Script
from agent.sound import spoken
from agent.types import Cue, Focus, Frame, Image, Language, Mouth, Samples, Scene, Utterance
from agent.writers import NoWriter
from catalog import sample
from catalog.store import Store
from evals import shops
from evals.harness.case import Case, CaseFault, Operating
from evals.harness.clock import Here
from evals.harness.played import Played
from models.atlas import Atlas
from models.embed import embedders
from models.face import Face, default_host
from models.speech import Speaker
from models.voices import load_voice

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""The shops' time at the start of a case that names none."""
_STILL = (324, 576)
"""Pixels of a picture in the report."""


class Plain:
    """A stage that draws nothing, where no picture is asked for."""

    blank: Image = np.zeros((2, 2, 3), np.uint8)

    def draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        return self.blank


@dataclass
class Tape:
    """Keeps what goes on the air: the sound, the first picture of each sentence, the film. A
    publisher (``agent.ports.Publisher``)."""

    keep: Path | None
    """Where to put it, without suffix; None: nothing is kept."""
    film: Film | None = None
    sound: Path | None = None
    stills: dict[int, Path] = field(default_factory=dict)
    frames: int = 0
    _last: Utterance | None = None
    _file: soundfile.SoundFile | None = None

    async def send(self, frame: Frame) -> bool:
        self.frames += 1
        if self.keep:
            self._write(frame.sound)
        if self.film and self.keep:
            if frame.utterance is not None and frame.utterance is not self._last:
                self._still(frame)
            self._last = frame.utterance
            await self.film.send(frame)
        return True

    def _still(self, frame: Frame) -> None:
        assert self.keep is not None
        path = self.keep.with_name(f"{self.keep.name}-{frame.number}.jpg")
        cv2.imwrite(str(path), cv2.resize(frame.image, _STILL), [cv2.IMWRITE_JPEG_QUALITY, 80])
        self.stills[frame.number] = path

    def _write(self, sound: Samples) -> None:
        """A picture's worth at a time: a show of hours is not held in memory."""
        if self._file is None:
            assert self.keep is not None
            self.sound = self.keep.with_name(f"{self.keep.name}.ogg")
            self._file = soundfile.SoundFile(
                self.sound, "w", AIR_RATE, channels=1, format="OGG", subtype="OPUS"
            )
        self._file.write(sound)

    def close(self) -> None:
        """End the sound's file."""
        if self._file is not None:
            self._file.close()
            self._file = None


@dataclass
class Stand:
    """Where one case after the other is put on."""

    folder: Path
    """For what is only needed while it runs."""
    writer: Writer
    voice: Speaker
    media: Path | None = None
    """Where sounds and pictures go."""
    picture: bool = False
    _masters: dict[str, Path] = field(default_factory=dict)
    _stores: dict[str, Store] = field(default_factory=dict)
    _moments: dict[str, "Moving"] = field(default_factory=dict)
    _stages: dict[Language, Stage] = field(default_factory=dict)
    _atlas: Atlas | None = None
    _prepared: dict[Utterance, list[Cue]] = field(default_factory=dict)
    _copies: int = 0

    async def has(self, shop: str) -> bool:
        """Whether *shop* can be had here; loads it the first time. Raises CatalogError."""
        if shop in self._masters:
            return True
        master = self.folder / f"shop-{len(self._masters)}.duckdb"
        if shop in shops.SHOPS:
            if not await asyncio.to_thread(shops.build, shop, master):
                return False
        elif not await asyncio.to_thread(_copied, Path(shop), master):
            return False
        store = await Store.open(master, lambda: NOW, embedders=embedders)
        await store.embedded()  # and kept in the file, for its copies
        await store.close()
        self._masters[shop] = master
        return True

    @asynccontextmanager
    async def store(self, case: Case) -> AsyncIterator[tuple[Store, "Moving"]]:
        """The shop of *case*; one of its own where it changes there."""
        if case.changes:
            moment = Moving()
            store = await self._copy(case.shop, moment)
            try:
                yield store, moment
            finally:
                await store.close()
            return
        if case.shop not in self._stores:
            self._moments[case.shop] = Moving()
            self._stores[case.shop] = await self._copy(case.shop, self._moments[case.shop])
        yield self._stores[case.shop], self._moments[case.shop]

    async def _copy(self, shop: str, moment: "Moving") -> Store:
        self._copies += 1
        path = self.folder / f"copy-{self._copies}.duckdb"
        await asyncio.to_thread(shutil.copyfile, self._masters[shop], path)
        store = await Store.open(path, moment, embedders=embedders)
        await store.embedded()
        return store

    @asynccontextmanager
    async def show(self, case: Case, played: Played) -> AsyncIterator[tuple[Show, ShowDesk, Store]]:
        """The show of *case*, ready to run; at the end *played* has its sound and pictures."""
        async with AsyncExitStack() as stack:
            store, moment = await stack.enter_async_context(self.store(case))
            moment.begin(case.now or NOW)
            keep = self.media / case.id if self.media else None
            film = keep.with_name(f"{keep.name}.mp4") if keep and self.picture else None
            pool: Executor = Here()
            if self.picture:
                pool = ThreadPoolExecutor(1, "stage")
                stack.callback(pool.shutdown)
            stage = self._stage(case.language) if self.picture else None
            rolling = None
            if film:
                rolling = await stack.enter_async_context(Film(film, store.shop.name, case.id))
            tape = Tape(keep, rolling)
            stack.callback(tape.close)
            ledger = Ledger(self.folder / f"{case.id}.jsonl", lambda: datetime.now(UTC))
            stack.callback(ledger.close)
            show = Show(
                shop=store.shop.name,
                catalog=store,
                writer=self.writer,
                voice=self.voice,
                stage=stage or Plain(),
                publisher=tape,
                ledger=ledger,
                labelled=stage.label.drawn_on if stage else lambda image: True,
                slate=stage.label.slate() if stage else Plain.blank,
                pool=pool,
                # without a plan a case is of what is asked: nothing is said unasked
                budget=Budget() if case.plan else Budget(rest_s=1e9),
                language=case.language,
                questions=store.unanswered,
                script=Script(load(sample.PLAN, sample.PLAN) if case.plan else None),
            )
            first = store.products()
            pinned = case.pinned or (first[0].sku if first else None)
            for sku in (case.pinned, *_pins(case)):
                if sku and store.product(sku) is None:
                    raise CaseFault(f"case {case.id}: the shop {case.shop} has no product {sku}")
            show.focus = Focus(pinned, pinned)
            await self._prepare(show)
            yield show, ShowDesk(show, None, store), store
            played.frames, played.slates = tape.frames, show.stats["slates"]
            played.looked_at = stage is not None
            played.sound, played.stills, played.film = tape.sound, tape.stills, film

    async def _prepare(self, show: Show) -> None:
        """The lines for when all else fails, made before the show as on air."""
        heard = show.heard_in(show.language)
        lines = (show.next_notice(), holding_line(show.language, heard))
        for line in lines:
            if line not in self._prepared:
                cues = [cue async for cue in spoken(show.voice, line, FPS, AIR_RATE)]
                self._prepared[line] = cues
        show.prepared_notice, show.prepared_line = (self._prepared[line] for line in lines)

    def _stage(self, language: Language) -> Stage:
        if language not in self._stages:
            self._atlas = self._atlas or default_host()
            self._stages[language] = Stage(Face(self._atlas, FPS), language, (WIDTH, HEIGHT))
        return self._stages[language]

    async def close(self) -> None:
        for store in self._stores.values():
            await store.close()


def _copied(shop: Path, to: Path) -> bool:
    if not shop.is_file():
        return False
    shutil.copyfile(shop, to)
    return True


class Moving:
    """The shop's clock: begins where a case has it, and goes with the show's."""

    def __init__(self) -> None:
        self.begin(NOW)

    def begin(self, at: datetime) -> None:
        self._at, self._loop = at, asyncio.get_running_loop()
        self._began = self._loop.time()

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=self._loop.time() - self._began)


def _pins(case: Case) -> list[str]:
    steps = (step for step in case.chat if isinstance(step, Operating))
    return [step.operator.pin for step in steps if step.operator.pin]


@asynccontextmanager
async def stand(
    folder: Path, writer: Writer | None, *, media: Path | None = None, picture: bool = False
) -> AsyncIterator[Stand]:
    """A stand with the built-in voice, warm; closed again at the end."""
    cv2.setNumThreads(1)
    voice = load_voice("hibari", home=DATA)
    made = Stand(folder, writer or NoWriter(), voice, media, picture)
    try:
        await voice.warm()
        yield made
    finally:
        await made.close()
        voice.close()
