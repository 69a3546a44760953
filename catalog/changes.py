"""What may be changed while the show runs: on disk first, then in the memory of the show."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

from agent.types import Language
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.rows import AttributeRow, FaqRow, Held, OfferRow, Row, StockRow


class Changes:
    """The changing side of a ``catalog.store.Store``. When a call returns, the change is on disk
    and ``current`` says it."""

    _database: Database
    _writer: ThreadPoolExecutor
    """The one thread that writes."""

    def _currency(self) -> str:
        """ISO 4217 code of the shop's prices."""
        raise NotImplementedError

    def _owner(self, name: str) -> str:
        """The sku of a variant, or the sku itself. Raises CatalogError."""
        raise NotImplementedError

    def _variants(self, name: str) -> list[str]:
        """A variant's own name; all variants of a sku. Raises CatalogError."""
        raise NotImplementedError

    def _follow(self, sku: str, held: Sequence[Held[Row]]) -> None:
        """Take rows that were written into memory; on the writing thread."""
        raise NotImplementedError

    async def set_price(self, variant: str, amount: Decimal) -> int:
        """A new regular price of a variant (or, by sku, of all its variants). Gives the catalog's
        version. Raises CatalogError: no such thing, not a price."""
        if not amount.is_finite() or not 0 < amount < 10**10:
            raise CatalogError(f"{amount} is not a price: it is to be above zero")
        currency = self._currency()
        rows = [
            OfferRow(f"{name}/list", name, "list", amount, currency, None, None)
            for name in self._variants(variant)
        ]
        return await self._change(self._owner(variant), rows)

    async def set_offer(
        self,
        variant: str,
        name: str,
        amount: Decimal,
        begins: datetime | None,
        ends: datetime | None,
    ) -> int:
        """An offer by *name* on a variant (or, by sku, on all), or a change of it. Ends an offer
        early with *ends* in the past. As *set_price*."""
        if not amount.is_finite() or not 0 < amount < 10**10:
            raise CatalogError(f"{amount} is not a price: it is to be above zero")
        for at in (begins, ends):
            if at is not None and at.tzinfo is None:
                raise CatalogError("an offer's times need their zone")
        currency = self._currency()
        rows = [
            OfferRow(f"{own}/{name}", own, "sale", amount, currency, begins, ends)
            for own in self._variants(variant)
        ]
        return await self._change(self._owner(variant), rows)

    async def set_stock(self, variant: str, quantity: int | None) -> int:
        """How many there are of a variant; None: uncounted. As *set_price*."""
        if quantity is not None and not 0 <= quantity < 2**31:
            raise CatalogError(f"{quantity} is not a stock: it is 0 or more")
        names = self._variants(variant)
        if len(names) > 1:
            raise CatalogError(f"{variant}: say of which variant: {', '.join(names)}")
        return await self._change(self._owner(variant), [StockRow(names[0], quantity)])

    async def set_text(self, sku: str, name: str, language: Language, *words: str) -> int:
        """A text of a product, such as "material" or "point_1". As *set_price*."""
        self._owner(sku)
        if not words or not all(word.strip() for word in words):
            raise CatalogError(f"{sku}: {name} is empty")
        return await self._change(sku, [AttributeRow(sku, name, language, words)])

    async def set_answer(
        self, sku: str, name: str, language: Language, question: str, answer: str
    ) -> int:
        """An approved answer to a question about a product (sku "" for the shop)."""
        if sku:
            self._owner(sku)
        return await self._change(sku, [FaqRow(name, sku, language, question, answer)])

    async def _change(self, sku: str, rows: Sequence[Row]) -> int:
        loop = asyncio.get_running_loop()
        # shielded: a change that has begun is finished, whatever becomes of who asked for it
        return await asyncio.shield(loop.run_in_executor(self._writer, self._write, sku, rows))

    def _write(self, sku: str, rows: Sequence[Row]) -> int:
        database, now = self._database, datetime.now(UTC)
        database.begin()
        try:
            source = database.live_source(now)
            held = database.append([(row, "live") for row in rows], (), source, now)
            database.commit()
        except CatalogError:
            database.rollback()
            raise
        self._follow(sku, held)
        return held[-1].ver
