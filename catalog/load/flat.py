"""A shop as one plain CSV: a product a line, enough to try a show with."""

from decimal import Decimal
from pathlib import Path

from catalog.load import values
from catalog.load.report import Report
from catalog.load.table import lines
from catalog.rows import (
    AttributeRow,
    OfferRow,
    ProductRow,
    Row,
    ShopRow,
    StockRow,
    VariantRow,
    key_of,
)

_TEXTS = ("also_called", "material", "origin", "care")


def read_flat(path: Path, report: Report) -> list[tuple[Row, str]]:
    """Rows of a CSV with the columns sku, title, price and, if you like, stock, category,
    material (several at ;), origin, care, also_called, weight, currency."""
    rows: list[tuple[Row, str]] = []
    seen: dict[tuple[str, ...], str] = {}
    currency = ""
    optional = ("stock", "category", "currency", "weight", *_TEXTS)
    required = ("sku", "title", "price")
    for number, line in enumerate(lines(path, report, required, (*required, *optional)), 1):
        own = line.text("currency").upper() or currency or "USD"
        currency = currency or own
        if own != currency:
            line.refuse(
                "currency", own, f"a shop has one currency, and this one began in {currency}"
            )
        sku, title = line.must("sku", values.plain, ""), line.must("title", values.plain, "")
        price = line.must("price", lambda cell: values.positive(cell, currency), Decimal(1))  # noqa: B023  # called at once
        counted = line.read("stock", values.whole, -1)
        category = line.read("category", values.plain, "other")
        found: list[Row] = [
            ProductRow(sku, number, category, ""),
            AttributeRow(sku, "title", "en", (title,)),
            VariantRow(sku, sku, "", ""),
            OfferRow(f"{sku}/list", sku, "list", price, currency, None, None),
            AttributeRow(f"category:{category}", "category", "en", (category,)),
            StockRow(sku, counted if counted >= 0 else None),
        ]
        for name in _TEXTS:
            text = line.read(name, values.plain, "")
            if text:
                several = name in ("also_called", "material")
                words = values.items(text) if several else (text,)
                found.append(AttributeRow(sku, name, "en", words))
        amount, unit = line.read("weight", values.quantity, (Decimal(0), ""))
        if amount:
            found.append(AttributeRow(sku, "weight", "", None, amount, unit))
        before = seen.setdefault(key_of(found[0]), line.where)
        if before != line.where:
            line.refuse("sku", sku, f"stands there already ({before})")
        if not line.bad:
            rows += [(row, line.where) for row in found]
    if not rows and report.ok:
        report.refuse(path.name, 0, "", "", "has no products")
    return [(ShopRow(path.stem, "UTC", currency or "USD", "US"), path.name), *rows]
