"""A CSV file as rows that remember their line, refusing what is not one."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from catalog.load.report import Report

T = TypeVar("T")
MAX_BYTES = 256 * 1024 * 1024
csv.field_size_limit(100_000)


@dataclass(slots=True)
class Line:
    """One row of a file; reading a cell that is wrong notes it in the report."""

    file: str
    number: int
    cells: Mapping[str, str]
    report: Report
    bad: bool = False

    @property
    def where(self) -> str:
        return f"{self.file} line {self.number}"

    def refuse(self, field: str, value: str, reason: str) -> None:
        self.bad = True
        why, _, remedy = reason.partition(": ")
        sku = self.cells.get("sku")
        self.report.refuse(self.file, self.number, field, value, why, remedy, sku=sku)

    def text(self, field: str) -> str:
        return self.cells.get(field, "").strip()

    def read(self, field: str, parse: Callable[[str], T], default: T) -> T:
        """The parsed cell; *default* where it is empty or wrong (then the row is refused)."""
        cell = self.text(field)
        if not cell:
            return default
        try:
            return parse(cell)
        except ValueError as error:
            self.refuse(field, cell, str(error))
            return default

    def must(self, field: str, parse: Callable[[str], T], default: T) -> T:
        if not self.text(field):
            self.refuse(field, "", "is empty, and has to be there")
        return self.read(field, parse, default)


def lines(
    path: Path, report: Report, required: Sequence[str], allowed: Sequence[str]
) -> Iterator[Line]:
    """The rows of a CSV in UTF-8, comma or semicolon or tab between cells. A file that cannot be
    read at all is refused as a whole."""
    name = path.name

    def refuse(line: int, field: str, reason: str) -> None:
        report.refuse(name, line, field, "", reason)

    if path.stat().st_size > MAX_BYTES:
        refuse(0, "", f"is larger than {MAX_BYTES // 2**20} MiB: split it")
        return
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(0, "", f"is not UTF-8 (byte {error.start}): save it as “CSV UTF-8”")
        return
    if "\0" in text:
        refuse(0, "", "has null bytes: this is not a CSV file")
        return
    heading = text.split("\n", 1)[0]
    comma = max(",;\t", key=heading.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=comma, strict=True)
    try:
        names = [cell.strip().lower() for cell in next(reader, [])]
        for field in required:
            if field not in names:
                refuse(1, field, f"has no such column; the first line names the columns: {heading}")
        for field in names:
            if field not in allowed:
                refuse(1, field, f"is not a column; there may be {', '.join(allowed)}")
        if len(set(names)) != len(names):
            refuse(1, "", "names a column twice")
        if any(refused.file == name for refused in report.refused):
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            report.read += 1
            line = Line(name, reader.line_num, dict(zip(names, cells, strict=False)), report)
            if len(cells) != len(names):
                line.refuse("", "", f"has {len(cells)} cells where the heading has {len(names)}")
                continue
            yield line
    except csv.Error as error:
        refuse(reader.line_num, "", f"cannot be read as CSV: {error}")
