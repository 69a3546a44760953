"""A desk without a show behind it, and a server for it on a port of its own."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.feeds.hook import HookFeed
from agent.feeds.line import FeedLine
from agent.feeds.opened import Feeds
from agent.hub import Hub
from agent.ports import Backroom, Catalog, Change, Fate, LoadReport, OpenQuestion
from agent.publish.broadcast import Broadcast
from agent.publish.encoder import Encoding
from agent.publish.preview import Preview
from agent.studio.server import serve
from agent.studio.settings import StudioSettings, links, open_port
from agent.types import (
    Event,
    Fact,
    Facts,
    Focus,
    Frame,
    Language,
    Product,
    RoomEvent,
    Stream,
    Words,
)
from tests.agent.publish.synthetic import FPS, frame

TOKEN = "a-token-for-the-tests"


def card(number: int, title: str, price: str, **more: str | None) -> dict[str, object]:
    blank = {"list_price": None, "offer_ends": None, "stock": None, "image_url": None}
    return {"sku": f"SKU-{number}", "number": number, "title": title, "price": price} | blank | more


class FakeDesk:
    """Keeps what it is asked, and tells of it as the real one does."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.asked: list[tuple[str, str]] = []
        self.viewers: list[str] = []
        self.fates: list[Fate] = []
        self.happenings: list[RoomEvent] = []
        self.heard: list[FeedLine] = []
        self.forgotten: list[str] = []
        self.recordings: list[bytes] = []
        self.done: list[tuple[object, ...]] = []
        self.products = [
            card(1, "Aurora lamp", "€24.90", list_price="€29.90", offer_ends="30 Nov 20:00"),
            card(2, "Travel mug", "€18.00", stock="12 left"),
        ]

    async def ask(
        self, author: str, text: str, *, viewer: str = "", fate: Fate | None = None
    ) -> str:
        if not text.strip():
            raise ValueError("Please write something.")
        self.asked.append((author, text))
        self.viewers.append(viewer)
        if fate is not None:
            self.fates.append(fate)
            if text == "lol":
                fate({"what": "dropped", "reason": "hype"})
        return self.tell_asked(author, text)

    def tell_asked(self, author: str, text: str) -> str:
        name = f"m{len(self.asked)}"
        told = {"author": author or "a viewer", "text": text, "language": "en", "source": "viewer"}
        self.hub.tell("asked", {"id": name, "kind": "question", **told})
        return name

    async def happened(self, events: Sequence[RoomEvent]) -> None:
        self.happenings += events

    def hear(self, line: FeedLine) -> str:
        self.heard.append(line)
        return f"h{len(self.heard)}"

    def forget(self, ids: Sequence[str]) -> None:
        self.forgotten += ids

    async def ask_aloud(self, author: str, recording: bytes, *, viewer: str = "") -> str:
        self.recordings.append(recording)
        if not recording.startswith(b"RIFF"):
            raise ValueError("That is not sound.")
        return "how much is the lamp"

    def stop(self) -> None:
        self.done.append(("stop",))
        self.hub.tell("stopped", {"by": "operator"})

    def take_over(self, on: bool) -> None:
        self.done.append(("take_over", on))
        self.hub.tell("taken_over", {"on": on})

    async def say(self, text: str, language: Language) -> None:
        self.done.append(("say", text, language))

    def pin(self, sku: str) -> None:
        for product in self.products:
            if product["sku"] == sku:
                self.done.append(("pin", sku))
                self.hub.tell("pinned", {"card": product})
                return
        raise KeyError(sku)

    def block(self, line: str, on: bool) -> None:
        self.done.append(("block", line, on))

    def block_word(self, word: str, on: bool) -> None:
        self.done.append(("block_word", word, on))

    def snapshot(self) -> Event:
        return Event(
            "state",
            asyncio.get_running_loop().time(),
            {
                "shop": "Lantern & Co",
                "host": "Mia",
                "language": "en",
                "card": self.products[0],
                "products": self.products,
                "taken_over": False,
                "voice_messages": True,
                "stats": {},
            },
        )

    def events(self) -> Stream[Event]:
        return self.hub.events()


