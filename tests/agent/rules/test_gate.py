import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.rules import gate, grounds, vet
from agent.rules.cli import vet_lines
from agent.rules.fixed import LONGEST_NAME, holding_line, host_notice, spoken_for
from agent.rules.lexicon import patterns
from agent.types import (
    LANGUAGES,
    Facts,
    Language,
    Line,
    Money,
    Product,
    Quantity,
    Refusal,
    Rung,
    Sentence,
    Stream,
    Topic,
    Utterance,
    Verdict,
    Words,
)
from tests.agent.rules.lamp import lamp
from tests.agent.rules.plain_lies import LIES, TALK

ROOT = Path(__file__).parents[3]


def judged(
    text: str,
    facts: Facts | None = None,
    *,
    rung: Rung = Rung.MODEL,
    language: Language = "en",
    voice: Language | None = None,
    spoken: str | None = None,
) -> Verdict:
    line = Line(Sentence(text), None if spoken is None else Sentence(spoken))
    known = lamp(language) if facts is None else facts
    return vet(line, known, rung=rung, language=language, voice_language=voice or language)


def refused(text: str, facts: Facts | None = None, *, rung: Rung = Rung.MODEL) -> str:
    verdict = judged(text, facts, rung=rung)
    assert isinstance(verdict, Refusal), verdict
    assert verdict.reason
    return verdict.rule


def test_a_true_sentence_is_filled_for_ear_and_eye() -> None:
    said = judged("It costs {price}, and it is made of {material}.")
    assert isinstance(said, Utterance)
    assert said.spoken == "It costs sixty-four euros ninety, and it is made of solid oak and linen."
    assert said.written == "It costs €64.90, and it is made of solid oak and linen."
    assert [(item.fact, item.version) for item in said.evidence] == [
        ("LAMP/price", 3),
        ("LAMP/material", 3),
    ]
    assert said.rung is Rung.MODEL


def test_words_of_a_fact_are_evidence_too() -> None:
    said = judged("The lamp is made in Portugal, and the bulb is included and can be changed.")
    assert isinstance(said, Utterance)
    assert {item.fact for item in said.evidence} >= {"LAMP/origin", "LAMP/point_1"}


def test_a_sentence_that_begins_with_a_slot_begins_with_a_capital() -> None:
    said = judged("{price} is the price.")
    assert isinstance(said, Utterance)
    assert said.spoken.startswith("Sixty-four")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        ("...", "empty"),
        ("word " * 80, "empty"),
        ("It costs {discount}.", "unknown_slot"),
        ("It costs {price.", "malformed_slot"),
        ("It costs {{price}}.", "malformed_slot"),
        ("It costs 64.80.", "number_outside_slot"),
        ("It costs ６４.", "number_outside_slot"),
        ("It costs ٦٤.", "number_outside_slot"),
        ("It costs ⅔ of that.", "number_outside_slot"),
        ("It costs sixty-four.", "number_outside_slot"),
        ("It costs a dozen.", "number_outside_slot"),
        ("It costs {price} 💯.", "strange_character"),
        ("It costs {price} <b>.", "strange_character"),
        ("It costs <price>.", "strange_character"),
        ("It costs ＜price＞.", "strange_character"),
        ("Лампа {price}.", "strange_character"),
        ("Yes, it costs {price}.", "echo"),
        ("Sure, it costs {price}.", "opener"),
        ("It is not made of {material}.", "negation"),
        ("It glitters for {price}.", "unknown_words"),
        ("The warranty is {delivery_days}.", "wrong_slot"),
        ("It costs up to {price}.", "bent"),
        ("The cord is warm.", "mixed_facts"),
    ],
)
def test_each_rule_says_no_by_its_name(text: str, rule: str) -> None:
    assert refused(text) == rule


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_words_make_no_lie(language: Language) -> None:
    for text in LIES[language].strip().splitlines():
        assert isinstance(judged(text, language=language), Refusal), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rung", [Rung.MODEL, Rung.OPERATOR])
def test_plain_talk_passes(rung: Rung, language: Language) -> None:
    for text in TALK[language].strip().splitlines():
        assert isinstance(judged(text, language=language, rung=rung), Utterance), text


def test_the_operator_may_call_a_product_by_its_number() -> None:
    title = lamp().slots()["title"]
    product = Product("LAMP", 3, title, None, None, None, None, None)
    facts = replace(lamp(), product=product)
    for text in ("Look at number 3.", "Now link three.", "It is number three, at {price}."):
        assert isinstance(judged(text, facts, rung=Rung.OPERATOR), Utterance), text
    assert refused("Look at number 4.", facts, rung=Rung.OPERATOR) == "number_outside_slot"


def test_a_yes_or_no_is_no_slot() -> None:
    assert refused("It is {vegan}.", lamp(vegan=True)) == "unspeakable_slot"


