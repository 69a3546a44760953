"""A text of JSON read piece by piece, so that a list of any length takes the memory of one item."""

import io
import json
import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from catalog.load.files.errors import FileError
from catalog.load.files.limits import Limits
from catalog.load.files.values import Decoder, Flaw

_CHUNK = 256 * 1024
_BLANK = re.compile(r"[ \t\r\n]*")
_TAIL = 16
"""Characters that a number, a word or an escape may need beyond a cut."""


class Item(NamedTuple):
    line: int
    value: object
    flaw: Flaw | None


class Stream:
    """JSON from a text; each method takes what it gives off the text. All raise FileError where it
    is not JSON, naming the line."""

    def __init__(
        self, text: TextIO | str, limits: Limits, *, line: int = 1, lenient: bool = False
    ) -> None:
        self._text = io.StringIO(text) if isinstance(text, str) else text
        self._limits = limits
        self._decoder = Decoder(limits, lenient=lenient)
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._line, self._counted = line, 0
        self.size = 0
        """Characters of the last item."""

    @property
    def line(self) -> int:
        """Where the reading is."""
        return self._line_of(self._at)

    def next(self) -> str:
        """The next character that is not blank, left where it is; empty at the end."""
        while True:
            self._at = _BLANK.match(self._buffer, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended:
                return ""
            self._more()

    def members(self) -> Iterator[str]:
        """The keys of an object; the value of each must have been taken before the next."""
        self._take("{")
        first = True
        while self._goes_on("}", first=first):
            first = False
            if self.next() != '"':
                raise self._wrong("a key in quotes is expected")
            key = str(self.item().value)
            self._take(":")
            yield key

    def elements(self) -> Iterator[Item]:
        """The items of a list."""
        self._take("[")
        first = True
        while self._goes_on("]", first=first):
            first = False
            yield self.item()

    def item(self) -> Item:
        """The next value, whole."""
        if not self.next():
            raise self._wrong("a value is expected")
        while True:
            try:
                value, end = self._decoder.decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string")
                cut = cut or error.pos >= len(self._buffer) - _TAIL
                if self._ended or not cut:
                    raise self._wrong(error.msg[:1].lower() + error.msg[1:], error.pos) from error
            except RecursionError as error:
                raise FileError(
                    "is nested hundreds of times",
                    "export it as a list of products",
                    line=self.line,
                ) from error
            else:
                if self._ended or self._is_whole(value, end):
                    line = self.line
                    flaw = self._decoder.flaw(self._buffer, self._at, end, value)
                    self.size = end - self._at
                    self._at = end
                    return Item(line, value, flaw)
            if len(self._buffer) - self._at > self._limits.item:
                raise FileError(
                    f"has an item of more than {self._limits.item:,} characters",
                    "export it as a list of products",
                    line=self.line,
                )
            self._more()

    def _is_whole(self, value: object, end: int) -> bool:
        """No more of it can follow: of a number there may be."""
        rest = self._buffer[end : end + _TAIL]
        return isinstance(value, dict | list | str) or bool(rest.strip("0123456789.eE+-"))

    def end(self) -> None:
        """Nothing may follow."""
        if self.next():
            raise self._wrong("the JSON is at its end, and more follows")

    def _goes_on(self, closing: str, *, first: bool) -> bool:
        """Another member comes, and the comma before it is taken."""
        if self.next() == closing:
            self._at += 1
            return False
        if not first:
            self._take(",")
        return True

    def _take(self, sign: str) -> None:
        if self.next() != sign:
            raise self._wrong(f"{sign} is expected")
        self._at += 1

    def _more(self) -> None:
        self._line, self._counted = self.line, 0
        self._buffer = self._buffer[self._at :]
        self._at = 0
        chunk = self._text.read(max(_CHUNK, len(self._buffer)))
        self._ended = not chunk
        self._buffer += chunk

    def _line_of(self, at: int) -> int:
        self._line += self._buffer.count("\n", self._counted, at)
        self._counted = max(at, self._counted)
        return self._line

    def _wrong(self, reason: str, at: int | None = None) -> FileError:
        at = self._at if at is None else at
        ended = self._ended and self._buffer.rstrip()[-1:] not in ("]", "}")
        if at >= len(self._buffer) or ended:
            return FileError(
                "ends in the middle: it is cut short", "export it again", line=self._line_of(at)
            )
        line_start = self._buffer.rfind("\n", 0, at) + 1
        return FileError(
            f"is not JSON from here: {reason}",
            "export it again, or correct it",
            line=self._line_of(at),
            value=self._buffer[max(line_start, at - 30) : at + 30].strip(),
        )
