"""The toy products of evals/cases/rules as facts, and the lines about them."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from agent.types import (
    LANGUAGES,
    Fact,
    Facts,
    Language,
    Money,
    Quantity,
    Span,
    Topic,
    Value,
    Words,
)

DATA = Path(__file__).parent / "cases" / "rules"

_WORDS: dict[str, tuple[str, str]] = {
    "stainless steel": ("acier inoxydable", "不锈钢"),
    "hyaluronic acid": ("acide hyaluronique", "透明质酸"),
    "shea butter": ("beurre de karité", "乳木果油"),
    "steel": ("acier", "钢"),
    "mineral glass": ("verre minéral", "矿物玻璃"),
    "chicken": ("poulet", "鸡肉"),
    "soy": ("soja", "大豆"),
    "chili": ("piment", "辣椒"),
    "Portugal": ("Portugal", "葡萄牙"),
    "France": ("France", "法国"),
    "China": ("Chine", "中国"),
    "Taiwan": ("Taïwan", "台湾"),
    "food-contact EU 10/2011": ("contact alimentaire UE 10/2011", "食品接触EU 10/2011"),
    "vegan (V-Label)": ("vegan (V-Label)", "纯素（V-Label）"),
    "CE": ("CE", "CE"),
}
_POINTS = {
    "B1": (
        "It keeps drinks cold for 24 hours.",
        "Elle garde les boissons au froid 24 heures.",
        "保冷24小时。",
    ),
    "W1": (
        "It is water resistant to 5 ATM.",
        "Elle est étanche à 5 ATM.",
        "防水5ATM。",
    ),
}
"""What catalog.json has as ``cold_h`` and ``atm``, as a merchant would have written it."""


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    lang: Language
    sku: str
    text: str
    deceptive: bool
    cls: str


@cache
def cases() -> tuple[Case, ...]:
    lines = (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(
        Case(c["id"], c["lang"], c["sku"], c["text"], c["label"] == "deceptive", c["cls"])
        for c in map(json.loads, lines)
    )


def _in(word: str, language: Language) -> str:
    return {"en": word, **dict(zip(LANGUAGES[1:], _WORDS[word], strict=True))}[language]


@cache
def toy(sku: str, language: Language) -> Facts:
    """All facts of one toy product, as a merchant would have entered them."""
    row = json.loads((DATA / "catalog.json").read_text(encoding="utf-8"))[sku]
    soonest, latest = row["delivery_days"]
    values: dict[str, Value] = {
        "title": Words((row["name"][language],), language),
        "price": Money(Decimal(str(row["price"])), "EUR"),
        "stock": Quantity(Decimal(row["stock"]), ""),
        "origin": Words((_in(row["origin"], language),), language),
        "material": Words(tuple(_in(word, language) for word in row["material"]), language),
        "delivery_days": Span(Decimal(soonest), Decimal(latest), "day"),
        "return_days": Quantity(Decimal(30), "day"),
    }
    if row["list"] > row["price"]:
        values["list_price"] = Money(Decimal(str(row["list"])), "EUR")
    if row["warranty_months"]:
        values["warranty_months"] = Quantity(Decimal(row["warranty_months"]), "month")
    for name, unit in (("ml", "ml"), ("g", "g")):
        if name in row:
            values["capacity" if name == "ml" else "weight"] = Quantity(Decimal(row[name]), unit)
    for name, field in (("sold30", "sold"), ("rating", "rating"), ("reviews", "reviews")):
        values[field] = Quantity(Decimal(str(row[name])), "")
    values["lowest_30d"] = Money(Decimal(str(row["low30"])), "EUR")
    if sku in _POINTS:
        point = dict(zip(LANGUAGES, _POINTS[sku], strict=True))[language]
        values["point_1"] = Words((point,), language)
    if row["cert"]:
        values["certificate"] = Words(tuple(_in(word, language) for word in row["cert"]), language)
    facts = tuple(
        Fact(f"{sku}/{field}", 1, sku, field, value, f"catalog.json {sku}")
        for field, value in values.items()
    )
    return Facts(Topic.FREE, None, (), facts, 1)