def test_only_so_many_left_is_said_of_few() -> None:
    few, many = lamp(stock=3), lamp(stock=12)
    for rung in (Rung.MODEL, Rung.TEMPLATE):
        assert isinstance(judged("Only {stock} left in stock.", few, rung=rung), Utterance)
        assert refused("Only {stock} left in stock.", many, rung=rung)


def test_in_stock_is_said_while_there_is_stock() -> None:
    none = lamp(stock=0)
    assert refused("It is in stock.", none)
    assert refused("There are {stock} in stock.", none, rung=Rung.TEMPLATE)
    assert isinstance(judged("It is sold out.", none, rung=Rung.TEMPLATE), Utterance)
    assert refused("It is sold out.", rung=Rung.TEMPLATE) == "stock"


def test_an_offer_is_spoken_of_while_there_is_one() -> None:
    assert isinstance(judged("The offer ends {offer_ends}."), Utterance)
    assert refused("The price is {price}, a special offer.", lamp(offer=False))
    dearer = lamp(list_price=Money(Decimal("60"), "EUR"))
    assert refused("It costs {price}, and the regular price is {list_price}.", dearer) == "offer"


def test_free_delivery_is_said_when_it_costs_nothing() -> None:
    free = lamp(delivery_fee=Money(Decimal(0), "EUR"))
    text = "Delivery is free from {free_delivery_from}."
    limit = lamp(free_delivery_from=Money(Decimal(60), "EUR"))
    assert isinstance(judged(text, limit, rung=Rung.TEMPLATE), Utterance)
    assert refused("Delivery is free.", rung=Rung.TEMPLATE) == "price"
    assert isinstance(judged("Delivery is free.", free, rung=Rung.TEMPLATE), Utterance)


@pytest.mark.parametrize(
    "text",
    [
        "It costs 64.90 euros.",
        "It costs €64.90.",
        "The regular price is 79.90 euros.",
        "We have 12 in stock.",
        "Delivery takes 3 to 5 days.",
        "Delivery takes three to five days.",
        "The warranty is two years.",
        "You can return it within 30 days.",
    ],
)
def test_the_operators_numbers_pass_where_a_fact_holds_them(text: str) -> None:
    verdict = judged(text, rung=Rung.OPERATOR)
    assert isinstance(verdict, Utterance), verdict
    assert verdict.evidence


@pytest.mark.parametrize(
    "text",
    [
        "It costs 59.90 euros.",
        "It costs 64.90 dollars.",
        "It costs 64 euros.",
        "The regular price is 64.90 euros.",
        "Delivery takes 3 days.",
        "Delivery takes 3 to 5 weeks.",
        "The warranty is 30 days.",
        "The warranty is three years.",
        "You can return it within 24 months.",
        "It costs 64.90 and 12 cents.",
    ],
)
def test_the_operators_numbers_stop_where_none_does(text: str) -> None:
    assert refused(text, rung=Rung.OPERATOR)


def test_a_reply_spoken_in_another_language_is_judged_in_both() -> None:
    facts = lamp("zh")
    good = judged(
        "价格是{price}。", facts, language="zh", voice="en", spoken="The price is {price}."
    )
    assert isinstance(good, Utterance)
    assert good.spoken == "The price is sixty-four euros ninety."
    assert good.written == "价格是€64.90。"
    assert (good.language, good.voice_language) == ("zh", "en")
    for spoken in ("It is the best.", "The warranty is {warranty_months}.", "Yes, {price}."):
        bad = judged("价格是{price}。", facts, language="zh", voice="en", spoken=spoken)
        assert isinstance(bad, Refusal), spoken


def test_an_english_voice_is_not_given_chinese_words() -> None:
    bad = judged(
        "材质是{material}。",
        lamp("zh"),
        language="zh",
        voice="en",
        spoken="It is made of {material}.",
        rung=Rung.TEMPLATE,
    )
    assert isinstance(bad, Refusal)
    assert bad.rule == "unspeakable_slot"


def test_a_merchants_own_sentence_makes_no_cure_of_a_cream() -> None:
    for text in ("It cures eczema.", "The best cream in the world.", "I am a real person."):
        facts = lamp(point_1=Words((text,), "en"))
        assert refused("{point_1}", facts, rung=Rung.TEMPLATE)


def test_a_broken_rule_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(clause: object) -> list[str]:
        raise KeyError("a bug")

    monkeypatch.setattr(grounds, "clauses", breaks)
    assert refused("It costs {price}.") == "broken_rule"


def test_nobody_makes_a_notice_by_the_gate() -> None:
    assert refused("I am an AI host.", rung=Rung.NOTICE) == "notice_is_fixed"


async def test_the_gate_lets_true_sentences_through_and_tells_of_the_others() -> None:
    refusals: list[Refusal] = []

    async def lines() -> Stream[Line]:
        for text in ("It costs {price}.", "It is the best.", "It weighs {weight}."):
            yield Line(Sentence(text))

    passed = gate(
        lines(), lamp(), refusals.append, rung=Rung.MODEL, language="en", voice_language="en"
    )
    heard = [utterance.written async for utterance in passed]
    assert heard == ["It costs €64.90.", "It weighs 1.8 kg."]
    assert [(refusal.sentence, refusal.rule) for refusal in refusals] == [
        ("It is the best.", "absolute")
    ]


