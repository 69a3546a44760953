"""Bytes of a file into text: the encoding decided once over the whole file, then lines of it.

By the byte order mark; else by what the file says of itself (XML, HTML); else UTF-8, if all of it
is; else a guess by ``guess``, which the report mentions. Nothing is ever replaced: a byte that
cannot be read refuses the file, naming its place.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.load.files.errors import FileError
from catalog.load.files.guess import Guess, guessed
from catalog.load.files.source import Source

CHUNK = 256 * 1024
UTF8 = "save it as “CSV UTF-8” or, in other programs, with the encoding UTF-8"
_MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|iso[-_]8859-\d{1,2}|latin-?1|(windows-|cp)125\d|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5(-hkscs)?|shift[-_]jis|euc-(jp|kr)",
    re.I,
)
"""What a file may say of its encoding: character sets, not the other codecs of Python."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to read a file's text."""

    codec: str
    guess: Guess | None = None
    """Where nothing but the letters told."""


def decided(source: Source, *, declared: str = "", line: int = 0) -> Encoding:
    """The encoding in which all of the file can be read: it is read once to see. Raises FileError
    where there is none, where there are null characters, or where a line has more than *line*
    characters (0: lines are not counted)."""
    with source.stream() as stream:
        head = stream.read(4)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            if not codec:
                raise FileError("is UTF-32", UTF8)
            _through(source, codec, line)
            return Encoding(codec)
    if declared and _DECLARED.fullmatch(declared) and not declared.lower().startswith("utf"):
        codec = {"gb2312": "gb18030", "gbk": "gb18030"}.get(declared.lower(), declared)
        _through(source, codec, line)
        return Encoding(codec)
    try:
        _through(source, "utf-8", line)
    except UndecodableError as broken:
        with source.stream() as stream:
            guess = guessed(stream, broken.offset, broken.before)
        if guess is None:
            raise
        _through(source, guess.codec, line)
        return Encoding(guess.codec, guess)
    return Encoding("utf-8")


def text(source: Source, encoding: Encoding, *, lines: bool = True) -> io.TextIOWrapper:
    """The text of the file; with *lines*, the ends of its lines as they are in the file."""
    newline = "" if lines else None
    return io.TextIOWrapper(source.stream(), encoding=encoding.codec, newline=newline)


def lines(stream: io.TextIOWrapper, limit: int) -> Iterator[str]:
    """The lines as an editor counts them, with their ends. Raises FileError for one that is longer
    than *limit* characters."""
    read, most = stream.readline, limit + 2
    number = 0
    while line := read(most):
        number += 1
        if len(line) == most and line[-1] not in "\r\n":
            raise too_long(number, limit)
        yield line


def too_long(line: int, limit: int) -> FileError:
    return FileError(
        f"has a line of more than {limit:,} characters: it is not a table or a list of a shop",
        "export it again, a row a line",
        line=line,
    )


class UndecodableError(FileError):
    """A byte that the encoding does not have."""

    offset: int
    """In bytes, from the beginning of the file."""
    before: int
    """About how many characters beyond ASCII could be read before it."""


def _through(source: Source, codec: str, limit: int) -> None:
    """Read all of the file, keeping none of it."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    seen = _Lines(limit)
    offset = before = 0
    with source.stream() as stream:
        while True:
            chunk = stream.read(CHUNK)
            offset += len(chunk)
            try:
                found = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                at = offset - len(error.object) + error.start
                good = error.object[: error.start].decode(codec, "ignore")
                seen.add(good)
                before += error.start - len(good)
                raise _undecodable(source, codec, error, seen.number, at, before) from error
            before += len(chunk) - len(found)
            if "\0" in found:
                seen.add(found[: found.index("\0")])
                raise _null(seen.number)
            seen.add(found)
            if not chunk:
                return


def _undecodable(
    source: Source, codec: str, error: UnicodeDecodeError, line: int, at: int, before: int
) -> UndecodableError:
    value = error.object[max(0, error.start - 20) : error.start + 10].decode("ascii", "replace")
    value = re.sub(r"[\x00-\x1f]", " ", value)
    wrong = error.object[error.start : error.start + 1].hex().upper()
    name = codec.upper().removesuffix("-SIG")
    short = error.end >= len(error.object) and at + 4 > source.size and not source.is_packed
    what = "the file ends in the middle of a character" if short else f"0x{wrong} is not {name}"
    found = UndecodableError(f"byte {at + 1:,}: {what}", UTF8, line=line, value=value.strip())
    found.offset, found.before = at, before
    return found


def _null(line: int) -> FileError:
    return FileError(
        "has null characters: it is damaged, or UTF-16 without its mark, or not text at all",
        UTF8,
        line=line,
    )


class _Lines:
    """Which line of a text is reached, and that none is too long."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._feeds = self._returns = 0
        self._since = 0
        """Characters since the last end of a line."""

    @property
    def number(self) -> int:
        # Lines end in \n or \r\n; only where there is none at all, in \r as on old Macs.
        return 1 + (self._feeds or self._returns)

    def add(self, found: str) -> None:
        if self._limit:
            last = max(found.rfind("\n"), found.rfind("\r"))
            first = min(found.find(end) % (len(found) + 1) for end in "\r\n")
            if self._since + first > self._limit:
                raise too_long(self.number, self._limit)
            self._since = len(found) - last - 1 + (self._since if last < 0 else 0)
        self._feeds += found.count("\n")
        self._returns += found.count("\r")
