"""The rows of the catalog's tables, as schema.sql has them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Generic, TypeAlias, TypeVar


@dataclass(frozen=True, slots=True)
class ShopRow:
    TABLE: ClassVar[str] = "shop"
    KEY: ClassVar[tuple[str, ...]] = ()
    name: str
    zone: str
    currency: str
    market: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    TABLE: ClassVar[str] = "products"
    KEY: ClassVar[tuple[str, ...]] = ("sku",)
    sku: str
    number: int
    category: str
    image: str


@dataclass(frozen=True, slots=True)
class VariantRow:
    TABLE: ClassVar[str] = "variants"
    KEY: ClassVar[tuple[str, ...]] = ("variant_id",)
    variant_id: str
    sku: str
    colour: str
    size: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    TABLE: ClassVar[str] = "offers"
    KEY: ClassVar[tuple[str, ...]] = ("offer_id",)
    offer_id: str
    variant_id: str
    kind: str
    amount: Decimal
    currency: str
    valid_from: datetime | None
    valid_until: datetime | None
    basis: str = ""
    """Of a regular price that a sale is compared with: "before" (the shop's own earlier price),
    "rrp" (recommended by the maker), "" (the shop does not say)."""


@dataclass(frozen=True, slots=True)
class StockRow:
    TABLE: ClassVar[str] = "stock"
    KEY: ClassVar[tuple[str, ...]] = ("variant_id",)
    variant_id: str
    quantity: int | None


@dataclass(frozen=True, slots=True)
class AttributeRow:
    TABLE: ClassVar[str] = "attributes"
    KEY: ClassVar[tuple[str, ...]] = ("owner", "name", "language")
    owner: str
    name: str
    language: str
    words: tuple[str, ...] | None
    amount: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    TABLE: ClassVar[str] = "policies"
    KEY: ClassVar[tuple[str, ...]] = ("kind", "sku", "region")
    kind: str
    sku: str
    region: str
    low: int
    high: int
    fee: Decimal | None
    free_from: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class FaqRow:
    TABLE: ClassVar[str] = "faq"
    KEY: ClassVar[tuple[str, ...]] = ("faq_id", "language")
    faq_id: str
    sku: str
    language: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    TABLE: ClassVar[str] = "claims"
    KEY: ClassVar[tuple[str, ...]] = ("claim_id",)
    claim_id: str
    sku: str
    claim: str
    issuer: str
    number: str
    document: str
    approved_by: str
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What the shop counts: pieces sold, a mean rating and of how many reviews it is."""

    TABLE: ClassVar[str] = "figures"
    KEY: ClassVar[tuple[str, ...]] = ("sku", "kind")
    sku: str
    kind: str
    """sold, rating or reviews."""
    amount: Decimal
    scale: Decimal | None
    """The best there can be, of a rating."""
    begins: datetime | None
    """The period that was counted, [begins, ends)."""
    ends: datetime | None
    document: str
    """Where the count comes from."""


Row: TypeAlias = (
    ShopRow
    | ProductRow
    | VariantRow
    | OfferRow
    | StockRow
    | AttributeRow
    | PolicyRow
    | FaqRow
    | ClaimRow
    | FigureRow
)
KINDS: tuple[type[Row], ...] = (
    ShopRow,
    ProductRow,
    VariantRow,
    OfferRow,
    StockRow,
    AttributeRow,
    PolicyRow,
    FaqRow,
    ClaimRow,
    FigureRow,
)
R = TypeVar("R", bound=Row)
R_co = TypeVar("R_co", bound=Row, covariant=True)
Key: TypeAlias = tuple[str, ...]
"""The table's name, then the values of the row's key."""


@dataclass(frozen=True, slots=True)
class Held(Generic[R_co]):
    """A row as the catalog holds it."""

    row: R_co
    ver: int
    asserted_at: datetime
    source: str
    """File and line, or "live"."""


Holding: TypeAlias = Mapping[Key, Held[Row]]
"""What holds now, by key."""


def key_of(row: Row) -> Key:
    return (row.TABLE, *(str(getattr(row, name)) for name in row.KEY))


def values_of(row: Row) -> list[object]:
    """The row's own columns, in the order of schema.sql."""
    values = [getattr(row, column.name) for column in fields(row)]
    return [list(value) if isinstance(value, tuple) else value for value in values]


def columns_of(kind: type[Row]) -> list[str]:
    return [column.name for column in fields(kind)]
