from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from agent import answers, wording
from agent.rules import vet
from agent.slots import slot_names
from agent.types import (
    LANGUAGES,
    ChatMessage,
    Fact,
    Facts,
    Language,
    Line,
    Moment,
    Money,
    Quantity,
    Rung,
    Sentence,
    Source,
    Span,
    Topic,
    Utterance,
    Value,
    Words,
)
from agent.understand import Kind
from tests.agent.rules.lamp import lamp

FACTLESS = (
    *("unknown", "chatter", "greet", "greet_name", "thanks", "health", "order_trouble"),
    *("ask_repeat", "unserved"),
)
WORDS: dict[str, dict[Language, tuple[str, ...]]] = {
    "colour": {"en": ("navy",), "fr": ("bleu marine",), "zh": ("藏青色",)},
    "size": {"en": ("M",), "fr": ("M",), "zh": ("M",)},
    "sizes": {"en": ("S", "XL"), "fr": ("S", "XL"), "zh": ("S", "XL")},
    "range": {"en": ("lamps", "mugs"), "fr": ("lampes", "tasses"), "zh": ("台灯", "杯子")},
    "delivery_region": {"en": ("France",), "fr": ("France",), "zh": ("法国",)},
    "delivery_regions": {"en": ("France", "Canada"), "fr": ("France",), "zh": ("法国", "加拿大")},
    "age": {"en": ("from three years",), "fr": ("dès trois ans",), "zh": ("三岁以上",)},
    "answer": {
        "en": ("It takes a standard bulb.",),
        "fr": ("Elle prend une ampoule standard.",),
        "zh": ("用普通灯泡。",),
    },
    "certificate": {"en": ("EN 71",), "fr": ("EN 71",), "zh": ("EN 71",)},
    "certificate_issuer": {"en": ("Toy Lab",), "fr": ("Labo Jouets",), "zh": ("玩具实验室",)},
    "certificate_number": {"en": ("EN71-0923",), "fr": ("EN71-0923",), "zh": ("EN71-0923",)},
    "dimensions": {"en": ("12 x 30 cm",), "fr": ("12 x 30 cm",), "zh": ("12 x 30 cm",)},
}
MONEY = st.builds(
    Money,
    st.decimals("0.01", 99999, places=2),
    st.sampled_from(["EUR", "USD", "GBP", "JPY", "CNY", "CHF"]),
)
COUNT = st.integers(1, 5000).map(Decimal)


@st.composite
def known(draw: st.DrawFn, language: Language) -> Facts:
    """Any facts about the lamp, any of them asked for."""
    price = draw(MONEY)
    more: dict[str, Value] = {name: Words(w[language], language) for name, w in WORDS.items()}
    more |= {
        "price": price,
        "list_price": replace(price, amount=price.amount + draw(st.integers(1, 50))),
        "price_from": draw(MONEY),
        "price_to": draw(MONEY),
        "delivery_fee": draw(MONEY),
        "free_delivery_from": draw(MONEY),
        "offer_ends": Moment(
            draw(st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1))).replace(tzinfo=UTC),
            "Europe/Paris",
        ),
        "delivery_days": draw(st.builds(lambda a, b: Span(a, a + b, "day"), COUNT, COUNT)),
        "return_days": Quantity(draw(COUNT), "day"),
        "warranty_months": Quantity(draw(COUNT), "month"),
        "battery_hours": Quantity(draw(COUNT), "hour"),
        "pieces": Quantity(draw(COUNT), "piece"),
        "capacity": Quantity(draw(COUNT), "ml"),
        "power": Quantity(draw(COUNT), "W"),
        "length": Quantity(draw(COUNT), "cm"),
        "width": Quantity(draw(COUNT), "cm"),
        "diameter": Quantity(draw(COUNT), "cm"),
    }
    stock = draw(st.integers(0, 8) | st.integers(0, 10**6))
    facts = lamp(language, stock=stock, also=more)
    every = facts.context
    asked = draw(st.lists(st.sampled_from(every), max_size=5, unique_by=lambda fact: fact.field))
    rest = tuple(fact for fact in every if fact not in asked and draw(st.booleans()))
    return Facts(draw(st.sampled_from(Topic)), None, tuple(asked), rest, 1)


def aired(lines: list[Line], facts: Facts, language: Language, voice: Language) -> list[Utterance]:
    said: list[Utterance] = []
    for line in lines:
        for rung in (Rung.FACT, Rung.TEMPLATE):
            verdict = vet(line, facts, rung=rung, language=language, voice_language=voice)
            assert isinstance(verdict, Utterance), verdict
            if rung is Rung.FACT:
                said.append(verdict)
    return said


