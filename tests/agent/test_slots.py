import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.numerals import cardinal
from agent.plaintext import fold
from agent.rules.numbers import chinese, words_to_number
from agent.slots import SlotError, ear, eye, fill, say, show, slot_names
from agent.types import (
    LANGUAGES,
    Fact,
    Language,
    Moment,
    Money,
    Quantity,
    Span,
    Value,
    Words,
)


def fact(value: Value, field: str = "price") -> Fact:
    return Fact(f"X/{field}", 1, "X", field, value, "test")


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("value", "language", "spoken", "written"),
    [
        (euros("24.90"), "en", "twenty-four euros ninety", "€24.90"),
        (euros("24.05"), "en", "twenty-four euros and five cents", "€24.05"),
        (euros("1.00"), "en", "one euro", "€1.00"),
        (euros("0"), "en", "zero euros", "€0.00"),
        (euros("0.90"), "en", "ninety cents", "€0.90"),
        (euros("0.01"), "en", "one cent", "€0.01"),
        (euros("1299"), "en", "one thousand two hundred and ninety-nine euros", "€1,299.00"),
        (Money(Decimal("24.9000"), "USD"), "en", "twenty-four dollars and ninety cents", "$24.90"),
        (Money(Decimal("24.90"), "GBP"), "en", "twenty-four pounds ninety", "£24.90"),
        (Money(Decimal(3000), "JPY"), "en", "three thousand yen", "¥3,000"),
        (Money(Decimal("24.90"), "CNY"), "en", "twenty-four point nine yuan", "CN¥24.90"),
        (Money(Decimal(2), "CHF"), "en", "two Swiss francs", "CHF2.00"),
        (euros("24.90"), "fr", "vingt-quatre euros quatre-vingt-dix", "24,90 €"),
        (euros("1.50"), "fr", "un euro cinquante", "1,50 €"),
        (euros("80"), "fr", "quatre-vingts euros", "80,00 €"),
        (euros("1000000"), "fr", "un million d'euros", "1 000 000,00 €"),
        (Money(Decimal(21), "GBP"), "fr", "vingt et une livres", "21,00 £GB"),
        (Money(Decimal("24.90"), "CNY"), "zh", "二十四块九", "24.90元"),
        (Money(Decimal("24.95"), "CNY"), "zh", "二十四块九毛五", "24.95元"),
        (Money(Decimal("24.05"), "CNY"), "zh", "二十四块零五分", "24.05元"),
        (Money(Decimal("0.50"), "CNY"), "zh", "五毛", "0.50元"),
        (Money(Decimal("2"), "CNY"), "zh", "两元", "2.00元"),
        (euros("24.90"), "zh", "二十四点九欧元", "€24.90"),
        (euros("0.1234"), "en", "zero point one two three four euros", "0.1234 EUR"),
        (Quantity(Decimal(1), "day"), "en", "one day", "1 day"),
        (Quantity(Decimal("12.5"), "cm"), "en", "twelve point five centimetres", "12.5 cm"),
        (Quantity(Decimal(1), "month"), "fr", "un mois", "1 mois"),
        (Quantity(Decimal(21), "hour"), "fr", "vingt et une heures", "21 heures"),
        (Quantity(Decimal(2), "day"), "zh", "两天", "2天"),
        (Quantity(Decimal(50), "%"), "zh", "百分之五十", "50%"),
        (Quantity(Decimal(1005), "g"), "zh", "一千零五克", "1,005 g"),
        (Quantity(Decimal(12), ""), "en", "twelve", "12"),
        (Quantity(Decimal(3), "sachet"), "en", "three sachet", "3 sachet"),
        (Span(Decimal(3), Decimal(5), "day"), "en", "three to five days", "3–5 days"),
        (Span(Decimal(3), Decimal(5), "day"), "fr", "trois à cinq jours", "3 à 5 jours"),
        (Span(Decimal(2), Decimal(5), "day"), "zh", "两到五天", "2–5天"),
        (Span(Decimal(2), Decimal(2), "week"), "en", "two weeks", "2 weeks"),
        (Words(("white", "navy", "sand")), "en", "white, navy and sand", "white, navy and sand"),
        (Words(("blanc", "noir"), "fr"), "fr", "blanc et noir", "blanc et noir"),
        (Words(("白", "黑", "沙"), "zh"), "zh", "白、黑和沙", "白、黑和沙"),
        (Words(("S", "XL")), "en", "S and X L", "S and XL"),
        (Words(("USB-C, 65 W",)), "en", "U S B C, sixty-five watts", "USB-C, 65 W"),
        (
            Words(("12 x 30.5 cm",)),
            "en",
            "twelve by thirty point five centimetres",
            "12 x 30.5 cm",
        ),
        (Words(("EN71-0923",)), "en", "E N seventy-one zero nine two three", "EN71-0923"),
    ],
)
def test_a_fact_is_said_and_shown_as_people_do(
    value: Value, language: Language, spoken: str, written: str
) -> None:
    assert ear(fact(value), language) == spoken
    shown = eye(fact(value), language)
    assert re.sub(r"[\u00a0\u202f]", " ", shown) == written


