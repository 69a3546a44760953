"""The fields that a row can fill, whatever the columns of a form are called."""

import re

from agent.types import LANGUAGES
from catalog.load.units import unit_named

WORDS = (
    "title", "also_called", "description", "point", "category", "colour", "size", "material",
    "origin", "care", "age",
)  # fmt: skip
"""Texts that may be there in several languages."""
PRICES = ("price", "sale_price", "was_price", "rrp", "delivery_fee")
MEASURES = (
    "weight", "shipping_weight", "length", "width", "height", "diameter", "capacity", "power",
    "battery_hours", "pieces",
)  # fmt: skip
COUNTS = ("stock", "rating", "rating_scale", "reviews", "sold")
TIMES = ("sale_from", "sale_until", "price_until", "available_from")
OTHER = (
    "sku", "variant", "group", "brand", "model", "gtin", "link", "image", "currency",
    "availability", "back_order", "status", "search",
    "delivery_days", "return_days", "warranty_months",
)  # fmt: skip
FIELDS: dict[str, str] = {
    **dict.fromkeys(WORDS, "words"),
    **dict.fromkeys(PRICES, "price"),
    **dict.fromkeys(MEASURES, "measure"),
    **dict.fromkeys(COUNTS, "count"),
    **dict.fromkeys(TIMES, "time"),
    **dict.fromkeys(OTHER, "text"),
}
"""The kind of each field."""
AVAILABILITY = ("in_stock", "out_of_stock", "preorder", "backorder")
LISTS = ("also_called", "material", "point")
"""Fields that hold several items."""
DETAIL = re.compile(r"[a-z][a-z0-9_]{0,59}")


def known_field(name: str) -> bool:
    """Whether a cell of this name is a field, or a detail."""
    base = name.partition(":")[0]
    return base in FIELDS or base == "detail"


def field_is_right(meant: str) -> bool:
    """Whether a column may be read as *meant*: a field, or one with a language or a unit, or
    "detail:" with a name."""
    name, mark, more = meant.partition(":")
    if name == "detail":
        return bool(DETAIL.fullmatch(more))
    kind = FIELDS.get(name)
    if kind is None or not mark:
        return kind is not None
    return (kind == "words" and more in LANGUAGES) or (
        kind == "measure" and unit_named(more) is not None
    )
