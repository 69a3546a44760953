"""Any file that a shop exports, opened as records that know their place.

What is wrong with a file as a whole is found before its first record: it is read once to see that
all of it can be read, then again for its records. So a file that is cut short loads nothing, with
``--partial`` neither, for what it lacks would be taken for withdrawn. What is wrong with one row
refuses that row alone.
"""

from collections.abc import Iterator
from pathlib import Path

from catalog.errors import CatalogError
from catalog.load.files.columnar import opened_parquet
from catalog.load.files.delimited import opened_table
from catalog.load.files.errors import FileError
from catalog.load.files.feed import opened_feed
from catalog.load.files.kinds import Kind, beginning, declared, kind, kind_of
from catalog.load.files.limits import LIMITS, Limits
from catalog.load.files.objects import opened_json, opened_lines
from catalog.load.files.page import opened_page
from catalog.load.files.source import Source
from catalog.load.files.text import Encoding, decided
from catalog.load.files.workbook import opened_workbook
from catalog.load.records import Opened, Record
from catalog.load.report import Report

__all__ = ["LIMITS", "Kind", "Limits", "kind_of", "opened"]


def opened(
    path: Path, report: Report, *, sheet: str = "", limits: Limits = LIMITS
) -> Opened | None:
    """The file at *path* as records, in the order of the file; None where it is refused, which the
    report then says. *sheet* names a sheet of a workbook; without it the first is read. Rows that
    are refused here are counted in ``report.read``. Blocking; reading the records raises
    CatalogError where the file changes meanwhile."""
    try:
        source = Source(path, limits)
        found = _opened(source, report, sheet, limits)
    except FileError as refused:
        refused.into(report, path.name)
        return None
    found.records = _steady(source, found.records)
    return found


def _opened(source: Source, report: Report, sheet: str, limits: Limits) -> Opened:
    found = kind(source)
    if sheet and found != "xlsx":
        raise FileError("is no workbook, so it has no sheets", "leave the sheet out", field="sheet")
    if found == "table":
        encoding = _encoding(source, report, limits.line)
        return opened_table(source, encoding, report, limits)
    if found == "jsonl":
        return opened_lines(source, _encoding(source, report, limits.line), report, limits)
    if found == "json":
        return opened_json(source, _encoding(source, report), report, limits)
    if found == "xml":
        return opened_feed(source, _encoding(source, report, says=True), report, limits)
    if found == "html":
        return opened_page(source, _encoding(source, report, says=True), report, limits)
    if found == "xlsx":
        return opened_workbook(source, sheet, report, limits)
    return opened_parquet(source, report, limits)


def _encoding(source: Source, report: Report, line: int = 0, *, says: bool = False) -> Encoding:
    """The encoding, of which the report says where it was guessed; *says* where the file may name
    it itself."""
    said = ""
    if says:
        with source.stream() as stream:
            said = declared(beginning(stream.read(4096)))
    encoding = decided(source, declared=said, line=line)
    if guess := encoding.guess:
        report.suspect(
            source.name,
            guess.line,
            "",
            guess.sample,
            f"read as {guess.name}: check accents",
            "if letters are wrong, save the file with the encoding UTF-8",
        )
    return encoding


def _steady(source: Source, records: Iterator[Record]) -> Iterator[Record]:
    """The records of a file that stays as it was when it was looked through."""
    changed = f"{source.name}: changed while it was read; load it again when it is complete"
    if source.has_changed:
        raise CatalogError(changed)
    try:
        yield from records
    except (FileError, UnicodeDecodeError, OSError) as error:
        raise CatalogError(changed) from error
    if source.has_changed:
        raise CatalogError(changed)
