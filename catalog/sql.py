"""The statements of the catalog: the named ones of queries.sql, read strictly, and those that all
tables of facts have alike."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from catalog.errors import CatalogError
from catalog.rows import KINDS, Row, columns_of

_HERE = Path(__file__).parent
_NAME = re.compile(r"--\s*name:\s*([a-z][a-z_]*)\s*$")


def parse(text: str) -> dict[str, str]:
    """Queries by name. Each begins with ``-- name: some_name``, then at least one line of comment
    that says what it gives, then one statement. Raises CatalogError for anything else."""
    queries: dict[str, str] = {}
    blocks = re.split(r"^(?=--\s*name:)", text, flags=re.M)
    if any(line.strip() and not line.startswith("--") for line in blocks[0].splitlines()):
        raise CatalogError("queries.sql: a statement before the first name")
    for block in blocks[1:]:
        first, *rest = block.strip().splitlines()
        named = _NAME.match(first)
        if not named:
            raise CatalogError(f"queries.sql: {first!r} is not a name")
        name = named[1]
        if not rest or not rest[0].startswith("--"):
            raise CatalogError(f"queries.sql: {name} has no comment")
        statement = "\n".join(line for line in rest if not line.lstrip().startswith("--")).strip()
        if not statement.endswith(";") or statement.count(";") != 1:
            raise CatalogError(f"queries.sql: {name} must be one statement that ends with ;")
        if name in queries:
            raise CatalogError(f"queries.sql: {name} stands there twice")
        queries[name] = statement
    return queries


@cache
def queries() -> Mapping[str, str]:
    return parse((_HERE / "queries.sql").read_text(encoding="utf-8"))


@cache
def schema() -> str:
    return (_HERE / "schema.sql").read_text(encoding="utf-8")


# --- parts: where the rows of a product lie ----------------------------------------------------

PARTS = 2**24


def part_of(sku: str) -> int:
    """The part of a product's rows ("": the shop's). DuckDB skips blocks by the least and greatest
    number in them, but of texts it keeps eight bytes only, and skus often begin alike."""
    digest = hashlib.md5(sku.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 40


def sql_part(sku: str) -> str:
    """*part_of* as an SQL expression of the expression *sku*."""
    return f"(md5_number_lower({sku}) >> 40)::uinteger"


def in_parts(skus: Iterable[str]) -> str:
    """A condition: the parts of *skus*. Written out, since a bound list skips no blocks."""
    parts = sorted({part_of(sku) for sku in skus})
    if len(parts) == 1:
        return f"part = {parts[0]}"
    return f"part in ({', '.join(map(str, parts))})" if parts else "false"


# --- what all tables of facts have alike -------------------------------------------------------


def said(kind: type[Row], where: str = "true") -> str:
    """All that was ever said, oldest first: own columns, ver, asserted_at, withdrawn, source_ref,
    of the rows for which *where* holds."""
    return (
        f"select {', '.join(columns_of(kind))}, ver, asserted_at, withdrawn, source_ref "
        f"from {kind.TABLE} where {where} order by ver"
    )


def newest(kind: type[Row]) -> str:
    """A window: the newest row of each key."""
    keys = f"partition by {', '.join(kind.KEY)} " if kind.KEY else ""
    return f"row_number() over ({keys}order by ver desc) = 1"


def current(kind: type[Row], where: str = "true") -> str:
    """What holds now, oldest first: own columns, ver, asserted_at, source_ref of the newest row of
    each key, unless that was withdrawn."""
    return (
        f"select {', '.join(columns_of(kind))}, ver, asserted_at, source_ref "
        f"from {kind.TABLE} where {where} qualify {newest(kind)} and not withdrawn order by ver"
    )


def add(kind: type[Row], rows: int = 1) -> str:
    """Append *rows*: own columns, part, ver, asserted_at, withdrawn, source_id, source_ref. Many in
    one statement take a quarter of the time of one by one."""
    marks = ", ".join("?" * (len(columns_of(kind)) + 6))
    return f"insert into {kind.TABLE} values {', '.join([f'({marks})'] * rows)}"


@cache
def newest_version() -> str:
    """The version of the whole catalog: the newest row of any table; 0 for an empty one."""
    each = " union all ".join(f"select max(ver) as ver from {kind.TABLE}" for kind in KINDS)
    return f"select coalesce(max(ver), 0) from ({each})"
