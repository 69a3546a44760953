"""Items and facts as rows of a real catalog file, and Candor's own search over it."""

import asyncio
import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from agent.types import Language
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load import Options, load
from catalog.rows import AttributeRow, OfferRow, ProductRow, Row, ShopRow, StockRow, VariantRow
from catalog.store import Store
from evals.retrieval.corpus import Item
from evals.retrieval.models import Remembering

SHOP = ShopRow("The Measured Shop", "UTC", "USD", "US")
Models = Mapping[Language, Remembering]


def product(
    number: int, sku: str, title: str, category: str = "other", texts: Mapping[str, str] = {}
) -> list[Row]:
    """The rows of a product that can be bought, its *texts* by name of attribute, in English."""
    named = {"title": title, **texts}
    return [
        ProductRow(sku, number, category or "other", ""),
        VariantRow(sku, sku, "", ""),
        OfferRow(f"{sku}/list", sku, "list", Decimal(10 + number % 90), "USD", None, None),
        StockRow(sku, None),
        *(AttributeRow(sku, name, "en", (text,)) for name, text in named.items() if text),
    ]


def write(path: Path, found: Sequence[Row]) -> None:
    """A new catalog file of *found*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    now = datetime.now(UTC)
    with Database(path, create=True) as database:
        database.begin()
        source = database.source("eval", str(path), "", now)
        database.append([(row, "eval") for row in found], [], source, now)
        database.commit()


def load_items(path: Path, items: Iterable[Item]) -> None:
    """A new catalog file of *items*, loaded from a table as a merchant would load it. Raises
    CatalogError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    table = path.with_suffix(".csv")
    with table.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("sku", "title", "brand", "category", "description", "price", "currency"))
        for at, item in enumerate(items):
            texts = (item.sku, item.title, item.brand, item.category or "other", item.body)
            writer.writerow((*texts, f"{10 + at % 90}.00", "USD"))
    report = load(table, path, Options(partial=True))
    if not report.stored:
        raise CatalogError(f"{table}: {report}")


async def opened(path: Path, models: Models | None) -> Store:
    """The catalog with its texts embedded; without models, search is by words alone."""
    store = await Store.open(path, embedders=None if models is None else lambda: models)
    await store.embedded()
    return store


class Candor:
    """The search of the show, asked as the show asks it."""

    def __init__(self, name: str, items: Sequence[Item], path: Path, models: Models | None) -> None:
        self.name = name
        load_items(path, items)
        self._store = asyncio.run(opened(path, models))

    def search(self, text: str, language: Language, count: int) -> list[str]:
        hits = self._store._search.find(text, language, "product", count=count)
        return [hit.sku for hit in hits]

    def close(self) -> None:
        self._store.close_now()
