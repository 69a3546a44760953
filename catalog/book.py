"""The whole shop in memory: every fact at every moment, found in microseconds."""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from agent.types import Fact, Language, Money, Product
from catalog.rows import Held, Row, ShopRow
from catalog.sheet import Sheet, boundaries, fact_id
from catalog.shelf import Shelf

Bound = tuple[Literal["under", "over"], Decimal]
"""Below a price, or from it on."""


@dataclass(frozen=True, slots=True)
class Page:
    """The facts of one product (or of the shop) through time: they change only at *turns*."""

    shelf: Shelf
    turns: tuple[datetime, ...]
    states: tuple[Mapping[str, Fact], ...]
    """Facts by id, before the first turn, then from each turn on; one more than *turns*."""

    def at(self, now: datetime) -> Mapping[str, Fact]:
        return self.states[bisect_right(self.turns, now)]


def page(shelf: Shelf, shop: Held[ShopRow]) -> Page:
    turns = boundaries(shelf)
    start = datetime.min.replace(tzinfo=turns[0].tzinfo) if turns else datetime.min
    states = tuple(Sheet(shelf, shop, at).collect() for at in (start, *turns))
    return Page(shelf, tuple(turns), states)


class Book:
    """What the shop says, by product and moment. Never changed: a change gives another book."""

    def __init__(self, shop: Held[ShopRow], pages: Mapping[str, Page], version: int) -> None:
        self.shop = shop
        self.pages = pages
        """By sku; "" is the shop's own."""
        self.version = version
        self.skus: tuple[str, ...] = tuple(
            sku for _, sku in sorted((self.number(sku), sku) for sku in pages if sku)
        )
        self.by_number = {self.number(sku): sku for sku in self.skus}

        self._owners = {
            held.row.variant_id: sku for sku in self.skus for held in pages[sku].shelf.variants
        } | {sku: sku for sku in self.skus}

    def owner(self, name: str) -> str | None:
        """The sku that a sku or the id of a variant belongs to."""
        return self._owners.get(name)

    def extremes(
        self,
        now: datetime,
        *,
        dearest: bool,
        among: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
        bound: Bound | None = None,
    ) -> list[str]:
        """The skus of lowest (or highest) price of what can be bought, all that tie, by link
        number: of these products, of these categories and within a bound if those are given. A
        thing is as cheap as its cheapest variant, and as dear as its dearest."""
        priced: list[tuple[Decimal, str]] = []
        for sku in self.skus:
            if among is not None and sku not in among:
                continue
            held = self.pages[sku].shelf.product
            if held is None or (kinds is not None and held.row.category not in kinds):
                continue
            facts = self.pages[sku].at(now)
            stock = facts.get(f"{sku}/stock")
            if stock is not None and getattr(stock.value, "amount", None) == 0:
                continue
            ends = ("price", "price_to" if dearest else "price_from")
            price = next((facts[f"{sku}/{f}"] for f in ends if f"{sku}/{f}" in facts), None)
            if price is not None and isinstance(price.value, Money):
                amount = price.value.amount
                if bound is None or (amount < bound[1]) == (bound[0] == "under"):
                    priced.append((amount, sku))
        if not priced:
            return []
        best = (max if dearest else min)(amount for amount, _ in priced)
        return [sku for amount, sku in priced if amount == best]

    def number(self, sku: str) -> int:
        product = self.pages[sku].shelf.product
        return product.row.number if product is not None else 0

    def turned(self, held: Held[Row], sku: str) -> "Book":
        """With one row of a product newer."""
        fresh = page(self.pages[sku].shelf.with_row(held), self.shop)
        return Book(self.shop, {**self.pages, sku: fresh}, held.ver)

    def current(self, name: str, now: datetime) -> Fact | None:
        sku = name.partition("/")[0]
        found = self.pages.get("" if sku == "shop" else sku)
        return found.at(now).get(name) if found is not None else None

    def fact(
        self,
        sku: str,
        field: str,
        now: datetime,
        *,
        language: Language = "en",
        variant: str = "",
        region: str = "",
    ) -> Fact | None:
        """A fact of the product, else of the shop; in *language*, else in English; of the variant
        if one is given."""
        owners = (sku, "") if sku else ("",)
        if field.startswith(("delivery_", "free_delivery")):
            owners = (self.delivers(sku, now),)
        for owner in owners:
            facts = self.pages[owner].at(now)
            for choice in (language, "en"):
                found = facts.get(fact_id(owner, field, variant, region, choice))
                if found is not None:
                    return found
        return None

    def delivers(self, sku: str, now: datetime) -> str:
        """Whose delivery rows hold for a product: its own sku, or "" for the shop's."""
        own = fact_id(sku, "delivery_regions")
        return sku if sku and own in self.pages[sku].at(now) else ""

    def product(self, sku: str, now: datetime, language: Language = "en") -> Product | None:
        found = self.pages.get(sku)
        if found is None or found.shelf.product is None:
            return None
        title = self.fact(sku, "title", now, language=language)
        if title is None:
            return None
        facts = found.at(now)
        image = found.shelf.product.row.image
        return Product(
            sku,
            found.shelf.product.row.number,
            title,
            facts.get(f"{sku}/price") or facts.get(f"{sku}/price_from"),
            facts.get(f"{sku}/list_price"),
            facts.get(f"{sku}/offer_ends"),
            facts.get(f"{sku}/stock"),
            Path(image) if image else None,
        )
