"""The catalog's file: opened with clear errors, read as a whole or by product, appended to in
transactions.

Blocking. One process owns the file while it is open. What reads (``holding``, ``rows_of``, ...) may
be called from any thread; what writes belongs to one thread at a time.
"""

import re
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, TracebackType
from typing import cast

import duckdb

from catalog.errors import CatalogError
from catalog.history import Said, owned, owner_of
from catalog.rows import (
    KINDS,
    FaqRow,
    Held,
    Holding,
    Key,
    OfferRow,
    Row,
    VariantRow,
    columns_of,
    key_of,
    values_of,
)
from catalog.sql import (
    PARTS,
    add,
    current,
    in_parts,
    newest_version,
    part_of,
    queries,
    said,
    schema,
)
from catalog.upgrade import SCHEMA_VERSION, upgrade

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    # what does not fit is put beside the file, in FILE.tmp
    "memory_limit": "1500MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_TOGETHER = 64
"""Rows in one statement."""
if find_spec("pandas") is None:
    # DuckDB looks for it at every parameter, which takes longer than the statement itself
    sys.modules.setdefault("pandas", cast(ModuleType, None))
_Rows = list[tuple[object, ...]]
_Parameters = Sequence[object] | Mapping[str, object]


class Database:
    """An open catalog file."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open *path*; with *create*, make it where there is none. A file of an older version is
        brought up to date, a copy of it kept beside it. Raises CatalogError: no file, held by
        another process, not a catalog, damaged, of a newer version."""
        self.path = path
        if not create and not path.is_file():
            raise CatalogError(
                f"{path}: there is no catalog here; make one with "
                f"`candor catalog load FOLDER --db {path}`"
            )
        fresh = not path.exists()
        if fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = _connect(path)
        try:
            if fresh:
                self._make()
            else:
                self._check()
            self.version = cast(int, self._run(newest_version())[0][0])
            self._reading = self.beside()
        except BaseException:
            self._connection.close()
            raise
        self._lock = threading.Lock()
        self._owners: dict[str, str] = {}
        self._reserved = 0
        """The last version that a load has for itself, while it is written."""

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._reading.close()
            self._connection.close()

    def beside(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the open file, for another thread: it sees what is committed."""
        other = self._connection.cursor()
        other.execute("set timezone = 'UTC'")
        return other

    def _run(self, statement: str, parameters: _Parameters = ()) -> _Rows:
        return _run(self._connection, self.path, statement, parameters)

    def _rows(self, name: str, parameters: _Parameters = ()) -> _Rows:
        return self._run(queries()[name], parameters)

    def _read(self, statement: str, parameters: _Parameters = ()) -> _Rows:
        with self._lock:
            return _run(self._reading, self.path, statement, parameters)

    def _make(self) -> None:
        self._connection.execute("begin")
        self._connection.execute(schema())
        self._connection.execute(queries()["mark_schema"], [SCHEMA_VERSION])
        self._connection.execute("commit")

    def _check(self) -> None:
        tables = {row[0] for row in self._rows("tables")}
        if not tables:
            self._make()
            return
        known = {"about", "sources", "products", "offers"} <= tables
        marks = self._rows("schema_version") if known else []
        if not marks:
            raise CatalogError(
                f"{self.path}: this is a database, but not a catalog of Candor's; load the shop "
                "into a new file: `candor catalog load FOLDER --db OTHER.duckdb`"
            )
        version = cast(int, marks[0][0])
        if version != SCHEMA_VERSION:
            try:
                self._connection = upgrade(self._connection, self.path, version, _connect)
            except duckdb.Error as error:
                raise CatalogError(
                    f"{self.path}: could not be brought from schema {version} to "
                    f"{SCHEMA_VERSION} ({first_line(error)}); it is as it was"
                ) from error

    # --- reading -----------------------------------------------------------------------------

    def holding(
        self, at: datetime | None = None, skus: Collection[str] | None = None
    ) -> dict[Key, Held[Row]]:
        """What holds now, or was held at a moment; of everything, or of *skus* ("" is the shop
        itself)."""
        where = in_parts(skus) if skus is not None else "true"
        held = self._held(where if at is None else f"{where} and asserted_at <= $at", at)
        return held if skus is None else owned(held, frozenset(skus))

    def rows_of(self, skus: Collection[str]) -> dict[Key, Held[Row]]:
        """What holds now of some products; some milliseconds a product in a file of a million."""
        return self.holding(skus=skus)

    def sweep(self, products: int = 1000) -> Iterator[dict[Key, Held[Row]]]:
        """What holds now of all products, about so many at a time; not what is the shop's own."""
        count = cast(int, self._read("select count(distinct sku) from products")[0][0])
        step = max(1, PARTS * products // max(count, 1))
        for begin in range(0, PARTS, step):
            held = self._held(f"part between {begin} and {begin + step - 1}", None)
            yield owned(held, None)

    def _held(self, where: str, at: datetime | None) -> dict[Key, Held[Row]]:
        held: dict[Key, Held[Row]] = {}
        for kind in KINDS:
            count = len(columns_of(kind))
            for values in self._read(current(kind, where), {"at": at} if at is not None else ()):
                row = row_of(kind, values[:count])
                ver, moment, source = values[count:]
                held[key_of(row)] = Held(
                    row, cast(int, ver), cast(datetime, moment), cast(str, source)
                )
        return held

    def spine(self) -> list[tuple[str, int, str]]:
        """Sku, number and category of all products, by number."""
        return cast(list[tuple[str, int, str]], self._read(queries()["spine"]))

    def withdrawals(self, skus: Collection[str] | None = None) -> dict[str, int]:
        """The version of the newest withdrawal of a variant, by sku: what is summed over variants
        changes with it."""
        where = in_parts(skus) if skus is not None else "true"
        found = self._read(
            f"select sku, max(ver) from variants where withdrawn and {where} group by sku"
        )
        return {cast(str, sku): cast(int, ver) for sku, ver in found}

    def said(self, sku: str) -> list[Said]:
        """All that was ever said of a product, or of the shop (""), oldest first."""
        where = in_parts([sku])
        found: list[Said] = []
        for kind in KINDS:
            count = len(columns_of(kind))
            for values in self._read(said(kind, where)):
                ver, at, gone, source = values[count:]
                row = row_of(kind, values[:count])
                found.append(
                    Said(row, cast(int, ver), cast(datetime, at), cast(bool, gone), str(source))
                )
        variants = {
            one.row.variant_id: one.row.sku for one in found if isinstance(one.row, VariantRow)
        }
        return sorted(
            (one for one in found if owner_of(one.row, variants) == sku), key=lambda one: one.ver
        )

    def history(self, sku: str) -> list[tuple[object, ...]]:
        """As *said*, for people: part, key, content (JSON), version, when, withdrawn, source."""
        return [one.told() for one in self.said(sku)]

    def prior_offers(self, skus: Collection[str]) -> dict[str, list[Said]]:
        """All prices and offers that there ever were, by variant, oldest first."""
        skus = list(skus)
        where = in_parts(skus)
        known = f"select variant_id from variants where {where} and list_contains($skus, sku)"
        found: dict[str, list[Said]] = {}
        count = len(columns_of(OfferRow))
        statement = said(OfferRow, f"{where} and variant_id in ({known})")
        for values in self._read(statement, {"skus": skus}):
            ver, at, gone, source = values[count:]
            row = cast(OfferRow, row_of(OfferRow, values[:count]))
            one = Said(row, cast(int, ver), cast(datetime, at), cast(bool, gone), str(source))
            found.setdefault(row.variant_id, []).append(one)
        return found

    def loads(self) -> list[tuple[str, str, str, int]]:
        """All loads, newest first: uri, sha256, options (JSON), number of the source."""
        rows = self._read(queries()["loads"])
        return [(str(u), str(s), str(o), cast(int, n)) for u, s, o, n, _ in rows]

    # --- writing -----------------------------------------------------------------------------

    def source(self, kind: str, uri: str, sha256: str, at: datetime, options: str = "") -> int:
        """A new source, within the transaction of the rows that come from it."""
        number = cast(int, self._rows("next_source")[0][0])
        self._rows("add_source", [number, kind, uri, sha256, at, options])
        return number

    def live_source(self, at: datetime) -> int:
        """The source of changes made while the show runs."""
        found = self._rows("live_source")
        return cast(int, found[0][0]) if found else self.source("live", "live", "", at)

    def append(
        self,
        added: Iterable[tuple[Row, str]],
        withdrawn: Iterable[tuple[Row, str]],
        source: int,
        at: datetime,
    ) -> list[Held[Row]]:
        """Append rows, each with its file and line, within a transaction. Gives what was added."""
        held = []
        waiting: dict[type[Row], list[list[object]]] = {}
        for gone, rows in ((False, added), (True, withdrawn)):
            for row, where in rows:
                if isinstance(row, FaqRow) and not gone:
                    self._write(FaqRow, waiting.pop(FaqRow, []))  # it may be one that moves
                    self._move(row, source, at)
                waiting.setdefault(type(row), []).append(self._cells(row, gone, source, at, where))
                if not gone:
                    held.append(Held(row, self.version, at, where))
        for kind, cells in waiting.items():
            self._write(kind, cells)
        return held

    def _cells(self, row: Row, gone: bool, source: int, at: datetime, where: str) -> list[object]:
        """A row as it is written, with the next version."""
        if isinstance(row, VariantRow):
            self._owners[row.variant_id] = row.sku
        self.version += 1
        part = part_of(owner_of(row, _Owners(self)))
        return [*values_of(row), part, self.version, at, gone, source, where]

    def _write(self, kind: type[Row], rows: Sequence[Sequence[object]]) -> None:
        for begin in range(0, len(rows), _TOGETHER):
            some = rows[begin : begin + _TOGETHER]
            self._run(add(kind, len(some)), [cell for cells in some for cell in cells])

    def _move(self, row: FaqRow, source: int, at: datetime) -> None:
        """An answer that stood with another product stands there no longer."""
        for sku, question, answer in self._rows("answer_before", [row.faq_id, row.language]):
            if sku != row.sku:
                before = FaqRow(row.faq_id, str(sku), row.language, str(question), str(answer))
                self._write(FaqRow, [self._cells(before, True, source, at, "moved")])

    def owner(self, variant: str) -> str:
        """The product a variant is of; the variant's own name where there is none such."""
        if variant not in self._owners:
            found = self._rows("owner", [variant])
            self._owners[variant] = str(found[0][0]) if found else variant
        return self._owners[variant]

    def knows(self, variant: str, sku: str) -> None:
        """*variant* is of the product *sku*: nobody needs to look it up."""
        self._owners[variant] = sku

    def reserve(self, count: int, at: datetime) -> int:
        """Versions for a load that is written beside (``beside``): *count* from the one after that
        which is given on. What is changed while it is written has later ones, and is newer."""
        if not self._rows("live_source"):  # so that no change makes a source beside the load's
            self.begin()
            self.source("live", "live", "", at)
            self.commit()
        base = self.version
        self.version = self._reserved = base + count
        return base

    def loaded(self, base: int, version: int | None) -> None:
        """The load that had the versions from *base* on is committed, up to *version*; None: it is
        given up. What it did not use is given back where nothing else was written meanwhile."""
        if self.version == self._reserved:
            self.version = base if version is None else version
        self._reserved = 0
        self._owners.clear()

    def rows(self) -> int:
        """How many rows of facts there are, of any version."""
        each = " + ".join(f"(select count(*) from {kind.TABLE})" for kind in KINDS)
        return cast(int, self._read(f"select {each}")[0][0])

    def begin(self) -> None:
        self._connection.execute("begin")

    def commit(self) -> None:
        """Once this returns, nothing of it is lost, whatever happens to the process."""
        try:
            self._connection.execute("commit")
        except duckdb.Error as error:
            raise CatalogError(f"{self.path}: not saved: {first_line(error)}") from error

    def rollback(self) -> None:
        self._connection.execute("rollback")
        self.version = max(cast(int, self._run(newest_version())[0][0]), self._reserved)
        self._owners.clear()

    def vectors(self, model: str) -> dict[str, bytes]:
        """Stored vectors (float32) by sha256 of their text."""
        found = self._rows("find_vectors", [model])
        return {cast(str, sha): cast(bytes, vector) for sha, vector in found}

    def keep_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        self.begin()
        for sha, vector in vectors.items():
            self._rows("add_vector", [model, sha, vector])
        self.commit()


class _Owners(Mapping[str, str]):
    """Products by variant, looked up in the file where need be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getitem__(self, variant: str) -> str:
        return self._database.owner(variant)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def is_empty(holding: Holding) -> bool:
    return not any(key[0] == "products" for key in holding)


def row_of(kind: type[Row], values: Sequence[object]) -> Row:
    """A row of its own columns, as the file has them."""
    cells = [tuple(v) if isinstance(v, list) else v for v in values]
    return kind(*cells)  # type: ignore[arg-type]  # columns as in schema.sql


def _run(
    connection: duckdb.DuckDBPyConnection, path: Path, statement: str, parameters: _Parameters
) -> _Rows:
    try:
        return connection.execute(statement, parameters or None).fetchall()
    except duckdb.Error as error:
        what = " ".join(statement.split())[:60]
        raise CatalogError(f"{path}: {what} ... failed: {first_line(error)}") from error


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path), config=_CONFIG)
        connection.execute("set timezone = 'UTC'")
    except (duckdb.Error, OSError) as error:
        text = str(error)
        if "lock" in text.lower():
            holder = re.search(r"PID (\d+)", text)
            who = f"process {holder[1]}" if holder else "another process"
            raise CatalogError(
                f"{path}: {who} has this catalog open, and only one may. If that is a running "
                "show, look things up and change them in its studio, load a file into it with "
                "`candor catalog push FILE --to URL`, or stop it first"
            ) from error
        if path.is_dir():
            raise CatalogError(f"{path}: this is a folder, not a catalog file") from error
        raise CatalogError(
            f"{path}: not a catalog, or damaged ({first_line(error)}); move it away and load the "
            "shop again: `candor catalog load FOLDER`"
        ) from error
    return connection


def first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200]
