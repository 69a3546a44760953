"""What a show needs from outside. A backend fits by shape; it inherits nothing.

A backend takes values and gives a value or a stream. It never takes a stream, so nothing but
``agent`` has streams to close. Blocking backends are called on threads, and say so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeAlias

from agent.types import (
    AudioChunk,
    ChatMessage,
    Event,
    Fact,
    Facts,
    Focus,
    Frame,
    Heard,
    Image,
    Language,
    Meaning,
    Mouth,
    Product,
    RoomEvent,
    Scene,
    Stream,
    Utterance,
)


class BackendError(Exception):
    """A backend failed this turn; the show goes on. Any other exception ends the show."""


class Catalog(Protocol):
    """The product facts."""

    @property
    def version(self) -> int:
        """Of the whole catalog; grows with each change. Asked on the air's clock."""
        ...

    async def facts(self, question: str, language: Language, focus: Focus) -> Facts:
        """What is known that answers *question*. Raises BackendError."""
        ...

    def current(self, fact_id: str) -> Fact | None:
        """The fact as it is true at this moment; None when it is withdrawn, not begun or over.
        From memory, in microseconds: asked on the air's clock."""
        ...

    def product(self, sku: str) -> Product | None: ...

    def products(self) -> Sequence[Product]:
        """All products, by link number."""
        ...


class Meanings(Protocol):
    """What questions mean, so that alike ones are answered together."""

    async def meaning(self, question: str, language: Language, focus: Focus) -> Meaning:
        """Of *question*, asked while the show was about *focus*. Some milliseconds, none of them
        on the event loop. Raises BackendError."""
        ...


class Questions(Protocol):
    """Questions that the catalog had no answer to, kept for the staff."""

    def note(self, text: str, language: Language, sku: str, asked: int) -> None:
        """Keep a question of *asked* viewers about a product (or about the shop, ""). Never waits:
        under a flood it drops, and counts."""
        ...


class Writer(Protocol):
    """The language model. Its text is a draft with ``{slots}``: nobody has checked it."""

    @property
    def ready(self) -> bool:
        """Whether the model server answers now."""
        ...

    def write(self, message: ChatMessage, facts: Facts) -> Stream[str]:
        """The draft in pieces as they come; closing the stream stops the model."""
        ...


class Voice(Protocol):
    """Speech synthesis."""

    @property
    def languages(self) -> Sequence[Language]: ...

    @property
    def rate(self) -> int:
        """Samples a second of what it speaks, in Hz."""
        ...

    def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        """The sound of ``utterance.spoken`` in pieces, clause by clause."""
        ...


class Ears(Protocol):
    """Speech recognition of a viewer's voice message."""

    async def hear(self, recording: bytes, hints: Sequence[str]) -> Heard:
        """What was said in *recording*, an audio file in any common container; *hints* are names
        likely to be heard. Raises BackendError with a text for the viewer if it is not audio."""
        ...


class Stage(Protocol):
    """The picture: backdrop, host, card, captions, and the label, last."""

    def draw(self, scene: Scene, mouth: Mouth, number: int) -> Image:
        """The picture of frame *number*. Blocking, some 8 ms; one call at a time. The image is
        the caller's until two further calls: buffers are used again."""
        ...


class Publisher(Protocol):
    """Where the show is watched."""

    async def send(self, frame: Frame) -> bool:
        """Take one frame. Never waits for a slow reader or disk: it drops, and counts. False when
        its sound is lost: a notice in it does not count."""
        ...


Fate: TypeAlias = Callable[[Mapping[str, object]], None]
"""Told what becomes of a viewer's line: {what: merged, picked or dropped, others: how many ask the
same, into: the id of the line that is answered, reason}."""


class Desk(Protocol):
    """What the pages may do to a running show. ``agent.desk`` is the one real one."""

    async def ask(
        self, author: str, text: str, *, viewer: str = "", fate: Fate | None = None
    ) -> str:
        """A viewer's typed line. Gives the message's id; raises ValueError with a text for the
        viewer if it cannot be taken (empty, too long, too many). *viewer*: who it is, as names may
        be anyone's; by default the name. *fate* is told what becomes of the line, at once or
        later."""
        ...

    async def ask_aloud(self, author: str, recording: bytes, *, viewer: str = "") -> str:
        """A viewer's voice message; as *ask*. Gives what was heard."""
        ...

    async def happened(self, events: Sequence[RoomEvent]) -> None:
        """What viewers did without words."""
        ...

    def stop(self) -> None:
        """Stop talking within one frame. A notice that is being spoken is not stopped."""
        ...

    def take_over(self, on: bool) -> None:
        """While on, the host answers nobody by itself; only the notice and *say* are spoken."""
        ...

    async def say(self, text: str, language: Language) -> None:
        """The operator's words, through the gate like anyone's."""
        ...

    def block(self, line: str, on: bool) -> None:
        """Take nothing more of whoever wrote *line*, or take it again. Raises ValueError with a
        text for the operator where nobody is known by it."""
        ...

    def block_word(self, word: str, on: bool) -> None:
        """Take no line with *word* in it, or take such again. Raises ValueError likewise."""
        ...

    def pin(self, sku: str) -> None:
        """Show this product. Raises KeyError if there is none such."""
        ...

    def snapshot(self) -> Event:
        """The whole state, for a page that has just opened."""
        ...

    def events(self) -> Stream[Event]:
        """What happens from now on. A reader too slow loses the oldest, counted."""
        ...


