"""What the shop says at one version of its catalog: every fact at every moment, found in
microseconds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from agent.types import LANGUAGES, Fact, Language, Product
from catalog.library import Library
from catalog.page import Page
from catalog.prices import Bound
from catalog.roll import ByNumber, Skus
from catalog.rows import Held, ShopRow
from catalog.sheet import fact_id


class Pages(Mapping[str, Page]):
    """By sku; "" is the shop's own. Going through all of a large shop's takes its time."""

    def __init__(self, library: Library, version: int) -> None:
        self._library, self._roll, self._version = library, library.roll, version

    def __getitem__(self, sku: str) -> Page:
        found = self._library.page(sku, self._version)
        if found is None:
            raise KeyError(sku)
        return found

    def __contains__(self, sku: object) -> bool:
        return sku == "" or sku in self._roll

    def __iter__(self) -> Iterator[str]:
        yield ""
        yield from Skus(self._roll)

    def __len__(self) -> int:
        return 1 + len(self._roll)


class Book:
    """A view of the library as of one version. Never changed: a change gives another book, which
    costs nothing, as they share their pages."""

    def __init__(self, library: Library, version: int) -> None:
        self._library, self._roll = library, library.roll
        self.version = version
        self.shop: Held[ShopRow] = library.shop
        self.pages: Mapping[str, Page] = Pages(library, version)
        self.skus: Sequence[str] = Skus(self._roll)
        """By link number."""
        self.by_number: Mapping[int, str] = ByNumber(self._roll)

    @property
    def whole(self) -> bool:
        """Whether the shop is small enough that all of it is at hand."""
        return self._library.whole

    def categories(self) -> frozenset[str]:
        return self._roll.all_kinds()

    def owner(self, name: str) -> str | None:
        """The sku that a sku or the id of a variant belongs to."""
        return self._roll.owner(name)

    def number(self, sku: str) -> int:
        return self._roll.number(sku)

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
        roll = self._roll
        places = None
        if among is not None:
            places = [place for sku in among if (place := roll.place(sku)) is not None]
        found = self._library.prices.extremes(
            now,
            dearest=dearest,
            among=places,
            kinds=None if kinds is None else roll.of_kinds(kinds),
            bound=bound,
        )
        skus = [roll.sku(place) for place in found]
        return sorted(skus, key=lambda sku: (roll.number(sku), sku))

    def current(self, name: str, now: datetime) -> Fact | None:
        sku = name.partition("/")[0]
        found = self._library.page("" if sku == "shop" else sku, self.version)
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
            for choice in (language, *LANGUAGES):
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