@given(st.data(), st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES), st.integers(0, 50))
def test_whatever_is_asked_the_answer_passes_the_gate(
    data: st.DataObject, language: Language, voice: Language, variety: int
) -> None:
    facts = data.draw(known(language))
    lines = answers.answer(facts, language, voice, variety=variety)
    lines += answers.fallback(facts, language, voice)
    lines += answers.pitch(facts, language, voice, variety=variety)
    for said in aired(lines, facts, language, voice):
        assert not any(char.isdigit() for char in said.spoken)
        assert "{" not in said.written + said.spoken


@given(st.data(), st.sampled_from(LANGUAGES), st.integers(0, 50))
def test_what_is_asked_for_is_told_before_anything_else(
    data: st.DataObject, language: Language, variety: int
) -> None:
    facts = data.draw(known(language).filter(lambda found: bool(found.asked)))
    lines = answers.answer(facts, language, language, variety=variety)
    said = aired(lines, facts, language, language)
    told = {item.fact for utterance in said for item in utterance.evidence}
    stock = next((fact for fact in facts.asked if fact.field == "stock"), None)
    if stock is not None and stock.value == Quantity(Decimal(0), ""):
        assert any("sold out" in u.written or "épuisé" in u.written or "缺货" in u.written
                   or "售罄" in u.written for u in said)  # fmt: skip
    else:
        assert told >= {fact.id for fact in facts.asked}


def message(
    text: str = "?",
    *,
    language: Language | None = "en",
    source: Source = Source.VIEWER,
    author: str = "Ann",
) -> ChatMessage:
    return ChatMessage("1", author, text, 0.0, language, source)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("voice", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.HOSTILE])
def test_every_kind_of_line_gets_an_opening_that_may_air(
    kind: Kind, voice: Language, language: Language
) -> None:
    nothing = Facts(Topic.UNKNOWN, None)
    for variety in range(4):
        lines = answers.opening(
            message(language=language), kind, nothing, language, voice, variety=variety
        )
        assert aired(lines, nothing, language, voice)


def test_an_offer_tells_the_price_first_then_the_regular_one_and_when_it_ends() -> None:
    facts = lamp(asked=("price",), topic=Topic.PRICE)
    for variety in range(3):
        first, more = aired(answers.answer(facts, "en", "en", variety=variety), facts, "en", "en")
        assert {item.fact for item in first.evidence} == {"LAMP/price"}
        assert {item.fact for item in more.evidence} == {"LAMP/list_price", "LAMP/offer_ends"}


def test_wording_varies() -> None:
    facts = lamp(asked=("price",), topic=Topic.PRICE, offer=False)
    said = {str(answers.answer(facts, "en", "en", variety=n)[0].written) for n in range(3)}
    assert len(said) == 3


def test_a_language_that_is_not_served_is_told_so() -> None:
    facts = lamp(asked=("price",))
    lines = answers.opening(message(language=None), Kind.QUESTION, facts, "en", "en", variety=0)
    assert "English, French and Chinese" in lines[0].written


def test_medical_questions_go_to_a_doctor_and_orders_to_the_shop() -> None:
    facts = Facts(Topic.UNKNOWN, None)
    health = answers.opening(message(), Kind.HEALTH, facts, "en", "en", variety=0)
    assert "doctor" in health[0].written
    trouble = answers.opening(message(), Kind.ORDER_TROUBLE, facts, "en", "en", variety=0)
    assert "write to the shop" in trouble[0].written


def test_a_free_question_is_left_to_the_writer_and_then_not_guessed() -> None:
    facts = lamp()
    assert answers.answer(facts, "en", "en", variety=0) == []
    (line,) = answers.fallback(facts, "en", "en")
    assert "don't have that information" in line.written


def test_a_viewer_is_welcomed_by_a_name_that_claims_nothing() -> None:
    assert "Ann" in answers.greet("Ann", "en", "en")[0].written
    for name in ("best price ever", "Cures cancer", "50 percent off", "$hop", ""):
        assert name not in answers.greet(name, "en", "en")[0].written or not name


def test_chinese_words_are_shown_and_not_spoken_by_an_english_voice() -> None:
    facts = lamp("zh", asked=("material",), topic=Topic.MATERIAL)
    (said,) = aired(answers.answer(facts, "zh", "en", variety=0), facts, "zh", "en")
    assert "实心橡木" in said.written
    assert "screen" in said.spoken
    assert said.evidence


