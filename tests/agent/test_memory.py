"""What a show remembers, and for how long."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.followups import goes_on
from agent.memory import (
    NAMED_EVERY_S,
    SAME_ROOM_S,
    SAME_VIEWER_S,
    TALK_S,
    VIEWERS,
    VOICE_NOTE_S,
    Memory,
    Wordings,
)
from agent.types import Evidence, Facts, Focus, Product
from tests.agent.rules.lamp import lamp


def told(facts: Facts) -> list[Evidence]:
    return [Evidence(fact.id, fact.version) for fact in facts.asked]


def about(sku: str) -> Facts:
    facts = lamp(asked=("price",))
    return replace(facts, product=Product(sku, 1, facts.context[0], None, None, None, None, None))


@given(st.integers(2, 8), st.integers(1, 60))
def test_a_wording_comes_again_only_when_all_others_have_had_their_turn(
    count: int, uses: int
) -> None:
    wordings, texts = Wordings(), [f"Wording {n}." for n in range(count)]
    said = [wordings.choose(texts) for _ in range(uses)]
    for at, index in enumerate(said):
        assert index not in said[max(0, at - count + 1) : at]


def test_the_same_viewer_is_known_to_have_heard_it_and_the_room_for_a_moment() -> None:
    memory, facts = Memory(), lamp(asked=("price",))
    assert not memory.again("ann", facts, "en", 0.0)
    memory.note("ann", facts, "en", told(facts), None, 10.0)
    assert memory.again("ann", facts, "en", 10.0 + SAME_VIEWER_S - 1)
    assert not memory.again("ann", facts, "en", 10.0 + SAME_VIEWER_S + 1)
    assert memory.again("ben", facts, "en", 10.0 + SAME_ROOM_S - 1)
    assert not memory.again("ben", facts, "en", 10.0 + SAME_ROOM_S + 1)


def test_what_has_changed_since_was_not_said_before() -> None:
    memory, facts = Memory(), lamp(asked=("price",))
    memory.note("ann", facts, "en", told(facts), None, 0.0)
    changed = replace(facts, asked=(replace(facts.asked[0], version=4),))
    assert not memory.again("ann", changed, "en", 1.0)


def test_what_was_asked_and_not_told_was_not_said_before() -> None:
    memory, facts = Memory(), lamp(asked=("price",))
    memory.note("ann", facts, "en", [], None, 0.0)
    assert not memory.again("ann", facts, "en", 1.0)


@pytest.mark.parametrize(
    "line",
    ["and in blue?", "is it heavy", "what about the colours", "et en bleu ?", "elle est lourde ?",
     "蓝色的呢？", "它重吗", "那尺寸呢"],
)  # fmt: skip
def test_a_line_goes_on_from_the_last_question(line: str) -> None:
    assert goes_on(line)


@pytest.mark.parametrize(
    "line",
    ["how much is this?", "is this one heavy", "and number 3?", "price", "est-ce lavable",
     "ce produit est en stock ?", "这款多少钱", "3号呢", "il y a une promo ?"],
)  # fmt: skip
def test_a_line_that_points_at_what_is_shown_does_not(line: str) -> None:
    assert not goes_on(line)


def test_it_is_what_this_viewer_asked_about_until_something_else_is_shown() -> None:
    memory, shown = Memory(), Focus("LAMP", "LAMP")
    memory.note("ann", about("MUG"), "en", [], "LAMP", 0.0)
    assert memory.focus("ann", "and in blue?", shown, 5.0) == Focus("MUG", "LAMP")
    assert memory.focus("ann", "and this in blue?", shown, 5.0) == Focus("LAMP", "MUG")
    assert memory.focus("ben", "and in blue?", shown, 5.0) == shown
    assert memory.focus("ann", "and in blue?", shown, TALK_S + 1) == shown
    moved = Focus("SOAP", "SOAP")
    assert memory.focus("ann", "and in blue?", moved, 5.0) == moved


def test_a_viewer_is_called_by_name_now_and_then() -> None:
    memory = Memory()
    assert memory.calls("ann", 0.0)
    assert not memory.calls("ben", 1.0)  # the answer before was by name
    assert memory.calls("ben", 2.0)
    assert not memory.calls("ann", 3.0)
    assert not memory.calls("ann", 4.0)
    assert memory.calls("ann", NAMED_EVERY_S + 5.0)


def test_that_there_is_no_voice_is_said_once_in_a_while() -> None:
    memory = Memory()
    assert memory.owes_voice_note("fr", 0.0)
    assert not memory.owes_voice_note("fr", VOICE_NOTE_S - 1)
    assert memory.owes_voice_note("zh", 1.0)
    assert memory.owes_voice_note("fr", VOICE_NOTE_S)


def test_of_a_crowd_those_answered_last_are_remembered() -> None:
    memory, facts = Memory(), lamp(asked=("price",))
    for n in range(VIEWERS + 5):
        memory.note(f"viewer {n}", facts, "en", told(facts), None, float(n))
    assert len(memory._viewers) == VIEWERS
    assert memory.again(f"viewer {VIEWERS + 4}", facts, "en", VIEWERS + 5.0)
