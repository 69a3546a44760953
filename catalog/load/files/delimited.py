"""Tables in text: CSV with commas, semicolons, tabs or bars, rows counted by the lines of the file.

The file is read twice: once to see that all of it is a table, so that nothing of a file that is
cut short is ever loaded, then for its rows. A row that is wrong by itself is refused alone.
"""

import csv
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice

from catalog.load.files.errors import FileError
from catalog.load.files.heading import Fitting, Row, columns, first_row
from catalog.load.files.limits import Limits
from catalog.load.files.source import Source
from catalog.load.files.text import Encoding, lines, text
from catalog.load.records import Opened, Record
from catalog.load.report import Report

SEPARATORS = ",;\t|"
_SAMPLE = 200
"""Lines from which the separator is told."""
_QUOTE = "double each quote inside a cell in quotes"


def opened_table(source: Source, encoding: Encoding, report: Report, limits: Limits) -> Opened:
    """A table. Raises FileError where all of it cannot be read as one."""
    csv.field_size_limit(max(csv.field_size_limit(), limits.line + 1))
    with text(source, encoding) as stream:
        separator = _separator(list(islice(lines(stream, limits.line), _SAMPLE)))
    with text(source, encoding) as stream:
        names = _whole(_Rows(lines(stream, limits.line), separator, limits), limits)
    return Opened(
        source.name, "table", _records(source, encoding, separator, names, report, limits), names
    )


def _records(
    source: Source,
    encoding: Encoding,
    separator: str,
    names: tuple[str, ...],
    report: Report,
    limits: Limits,
) -> Iterator[Record]:
    fitting = Fitting(source.name, names, report, limits)
    with text(source, encoding) as stream:
        rows = _Rows(lines(stream, limits.line), separator, limits, fitting)
        first_row(rows)
        yield from fitting.records(rows)


class _Rows:
    """Rows of cells with the line on which they begin; blank lines are left out. A quote that is
    wrong refuses its line alone: the lines after it are read afresh."""

    def __init__(
        self,
        found: Iterator[str],
        separator: str,
        limits: Limits,
        fitting: Fitting | None = None,
    ) -> None:
        self._lines = found
        self._separator = separator
        self._limits = limits
        self._fitting = fitting
        self._again: deque[str] = deque()
        self._held: list[str] = []
        """The lines of the row in hand."""
        self._size = 0
        self.line = 0
        """The last that was read."""
        self.last = ""
        self._rows = csv.reader(self._feed(), delimiter=separator, strict=True)

    def _feed(self) -> Iterator[str]:
        while True:
            line = self._again.popleft() if self._again else next(self._lines, "")
            if not line:
                return
            if not self._held:
                line = self._without_hint(line)
            self.line += 1
            self._size += len(line)
            self._held.append(line)
            self.last = line
            if self._size > self._limits.line:
                raise self._open_quote()
            yield line

    def _without_hint(self, line: str) -> str:
        """Excel may be told the separator on a first line of its own: ``sep=;``."""
        return "\n" if self.line == 0 and line.strip().lower().startswith("sep=") else line

    def __iter__(self) -> Iterator[Row]:
        while True:
            self._held, self._size = [], 0
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise self._open_quote() from error
                self._refuse_first_line(str(error))
                continue
            if cells:
                yield self._begin, cells

    @property
    def _begin(self) -> int:
        return self.line - len(self._held) + 1

    def _refuse_first_line(self, reason: str) -> None:
        line = self._begin
        self._again.extendleft(reversed(self._held[1:]))
        self.line = line
        if self._fitting:
            self._fitting.refuse(
                line, "", self._held[0].strip(), f"cannot be read as cells: {reason}", _QUOTE
            )

    def _open_quote(self) -> FileError:
        cells = next(csv.reader([self._held[0]], delimiter=self._separator), [""])
        return FileError(
            "a quote opens here and is never closed: the file is cut short, or the quote is one "
            "too many",
            f"export it again, or {_QUOTE}",
            line=self._begin,
            field=f"column {len(cells)}",
            value=cells[-1].strip()[:200],
        )


def _whole(rows: _Rows, limits: Limits) -> tuple[str, ...]:
    """The names of the columns, after a reading of all rows. Raises FileError where the file has no
    heading, no rows, or ends in the middle of one."""
    line, heading = first_row(rows)
    names = columns(heading, line, limits)
    count = short = 0
    last: Row = (0, ())
    for last in rows:
        count += 1
        short += len(last[1]) < len(names)
    if not count:
        raise FileError(
            "has a heading and no rows below it", "export it again, with the products", line=line
        )
    # Where every other row is full, the last one is not short by habit.
    if short == 1 and count > 1 and len(last[1]) < len(names) and rows.last[-1:] not in "\r\n":
        raise FileError(
            f"ends in the middle of its last row: {len(last[1])} cells of {len(names)}, and no end "
            "of the line",
            "export it again",
            line=last[0],
            field=names[len(last[1]) - 1],
            value=last[1][-1],
        )
    return names


def _separator(sample: list[str]) -> str:
    """The separator with which the heading has most columns, among those with which most rows are
    as wide as the heading."""
    hint = sample[0].rstrip("\r\n").lower() if sample else ""
    if len(hint) == 5 and hint.startswith("sep=") and hint[4] in SEPARATORS:
        return hint[4]

    def fit(separator: str) -> tuple[bool, float, int]:
        rows = [cells for cells in csv.reader(sample, delimiter=separator) if any(cells)]
        widths = Counter(map(len, rows))
        width = len(rows[0]) if rows else 0
        return width > 1, round(widths[width] / max(1, len(rows)), 1), width

    return max(SEPARATORS, key=fit)
