"""A viewer who says "and the mug?" is told of the mug what they were told before of the lamp."""

import asyncio

import pytest

from agent.ellipsis import Matter, completed, left, matter
from agent.memory import TALK_S, Memory
from agent.types import Facts, Focus, Language
from catalog.store import Store


def after(store: Store, lines: list[str], language: Language, shown: str) -> Facts:
    """What is known of the last of *lines*, said by one viewer one after the other."""

    async def talk() -> Facts:
        memory, focus = Memory(), Focus(shown, shown)
        facts = None
        for now, line in enumerate(lines):
            about = memory.focus("Ann", line, focus, now)
            facts = await completed(
                line,
                await store.facts(line, language, about),
                memory.before("Ann", now),
                about,
                language,
                lambda whole, where: store.facts(whole, language, where),
            )
            memory.note("Ann", facts, language, (), shown, now)
        assert facts is not None
        return facts

    return asyncio.run(talk())


@pytest.mark.parametrize(
    ("language", "lines", "told"),
    [
        ("en", ["how much is the lamp?", "and the mug?"], {"HP-MUG/price"}),
        ("en", ["how much is the lamp?", "and the throw?"], {"HP-THROW/price_from"}),
        ("en", ["what is the kettle made of", "what about the socks"], {"HP-SOCKS/material"}),
        ("en", ["how heavy is the speaker?", "how about the earbuds"], {"HP-BUDS/weight"}),
        (
            "en",
            ["do you ship to France?", "and Canada?"],
            {"shop/delivery_region/CA", "shop/delivery_days/CA", "shop/delivery_fee/CA"},
        ),
        ("fr", ["combien coûte la lampe ?", "et la tasse ?"], {"HP-MUG/price"}),
        ("zh", ["台灯多少钱", "那马克杯呢"], {"HP-MUG/price"}),
    ],
)
def test_what_a_line_leaves_out_is_what_the_viewer_asked_before(
    store: Store, language: Language, lines: list[str], told: set[str]
) -> None:
    assert {fact.id for fact in after(store, lines, language, "HP-LAMP").asked} == told


def test_a_size_is_that_of_the_colour_just_asked_for(store: Store) -> None:
    facts = after(store, ["do you have it in navy?", "in L?", "and XL?"], "en", "HP-TEE")
    assert {fact.id for fact in facts.asked} >= {"HP-TEE/stock/HP-TEE-N-XL"}


@pytest.mark.parametrize(
    "lines",
    [
        ["tell me about the mug", "and the lamp?"],
        ["who are you", "and the lamp?"],
        ["and the lamp?"],
    ],
)
def test_where_nothing_was_asked_before_the_product_is_introduced(
    store: Store, lines: list[str]
) -> None:
    facts = after(store, lines, "en", "HP-SOAP")
    assert "HP-LAMP/title" in {fact.id for fact in facts.asked}


@pytest.mark.parametrize("line", ["and where?", "and who?", "and you?", "and the phone?"])
def test_what_names_nothing_that_there_is_gets_no_answer_to_the_old_question(
    store: Store, line: str
) -> None:
    assert not after(store, ["how much is the lamp?", line], "en", "HP-LAMP").asked


def test_a_question_of_its_own_is_left_as_it_is(store: Store) -> None:
    lines = ["how much is the lamp?", "and what is the mug made of?"]
    assert [fact.field for fact in after(store, lines, "en", "HP-LAMP").asked] == ["material"]


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("and the mug?", "en", "the mug"),
        ("ok, what about number 3", "en", "number 3"),
        ("how about for the socks?!", "en", "the socks"),
        ("the mug", "en", None),
        ("android phone?", "en", None),
        ("and could you tell me all about the mug please", "en", None),
        ("et la Héron ?", "fr", "la Héron"),
        ("étagère ?", "fr", None),
        ("那耳机呢？", "zh", "耳机"),
        ("耳机呢", "zh", "耳机"),
        ("耳机", "zh", None),
    ],
)
def test_a_line_leaves_out_its_question_or_does_not(
    text: str, language: Language, named: str | None
) -> None:
    assert left(text, language) == named


def test_what_was_told_is_forgotten_after_a_while(store: Store) -> None:
    memory = Memory()
    facts = asyncio.run(store.facts("how much is the lamp?", "en", Focus("HP-LAMP", "HP-LAMP")))
    memory.note("Ann", facts, "en", (), "HP-LAMP", 10.0)
    assert memory.before("Ann", 11.0) == matter(facts)
    assert memory.before("Ann", 11.0 + TALK_S) == Matter()
    assert memory.before("Ben", 11.0) == Matter()
