"""The catalog's file: opened with clear errors, read whole, appended to in transactions.

Blocking, and for one thread at a time. One process owns the file while it is open.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import cast

import duckdb

from catalog.errors import CatalogError
from catalog.rows import KINDS, Held, Holding, Key, Row, columns_of, key_of, values_of
from catalog.sql import queries, schema

SCHEMA_VERSION = 3
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


class Database:
    """An open catalog file."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open *path*; with *create*, make it where there is none. Raises CatalogError: no file,
        held by another process, not a catalog, damaged, of another version."""
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
            found = self._rows("newest_version")
            self.version = cast(int, found[0][0])
        except BaseException:
            self._connection.close()
            raise

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
        self._connection.close()

    def _rows(
        self, name: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[object, ...]]:
        try:
            return self._connection.execute(queries()[name], parameters or None).fetchall()
        except duckdb.Error as error:
            raise CatalogError(f"{self.path}: {name} failed: {_first_line(error)}") from error

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
        if "about" not in tables or not {kind.TABLE for kind in KINDS} <= tables:
            raise CatalogError(
                f"{self.path}: this is a database, but not a catalog of Candor's; load the shop "
                "into a new file: `candor catalog load FOLDER --db OTHER.duckdb`"
            )
        version = self._rows("schema_version")[0][0]
        if version != SCHEMA_VERSION:
            raise CatalogError(
                f"{self.path}: made by another version (schema {version}, this one reads "
                f"{SCHEMA_VERSION}); load the shop into a new file"
            )

    def holding(self) -> dict[Key, Held[Row]]:
        """Everything that holds now."""
        held: dict[Key, Held[Row]] = {}
        for kind in KINDS:
            count = len(columns_of(kind))
            for values in self._rows(f"current_{kind.TABLE}"):
                cells = [tuple(v) if isinstance(v, list) else v for v in values[:count]]
                row: Row = kind(*cells)  # type: ignore[arg-type]  # columns as in schema.sql
                ver, at, source = values[count:]
                held[key_of(row)] = Held(row, cast(int, ver), cast(datetime, at), cast(str, source))
        return held

    def withdrawals(self) -> dict[str, int]:
        """The version of the newest withdrawal of a variant, by sku."""
        return {cast(str, sku): cast(int, ver) for sku, ver in self._rows("withdrawals")}

    def source(self, kind: str, uri: str, sha256: str, at: datetime) -> int:
        """A new source, within the transaction of the rows that come from it."""
        number = cast(int, self._rows("next_source")[0][0])
        self._rows("add_source", [number, kind, uri, sha256, at])
        return number

    def live_source(self, at: datetime) -> int:
        """The source of changes made while the show runs."""
        found = self._rows("live_source")
        return cast(int, found[0][0]) if found else self.source("live", "live", "", at)

    def last_sha(self, uri: str) -> str | None:
        found = self._rows("last_sha", [uri])
        return cast(str, found[0][0]) if found else None

    def append(
        self,
        added: Iterable[tuple[Row, str]],
        withdrawn: Iterable[tuple[Row, str]],
        source: int,
        at: datetime,
    ) -> list[Held[Row]]:
        """Append rows, each with its file and line, within a transaction. Gives what was added."""
        held = []
        for gone, rows in ((False, added), (True, withdrawn)):
            for row, where in rows:
                self.version += 1
                values = [*values_of(row), self.version, at, gone, source, where]
                self._rows(f"add_{row.TABLE}", values)
                if not gone:
                    held.append(Held(row, self.version, at, where))
        return held

    def begin(self) -> None:
        self._connection.execute("begin")

    def commit(self) -> None:
        """Once this returns, nothing of it is lost, whatever happens to the process."""
        try:
            self._connection.execute("commit")
        except duckdb.Error as error:
            raise CatalogError(f"{self.path}: not saved: {_first_line(error)}") from error

    def rollback(self) -> None:
        self._connection.execute("rollback")
        self.version = cast(int, self._rows("newest_version")[0][0])

    def history(self, sku: str) -> list[tuple[object, ...]]:
        """All that was ever said of a product, oldest first: part, key, content (JSON), version,
        when, withdrawn, source."""
        return self._rows("history", {"sku": sku})

    def vectors(self, model: str) -> dict[str, bytes]:
        """Stored vectors (float32) by sha256 of their text."""
        found = self._rows("find_vectors", [model])
        return {cast(str, sha): cast(bytes, vector) for sha, vector in found}

    def keep_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        self.begin()
        for sha, vector in vectors.items():
            self._rows("add_vector", [model, sha, vector])
        self.commit()


def is_empty(holding: Holding) -> bool:
    return not any(key[0] == "products" for key in holding)


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
                "show, change prices and stock in its studio, or stop it first"
            ) from error
        if path.is_dir():
            raise CatalogError(f"{path}: this is a folder, not a catalog file") from error
        raise CatalogError(
            f"{path}: not a catalog, or damaged ({_first_line(error)}); move it away and load the "
            "shop again: `candor catalog load FOLDER`"
        ) from error
    return connection


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200]
