"""What the staff see of a running show's catalog, and do to it (``agent.ports.Backroom``)."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from babel.numbers import get_currency_precision

from agent.ports import Change, LoadReport, Progress
from agent.types import Fact, Product
from catalog.load.live import load_while_running
from catalog.load.options import Judge, Options
from catalog.rows import OfferRow
from catalog.shelf import Shelf
from catalog.store import Store
from catalog.unanswered import Question

T = TypeVar("T")
_NUMBER = re.compile(r"(?:#|no\.?\s*|n°\s*)?(\d{1,7})号?")


class Backroom:
    """The staff's side of a ``catalog.store.Store``. It looks things up on a thread of its own, so
    that no viewer's question waits for it."""

    def __init__(self, store: Store, judge: Judge | None = None) -> None:
        """*judge* says why the host would never say a text; such are named in a load's report."""
        self._store = store
        self._judge = judge
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="catalog-backroom")

    def close(self) -> None:
        self._pool.shutdown()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    # --- looking -----------------------------------------------------------------------------

    @property
    def version(self) -> int:
        return self._store.version

    def owner(self, name: str) -> str | None:
        return self._store.owner(name)

    def product(self, sku: str) -> Product | None:
        return self._store.product(sku)

    async def find(self, words: str, limit: int) -> Sequence[Product]:
        """By sku or a variant's id, then by link number, then by words of the name."""
        return await self._on_thread(lambda: self._find(words.strip(), limit))

    async def sheet(self, sku: str) -> Sequence[Fact]:
        return await self._on_thread(lambda: self._store.sheet(sku))

    async def rows(self, sku: str) -> Mapping[str, object]:
        return await self._on_thread(lambda: _rows(self._store.shelf(sku)))

    async def history(self, sku: str) -> Sequence[Mapping[str, object]]:
        return await self._on_thread(lambda: [_told(*row) for row in self._store.history(sku)])

    def _find(self, words: str, limit: int) -> list[Product]:
        store = self._store
        if not words:
            return list(islice(store.products(), limit))
        named = [*([sku] if (sku := store.owner(words)) else []), *store.named(words, limit)]
        found = [product for sku in dict.fromkeys(named) if (product := store.product(sku))]
        if number := _NUMBER.fullmatch(words.lower()):
            wanted = int(number[1])
            found = [p for p in store.products() if p.number == wanted][:1] + found
        return list({product.sku: product for product in found}.values())[:limit]

    # --- changing ----------------------------------------------------------------------------

    async def change(self, changes: Sequence[Change]) -> int:
        return await self._store.change(changes)

    async def load(
        self,
        path: Path,
        name: str,
        *,
        partial: bool,
        add: bool,
        dry_run: bool,
        progress: Progress,
    ) -> LoadReport:
        # its own name, so that --add knows what the same upload said before
        options = Options(partial=partial, add=add, dry_run=dry_run, uri=f"upload/{name}")
        return await load_while_running(self._store, path, options, progress, self._judge)

    # --- questions ---------------------------------------------------------------------------

    def questions(self) -> Sequence[Question]:
        return self._store.unanswered.all()

    async def dismiss(self, question: str) -> bool:
        return await self._on_thread(lambda: self._store.unanswered.dismiss(question))


def _rows(shelf: Shelf) -> dict[str, object]:
    """Variants with their regular price and stock, and offers, as plain values."""
    listed = {
        held.row.variant_id: held
        for held in sorted(shelf.offers, key=lambda held: held.ver)
        if held.row.kind == "list"
    }
    variants = []
    for held in shelf.variants:
        row = held.row
        price, stock = listed.get(row.variant_id), shelf.stock.get(row.variant_id)
        variants.append(
            {
                "id": row.variant_id,
                "colour": row.colour,
                "size": row.size,
                "price": _amount(price.row) if price else None,
                "currency": price.row.currency if price else None,
                "stock": stock.row.quantity if stock else None,
                "counted": stock is not None and stock.row.quantity is not None,
            }
        )
    offers = [
        {
            "name": held.row.offer_id.removeprefix(f"{held.row.variant_id}/"),
            "variant": held.row.variant_id,
            "amount": _amount(held.row),
            "currency": held.row.currency,
            "from": held.row.valid_from,
            "until": held.row.valid_until,
            "version": held.ver,
            "source": held.source,
        }
        for held in shelf.offers
        if held.row.kind != "list"
    ]
    category = shelf.product.row.category if shelf.product else ""
    return {"category": category, "variants": variants, "offers": offers}


def _amount(row: OfferRow) -> str:
    """As one writes a price: 19.9000 in the table is 19.90, 1.2345 stays."""
    shorter = row.amount.normalize()
    places = max(get_currency_precision(row.currency), -int(shorter.as_tuple().exponent))
    return f"{row.amount:.{places}f}"


def _told(
    part: object,
    key: object,
    content: object,
    version: object,
    at: object,
    gone: object,
    source: object,
) -> dict[str, object]:
    return {
        "part": part,
        "key": key,
        "content": json.loads(str(content)),
        "version": version,
        "at": at,
        "withdrawn": gone,
        "source": source,
    }
