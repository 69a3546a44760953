"""What was said, as WebVTT beside a film: a cue for each sentence, from its first frame to its
last, on the disk as soon as it was said."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Protocol, runtime_checkable

from agent.publish.packets import SinkError
from agent.types import Language, Utterance


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence as it was on the air."""

    text: str
    language: Language
    at: int
    """Its first frame."""
    until: int
    """The first frame after it."""


@runtime_checkable
class Captioned(Protocol):
    """A sink that takes captions too: each after the packets of its frames."""

    def caption(self, caption: Caption) -> None:
        """Raises SinkError."""
        ...


class Captions:
    """Which sentence is on the air, frame by frame; gives each once it is over."""

    def __init__(self) -> None:
        self._said: Utterance | None = None
        self._since = 0

    def see(self, number: int, said: Utterance | None) -> Caption | None:
        """Frame *number* shows *said*; gives the sentence that it ends."""
        if said is self._said:
            return None
        over = self.end(number)
        self._said, self._since = said, number
        return over

    def end(self, number: int) -> Caption | None:
        """The sentence that was on the air before frame *number*, if any was."""
        said, self._said = self._said, None
        if said is None or not said.written.strip():
            return None
        return Caption(said.written, said.language, self._since, number)


class VTT:
    """One file. Raises SinkError where it cannot be written."""

    def __init__(self, path: Path, title: str, language: Language, fps: int, begins: int) -> None:
        """A new file at *path* for a film that begins with frame *begins*; captions in other
        languages than *language* are marked so."""
        self._path, self._language, self._fps = path, language, fps
        self.begins = begins
        self._append("WEBVTT - " + one_line(title) + "\n", new=True)

    def write(self, caption: Caption, ends: int | None = None) -> None:
        """Add what of *caption* is within the film, which *ends* before that frame."""
        at = max(caption.at, self.begins)
        until = caption.until if ends is None else min(caption.until, ends)
        if at < until:
            self._append("\n" + cue(caption, self.begins, at, until, self._fps, self._language))

    def _append(self, text: str, *, new: bool = False) -> None:
        try:
            # Opened for each sentence, every few seconds: a crash finds nothing unwritten.
            with self._path.open("x" if new else "a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise SinkError(f"{self._path} cannot be written: {error.strerror}") from error


def cue(caption: Caption, begins: int, at: int, until: int, fps: int, language: Language) -> str:
    """*caption* from frame *at* to frame *until* of a film that begins with frame *begins*."""
    text = escape(one_line(caption.text), quote=False)
    if caption.language != language:
        text = f"<lang {caption.language}>{text}</lang>"
    return f"{moment(at - begins, fps)} --> {moment(until - begins, fps)}\n{text}\n"


def moment(frames: int, fps: int) -> str:
    """Frames from the start as WebVTT tells time."""
    thousandths = frames * 1000 // fps
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def one_line(text: str) -> str:
    """*text* as one line: an empty one would end the cue."""
    return " ".join(text.split())
