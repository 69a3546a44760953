"""The heading of a table, and whether a row fits under it."""

from collections.abc import Iterable, Iterator, Sequence

from catalog.load.files.errors import FileError
from catalog.load.files.limits import Limits
from catalog.load.records import Record
from catalog.load.report import Report

Row = tuple[int, Sequence[str]]
"""A line and its cells."""
_RUN = 16
"""Rows of which one may have been torn by line breaks in a cell without quotes."""


def columns(cells: Sequence[str], line: int, limits: Limits) -> tuple[str, ...]:
    """The names of the columns; one without a name is called by its place, and none at the end.
    Raises FileError for too many, for none, and for a name that stands there twice."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise FileError(
            f"has {len(names):,} columns, of which at most {limits.columns:,} are read",
            "leave out what is not about the products",
            line=line,
        )
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if len(name) > limits.cell:
            raise FileError("has a name of a column that is too long", line=line, value=name)
        if name in seen:
            raise FileError(
                f"is the name of columns {seen[name]} and {place}",
                "rename one of them, or take it out",
                line=line,
                field=name,
                value=name,
            )
        seen[name] = place
    return tuple(names)


class Fitting:
    """Puts rows under a heading. A row that does not fit is refused alone, and counted as read."""

    def __init__(self, file: str, names: Sequence[str], report: Report, limits: Limits) -> None:
        self._file = file
        self._names = names
        self._report = report
        self._limits = limits

    def refuse(self, line: int, field: str, value: str, reason: str, remedy: str) -> None:
        self._report.read += 1
        self._report.refuse(self._file, line, field, value, reason, remedy)

    def records(self, rows: Iterable[Row]) -> Iterator[Record]:
        """The rows that fit, without those that are all empty. A row that is short has lost the
        empty cells at its end, as spreadsheets do; but where short rows in a run come to exactly
        one full row, or a single cell stands alone, a line break has torn a row. Of a single cell
        nobody knows to which of its neighbours it belongs, so they are refused with it."""
        count = len(self._names)
        full: Row | None = None
        """The last row that was full, until the one after it is seen."""
        short: list[Row] = []
        lone = long_run = False
        for row in rows:
            if len(row[1]) < count:
                lone = len(row[1]) == 1 and count > 2
                if full:
                    yield from self._one(full, torn=lone)
                    full = None
                if long_run:
                    yield from self._one(row, torn=lone)
                    continue
                short.append(row)
                if len(short) > _RUN:
                    yield from self._run(short, may_be_torn=False)
                    short, long_run = [], True
                continue
            if full:
                yield from self._one(full)
            yield from self._run(short)
            short, long_run = [], False
            full = row
            if lone:
                yield from self._one(row, torn=True)
                full, lone = None, False
        if full:
            yield from self._one(full)
        yield from self._run(short)

    def _run(self, short: Sequence[Row], *, may_be_torn: bool = True) -> Iterator[Record]:
        count = len(self._names)
        torn = len(short) > 1 and sum(len(cells) - 1 for _, cells in short) + 1 == count
        for row in short:
            alone = len(row[1]) == 1 and count > 2
            yield from self._one(row, torn=alone or (torn and may_be_torn))

    def _one(self, row: Row, *, torn: bool = False) -> Iterator[Record]:
        line, cells = row
        if not torn:
            yield from self.record(line, cells)
            return
        place = min(len(cells), len(self._names)) - 1
        self.refuse(
            line,
            self._names[place],
            cells[place],
            f"the row seems torn by a line break: {len(cells)} cells here, "
            f"{len(self._names)} in the heading",
            "put quotes around the cell, or take the line break out",
        )

    def record(self, line: int, cells: Sequence[str]) -> Iterator[Record]:
        """The row, where it fits and is not empty."""
        names, most = self._names, self._limits.cell
        found = dict(zip(names, map(str.strip, cells), strict=False))
        if len(cells) > len(names):
            beyond = [cell.strip() for cell in cells[len(names) :]]
            if any(beyond):
                self.refuse(
                    line,
                    f"column {len(names) + 1 + next(i for i, cell in enumerate(beyond) if cell)}",
                    next(cell for cell in beyond if cell),
                    f"the row has {len(cells)} cells where the heading has {len(names)}",
                    "put quotes around a cell that has the separator in it",
                )
                return
        elif len(cells) < len(names):
            found.update(dict.fromkeys(names[len(cells) :], ""))
        if not any(found.values()):
            return
        if sum(map(len, cells)) > most:
            for name, cell in found.items():
                if len(cell) > most:
                    self.refuse(line, name, cell, *too_long(len(cell), most))
                    return
        yield Record(self._file, line, found)


def too_long(length: int, most: int) -> tuple[str, str]:
    """Reason and remedy of a cell that is too long."""
    return f"is {length:,} characters long, and at most {most:,} are read", "shorten it"


def first_row(rows: Iterable[Row]) -> Row:
    """The first row that is not empty: the heading. Raises FileError where there is none."""
    for row in rows:
        if any(cell.strip() for cell in row[1]):
            return row
    raise FileError("has no rows, not even a heading", "export it again")
