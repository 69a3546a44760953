"""A lamp, as the catalog would know it, in three languages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from agent.types import Fact, Facts, Language, Moment, Money, Quantity, Span, Topic, Value, Words

_TEXTS: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "title": ("Fjord oak table lamp",),
        "material": ("solid oak", "linen"),
        "origin": ("Portugal",),
        "colours": ("natural", "black"),
        "care": ("Dust it with a dry cloth.",),
        "point_1": ("The bulb is included and can be changed.",),
        "point_2": ("The light is warm white and can be dimmed with a switch on the cord.",),
        "point_3": ("The cord is covered with cotton.",),
    },
    "fr": {
        "title": ("lampe de table en chêne Fjord",),
        "material": ("chêne massif", "lin"),
        "origin": ("Portugal",),
        "colours": ("naturel", "noir"),
        "care": ("Dépoussiérez-la avec un chiffon sec.",),
        "point_1": ("L’ampoule est fournie et peut être changée.",),
        "point_2": ("La lumière est blanc chaud et se règle avec un variateur sur le fil.",),
        "point_3": ("Le fil est gainé de coton.",),
    },
    "zh": {
        "title": ("Fjord橡木台灯",),
        "material": ("实心橡木", "亚麻"),
        "origin": ("葡萄牙",),
        "colours": ("原色", "黑色"),
        "care": ("用干布擦灰。",),
        "point_1": ("附灯泡，灯泡可以更换。",),
        "point_2": ("灯光是暖白色，线上的开关可以调光。",),
        "point_3": ("电线外面包着棉布。",),
    },
}


def lamp(
    language: Language = "en",
    *,
    asked: tuple[str, ...] = (),
    stock: int = 12,
    offer: bool = True,
    topic: Topic = Topic.FREE,
    also: Mapping[str, Value] | None = None,
    **more: Value,
) -> Facts:
    """Its facts; *also* and *more* add fields or replace them."""
    values: dict[str, Value] = {
        field: Words(items, language) for field, items in _TEXTS[language].items()
    }
    values |= {
        "price": Money(Decimal("64.90"), "EUR"),
        "stock": Quantity(Decimal(stock), ""),
        "height": Quantity(Decimal(42), "cm"),
        "weight": Quantity(Decimal("1.8"), "kg"),
        "delivery_days": Span(Decimal(3), Decimal(5), "day"),
        "delivery_fee": Money(Decimal("4.95"), "EUR"),
        "return_days": Quantity(Decimal(30), "day"),
        "warranty_months": Quantity(Decimal(24), "month"),
    }
    if offer:
        values["list_price"] = Money(Decimal("79.90"), "EUR")
        values["offer_ends"] = Moment(datetime(2026, 11, 27, 17, tzinfo=UTC), "Europe/Paris")
    values |= {**(also or {}), **more}
    facts = {
        field: Fact(f"LAMP/{field}", 3, "LAMP", field, value, "lamp.py")
        for field, value in values.items()
    }
    first = tuple(facts[field] for field in asked)
    rest = tuple(fact for field, fact in facts.items() if field not in asked)
    return Facts(topic, None, first, rest, 3)
