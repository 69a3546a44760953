"""Parquet through DuckDB's own reader: each value as the text that it is written as.

Whole numbers that pandas made into floats, as it does in a column with a gap, are given without
their ``.0``; NaN is an empty cell; lists and structs are given as JSON; times are in UTC where they
have a zone. A Parquet file has no lines: its rows are counted from 1.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import duckdb

from catalog.load.files.errors import FileError
from catalog.load.files.heading import Fitting, Row, columns, too_long
from catalog.load.files.limits import Limits
from catalog.load.files.source import Source
from catalog.load.records import Opened, Record
from catalog.load.report import Report

_BATCH = 2_000
_WIDTH = 50
"""Columns that may be had with the most rows."""
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "2GB",
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_FLOATS = ("FLOAT", "DOUBLE")
_AGAIN = "write it again, or export it as CSV"


def opened_parquet(source: Source, report: Report, limits: Limits) -> Opened:
    """A table. Raises FileError where all of it cannot be read."""
    try:
        with duckdb.connect(config=_CONFIG) as connection:
            described = _described(connection, source, limits)
            names = columns([name for name, _ in described], 0, limits)
            _check(connection, source, described, limits)
    except duckdb.Error as error:
        raise _damaged(error) from error
    return Opened(source.name, "table", _records(source, described, names, report, limits), names)


def _records(
    source: Source,
    described: Sequence[tuple[str, str]],
    names: Sequence[str],
    report: Report,
    limits: Limits,
) -> Iterator[Record]:
    yield from Fitting(source.name, names, report, limits).records(_rows(source, described))


def _rows(source: Source, described: Sequence[tuple[str, str]]) -> Iterator[Row]:
    texts = ", ".join(_text(name, kind) for name, kind in described)
    floats = [place for place, (_, kind) in enumerate(described) if kind in _FLOATS]
    number = 0
    try:
        with duckdb.connect(config=_CONFIG) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = connection.execute(f"SELECT {texts} FROM read_parquet(?)", [_path(source)])  # noqa: S608  # names are quoted
            while batch := found.fetchmany(_BATCH):
                for values in batch:
                    number += 1
                    cells = ["" if value is None else value for value in values]
                    for place in floats:
                        cells[place] = plain(cells[place])
                    yield number, cells
    except duckdb.Error as error:
        raise _damaged(error) from error


def plain(number: str) -> str:
    """A number that was a float, in digits: 4006381333931.0 is 4006381333931."""
    if number in ("nan", "-nan"):
        return ""
    if "e" in number:
        exact = Decimal(number)
        return format(exact, "f") if abs(exact.adjusted()) < 40 else number
    return number.removesuffix(".0")


def _described(
    connection: duckdb.DuckDBPyConnection, source: Source, limits: Limits
) -> list[tuple[str, str]]:
    """Names and types of the columns."""
    path = _path(source)
    counted = connection.execute(
        "SELECT sum(num_rows), sum(num_row_groups) FROM parquet_file_metadata(?)", [path]
    ).fetchone()
    rows = int(counted[0] or 0) if counted else 0
    if rows <= 0:
        raise FileError("has no rows", "export it again, with the products")
    found = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
    described = [(str(row[0]), str(row[1])) for row in found]
    size = connection.execute(
        "SELECT sum(total_uncompressed_size) FROM parquet_metadata(?)", [path]
    ).fetchone()
    unpacked = int(size[0] or 0) if size else 0
    most = limits.rows
    if rows > most or rows * len(described) > most * _WIDTH or unpacked > limits.expanded:
        raise FileError(
            f"has {rows:,} rows of {len(described):,} columns, {unpacked // 2**20:,} MiB unpacked: "
            "more than any shop's",
            "split it, or look at what is in it",
        )
    return described


def _check(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    described: Sequence[tuple[str, str]],
    limits: Limits,
) -> None:
    """Read all of it once. Raises FileError for a column with a text that is too long, with null
    characters, or with bytes that are no text."""
    told = ", ".join(
        f"max(strlen({_text(name, kind)})), count_if(contains({_text(name, kind)}, chr(0))), "
        f"count({_quoted(name)}) - count({_text(name, kind)})"
        for name, kind in described
    )
    row = connection.execute(f"SELECT {told} FROM read_parquet(?)", [_path(source)]).fetchone()  # noqa: S608  # names are quoted
    for place, (name, _) in enumerate(described):
        longest, nulls, unread = row[3 * place : 3 * place + 3] if row else (0, 0, 0)
        # strlen counts bytes: at most four a character.
        if (longest or 0) > 4 * limits.cell:
            reason, remedy = too_long(longest, limits.cell)
            raise FileError(f"a cell {reason}", remedy, field=name)
        if nulls:
            raise FileError("has null characters", "take them out", field=name)
        if unread:
            raise FileError("has bytes that are not text in UTF-8", _AGAIN, field=name)


def _text(name: str, kind: str) -> str:
    quoted = _quoted(name)
    if kind == "VARCHAR":
        return quoted
    if kind == "BLOB":
        return f"TRY(decode({quoted}))"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({quoted}) AS VARCHAR)"
    return f"CAST({quoted} AS VARCHAR)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _path(source: Source) -> str:
    """The path as a pattern that only it fits."""
    return re.sub(r"[\[*?]", r"[\g<0>]", str(source.path.resolve()))


def _damaged(error: duckdb.Error) -> FileError:
    reason = str(error).partition("\n")[0][:200]
    return FileError(f"is damaged Parquet, or cut short: {reason}", _AGAIN)
