"""How many ask: said once, from three up, and never more than there are."""

import asyncio

import pytest

from agent import tally
from agent.askers import MOST, Askers
from agent.rules import vet
from agent.types import LANGUAGES, Evidence, Language, Rung, Utterance
from tests.agent.test_loop import Script, after_notice, ask, play
from tests.fakes import Shelf, show


def askers(count: int) -> Askers:
    return Askers(*[f"Viewer {n}" for n in range(count)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("heard", LANGUAGES)
@pytest.mark.parametrize("count", [3, 12, 199, 500])
def test_the_gate_lets_every_count_through(count: int, language: Language, heard: Language) -> None:
    who = Askers()
    for number in range(count):
        who.add(str(number))
    for variety in range(3):
        counted = tally.line(who, "m1", language, heard, variety)
        assert counted is not None
        line, facts = counted
        said = vet(line, facts, rung=Rung.FACT, language=language, voice_language=heard)
        assert isinstance(said, Utterance)
        assert tally.counts(said)
        assert said.evidence == (Evidence("asked:m1", min(count, MOST)),)


def test_two_are_not_counted_aloud() -> None:
    assert tally.line(askers(2), "m1", "en", "en", 0) is None


def test_beyond_what_is_kept_the_host_says_more_than() -> None:
    who = askers(MOST)
    who.add("one more")
    counted = tally.line(who, "m1", "en", "en", 0)
    assert counted is not None
    assert counted[0].written.startswith("More than")


def test_a_count_of_another_answer_or_of_more_than_asked_is_stale() -> None:
    said = Evidence("asked:m1", 4)
    assert not tally.stale(said, askers(4), "m1")
    assert not tally.stale(said, askers(9), "m1")
    assert tally.stale(said, askers(3), "m1")
    assert tally.stale(said, askers(4), "m2")
    assert tally.stale(said, None, "")


def crowd(text: str, count: int) -> Script:
    """The first question keeps the host busy while *count* ask *text*."""
    return [
        (20.0, ask("What is it made of?", "Zoe")),
        *[(20.1, ask(text, f"Viewer {chr(97 + n)}")) for n in range(count)],
    ]


async def test_the_host_says_once_how_many_ask_and_then_answers() -> None:
    stage, air = show()
    await play(stage, crowd("How much is the lamp?", 5), 50)
    counts = [line for line in after_notice(air) if "of you" in line]
    assert [line.split()[0] for line in counts] == ["Five"]
    lines = after_notice(air)
    assert "twenty-nine" in lines[lines.index(counts[0]) + 1]


async def test_the_answer_to_two_does_not_count_them() -> None:
    stage, air = show()
    await play(stage, crowd("How much is the lamp?", 2), 50)
    assert not [line for line in air.lines() if "of you" in line]


async def test_a_price_that_changes_after_the_count_is_answered_anew_without_it() -> None:
    shelf = Shelf()
    stage, air = show(shelf=shelf)

    async def cheaper(_: object) -> None:
        while "of you" not in air.lines()[-1]:  # noqa: ASYNC110 - the air signals to nobody
            await asyncio.sleep(0.04)
        shelf.change_price("19.90")

    await play(stage, [*crowd("How much is the lamp?", 4), (20.2, cheaper)], 60)
    lines = after_notice(air)
    assert sum("of you" in line for line in lines) == 1
    assert "nineteen" in lines[-1]
    assert not any("twenty-nine" in line for line in lines)


async def test_a_count_does_not_make_an_open_question_answered() -> None:
    stage, _ = show()
    noted: list[tuple[str, int]] = []

    class Kept:
        def note(self, text: str, language: Language, sku: str, asked: int) -> None:
            noted.append((text, asked))

    stage.questions = Kept()
    stage.replies._kept = True
    await play(stage, crowd("Does it float in water?", 3), 60)
    assert ("Does it float in water?", 3) in noted