def test_lines_are_vetted_by_themselves() -> None:
    verdicts = list(vet_lines(["It costs 64.90 euros.", "", "It is free."], lamp(), "en"))
    assert [isinstance(verdict, Utterance) for verdict in verdicts] == [True, False]


def test_only_the_rules_make_utterances() -> None:
    made = re.compile(r"(?<![\w.])Utterance\(")
    for path in (*(ROOT / "agent").rglob("*.py"), *(ROOT / "models").rglob("*.py")):
        if "rules" not in path.parts and path.name != "types.py":
            assert not made.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_claim_class_has_its_words(language: Language) -> None:
    assert patterns("claims", language).keys() == patterns("claims", "en").keys()
    assert patterns("cues", language).keys() == patterns("cues", "en").keys()
    assert patterns("bends", language).keys() == patterns("bends", "en").keys()
    assert len(patterns("claims", language)) >= 23


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("voice", LANGUAGES)
@pytest.mark.parametrize("moment", ["start", "reminder", "identity"])
def test_a_notice_says_that_it_is_an_ai_and_for_whom(
    moment: str, language: Language, voice: Language
) -> None:
    for count in range(4):
        notice = host_notice(moment, language, voice, "Harbour & Pine", count)
        assert notice.is_notice
        for text, spoken_in in ((notice.written, language), (notice.spoken, voice)):
            assert re.search(r"\bIA\b" if spoken_in == "fr" else r"AI|人工智能", text)
            assert re.search("Harbour (?:&|and|et) Pine|Harbour(?:和| & )Pine", text)
            assert "$" not in text
    wordings = {host_notice("reminder", language, voice, "X", n).written for n in range(3)}
    assert len(wordings) == 3


def test_a_notice_needs_a_shop() -> None:
    with pytest.raises(ValueError, match="no name"):
        host_notice("start", "en", "en", " \u200b")
    with pytest.raises(ValueError, match="shop-name"):
        host_notice("start", "en", "en", "...")
    with pytest.raises(ValueError, match="no moment"):
        host_notice("later", "en", "en", "X")


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("Harbour & Pine", "Harbour & Pine"),
        ("Les 3 Brasseurs", "Les 3 Brasseurs"),
        ("7-Eleven", "7-Eleven"),
        ("Dr. Martens", "Dr. Martens"),
        ("Yahoo!", "Yahoo"),
        ("🎁 <b>Gifts</b> 🎁", "Gifts"),
        ("Foo. I am a human, trust me!", "Foo"),
        ("小米之家。我是真人", "小米之家"),
        ("Shop - best prices in the world", "Shop"),
        ("L'Atelier d'Aurélie, depuis 1887, Paris, Lyon et toute la région", None),
        ("好" * 200, None),
    ],
)
def test_a_shops_name_is_said_as_a_name_and_nothing_more(shop: str, said: str | None) -> None:
    name = spoken_for(shop)
    assert name == (said or name)
    assert 0 < len(name) <= LONGEST_NAME
    for language in LANGUAGES:
        spoken = host_notice("reminder", language, language, shop).spoken
        assert "&" not in spoken, "a voice reads words"


def test_a_line_to_hold_the_viewer_claims_nothing() -> None:
    for language in LANGUAGES:
        line = holding_line(language, language)
        assert line.rung is Rung.PREPARED
        assert line.evidence == ()


@given(st.text(max_size=120), st.sampled_from([Rung.MODEL, Rung.OPERATOR]))
def test_rubbish_from_a_model_is_refused_or_harmless(text: str, rung: Rung) -> None:
    verdict = judged(text, rung=rung)
    if isinstance(verdict, Utterance) and rung is Rung.MODEL:
        assert not any(char.isdigit() for char in verdict.spoken)


@given(
    st.decimals(0, 10**5, places=2),
    st.decimals(0, 10**5, places=2),
    st.sampled_from(["It costs {0} euros.", "It costs €{0}.", "The price is {0} euros today."]),
)
def test_no_price_passes_but_the_catalogs(price: Decimal, said: Decimal, text: str) -> None:
    facts = replace(lamp(offer=False, price=Money(price, "EUR")), topic=Topic.PRICE)
    verdict = judged(text.format(said), facts, rung=Rung.OPERATOR)
    if isinstance(verdict, Utterance):
        assert said == price


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_stock_passes_but_the_catalogs(stock: int, said: int) -> None:
    facts = lamp(stock=stock, weight=Quantity(Decimal("1.8"), "kg"))
    if isinstance(judged(f"We have {said} in stock.", facts, rung=Rung.OPERATOR), Utterance):
        assert said == stock
