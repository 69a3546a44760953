"""The named queries of queries.sql, read strictly."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from catalog.errors import CatalogError

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
