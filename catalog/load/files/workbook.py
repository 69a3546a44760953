"""Workbooks of Excel (.xlsx): the rows of a sheet, streamed, as their cells are shown.

Read here rather than by a library: openpyxl takes minutes for a million rows, calamine holds the
whole sheet in memory, and DuckDB's ``read_xlsx`` gives dates as day numbers, 19.899999999999999 for
19.9, and nothing for a formula without a result or a cell in error, none of which may be read as a
fact. A formula is read as the result that is stored with it. Line numbers are the sheet's.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from tempfile import TemporaryFile

from catalog.load.files.errors import FileError
from catalog.load.files.feed import local, safe_parser
from catalog.load.files.formats import Format, format_of
from catalog.load.files.heading import Fitting, columns
from catalog.load.files.limits import Limits
from catalog.load.files.parts import Parts
from catalog.load.files.sheet import SheetRow, rows, unescaped
from catalog.load.files.source import Source
from catalog.load.records import Opened, Record
from catalog.load.report import Report

_MAIN = "xl/workbook.xml"


@dataclass(slots=True)
class Book:
    """What the cells of a workbook's sheets refer to."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    """Name, part, and whether it is hidden."""
    formats: list[Format] = field(default_factory=list)
    since_1904: bool = False


class Strings:
    """The texts of a workbook that its cells refer to by number. They may be more than memory, so
    they lie in a file without a name."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  # closed with the last that reads it
        self._ends = array("Q", [0])
        self._held: dict[int, str] = {}

    def add(self, text: str) -> None:
        self._ends.append(self._ends[-1] + self._file.write(text.encode()))

    def __getitem__(self, number: int) -> str:
        """Raises IndexError."""
        if (held := self._held.get(number)) is not None:
            return held
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        start = self._ends[number]
        self._file.seek(start)
        text = self._file.read(self._ends[number + 1] - start).decode()
        if len(self._held) >= 50_000:
            self._held.clear()
        if len(text) < 200:
            self._held[number] = text
        return text


def opened_workbook(source: Source, sheet: str, report: Report, limits: Limits) -> Opened:
    """The rows of *sheet*, or of the first that is not hidden, below its first row that is not
    empty. Raises FileError where all of it cannot be read, or there is no such sheet."""
    with Parts(source) as parts:
        book = _book(parts)
        name, part = _chosen(book, sheet)
        strings = _strings(parts, limits)
        for _ in parts.parsing(part, safe_parser()):  # all of it, so that nothing is cut short
            pass
        found = rows(parts, part, book.formats, strings, limits, book.since_1904)
        first = list(islice(found, 2))
    if not first:
        raise FileError(
            f"has nothing in its sheet {name}", "name another sheet, or export it again"
        )
    heading = first[0]
    if heading.flaw:
        raise FileError(heading.flaw.reason, heading.flaw.remedy, line=heading.line)
    names = columns(heading.cells, heading.line, limits)
    if len(first) < 2:
        raise FileError(
            "has a heading and no rows below it",
            "export it again, with the products",
            line=heading.line,
        )
    records = _records(source, part, book, strings, names, heading.line, report, limits)
    return Opened(source.name, "table", records, names, {"sheet": name})


def _records(
    source: Source,
    part: str,
    book: Book,
    strings: Strings,
    names: tuple[str, ...],
    heading: int,
    report: Report,
    limits: Limits,
) -> Iterator[Record]:
    fitting = Fitting(source.name, names, report, limits)
    with Parts(source) as parts:
        for row in rows(parts, part, book.formats, strings, limits, book.since_1904):
            if row.line <= heading:
                continue
            if row.flaw:
                _refuse(row, names, fitting)
            elif row.cells:
                yield from fitting.record(row.line, row.cells)


def _refuse(row: SheetRow, names: tuple[str, ...], fitting: Fitting) -> None:
    flaw = row.flaw
    if flaw:
        place = int(flaw.field)
        name = names[place] if place < len(names) else f"column {place + 1}"
        fitting.refuse(row.line, name, flaw.value, flaw.reason, flaw.remedy)


def _chosen(book: Book, sheet: str) -> tuple[str, str]:
    named = {name.casefold(): (name, part) for name, part, _ in book.sheets}
    if sheet and sheet.strip().casefold() not in named:
        names = ", ".join(name for name, _, _ in book.sheets)
        raise FileError(
            "is no sheet of the workbook", f"it has: {names}", field="sheet", value=sheet
        )
    if sheet:
        return named[sheet.strip().casefold()]
    seen = [(name, part) for name, part, hidden in book.sheets if not hidden]
    if not seen:
        raise FileError("has no sheet with cells", "save the products as a sheet")
    return seen[0]


def _book(parts: Parts) -> Book:
    book = Book()
    links = parts.linked(_MAIN)

    def workbook(element: str, given: Mapping[str, str]) -> None:
        if element == "workbookPr":
            book.since_1904 = given.get("date1904", "") in ("1", "true")
        if element == "sheet":
            link = next((given[key] for key in given if local(key) == "id" and ":" in key), "")
            part = links.get(link, "")
            if "worksheets/" in part:  # the others are charts and dialogues
                hidden = given.get("state", "visible") != "visible"
                book.sheets.append((given.get("name", ""), part, hidden))

    parts.elements(_MAIN, workbook)
    codes: dict[int, str] = {}
    within = ""

    def styles(element: str, given: Mapping[str, str]) -> None:
        nonlocal within
        if element == "numFmt":
            codes[_number(given.get("numFmtId"))] = given.get("formatCode", "")
        elif element in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            within = element
        elif element == "xf" and within == "cellXfs":
            number = _number(given.get("numFmtId"))
            book.formats.append(format_of(number, codes.get(number)))

    if parts.has("xl/styles.xml"):
        parts.elements("xl/styles.xml", styles)
    return book


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _strings(parts: Parts, limits: Limits) -> Strings:
    strings = Strings()
    if not parts.has("xl/sharedStrings.xml"):
        return strings
    texts: list[str] = []
    size = 0
    phonetic = taking = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal phonetic, taking, size
        element = local(name)
        if element == "si":
            texts.clear()
            size = 0
        elif element == "rPh":  # how a Japanese text is read, beside it
            phonetic = True
        elif element == "t":
            taking = not phonetic

    def end(name: str) -> None:
        nonlocal phonetic, taking
        element = local(name)
        if element == "si":
            strings.add(unescaped("".join(texts)))
        elif element == "rPh":
            phonetic = False
        elif element == "t":
            taking = False

    def data(text: str) -> None:
        nonlocal size
        if taking and size <= limits.cell:
            size += len(text)
            texts.append(text[: limits.cell + 1])

    parser = safe_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    for _ in parts.parsing("xl/sharedStrings.xml", parser):
        pass
    return strings
