"""What was ever said of a product: each row with its version, its time and its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from catalog.rows import (
    AttributeRow,
    Held,
    Key,
    OfferRow,
    Row,
    ShopRow,
    StockRow,
    VariantRow,
    key_of,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A row of the file: it held from *at* until a newer one of its key; or it was withdrawn."""

    row: Row
    ver: int
    at: datetime
    withdrawn: bool
    source: str
    """File and line, or "live"."""

    def told(self) -> tuple[object, ...]:
        """Table, key, what is not in the key (JSON), version, when, withdrawn, source."""
        table, *key = key_of(self.row)
        content = {
            column.name: _plain(getattr(self.row, column.name))
            for column in fields(self.row)
            if column.name not in self.row.KEY
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return (table, "/".join(key), text, self.ver, self.at, self.withdrawn, self.source)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def owner_of(row: Row, variants: Mapping[str, str]) -> str:
    """The sku of the product a row belongs to, "" for the shop's own. *variants*: skus by variant;
    a variant that is not there stands for itself."""
    if isinstance(row, OfferRow | StockRow):
        return variants.get(row.variant_id, row.variant_id)
    if isinstance(row, AttributeRow):
        kind, colon, name = row.owner.partition(":")
        if colon and kind == "variant":
            return variants.get(name, name)
        return "" if colon and kind == "category" else row.owner
    return "" if isinstance(row, ShopRow) else row.sku


def owned(held: Mapping[Key, Held[Row]], skus: frozenset[str] | None) -> dict[Key, Held[Row]]:
    """Of *held*, what belongs to *skus*; None: to any product, but not to the shop itself."""
    variants = {
        one.row.variant_id: one.row.sku for one in held.values() if isinstance(one.row, VariantRow)
    }
    found = {}
    for key, one in held.items():
        owner = owner_of(one.row, variants)
        if owner in skus if skus is not None else owner:
            found[key] = one
    return found
