"""The rows of one sheet of a workbook."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from catalog.load.files.errors import FileError
from catalog.load.files.feed import local, safe_parser
from catalog.load.files.formats import Format
from catalog.load.files.limits import Limits
from catalog.load.files.parts import Parts
from catalog.load.files.values import Flaw

_PLAIN = Format()
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ROWS = 2**20
_REMEMBERED = 100_000


class SheetRow(NamedTuple):
    """A row that is not empty."""

    line: int
    cells: Sequence[str]
    """Up to the last that is not empty."""
    flaw: Flaw | None
    """What is wrong with one of its cells; the field is the number of its column, from 0."""


class Texts(Protocol):
    def __getitem__(self, number: int, /) -> str: ...


def rows(
    parts: Parts,
    part: str,
    formats: Sequence[Format],
    strings: Texts,
    limits: Limits,
    since_1904: bool = False,
) -> Iterator[SheetRow]:
    """The rows of the sheet in *part*. Raises FileError where it is damaged."""
    reader = _Reader(formats, strings, limits, since_1904=since_1904)
    for _ in parts.parsing(part, reader.parser):
        yield from reader.ready
        reader.ready.clear()


def unescaped(text: str) -> str:
    """Signs that XML cannot have, as Excel writes them: ``_x000D_``."""
    if "_x" not in text:
        return text

    def sign(found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return chr(code) if code in (9, 10, 13, 0x5F) else " " if code < 32 else found[0]

    return _ESCAPED.sub(sign, text)


class _Reader:
    def __init__(
        self, formats: Sequence[Format], strings: Texts, limits: Limits, *, since_1904: bool
    ) -> None:
        self.ready: list[SheetRow] = []
        self._formats = formats
        self._strings = strings
        self._limits = limits
        self._since_1904 = since_1904
        self._line = 0
        self._cells: list[str] = []
        self._flaw: Flaw | None = None
        self._column = -1
        self._kind, self._style = "n", 0
        self._taking = self._valued = self._computed = self._phonetic = False
        self._texts: list[str] = []
        self._size = 0
        self._columns: dict[str, int] = {}
        self._shown: dict[tuple[int, str], str] = {}
        self.parser = safe_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, given: dict[str, str]) -> None:
        element = local(name) if ":" in name else name
        if element == "c":
            self._column = self._place(given.get("r"))
            self._kind = given.get("t", "n")
            style = given.get("s", "")
            self._style = int(style) if style.isdecimal() and len(style) < 8 else 0
            self._valued = self._computed = False
            self._texts.clear()
            self._size = 0
        elif element == "v" or (element == "t" and not self._phonetic):
            self._valued = True
            self.parser.CharacterDataHandler = self._data
        elif element == "row":
            self._row(given.get("r"))
        elif element == "f":
            self._computed = True
        elif element == "rPh":
            self._phonetic = True

    def _end(self, name: str) -> None:
        element = local(name) if ":" in name else name
        if element in ("v", "t"):
            self.parser.CharacterDataHandler = None
        elif element == "c":
            self._cell()
        elif element == "row":
            if self._cells or self._flaw:
                self.ready.append(SheetRow(self._line, self._cells, self._flaw))
            self._cells, self._flaw = [], None
            self._column = -1
        elif element == "rPh":
            self._phonetic = False

    def _data(self, text: str) -> None:
        if self._size <= self._limits.cell:
            self._size += len(text)
            self._texts.append(text[: self._limits.cell + 1])

    def _row(self, number: str | None) -> None:
        line = int(number) if number and number.isdecimal() and len(number) < 9 else self._line + 1
        if not self._line < line <= _ROWS:
            raise FileError("is damaged: its rows are not in order", "save it again", line=line)
        self._line = line
        self._column = -1

    def _place(self, reference: str | None) -> int:
        """The number of the column in a cell's reference: 27 of AB7."""
        if not reference:
            return self._column + 1
        letters = reference.rstrip("0123456789")
        known = self._columns.get(letters)
        if known is None:
            if not re.fullmatch("[A-Z]{1,3}", letters):
                raise FileError("is damaged: a cell has no place", "save it again", value=reference)
            known = 0
            for letter in letters:
                known = 26 * known + ord(letter) - 64
            known -= 1
            self._columns[letters] = known
        return known

    def _cell(self) -> None:
        text = "".join(self._texts)
        if self._computed and not text and not (self._valued and self._kind == "str"):
            self._wrong(
                "=...",
                "is a formula whose result is not stored",
                "open the file in Excel or LibreOffice and save it",
            )
            return
        if not text:
            return
        if self._kind == "s":
            text = self._shared(text)
        elif self._kind == "e":
            self._wrong(text, "is an error of the spreadsheet", "correct the formula")
            return
        elif self._kind == "b":
            text = "TRUE" if text == "1" else "FALSE"
        elif self._kind == "n":
            try:
                text = self._number(text)
            except (ValueError, ArithmeticError, OverflowError) as error:
                self._wrong(text, str(error)[:80] or "is no number", "correct the cell")
                return
        else:
            text = unescaped(text)
        if not text.strip():
            return
        if self._column >= self._limits.columns:
            what = f"stands beyond column {self._limits.columns:,}"
            self._wrong(text, what, "leave out what is not about the products")
            return
        self._cells += [""] * (self._column + 1 - len(self._cells))
        self._cells[self._column] = text

    def _number(self, stored: str) -> str:
        """As it is shown. The same prices and counts stand in many cells."""
        shown = self._shown.get((self._style, stored))
        if shown is None:
            form = self._formats[self._style] if self._style < len(self._formats) else _PLAIN
            shown = form.shown(stored, since_1904=self._since_1904)
            if len(self._shown) < _REMEMBERED and len(stored) < 40:
                self._shown[self._style, stored] = shown
        return shown

    def _shared(self, number: str) -> str:
        try:
            return self._strings[int(number)]
        except (ValueError, IndexError) as error:
            raise FileError(
                "is damaged: a cell refers to a text that is not there",
                "save it again",
                line=self._line,
            ) from error

    def _wrong(self, value: str, reason: str, remedy: str) -> None:
        self._flaw = self._flaw or Flaw(str(self._column), value[:200], reason, remedy)
