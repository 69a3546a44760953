"""What of a product is kept in memory of all products: its place, its prices, its texts for the
index."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from catalog.packed import Cells, cells, pack
from catalog.rows import KINDS, AttributeRow, OfferRow, ProductRow, StockRow, VariantRow
from catalog.shelf import Shelf

UNBOUNDED = (-(2**62), 2**62)
"""Microseconds, where an offer has no beginning or no end."""
_PRODUCT, _VARIANT, _OFFER, _STOCK, _TEXT = (
    KINDS.index(kind) for kind in (ProductRow, VariantRow, OfferRow, StockRow, AttributeRow)
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A price of a variant."""

    variant: int
    """Its place among the product's."""
    sale: bool
    amount: int
    """In ten-thousandths of the shop's currency."""
    begins: int
    """It holds within [begins, ends), in microseconds since 1970."""
    ends: int


@dataclass(slots=True)
class Brief:
    sku: str
    number: int = 0
    category: str = ""
    variants: list[str] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    """Oldest first."""
    sold_out: bool = False
    """Every variant is counted, and there is none of any."""
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    """By name and language; several ones joined."""

    @property
    def whole(self) -> bool:
        """Whether it is a product that can be shown: not a mere leftover of one."""
        return self.number > 0 and bool(self.variants)


def brief_of(shelf: Shelf) -> Brief:
    return brief(shelf.sku, cells(pack(shelf)))


def brief(sku: str, rows: Cells) -> Brief:
    """Of the rows of a packed shelf."""
    found = Brief(sku)
    offers: dict[object, list[object]] = {}
    stock: dict[object, object] = {}
    for row in rows:
        code = row[0]
        if code == _TEXT:
            if row[4] == sku and row[7] is not None:
                name, language = cast(str, row[5]), cast(str, row[6])
                found.texts[name, language] = "; ".join(cast(list[str], row[7]))
        elif code == _OFFER:
            last = offers.get(row[4])
            if last is None or cast(int, last[1]) < cast(int, row[1]):
                offers[row[4]] = row
        elif code == _STOCK:
            stock[row[4]] = row[5]
        elif code == _VARIANT:
            found.variants.append(cast(str, row[4]))
        elif code == _PRODUCT:
            found.number = max(1, cast(int, row[5]))
            found.category = cast(str, row[6])
    places = {variant: at for at, variant in enumerate(found.variants)}
    found.tags = list(_tags(offers.values(), places))
    counts = [stock.get(variant) for variant in found.variants]
    found.sold_out = bool(counts) and all(count == 0 for count in counts)
    return found


def _tags(offers: Iterable[list[object]], places: dict[str, int]) -> Iterable[Tag]:
    for row in sorted(offers, key=lambda row: cast(int, row[1])):
        variant = places.get(cast(str, row[5]))
        if variant is None or row[12]:
            continue
        amount = cast(str, row[7])
        whole, _, parts = amount.partition(".")
        yield Tag(
            variant,
            row[6] == "sale",
            int(whole + parts[:4].ljust(4, "0")),
            UNBOUNDED[0] if row[9] is None else cast(int, row[9]),
            UNBOUNDED[1] if row[10] is None else cast(int, row[10]),
        )
