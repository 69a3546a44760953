"""A product's rows as one short text: read from the file a thousand at a time, kept by the million.

A packed shelf is JSON without its outer brackets: ``[kind, ver, asserted_at, source, column, ...]``
for each row, joined by commas. Decimals are texts, times microseconds since 1970, *kind* is the
place of the row's class in ``KINDS``; offers end with whether they were withdrawn, as all that was
said of prices is kept; the newest withdrawal of a variant is ``[-1, ver]``.
"""

from collections.abc import Collection, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import cast

import duckdb
import msgspec

from catalog.history import Said
from catalog.rows import KINDS, Held, OfferRow, Row, ShopRow, StockRow, VariantRow
from catalog.shelf import Shelf, shelf
from catalog.sql import in_parts, newest

Cells = list[list[object]]
"""The rows of a packed shelf, as JSON has them."""
KEPT = 50
"""Earlier statements kept of one offer: prices of the last weeks, even if changed often."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFER = KINDS.index(OfferRow)
_HEAD = 4
_decode = msgspec.json.Decoder(Cells).decode


@cache
def _converted(code: int) -> tuple[tuple[int, str], ...]:
    """Which columns of a kind need more than JSON has, as *d*ecimal, *t*ime, *l*ist."""
    found = []
    for at, column in enumerate(fields(KINDS[code])):
        text = str(column.type)
        for mark, name in (("d", "Decimal"), ("t", "datetime"), ("l", "tuple")):
            if name in text:
                found.append((at, mark))
    return tuple(found)


def cells(packed: bytes | str) -> Cells:
    if isinstance(packed, str):
        packed = packed.encode()
    return _decode(b"[" + packed + b"]")


def unpack(sku: str, packed: bytes | str) -> Shelf:
    """The shelf of a product ("": the shop's own)."""
    return unpacked(sku, cells(packed))


def unpacked(sku: str, rows: Cells) -> Shelf:
    held: list[Held[Row]] = []
    offers: dict[str, Said] = {}
    said: list[Said] = []
    withdrawn = 0
    for row in rows:
        code, ver = cast(int, row[0]), cast(int, row[1])
        if code < 0:
            withdrawn = max(withdrawn, ver)
            continue
        kind = KINDS[code]
        values = row[_HEAD:]
        for at, mark in _converted(code):
            value = values[at]
            if value is None:
                continue
            if mark == "d":
                values[at] = Decimal(cast(str, value))
            elif mark == "t":
                values[at] = _EPOCH + timedelta(microseconds=cast(int, value))
            else:
                values[at] = tuple(cast(list[str], value))
        moment = _EPOCH + timedelta(microseconds=cast(int, row[2]))
        source = cast(str, row[3])
        if code == _OFFER:
            gone = cast(bool, values.pop())
            offer = OfferRow(*values)  # type: ignore[arg-type]  # columns as packed
            one = Said(offer, ver, moment, gone, source)
            said.append(one)
            last = offers.get(offer.offer_id)
            if last is None or last.ver < ver:
                offers[offer.offer_id] = one
        else:
            held.append(Held(kind(*values), ver, moment, source))  # type: ignore[arg-type]
    held += [Held(o.row, o.ver, o.at, o.source) for o in offers.values() if not o.withdrawn]
    return shelf(sku, held, withdrawn, said)


def pack(shelf: Shelf) -> bytes:
    """The opposite of *unpack*."""
    rows: Cells = []
    held: list[Held[Row]] = [*([shelf.product] if shelf.product is not None else [])]
    held += [*shelf.variants, *shelf.stock.values(), *shelf.attributes.values()]
    held += [*shelf.policies, *shelf.faq, *shelf.claims, *shelf.figures]
    for one in held:
        rows.append(_cells(one.row, one.ver, one.asserted_at, one.source))
    for said in shelf.said:
        rows.append([*_cells(said.row, said.ver, said.at, said.source), said.withdrawn])
    if shelf.withdrawn:
        rows.append([-1, shelf.withdrawn])
    return msgspec.json.encode(rows)[1:-1]


def _cells(row: Row, ver: int, at: datetime, source: str) -> list[object]:
    code = KINDS.index(type(row))
    values: list[object] = [getattr(row, column.name) for column in fields(row)]
    for place, mark in _converted(code):
        value = values[place]
        if value is not None and mark == "d":
            values[place] = str(value)
        elif value is not None and mark == "t":
            values[place] = _micros(cast(datetime, value))
    return [code, ver, _micros(at), source, *values]


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


# --- from the file -----------------------------------------------------------------------------


def _column(kind: type[Row], at: int, name: str) -> str:
    marks = dict(_converted(KINDS.index(kind)))
    match marks.get(at):
        case "d":
            return f"{name}::varchar"
        case "t":
            return f"epoch_us({name})"
    return name


def _array(kind: type[Row], *more: str) -> str:
    head = (str(KINDS.index(kind)), "ver", "epoch_us(asserted_at)", "source_ref")
    columns = (_column(kind, at, column.name) for at, column in enumerate(fields(kind)))
    return f"json_array({', '.join((*head, *columns, *more))})::varchar"


@cache
def _statement() -> str:
    """Packed shelves by owner; ``{where}`` stands for the condition on ``part``."""
    parts = []
    for kind in KINDS:
        table, cell = kind.TABLE, _array(kind)
        now = f"{{where}} qualify {newest(kind)} and not withdrawn"
        if kind is ShopRow:
            continue
        if kind is OfferRow:
            said = _array(kind, "withdrawn")
            over = "row_number() over (partition by offer_id order by ver desc)"
            parts.append(
                f"select owned.sku as owner, {said.replace('variant_id', 'o.variant_id')} as cell "
                f"from (select * from offers where {{where}} qualify {over} <= {KEPT}) o "
                "join owned using (variant_id)"
            )
        elif kind is StockRow:
            parts.append(
                f"select owned.sku as owner, {cell.replace('variant_id', 's.variant_id')} as cell "
                f"from (select * from stock where {now}) s join owned using (variant_id)"
            )
        elif table == "attributes":
            parts.append(
                "select case when starts_with(owner, 'category:') then '' "
                "when starts_with(owner, 'variant:') then owned.sku else owner end as owner, "
                f"{cell} as cell from (select * from attributes where {now}) a "
                "left join owned on owner = 'variant:' || owned.variant_id"
            )
        else:
            parts.append(f"select sku as owner, {cell} as cell from {table} where {now}")
    parts.append(
        "select sku as owner, json_array(-1, max(ver))::varchar as cell from variants "
        "where {where} and withdrawn group by sku"
    )
    owned = (
        "select variant_id, sku from variants where {where} "
        f"qualify {newest(VariantRow)} and not withdrawn"
    )
    union = " union all ".join(parts)
    return (
        f"with owned as materialized ({owned}) select owner, string_agg(cell, ',') "
        f"from ({union}) where owner is not null group by owner"
    )


def sweep(
    connection: duckdb.DuckDBPyConnection, ranges: Collection[str], chunk: int = 5000
) -> Iterator[tuple[str, str]]:
    """Sku and packed shelf of all products that hold now, orphans left out; "" among them. *ranges*
    are conditions on ``part``, read one after another so that memory stays small."""
    for where in ranges:
        found = connection.execute(_statement().replace("{where}", where))
        while rows := found.fetchmany(chunk):
            yield from cast(list[tuple[str, str]], rows)


def of_skus(
    connection: duckdb.DuckDBPyConnection, skus: Collection[str]
) -> Iterator[tuple[str, str]]:
    """As *sweep*, of some products."""
    wanted = set(skus)
    for sku, packed in sweep(connection, [in_parts(wanted)]):
        if sku in wanted:
            yield sku, packed


def shop(connection: duckdb.DuckDBPyConnection) -> Held[ShopRow] | None:
    """Whose shop it is."""
    found = connection.execute(
        "select name, zone, currency, market, ver, asserted_at, source_ref from shop "
        "where not withdrawn order by ver desc limit 1"
    ).fetchone()
    return Held(ShopRow(*found[:4]), *found[4:]) if found else None


def shop_changed(connection: duckdb.DuckDBPyConnection, since: int) -> bool:
    return bool(connection.execute("select 1 from shop where ver > ? limit 1", [since]).fetchone())


def changed(connection: duckdb.DuckDBPyConnection, since: int) -> tuple[list[int], set[str]]:
    """What was written after version *since*: in which parts, and of which products that came, went
    or changed as such."""
    tables = [kind.TABLE for kind in KINDS if kind is not ShopRow]
    each = " union ".join(f"select part from {table} where ver > $since" for table in tables)
    parts = [row[0] for row in connection.execute(each, {"since": since}).fetchall()]
    both = " union ".join(
        f"select sku from {table} where ver > $since" for table in ("products", "variants")
    )
    return parts, {row[0] for row in connection.execute(both, {"since": since}).fetchall()}
