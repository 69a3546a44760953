"""The whole shop in memory: every fact at every moment, found in microseconds."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.types import Fact, Language, Product
from catalog.rows import Held, Row, ShopRow
from catalog.sheet import Sheet, boundaries, fact_id
from catalog.shelf import Shelf


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