class FakeCatalog:
    """Products whose pictures are files."""

    def __init__(self, pictures: Mapping[str, Path]) -> None:
        self._pictures = pictures

    version = 1

    async def facts(self, question: str, language: Language, focus: Focus) -> Facts:
        raise NotImplementedError

    def current(self, fact_id: str) -> Fact | None:
        return None

    def product(self, sku: str) -> Product | None:
        if sku not in self._pictures:
            return None
        title = Fact(f"{sku}/title", 1, sku, "title", Words((sku,)), "test")
        return Product(sku, 1, title, None, None, None, None, self._pictures[sku])

    def products(self) -> Sequence[Product]:
        return []


class FakePlan:
    """A run of show of two parts, whose place changes by what is told of it alone."""

    def state(self) -> dict[str, object]:
        names = ("Welcome", "Aurora lamp")
        segments = [{"name": name, "kind": "product", "sku": None} for name in names]
        place = {"current": 0, "next": 1, "step": 0, "steps": 3, "paused": False, "over": False}
        return {"segments": segments, "round": 0, "text": "", "file": "showplan.toml"} | place

    def move(self, how: str) -> None:
        raise ValueError(f"{how!r} is no move of this run of show")

    async def save(self, text: str) -> None:
        raise ValueError("this run of show stays as it is")


class EmptyBackroom:
    """A catalog that the staff find nothing in."""

    version = 1

    def owner(self, name: str) -> str | None:
        return None

    def product(self, sku: str) -> Product | None:
        return None

    async def find(self, words: str, limit: int) -> Sequence[Product]:
        return []

    async def sheet(self, sku: str) -> Sequence[Fact]:
        return []

    async def rows(self, sku: str) -> Mapping[str, object]:
        return {}

    async def history(self, sku: str) -> Sequence[Mapping[str, object]]:
        return []

    async def change(self, changes: Sequence[Change]) -> int:
        raise NotImplementedError

    async def load(self, path: Path, name: str, **options: object) -> LoadReport:
        raise NotImplementedError

    def questions(self) -> Sequence[OpenQuestion]:
        return []

    async def dismiss(self, question: str) -> bool:
        return False


class Room:
    """A server on a thread of its own, with a show of synthetic frames behind it if wanted."""

    def __init__(
        self,
        pictures: Mapping[str, Path] | None = None,
        encoding: Encoding | None = None,
        port: int = 0,
        backroom: Backroom | None = None,
        hook: HookFeed | None = None,
        **settings: object,
    ) -> None:
        self.settings = StudioSettings(port=port, token=TOKEN, **settings)  # type: ignore[arg-type]
        self.catalog: Catalog = FakeCatalog(pictures or {})
        self.encoding = encoding
        self.hook = hook
        self.backroom: Backroom = backroom or EmptyBackroom()
        self.listener = open_port(self.settings)
        self.watch_url, studio = links(self.listener, self.settings)
        self.studio_url = f"{studio}#token={TOKEN}"
        self.base = self.watch_url.rstrip("/")
        self.sockets = self.base.replace("http", "ws")
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def tell(self, kind: str, /, **data: object) -> None:
        """Let something happen in the show."""
        self.loop.call_soon_threadsafe(self.desk.hub.tell, kind, data)

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.desk, self.preview, self._over = FakeDesk(), Preview(), asyncio.Event()
        self.feeds = Feeds([self.hook] if self.hook else [], self.desk, self.desk.hub.tell)
        tasks = [
            asyncio.create_task(self.feeds.run() if self.hook else self._over.wait()),
            asyncio.create_task(
                serve(
                    self.desk,
                    self.preview,
                    self.catalog,
                    self.settings,
                    self.listener,
                    lambda: {"feeds": self.feeds.health()} if self.hook else {},
                    backroom=self.backroom,
                    plan=FakePlan(),
                    hook=self.hook,
                )
            ),
        ]
        if self.encoding:
            tasks.append(asyncio.create_task(self._air(self.encoding)))
        await asyncio.sleep(0.1)
        self._ready.set()
        over = asyncio.create_task(self._over.wait())
        await asyncio.wait([*tasks, over], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
                raise result

    async def _air(self, encoding: Encoding) -> None:
        async with Broadcast([self.preview], print, encoding) as air:
            start = self.loop.time()
            number = 0
            while True:
                await asyncio.sleep(max(0, start + number / FPS - self.loop.time()))
                await air.send(self.draw(number))
                number += 1

    def draw(self, number: int) -> Frame:
        """Frame *number* of the show."""
        return frame(number)
