"""A catalog file of an older version, brought up to date with nothing lost."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from catalog.errors import CatalogError
from catalog.rows import KINDS, Row, columns_of
from catalog.sql import queries, schema, sql_part

SCHEMA_VERSION = 3
_OLDEST = 2
_KEPT = ("about", "vectors")
_DEFAULTS = {"basis": "''", "options": "''"}
"""What columns that an older version had not are filled with."""


def upgrade(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    version: int,
    connect: Callable[[Path], duckdb.DuckDBPyConnection],
) -> duckdb.DuckDBPyConnection:
    """The file at *path*, open in *connection*, in the present schema, in one transaction; a copy
    of it as it was stays beside it (FILE.schema-2). Gives the connection to go on with. Raises
    CatalogError where *version* is not one that can be read."""
    if not _OLDEST <= version < SCHEMA_VERSION:
        raise CatalogError(
            f"{path}: made by another version (schema {version}, this one reads "
            f"{SCHEMA_VERSION}); load the shop into a new file"
        )
    # the write-ahead log has to be in the file before that is copied, and nobody else may write
    # to it in between: the file is closed for the moment of copying only
    connection.execute("checkpoint")
    connection.close()
    _copy(path, path.with_name(f"{path.name}.schema-{version}"))
    connection = connect(path)
    try:
        connection.execute("begin")
        _convert(connection)
        connection.execute("update about set schema_version = ?", [SCHEMA_VERSION])
        connection.execute("commit")
        connection.execute("checkpoint")
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(source: Path, target: Path) -> None:
    """Whole or not at all; a copy that is there already is kept, as it is the older one."""
    if target.exists():
        return
    half = target.with_name(target.name + ".part")
    shutil.copyfile(source, half)
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.replace(target)


def _convert(connection: duckdb.DuckDBPyConnection) -> None:
    before = _columns(connection)
    tables = [table for table in before if table not in _KEPT]
    for table in tables:
        connection.execute(f"create temp table old_{table} as select * from {table}")
        connection.execute(f"drop table {table}")
    for statement in re.sub(r"--.*", "", schema()).split(";"):
        made = statement.strip().partition("create table ")[2].partition(" ")[0]
        if made and made not in _KEPT:
            connection.execute(statement)
    after = _columns(connection)
    kinds = {kind.TABLE: kind for kind in KINDS}
    for table in tables:
        kind = kinds.get(table)
        cells = [
            f"{_part(kind)} as part" if column == "part" and kind is not None
            else column if column in before[table]
            else f"{_DEFAULTS[column]} as {column}"
            for column in after[table]
        ]  # fmt: skip
        connection.execute(
            f"insert into {table} select {', '.join(cells)} from old_{table} as there "
            f"order by {'source_id' if kind is None else 'part, ver'}"
        )
    for table in tables:
        connection.execute(f"drop table old_{table}")


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column, _ in connection.execute(queries()["columns"]).fetchall():
        found.setdefault(table, []).append(column)
    return found


def _part(kind: type[Row]) -> str:
    """An expression: the part of the product that a row of an old table is of."""
    columns = columns_of(kind)
    sku = "(select max_by(v.sku, v.ver) from old_variants v where v.variant_id = {})"
    if "variant_id" in columns and "sku" not in columns:
        return sql_part(f"coalesce({sku.format('there.variant_id')}, there.variant_id)")
    if "owner" in columns:
        name = "there.owner[9:]"
        return sql_part(
            f"case when there.owner like 'variant:%' then coalesce({sku.format(name)}, {name}) "
            "when there.owner like 'category:%' then '' else there.owner end"
        )
    return sql_part("there.sku") if "sku" in columns else sql_part("''")
