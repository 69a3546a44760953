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
    "title", "price", "price_from", "price_to", "list_price", "offer_ends", "stock", "material",
    "colours", "sizes", "origin", "point_1", "point_2", "point_3", "point_4", "care", "weight",
    "capacity", "battery_hours", "power", "pieces", "age", "certificate", "warranty_months",
    "return_days", "delivery_days", "delivery_fee", "free_delivery_from",
)  # fmt: skip
CONTEXT_SIZE = 15
BY_REGION = ("delivery_days", "delivery_fee", "free_delivery_from", "delivery_region")
SHOP_TOPICS = (Topic.DELIVERY, Topic.RETURNS)
"""What is so for the whole shop where no product is meant."""
