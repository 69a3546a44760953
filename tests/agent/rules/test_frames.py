"""Facts in a host's own words, and talk that is not about the product."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from agent.rules.chatter import chatters
from agent.rules.day import spoken_ends
from agent.rules.frames import framed
from agent.types import Fact, Language, Moment, Quantity
from evals.honesty import product

PARIS = ZoneInfo("Europe/Paris")

FRAMES: tuple[tuple[Language, str, str], ...] = (
    ("en", "PAN", "the <title> weighs <weight> on my scales"),
    ("en", "PAN", "<diameter> across"),
    ("en", "TRN", "there you've got <pieces> in the box"),
    ("fr", "PAN", "la garantie dure <warranty_months>"),
    ("fr", "TRN", "dans la boite il y a <pieces>"),
    ("zh", "PAN", "保修<warranty_months>"),
    ("zh", "BUD", "还剩<stock>"),
)
NO_FRAMES: tuple[tuple[Language, str, str], ...] = (
    ("en", "PAN", "it weighs <capacity>"),  # no such fact
    ("en", "PAN", "the warranty runs <weight>"),  # a word of another kind of fact
    ("en", "PAN", "it weighs more than <weight>"),
    ("en", "PAN", "the lid weighs <weight>"),
    ("en", "PAN", "it does not weigh <weight>"),
    ("en", "PAN", "two of them weigh <weight>"),
    ("en", "PAN", "we come from <origin>"),
    ("en", "TEA", "it has <rating> and all who write say the same"),
    ("en", "JMP", "the <material> is from <origin>"),
    ("fr", "PAN", "la garantie ne dure pas <warranty_months>"),
    ("fr", "PAN", "la garantie dure au moins <warranty_months>"),
    ("fr", "PAN", "nous venons de <origin>"),
    ("zh", "PAN", "保修不到<warranty_months>"),
    ("zh", "PAN", "我是<origin>来的"),
)
CHATTER: tuple[tuple[Language, str], ...] = (
    ("en", "i'm scrolling up to your question"),
    ("en", "we have plenty to talk about this evening"),
    ("fr", "je lis vos messages petit a petit"),
    ("zh", "我慢慢念大家的留言"),
)
NO_CHATTER: tuple[tuple[Language, str], ...] = (
    ("en", "you can cook anything tonight"),
    ("en", "i see you all in your kitchen"),
    ("en", "everyone in the chat is ordering"),
    ("en", "i cook fish on sunday evening"),
    ("en", "you will love your evening"),
    ("en", "your kitchen needs it"),
    ("fr", "je vous vois dans le salon"),
    ("fr", "je cuisine le dimanche soir"),
    ("fr", "vous pouvez tout cuire ce soir"),
    ("zh", "我看见你们在厨房"),
    ("zh", "大家都在下单呢"),
    ("zh", "我周末做饭给你们吃"),
)


@pytest.mark.parametrize(("language", "sku", "clause"), FRAMES)
def test_a_fact_may_be_said_in_words_that_only_frame_it(
    language: Language, sku: str, clause: str
) -> None:
    assert framed(clause, product(sku, language).slots(), language)


@pytest.mark.parametrize(("language", "sku", "clause"), NO_FRAMES)
def test_what_bends_denies_counts_or_moves_a_fact_is_no_frame(
    language: Language, sku: str, clause: str
) -> None:
    assert not framed(clause, product(sku, language).slots(), language)


@pytest.mark.parametrize(("language", "clause"), CHATTER)
def test_talk_of_the_chat_and_the_evening_is_chatter(language: Language, clause: str) -> None:
    assert chatters(clause, product("PAN", language).slots(), language)


@pytest.mark.parametrize(("language", "clause"), NO_CHATTER)
def test_talk_that_claims_a_body_a_crowd_or_a_use_is_no_chatter(
    language: Language, clause: str
) -> None:
    assert not chatters(clause, product("PAN", language).slots(), language)


def test_a_length_without_a_word_is_told_only_where_the_product_has_no_other() -> None:
    slots = dict(product("PAN", "en").slots())
    assert framed("<diameter>", slots, "en")
    slots["height"] = Fact("PAN/height", 1, "PAN", "height", Quantity(Decimal(6), "cm"), "a table")
    assert not framed("<diameter>", slots, "en")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "until {day} evening"), ("fr", "jusqu'a {day} soir"), ("zh", "到{day}晚上")],
)
def test_an_offers_day_is_named_only_when_it_is_the_next_of_that_name(
    language: Language, said: str
) -> None:
    days: dict[Language, tuple[str, ...]] = {
        "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    }
    coming = (datetime.now(PARIS) + timedelta(days=3)).replace(hour=20, minute=0)
    text = said.format(day=days[language][coming.weekday()])
    for at, found in (
        (coming, 1),
        (coming + timedelta(days=1), 0),
        (coming + timedelta(days=7), 0),
        (coming - timedelta(days=7), 0),
    ):
        ends = Fact("X/offer_ends", 1, "X", "offer_ends", Moment(at, "Europe/Paris"), "a table")
        assert len(spoken_ends(text, ends, language)) == found
