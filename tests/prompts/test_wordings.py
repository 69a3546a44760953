"""Every wording that the host may use passes the gate, and there are enough of them."""

import re
import string
from datetime import UTC, datetime
from decimal import Decimal

import pytest

import prompts
from agent.rules import vet
from agent.slots import slot_names
from agent.types import (
    LANGUAGES,
    Fact,
    Facts,
    Language,
    Line,
    Moment,
    Money,
    Quantity,
    Rung,
    Sentence,
    Span,
    Topic,
    Utterance,
    Value,
    Words,
)

_WORDS: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "title": ("Fjord oak table lamp",),
        "material": ("solid oak", "linen"),
        "origin": ("Portugal",),
        "colour": ("navy",),
        "colours": ("white", "navy"),
        "range": ("lamps", "mugs"),
        "delivery_region": ("France",),
        "delivery_regions": ("France", "Canada"),
        "text": ("It takes a standard bulb.",),
    },
    "fr": {
        "title": ("Lampe de table Fjord en chêne",),
        "material": ("chêne massif", "lin"),
        "origin": ("Portugal",),
        "colour": ("bleu marine",),
        "colours": ("blanc", "bleu marine"),
        "range": ("lampes", "tasses"),
        "delivery_region": ("France",),
        "delivery_regions": ("France", "Canada"),
        "text": ("Elle prend une ampoule standard.",),
    },
    "zh": {
        "title": ("峡湾橡木台灯",),
        "material": ("实心橡木", "亚麻"),
        "origin": ("葡萄牙",),
        "colour": ("藏青色",),
        "colours": ("白色", "藏青色"),
        "range": ("台灯", "杯子"),
        "delivery_region": ("法国",),
        "delivery_regions": ("法国", "加拿大"),
        "text": ("用普通灯泡。",),
    },
}
_ENDS = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
_FREE = ("care", "answer", "age", "point_1", "point_2", "point_3", "point_4")
MOST = 12
"""Words of a first sentence, its facts as one word each."""


def _value(field: str, stock: int, language: Language) -> Value:
    words = _WORDS[language]
    bare = field.removeprefix("other_").split("_2")[0].split("_3")[0]
    if field in _FREE:
        return Words(words["text"], language)
    if bare in words:
        return Words(words[bare], language)
    if "price" in field or field in ("delivery_fee", "free_delivery_from", "lowest_30d"):
        return Money(Decimal("49.90") if field == "list_price" else Decimal("39.90"), "EUR")
    if field in ("offer_ends", "sold_from", "sold_until"):
        return Moment(_ENDS, "Europe/Paris")
    if field == "delivery_days":
        return Span(Decimal(2), Decimal(4), "day")
    if field.startswith("fits_"):
        unit = "kg" if field.endswith("weight") else "cm"
        return Span(Decimal(160), Decimal(172), unit)
    units = {"return_days": "day", "warranty_months": "month", "battery_hours": "hour"}
    units |= {"weight": "g", "capacity": "ml", "power": "W", "offer_left": "min"}
    units |= dict.fromkeys(("length", "width", "height", "diameter"), "cm")
    if field == "stock":
        return Quantity(Decimal(stock), "")
    if field in (*units, "rating", "rating_scale", "reviews", "sold", "pieces"):
        return Quantity(Decimal(4), units.get(field, ""))
    texts = {"list_basis": "the price before", "contact": "help@shop.example", "size": "M"}
    return Words((texts.get(field, "M"),), "en" if language == "zh" else language)


def _facts(wording: str, key: str, language: Language) -> Facts:
    stock = {"stock_out": 0, "stock_one": 1, "stock_low": 3}
    pieces = next((amount for name, amount in stock.items() if name in key.split("+")), 40)
    fields = dict.fromkeys([*slot_names(wording), "title", "price", "list_price", "stock"])
    if "rest" in key or "cheapest" in key:
        fields |= {"price": None}
    topic = {"cheapest": Topic.CHEAPEST, "dearest": Topic.DEAREST}.get(key.split("_")[0])
    facts = [
        Fact(f"LAMP/{name}", 1, "LAMP", name, _value(name, pieces, language), "t")
        for name in fields
    ]
    return Facts(topic or Topic.FREE, None, tuple(facts))


def _cases(name: str, language: Language) -> list[tuple[str, str]]:
    rest = {"en": "it costs {price}.", "fr": "le prix est de {price}.", "zh": "价格是{price}。"}
    found = []
    for key, wordings in prompts.lines(name, language).items():
        if key.startswith("label_"):
            continue
        for wording in wordings:
            inner = rest[language][:-1] if key == "named" else rest[language]
            filled = string.Template(wording).safe_substitute(
                rest=inner, name="Ann", label="Fit", slot="{care}"
            )
            found.append((key, filled))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["answers", "plan"])
def test_every_wording_passes_the_gate(name: str, language: Language) -> None:
    refused = []
    for key, wording in _cases(name, language):
        facts = _facts(wording, key, language)
        for rung in (Rung.FACT, Rung.TEMPLATE):
            verdict = vet(
                Line(Sentence(wording)),
                facts,
                rung=rung,
                language=language,
                voice_language=language,
            )
            if not isinstance(verdict, Utterance):
                refused.append((key, wording, verdict.rule, verdict.reason))
    assert refused == []


@pytest.mark.parametrize("tongue", sorted(prompts.others("unserved")))
def test_who_writes_in_another_language_is_told_so_in_it(tongue: str) -> None:
    for wording in prompts.others("unserved")[tongue]:
        for language in LANGUAGES:
            spoken = prompts.lines("answers", language)["unserved"][0]
            line = Line(Sentence(wording), Sentence(spoken))
            verdict = vet(
                line,
                Facts(Topic.UNKNOWN, None),
                rung=Rung.TEMPLATE,
                language=language,
                voice_language=language,
            )
            assert isinstance(verdict, Utterance), verdict


FAMILIES = (
    *("price", "stock", "colours", "material", "unknown", "unknown_kept", "chatter", "greet"),
    *("greet_name", "thanks", "order_trouble", "complaint", "rivals", "again"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_often_has_several_wordings(language: Language) -> None:
    known = prompts.lines("answers", language)
    few = {key: len(known[key]) for key in FAMILIES if len(known[key]) < 4}
    assert few == {}
    for key, wordings in known.items():
        assert len(set(wordings)) == len(wordings), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fact_that_is_often_asked_for_is_said_shortly(language: Language) -> None:
    for key in ("price", "stock", "colours", "sizes", "material", "origin", "weight"):
        for wording in prompts.lines("answers", language)[key]:
            unit = r"[㐀-鿿]|\{" if language == "zh" else r"[^\s,;:.]+"
            assert len(re.findall(unit, wording)) <= MOST, wording