@pytest.mark.parametrize(
    ("hour", "minute", "en", "fr", "zh"),
    [
        (17, 0, "at six in the evening", "à dix-huit heures", "晚上六点"),
        (11, 0, "at noon", "à midi", "中午十二点"),
        (8, 5, "at nine oh five in the morning", "à neuf heures cinq", "上午九点零五分"),
        (12, 30, "at one thirty in the afternoon", "à treize heures trente", "下午一点三十分"),
        (22, 59, "at eleven fifty-nine at night", "à vingt-trois heures cinquante-neuf",
         "晚上十一点五十九分"),
    ],
)  # fmt: skip
def test_a_moment_is_said_in_the_shops_zone(
    hour: int, minute: int, en: str, fr: str, zh: str
) -> None:
    moment = Moment(datetime(2026, 11, 27, hour, minute, tzinfo=UTC), "Europe/Paris")
    assert say(moment, "en") == f"Friday, November twenty-seventh, twenty twenty-six, {en}"
    assert say(moment, "fr") == f"vendredi vingt-sept novembre deux mille vingt-six {fr}"
    assert say(moment, "zh") == f"二零二六年十一月二十七日星期五{zh}"


def test_midnight_belongs_to_the_day_that_begins() -> None:
    moment = Moment(datetime(2026, 11, 30, 23, 0, tzinfo=UTC), "Europe/Paris")
    assert say(moment, "en") == "Tuesday, December first, twenty twenty-six, at midnight"
    assert say(moment, "fr") == "mardi premier décembre deux mille vingt-six à minuit"


def test_a_yes_or_no_is_not_said_by_a_slot() -> None:
    for render in (ear, eye):
        with pytest.raises(SlotError):
            render(fact(True), "en")


def test_slots_are_filled_by_name() -> None:
    slots = {"price": fact(euros("5"))}
    filled = fill("{price} it is: {price}.", slots, lambda found: ear(found, "en"))
    assert filled == "Five euros it is: five euros."
    assert slot_names("{price}, {list_price} and {Bad} {") == ["price", "list_price"]
    with pytest.raises(SlotError, match="stock"):
        fill("{stock}", slots, lambda found: ear(found, "en"))


# --- what is said, heard again, is the same number ------------------------------------------------


def heard(spoken: str, language: Language) -> Decimal:
    """The amount of a spoken price or quantity."""
    if language == "zh":
        if found := re.fullmatch(r"(.*)块(?:(.)毛?)?(?:零?(.)分?)?", spoken):
            parts = [chinese(part) if part else Decimal(0) for part in found.groups()]
            assert all(part is not None for part in parts)
            if re.search("零.分", spoken):
                return (parts[0] or Decimal(0)) + (parts[2] or parts[1] or Decimal(0)) / 100
            return sum(
                (part or Decimal(0)) / 10**place for place, part in enumerate(parts)
            ) or Decimal(0)
        if found := re.fullmatch(r"(?:(.)毛)?(?:(.)分?)?", spoken):
            tens, ones = (chinese(part) if part else Decimal(0) for part in found.groups())
            return (tens or Decimal(0)) / 10 + (ones or Decimal(0)) / 100
        number = chinese(re.sub(r"[^零一二两三四五六七八九十百千万亿点]", "", spoken))
        assert number is not None
        return number
    major = r"euros?|dollars?|pounds?|livres?|yens?|yuans?"
    text = re.sub(r" d'| de ", " ", spoken)
    text = re.sub(r" (?:pence|penny|cents?|centimes?)$", " ¢", text)
    whole, _, rest = re.sub(rf" (?:{major})\b", "|", text).partition("|")
    if whole.endswith("¢"):
        return _number(whole.removesuffix(" ¢"), language) / 100
    rest = re.sub(r"^ (?:and |et )?", "", rest).removesuffix(" ¢")
    return _number(whole, language) + (_number(rest, language) / 100 if rest else 0)


def _number(text: str, language: Language) -> Decimal:
    whole, _, fraction = re.sub(r" (?:point|virgule) ", "|", fold(text)).partition("|")
    value = words_to_number(whole, language)
    digits = [words_to_number(digit, language) for digit in fraction.split()]
    assert value is not None
    return Decimal(f"{value}.{''.join(str(digit) for digit in digits)}") if digits else value


@given(
    st.decimals(0, 10**6, places=2),
    st.sampled_from(["EUR", "USD", "GBP", "CNY", "JPY"]),
    st.sampled_from(LANGUAGES),
)
def test_a_price_heard_again_is_the_same(
    amount: Decimal, currency: str, language: Language
) -> None:
    spoken = say(Money(amount, currency), language)
    assert not any(char.isdigit() for char in spoken)
    assert heard(spoken, language) == amount


@given(st.decimals(0, 10**8, places=3), st.sampled_from(LANGUAGES))
def test_a_number_heard_again_is_the_same(number: Decimal, language: Language) -> None:
    spoken = cardinal(number, language)
    assert (chinese(spoken) if language == "zh" else _number(spoken, language)) == number


@given(st.decimals(0, 10**6, places=2), st.sampled_from(LANGUAGES))
def test_a_price_read_again_is_the_same(amount: Decimal, language: Language) -> None:
    shown = show(Money(amount, "EUR"), language)
    digits = re.sub(r"[^\d.,]", "", shown)
    plain = digits.replace(",", ".") if language == "fr" else digits.replace(",", "")
    assert Decimal(plain) == amount


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_any_words_of_a_merchant_can_be_said_without_a_digit(text: str, language: Language) -> None:
    assert not re.search(r"[0-9]", say(Words((text,)), language))