def test_the_cheapest_is_told_as_the_catalog_found_it() -> None:
    for language in LANGUAGES:
        facts = lamp(language, asked=("title", "price"), topic=Topic.CHEAPEST)
        (said,) = aired(
            answers.answer(facts, language, language, variety=0), facts, language, language
        )
        assert {item.fact for item in said.evidence} == {"LAMP/title", "LAMP/price"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_answers(language: Language) -> None:
    english, other = prompts.lines("answers", "en"), prompts.lines("answers", language)
    assert english.keys() == other.keys()
    for key in FACTLESS:
        assert len(english[key]) == len(other[key]), key
    for key, wordings in other.items():
        for text in wordings:
            fields = {"stock" if part.startswith("stock_") else part for part in key.split("+")}
            if slots := set(slot_names(text)) - {"title", "other_title"}:
                assert slots <= fields | {"price", "price_from", "price_to"}, text


def test_a_detail_without_a_wording_is_told_by_its_name() -> None:
    odd = Fact("LAMP/cord_type", 1, "LAMP", "cord_type", Words(("braided",)), "t")
    facts = Facts(Topic.FREE, None, (odd,))
    for language, told in (("en", "Cord type: braided."), ("fr", "Cord type : braided.")):
        lines = answers.answer(facts, language, language, variety=0)  # type: ignore[arg-type]
        (said,) = aired(lines, facts, language, language)  # type: ignore[arg-type]
        assert said.written == told


def test_a_fact_whose_name_cannot_be_said_is_left_out() -> None:
    odd = Fact("LAMP/usb_3", 1, "LAMP", "usb_3", Words(("two",)), "t")
    assert answers.answer(Facts(Topic.FREE, None, (odd,)), "en", "en", variety=0) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_about_another_product_than_the_one_shown_says_its_name(
    language: Language,
) -> None:
    for field in ("price", "material", "stock", "origin"):
        for variety in range(3):
            facts = replace(lamp(language, asked=(field,), offer=False), aside=True)
            said = aired(
                answers.answer(facts, language, language, variety=variety),
                facts, language, language,
            )  # fmt: skip
            told = [item.fact for utterance in said for item in utterance.evidence]
            assert told.count("LAMP/title") == 1, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_products_are_compared_by_both_prices(language: Language) -> None:
    facts = lamp(language, asked=("title", "price"), offer=False)
    title, price = facts.asked
    other = (
        replace(title, id="MUG/title", sku="MUG", field="other_title"),
        replace(price, id="MUG/price", sku="MUG", field="other_price"),
    )
    facts = Facts(Topic.COMPARE, None, (title, price, *other))
    for variety in range(3):
        (said,) = aired(
            answers.answer(facts, language, language, variety=variety), facts, language, language
        )
        assert {item.fact for item in said.evidence} == {fact.id for fact in facts.asked}


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_several_may_be_meant_the_host_asks_back(language: Language) -> None:
    title = lamp(language, asked=("title",)).asked[0]
    more = [replace(title, id=f"L{n}/title", sku=f"L{n}", field=f"title_{n}") for n in (2, 3)]
    for count in (1, 2):
        facts = Facts(Topic.WHICH, None, (title, *more[:count]))
        for variety in range(3):
            (said,) = aired(
                answers.answer(facts, language, language, variety=variety),
                facts, language, language,
            )  # fmt: skip
            assert len(said.evidence) == count + 1
            assert said.written[-1] in "?？"


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_told_with_their_period_and_their_number(language: Language) -> None:
    def figure(field: str, value: Value) -> Fact:
        return Fact(f"LAMP/{field}", 1, "LAMP", field, value, "t")

    day = datetime(2026, 10, 1, tzinfo=UTC)
    sold = [
        figure("sold", Quantity(Decimal(420), "")),
        figure("sold_from", Moment(day)),
        figure("sold_until", Moment(day.replace(month=11))),
    ]
    rated = [
        figure("rating", Quantity(Decimal("4.6"), "")),
        figure("rating_scale", Quantity(Decimal(5), "")),
        figure("reviews", Quantity(Decimal(87), "")),
    ]
    for told in (sold, rated):
        facts = Facts(Topic.FREE, None, tuple(told))
        (said,) = aired(
            answers.answer(facts, language, language, variety=0), facts, language, language
        )
        assert {item.fact for item in said.evidence} == {fact.id for fact in told}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sale_tells_the_lowest_price_of_the_days_before(language: Language) -> None:
    facts = lamp(language, asked=("price",), topic=Topic.PRICE)
    price = facts.asked[0]
    lowest = replace(price, id="LAMP/lowest_30d", field="lowest_30d")
    facts = replace(facts, context=(*facts.context, lowest))
    said = aired(answers.answer(facts, language, language, variety=0), facts, language, language)
    assert "LAMP/lowest_30d" in {item.fact for one in said for item in one.evidence}


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "It costs {price}."), ("fr", "Le prix est de {price}."), ("zh", "价格是{price}。")],
)
def test_a_sentence_said_to_somebody_ends_once(language: Language, text: str) -> None:
    said = wording.addressed(Line(Sentence(text)), "Mei", language, 0)
    assert said is not None
    assert "Mei" in said.written
    assert said.written.rstrip(".。") == said.written[:-1]
