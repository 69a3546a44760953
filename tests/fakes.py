"""A whole show with nothing real in it but the show. Fakes keep their promises in virtual time."""

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from agent.budget import Budget
from agent.ledger import Ledger
from agent.show import Show
from agent.types import (
    AudioChunk,
    ChatMessage,
    Cue,
    Fact,
    Facts,
    Focus,
    Frame,
    Image,
    Language,
    Money,
    Mouth,
    Product,
    Quantity,
    Scene,
    Stream,
    Topic,
    Utterance,
    Words,
)

FPS = 25
RATE = 1000
SAMPLES = RATE // FPS


def fact(field: str, value: Any, sku: str = "LAMP-01", version: int = 1) -> Fact:
    return Fact(f"{sku}/{field}", version, sku, field, value, f"test:{field}")


TITLE = fact("title", Words(("Desk lamp",)))
PRICE = fact("price", Money(Decimal("29.90"), "USD"))
STOCK = fact("stock", Quantity(Decimal(12), ""))
MATERIAL = fact("material", Words(("solid oak",)))


@dataclass
class Shelf:
    """A catalog with one lamp on it: any question with "price" or "how much" asks its price."""

    facts_s: float = 0.0
    fails: BaseException | None = None
    held: dict[str, Fact] = field(
        default_factory=lambda: {f.id: f for f in (TITLE, PRICE, STOCK, MATERIAL)}
    )

    async def facts(self, question: str, language: Language, focus: Focus) -> Facts:
        await asyncio.sleep(self.facts_s)
        if self.fails:
            raise self.fails
        low = question.casefold()
        if "price" in low or "how much" in low:
            asked, topic = ["price"], Topic.PRICE
        elif "made of" in low:
            asked, topic = ["material"], Topic.MATERIAL
        else:
            asked, topic = [], Topic.FREE
        of = {f.field: f for f in self.held.values()}
        return Facts(
            topic,
            self.product("LAMP-01"),
            tuple(of[name] for name in asked),
            tuple(f for name, f in of.items() if name not in asked),
        )

    def current(self, fact_id: str) -> Fact | None:
        return self.held.get(fact_id)

    @property
    def version(self) -> int:
        return sum(f.version for f in self.held.values())

    def product(self, sku: str) -> Product | None:
        of = {f.field: f for f in self.held.values()}
        return Product(sku, 1, of["title"], of["price"], None, None, of["stock"], None)

    def products(self) -> Sequence[Product]:
        return [p for p in [self.product("LAMP-01")] if p]

    def names(self) -> Sequence[str]:
        return ["Desk lamp"]

    def change_price(self, amount: str) -> None:
        old = self.held[PRICE.id]
        self.held[PRICE.id] = replace(
            old, value=Money(Decimal(amount), "USD"), version=old.version + 1
        )


@dataclass
class Parrot:
    """A writer that answers from a table, a word at a time."""

    answers: Mapping[str, str] = field(default_factory=dict)
    first_token_s: float = 0.2
    token_s: float = 0.02
    close_s: float = 0.05
    """Hanging up takes a moment, as it does with a real server."""
    fails: BaseException | None = None
    fails_after: int = 0
    """Words given before it fails."""
    ready: bool = True
    open: int = 0
    opened: int = 0
    most_open: int = 0

    async def write(self, message: ChatMessage, facts: Facts) -> Stream[str]:
        self.open += 1
        self.opened += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await asyncio.sleep(self.first_token_s)
            for count, word in enumerate(self.answers.get(message.text, "").split(" ")):
                if self.fails and count >= self.fails_after:
                    raise self.fails
                await asyncio.sleep(self.token_s)
                yield word + " "
        finally:
            await asyncio.sleep(self.close_s)
            self.open -= 1


@dataclass
class Hum:
    """A voice whose samples all equal the number of the line: the air can be read back."""

    first_chunk_s: float = 0.1
    fails: BaseException | None = None
    languages: Sequence[Language] = ("en",)
    rate: int = RATE
    lines: list[str] = field(default_factory=list)

    async def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        await asyncio.sleep(self.first_chunk_s)
        if self.fails:
            raise self.fails
        for _ in range(round(len(utterance.spoken.split()) * 0.4 * 20)):  # chunks of 50 ms
            yield AudioChunk(self._hum(utterance.spoken, RATE // 20), RATE)

    def _hum(self, text: str, samples: int) -> "np.ndarray[Any, np.dtype[np.float32]]":
        if text not in self.lines:
            self.lines.append(text)
        return np.full(samples, (self.lines.index(text) + 1) / 1000, np.float32)

    def rendered(self, utterance: Utterance, seconds: float = 1.0, fps: int = FPS) -> list[Cue]:
        """*utterance* spoken before the show."""
        sound, count = self._hum(utterance.spoken, RATE // fps), round(seconds * fps)
        return [
            Cue(sound, Mouth(), utterance, first=n == 0, last=n == count - 1) for n in range(count)
        ]


class Paper:
    """A stage that draws nothing, and remembers the scenes."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.blank = np.zeros((2, 2, 3), np.uint8)

    def draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        self.scenes.append(scene)
        return self.blank


@dataclass
class Air:
    """What went out and when: ``(seconds, line)``, the line None while nobody spoke."""

    voice: Hum
    send_s: float = 0.0
    loses: Callable[[Frame], bool] | None = None
    """Which frames never go out."""
    log: list[tuple[float, str | None]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)

    async def send(self, frame: Frame) -> bool:
        if self.loses and self.loses(frame):
            return False
        if self.send_s:
            await asyncio.sleep(self.send_s)
        number = round(float(np.median(frame.sound)) * 1000)
        line = self.voice.lines[number - 1] if number else None
        self.log.append((asyncio.get_running_loop().time(), line))
        self.frames.append(frame)
        return True

    def heard(self) -> list[tuple[float, str]]:
        """Each line as it began, with the second it did."""
        starts: list[tuple[float, str]] = []
        last: str | None = None
        for at, line in self.log:
            if line and line != last:
                starts.append((round(at, 2), line))
            last = line
        return starts

    def lines(self) -> list[str]:
        return [line for _, line in self.heard()]


class AtOnce(Executor):
    """A pool that works where it is called: virtual time has no threads."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            future.set_exception(error)
        return future


class Memo(Ledger):
    """A real ledger in a scratch folder, written at once."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="candor-test-"))
        super().__init__(folder / "show.jsonl", lambda: datetime.now(UTC))
        self._pool.shutdown()
        self._pool = AtOnce()  # type: ignore[assignment]


def show(
    writer: Parrot | None = None,
    *,
    shelf: Shelf | None = None,
    voice: Hum | None = None,
    budget: Budget | None = None,
    stage: Paper | None = None,
) -> tuple[Show, Air]:
    voice = voice or Hum()
    air = Air(voice)
    made = Show(
        shop="Test Shop",
        catalog=shelf or Shelf(),
        writer=writer or Parrot(),
        voice=voice,
        stage=stage or Paper(),
        publisher=air,
        ledger=Memo(),
        labelled=lambda image: True,
        slate=np.zeros((2, 2, 3), np.uint8),
        pool=AtOnce(),
        budget=budget or Budget(rest_s=1e6),
        fps=FPS,
        rate=RATE,
    )
    made.prepared_notice = voice.rendered(made.next_notice(), 4.0)
    return made, air
