"""Which words of a sentence go with which facts: the families of cues.txt."""

from collections.abc import Mapping

FAMILIES: Mapping[str, frozenset[str]] = {
    "was": frozenset({"list_price"}),
    "ends": frozenset({"offer_ends"}),
    "stock": frozenset({"stock"}),
    "delivery": frozenset(
        {"delivery_days", "delivery_fee", "free_delivery_from", "delivery_region"}
        | {"delivery_regions"}
    ),
    "returns": frozenset({"return_days"}),
    "warranty": frozenset({"warranty_months"}),
    "origin": frozenset({"origin"}),
    "material": frozenset({"material"}),
    "colours": frozenset({"colours", "colour", "sizes", "size"}),
    "sizes": frozenset({"sizes", "size", "dimensions"}),
    "measures": frozenset({"dimensions", "length", "width", "height", "diameter"}),
    "weight": frozenset({"weight", "dimensions"}),
    "height": frozenset({"height", "dimensions"}),
    "length": frozenset({"length", "dimensions", "battery_hours"}),
    "width": frozenset({"width", "dimensions"}),
    "diameter": frozenset({"diameter"}),
    "capacity": frozenset({"capacity"}),
    "power": frozenset({"power"}),
    "battery": frozenset({"battery_hours"}),
    "certificate": frozenset({"certificate", "certificate_issuer", "certificate_number"}),
    "pieces": frozenset({"pieces"}),
    "price": frozenset({"price", "price_from", "price_to", "lowest_30d"}),
    "lowest": frozenset({"lowest_30d"}),
    "sold": frozenset({"sold"}),
    "rating": frozenset({"rating"}),
    "reviews": frozenset({"reviews"}),
}
"""What the words of cues.txt speak of, and the facts that let one speak of it."""
