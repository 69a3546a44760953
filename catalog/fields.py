"""Which fields answer which topic, and which are good to know besides."""

from collections.abc import Mapping

from agent.types import Topic

USUAL: Mapping[Topic, tuple[str, ...]] = {
    Topic.PRICE: ("price", "price_from"),
    Topic.OFFER: ("price", "price_from", "list_price", "offer_ends"),
    Topic.STOCK: ("stock",),
    Topic.DELIVERY: ("delivery_region", "delivery_days", "delivery_fee"),
    Topic.RETURNS: ("return_days",),
    Topic.WARRANTY: ("warranty_months",),
    Topic.MATERIAL: ("material",),
    Topic.ORIGIN: ("origin",),
    Topic.COLOURS: ("colours",),
    Topic.SIZES: ("sizes",),
    Topic.DIMENSIONS: ("length", "width", "height", "diameter"),
    Topic.WEIGHT: ("weight",),
    Topic.CARE: ("care",),
    Topic.CERTIFICATE: ("certificate", "certificate_issuer", "certificate_number"),
    Topic.OVERVIEW: ("title", "point_1"),
}
CONTEXT = (
    "title", "price", "price_from", "price_to", "list_price", "offer_ends", "lowest_30d",
    "list_basis", "stock", "material",
    "colours", "sizes", "origin", "point_1", "point_2", "point_3", "point_4", "care", "weight",
    "capacity", "battery_hours", "power", "pieces", "age", "certificate", "warranty_months",
    "return_days", "delivery_days", "delivery_fee", "free_delivery_from",
)  # fmt: skip
CONTEXT_SIZE = 15
BY_REGION = ("delivery_days", "delivery_fee", "free_delivery_from", "delivery_region")
SHOP_TOPICS = (Topic.DELIVERY, Topic.RETURNS)
"""What is so for the whole shop where no product is meant."""
BUYING = (Topic.PRICE, Topic.OFFER, Topic.STOCK)
"""Asked of a thing that is sold, and not of a part of what is shown."""
UNSPOKEN = frozenset(("also_called", "description", "link", "gtin", "category"))
"""Attributes that are for search and pages, and never a fact."""
KNOWN = frozenset(
    (
        *CONTEXT, *BY_REGION, "delivery_regions", "return_days", "length", "width", "height",
        "diameter", "dimensions", "colour", "size", "answer", "certificate_issuer",
        "certificate_number", "shop_name", "range", "sold", "sold_from", "sold_until", "rating",
        "rating_scale", "reviews",
    )
) | UNSPOKEN  # fmt: skip
"""Fields that the catalog itself has a name for; any other is a detail that a shop named."""
