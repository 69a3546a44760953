"""Items and facts as rows of a real catalog file, and Candor's own search over it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from agent.types import LANGUAGES, Language
from catalog.db import Database
from catalog.rows import AttributeRow, OfferRow, ProductRow, Row, ShopRow, StockRow, VariantRow
from catalog.search import Hit, Kind
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


def rows(items: Iterable[Item]) -> list[Row]:
    found: list[Row] = [SHOP]
    for number, item in enumerate(items, 1):
        texts = {"brand": item.brand, "description": item.body}
        found += product(number, item.sku, item.title, item.category, texts)
    return found


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


async def opened(path: Path, models: Models | None) -> Store:
    """The catalog with its texts embedded; without models, search is by words alone."""
    store = await Store.open(path, embedders=None if models is None else lambda: models)
    await store.embedded()
    return store


class Candor:
    """The search of the show, asked as the show asks it."""

    def __init__(self, name: str, items: Sequence[Item], path: Path, models: Models | None) -> None:
        self.name = name
        write(path, rows(items))
        self._store = asyncio.run(opened(path, models))

    def search(self, text: str, language: Language, count: int) -> list[str]:
        return [hit.document.sku for hit in self.hits(text, language)[:count]]

    def hits(
        self,
        text: str,
        language: Language,
        kind: Kind = "product",
        skus: Iterable[str] | None = None,
    ) -> list[Hit]:
        return self._store._search.find(text, language, kind, skus)

    def close(self) -> None:
        self._store.close_now()


def models_for(choice: Mapping[str, str], folder: Path) -> Models:
    """Models by language: *choice* has a model's name by language."""
    made = {name: Remembering(name, folder) for name in set(choice.values())}
    return {language: made[choice[language]] for language in LANGUAGES}
