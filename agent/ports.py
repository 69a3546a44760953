"""What a show needs from outside. A backend fits by shape; it inherits nothing.

A backend takes values and gives a value or a stream. It never takes a stream, so nothing but
``agent`` has streams to close. Blocking backends are called on threads, and say so.
"""

from collections.abc import Sequence
from typing import Protocol

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
    Mouth,
    Product,
    Scene,
    Stream,
    Utterance,
)


class BackendError(Exception):
    """A backend failed this turn; the show goes on. Any other exception ends the show."""


class Catalog(Protocol):
    """The product facts."""

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


class Desk(Protocol):
    """What the pages may do to a running show. ``agent.desk`` is the one real one."""

    async def ask(self, author: str, text: str) -> str:
        """A viewer's typed line. Gives the message's id; raises ValueError with a text for the
        viewer if it cannot be taken (empty, too long, too many)."""
        ...

    async def ask_aloud(self, author: str, recording: bytes) -> str:
        """A viewer's voice message; as *ask*. Gives what was heard."""
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

    def pin(self, sku: str) -> None:
        """Show this product. Raises KeyError if there is none such."""
        ...

    def snapshot(self) -> Event:
        """The whole state, for a page that has just opened."""
        ...

    def events(self) -> Stream[Event]:
        """What happens from now on. A reader too slow loses the oldest, counted."""
        ...
