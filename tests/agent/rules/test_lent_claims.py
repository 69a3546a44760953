"""What stands in a slot is held to the classes of claims too, whoever wrote it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from agent.rules import vet
from agent.types import (
    Facts,
    Language,
    Line,
    Money,
    Refusal,
    Rung,
    Sentence,
    Topic,
    Utterance,
    Verdict,
    Words,
)
from tests.fakes import PRICE

BEST: dict[Language, str] = {
    "en": "the best steel in the world",
    "fr": "le meilleur acier du monde",
    "zh": "全国第一的钢",
}
MADE_OF: dict[Language, str] = {
    "en": "It is made of {material}.",
    "fr": "C'est en {material}.",
    "zh": "材质是{material}。",
}


def judged(text: str, language: Language, rung: Rung, **facts: Words | Money) -> Verdict:
    held = tuple(
        replace(PRICE, id=f"LAMP-01/{field}", field=field, value=value)
        for field, value in facts.items()
    )
    line = Line(Sentence(text))
    known = Facts(Topic.MATERIAL, None, held)
    return vet(line, known, rung=rung, language=language, voice_language=language)


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
@pytest.mark.parametrize("rung", [Rung.FACT, Rung.TEMPLATE, Rung.MODEL, Rung.OPERATOR])
def test_no_claim_rides_in_the_name_of_a_material(language: Language, rung: Rung) -> None:
    said = judged(MADE_OF[language], language, rung, material=Words((BEST[language],), language))
    assert isinstance(said, Refusal)
    assert said.rule == "absolute"
    steel = Words(({"en": "steel", "fr": "acier", "zh": "钢"}[language],), language)
    assert isinstance(judged(MADE_OF[language], language, rung, material=steel), Utterance)


def test_beside_the_lowest_price_of_before_nothing_else_is_the_best() -> None:
    lowest = Money(Decimal("19.90"), "USD")
    told = "In the month before this offer, the lowest price was {lowest_30d}."
    assert isinstance(judged(told, "en", Rung.FACT, lowest_30d=lowest), Utterance)
    for claim in ("The best lamp in the world, {lowest_30d}.", f"{told} The best lamp of all."):
        assert isinstance(judged(claim, "en", Rung.FACT, lowest_30d=lowest), Refusal)
