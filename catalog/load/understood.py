"""The first products of a load, as the host would have them: shown whether they are loaded or
not."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import cast

import duckdb

from agent.types import Fact, Moment, Money, Quantity, Span
from catalog.db import row_of
from catalog.load import statements as sql
from catalog.load.report import Understood
from catalog.load.stage import STAGED, Stage
from catalog.rows import Held, Key, Row, ShopRow, columns_of, key_of
from catalog.sheet import Sheet
from catalog.shelf import shelves

FIRST = 5
"""Products that are shown."""


def understood(stage: Stage, now: datetime) -> list[Understood]:
    """The first products among the staged rows, with all facts there would be now."""
    connection = stage.connection
    skus = [
        str(sku)
        for (sku,) in connection.execute(
            f"select sku from s_products order by seq limit {FIRST}"
        ).fetchall()
    ]
    shop = stage.shops[0].row if stage.shops else ShopRow("", "UTC", "", "")
    held: dict[Key, Held[Row]] = {(ShopRow.TABLE,): Held(shop, 0, now, "")}
    for kind in STAGED:
        for one in _rows(connection, kind, skus, now):
            held[key_of(one.row)] = one
    by_sku = shelves(held, {})[1]
    found = []
    for sku in skus:
        shelf = by_sku.get(sku)
        if shelf is None or shelf.product is None:
            continue
        facts = Sheet(shelf, Held(shop, 0, now, ""), now).collect().values()
        values: dict[str, str] = defaultdict(str)
        for fact in facts:
            values[fact.id.partition("/")[2]] = value(fact)
        found.append(
            Understood(sku, shelf.product.row.number, shelf.product.source, tuple(values.items()))
        )
    return found


def _rows(
    connection: duckdb.DuckDBPyConnection, kind: type[Row], skus: list[str], now: datetime
) -> list[Held[Row]]:
    own = ", ".join(f"s.{name}" for name in columns_of(kind))
    statement = (
        f"select {own}, s.seq, case when s.line > 0 then f.name || ' line ' || s.line "
        f"else f.name end {sql.staged(kind)} join s_files f on f.file_no = s.file_no "
        f"where {sql.sku_of(kind)} in (select unnest($skus)) order by s.seq"
    )
    found = []
    for *values, seq, place in connection.execute(statement, {"skus": skus}).fetchall():
        found.append(Held(row_of(kind, values), cast(int, seq), now, str(place)))
    return found


def value(fact: Fact) -> str:
    """A fact's value for a person, as it is in the catalog."""
    match fact.value:
        case Money(amount, currency):
            return f"{amount} {currency}"
        case Quantity(amount, unit):
            return f"{Decimal(amount).normalize():f} {unit}".strip()
        case Span(low, high, unit):
            return f"{low}-{high} {unit}"
        case Moment(at, zone):
            return f"{at:%Y-%m-%d %H:%M %Z} ({zone})"
        case bool() as yes:
            return "yes" if yes else "no"
        case words:
            return "; ".join(words.items)