class PlanDesk(Protocol):
    """The operator's hand on the run of show. ``agent.plandesk`` is the one real one."""

    def state(self) -> dict[str, object]:
        """Where it is, what is next, and its text; see ``Event``, "plan"."""
        ...

    def move(self, how: str) -> None:
        """skip, back, pause, resume. Raises ValueError for anything else."""
        ...

    async def save(self, text: str) -> None:
        """Go on by *text* from now. Raises ValueError with what is wrong, and OSError; then
        nothing has changed."""
        ...


# --- what a merchant changes while the show runs ---------------------------------------------


@dataclass(frozen=True, slots=True)
class SetPrice:
    """A new regular price of a variant (or, by sku, of all its variants)."""

    name: str
    """A sku, or the id of a variant."""
    amount: Decimal
    currency: str = ""
    """ISO 4217, where the merchant names it: no other than the shop's is taken."""
    sure: bool = False
    """Whether it is meant although it is many times the price before."""


@dataclass(frozen=True, slots=True)
class SetStock:
    """How many there are of a variant; None: it can be had, nobody counted."""

    name: str
    quantity: int | None


@dataclass(frozen=True, slots=True)
class SetOffer:
    """A lower price within [begins, ends), by the name *offer*; or a change of it."""

    name: str
    offer: str
    amount: Decimal
    begins: datetime | None = None
    """With its zone; None: already."""
    ends: datetime | None = None
    """None: until it is ended."""
    currency: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class EndOffer:
    """The offer holds no longer, from now on."""

    name: str
    offer: str


@dataclass(frozen=True, slots=True)
class SetText:
    """A text of a product, such as "material" or "point_1"."""

    sku: str
    field: str
    language: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """An approved answer to a question about a product (sku "": about the shop)."""

    sku: str
    answer_id: str
    language: str
    question: str
    answer: str
    source: str = "live"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The shop sells the product no longer."""

    sku: str


Change: TypeAlias = SetPrice | SetStock | SetOffer | EndOffer | SetText | SetAnswer | Withdraw


class DoubtError(BackendError):
    """It looks like a slip of the hand: not done, unless one says that it is meant (``sure``)."""


class OpenQuestion(Protocol):
    """A question that the catalog had no answer to."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> Language: ...
    @property
    def sku(self) -> str:
        """What it was about; "" where it was the shop, or nobody could tell."""
        ...

    @property
    def asked(self) -> int:
        """By how many."""
        ...

    @property
    def first_at(self) -> datetime: ...
    @property
    def last_at(self) -> datetime: ...


class LoadReport(Protocol):
    """What came of a file."""

    @property
    def ok(self) -> bool:
        """Nothing was refused."""
        ...

    @property
    def version(self) -> int:
        """Of the catalog afterwards."""
        ...

    def as_dict(self) -> Mapping[str, object]: ...
    def as_html(self) -> str:
        """A whole page, for itself."""
        ...


Progress: TypeAlias = Callable[[str, int, int], None]
"""Told, from any thread: the stage, how far it is, and of how much (0: nobody knows)."""


class Backroom(Protocol):
    """What the staff see of the catalog and do to it while the show runs, through the API and the
    studio. What changes is on disk when the call returns, and ``Catalog.current`` says it."""

    @property
    def version(self) -> int:
        """Of the whole catalog; grows with each change."""
        ...

    def owner(self, name: str) -> str | None:
        """The sku that a sku or a variant's id belongs to; None where there is neither."""
        ...

    def product(self, sku: str) -> Product | None: ...

    async def find(self, words: str, limit: int) -> Sequence[Product]:
        """Products by name, sku or link number, best first; by number where *words* is empty."""
        ...

    async def sheet(self, sku: str) -> Sequence[Fact]:
        """All facts of a product (of the shop: "") at this moment."""
        ...

    async def rows(self, sku: str) -> Mapping[str, object]:
        """The variants and offers of a product as they may be changed; plain values."""
        ...

    async def history(self, sku: str) -> Sequence[Mapping[str, object]]:
        """All that was ever said of a product, oldest first; plain values."""
        ...

    async def change(self, changes: Sequence[Change]) -> int:
        """Do all of *changes* or none; gives the catalog's version. Raises BackendError with the
        reason and the remedy, DoubtError where it is to be said again."""
        ...

    async def load(
        self,
        path: Path,
        name: str,
        *,
        partial: bool,
        add: bool,
        dry_run: bool,
        progress: Progress,
    ) -> LoadReport:
        """Load the file at *path*, known as *name*; the show goes on meanwhile. Raises
        BackendError: nothing was loaded."""
        ...

    def questions(self) -> Sequence[OpenQuestion]:
        """What was asked and not known, most asked first."""
        ...

    async def dismiss(self, question: str) -> bool:
        """Let go of a question, by id; False where there is none such."""
        ...
