"""The whole show on fakes and virtual time."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.budget import Budget
from agent.desk import ShowDesk
from agent.disclosure import NoticeOverdueError
from agent.ledger import verify
from agent.loop import run
from agent.ports import BackendError
from agent.rules.fixed import holding_line
from agent.show import Show
from agent.types import Event, Rung
from tests.fakes import FPS, Air, Hum, Paper, Parrot, Shelf, show
from tests.virtual_time import run_virtual

Script = list[tuple[float, Callable[[ShowDesk], Awaitable[object] | None]]]


def ask(text: str, author: str = "Ann") -> Callable[[ShowDesk], Awaitable[object]]:
    return lambda desk: desk.ask(author, text)


def operator_says(text: str) -> Callable[[ShowDesk], Awaitable[object]]:
    return lambda desk: desk.say(text, "en")


def stop(desk: ShowDesk) -> None:
    desk.stop()


async def play(stage: Show, script: Script, until: float) -> list[Event]:
    """Run *stage*, doing each step of *script* at its second; end at *until*."""
    desk = ShowDesk(stage, None, Shelf())
    told: list[Event] = []

    async def follow() -> None:
        async for event in stage.hub.events():
            told.append(event)

    async with asyncio.TaskGroup() as tasks:
        listener = tasks.create_task(follow())
        tasks.create_task(run(stage))
        clock = asyncio.get_running_loop().time
        for at, step in script:
            await asyncio.sleep(at - clock())
            result = step(desk)
            if result is not None:
                await result
        await asyncio.sleep(until - clock())
        stage.ended.set()
        listener.cancel()
    stage.ledger.close()
    return told


def after_notice(air: Air) -> list[str]:
    """What was said after the opening notice."""
    return air.lines()[1:]


PRICE_ASKED: Script = [(20.0, ask("How much is the lamp?"))]


async def test_the_notice_is_the_first_thing_said() -> None:
    stage, air = show()
    await play(stage, [(0.1, ask("How much is the lamp?"))], 40)
    first, second, *_ = air.lines()
    assert "AI" in first
    assert "Test Shop" in first
    assert "twenty-nine" in second


async def test_a_price_is_answered_before_the_writer_has_said_a_word() -> None:
    stage, air = show(Parrot({}, first_token_s=5))
    await play(stage, PRICE_ASKED, 30)
    at, line = air.heard()[1]
    assert "twenty-nine dollars and ninety cents" in line
    assert at <= 20.0 + 0.3


async def test_what_the_writer_adds_follows_without_a_gap() -> None:
    writer = Parrot({"What is it made of?": "It is made of {material}. It goes well with a desk."})
    stage, air = show(writer)
    await play(stage, [(20.0, ask("What is it made of?"))], 40)
    assert len(after_notice(air)) >= 1
    spoken = [at for at, line in air.log if line and at > 19]
    assert len(spoken) == round((spoken[-1] - spoken[0]) * FPS) + 1


async def test_air_never_skips_a_frame() -> None:
    stage, air = show()
    await play(stage, PRICE_ASKED, 30)
    gaps = {round(b - a, 6) for (a, _), (b, _) in itertools.pairwise(air.log)}
    assert gaps == {1 / FPS}
    assert [frame.number for frame in air.frames] == list(range(len(air.frames)))


async def test_a_slow_publisher_does_not_slow_the_air() -> None:
    stage, air = show()
    air.send_s = 0.03
    await play(stage, [], 10)
    assert len(air.log) == 10 * FPS


async def test_a_number_of_the_writers_own_is_never_spoken() -> None:
    writer = Parrot({"What about it?": "It is only nine dollars! It lasts 12 years."})
    stage, air = show(writer)
    told = await play(stage, [(20.0, ask("What about it?"))], 40)
    assert not [line for line in after_notice(air) if "only nine" in line or "12" in line]
    assert after_notice(air), "a grounded line takes its place"
    assert [event for event in told if event.kind == "refused"]


async def test_a_dead_writer_costs_its_words_and_not_the_answer() -> None:
    writer = Parrot({"What is it made of?": "never"}, fails=BackendError("vLLM is down"))
    stage, air = show(writer)
    await play(stage, [(20.0, ask("What is it made of?"))], 30)
    assert "solid oak" in after_notice(air)[0]


async def test_a_writer_that_dies_in_mid_sentence_leaves_whole_sentences() -> None:
    writer = Parrot(
        {"What about it?": "It is made of {material}. It comes with"},
        fails=BackendError("killed"),
        fails_after=6,
    )
    stage, air = show(writer)
    await play(stage, [(20.0, ask("What about it?"))], 40)
    assert all("comes with" not in line for line in air.lines())
    assert len(after_notice(air)) >= 1


async def test_a_writer_too_slow_gets_a_template_in_its_place() -> None:
    stage, air = show(Parrot({"What about it?": "Late."}, first_token_s=30))
    await play(stage, [(20.0, ask("What about it?"))], 40)
    at, line = air.heard()[1]
    assert line != "Late."
    assert at <= 20.0 + stage.budget.first_frame_s + 0.2


async def test_a_catalog_that_does_not_answer_costs_one_turn() -> None:
    shelf = Shelf(facts_s=60)
    stage, air = show(shelf=shelf)
    stage.prepared_line = air.voice.rendered(stage.next_notice(), 1.0)
    told = await play(stage, PRICE_ASKED, 40)
    assert len(after_notice(air)) == 1
    assert [event.data["rungs"] for event in told if event.kind == "answered"]


async def test_without_a_voice_the_answer_is_shown() -> None:
    voice = Hum()
    stage, air = show(voice=voice)

    def breaks(desk: ShowDesk) -> None:
        voice.fails = BackendError("the voice is gone")

    told = await play(stage, [(19.0, breaks), *PRICE_ASKED], 40)
    assert not after_notice(air)
    paper = stage.stage
    assert isinstance(paper, Paper)
    assert any("$29.90" in scene.caption for scene in paper.scenes)
    assert [e.data["rung"] for e in told if e.kind == "said"][-1] == Rung.CAPTION


async def test_a_voice_that_fails_on_the_notice_does_not_cost_it() -> None:
    stage, air = show()
    voice = air.voice
    voice.fails = BackendError("the voice is gone")
    await play(stage, [], 30)
    assert stage.notices.count == 1
    assert "AI" in air.lines()[0]


async def test_a_price_that_changed_in_the_queue_never_airs() -> None:
    shelf = Shelf()
    stage, air = show(shelf=shelf)
    stage.voice.first_chunk_s = 0.5  # type: ignore[attr-defined]

    def dearer(desk: ShowDesk) -> None:
        shelf.change_price("35.50")

    told = await play(stage, [*PRICE_ASKED, (20.3, dearer)], 40)
    said = after_notice(air)
    assert not [line for line in said if "twenty-nine" in line]
    assert "thirty-five dollars and fifty cents" in said[0]
    assert [event.kind for event in told if event.kind == "withdrawn"] == ["withdrawn"]


async def test_the_operator_stops_the_host_within_a_frame() -> None:
    stage, air = show()
    await play(stage, [*PRICE_ASKED, (21.0, stop)], 40)
    assert not [at for at, line in air.log if line and at > 21.0 + 1.5 / FPS]


async def test_nothing_stops_the_notice() -> None:
    stage, air = show()
    stops: Script = [(0.5 + n, stop) for n in range(6)]
    await play(stage, stops, 30)
    assert stage.notices.count == 1
    whole = len(air.lines()[0].split()) * 0.4
    assert len([1 for _, line in air.log if line]) == round(whole * FPS)


async def test_while_taken_over_nobody_is_answered_but_the_operator_speaks() -> None:
    stage, air = show()
    script: Script = [
        (15.0, lambda desk: desk.take_over(True)),
        *PRICE_ASKED,
        (25.0, operator_says("Have a look at the lamp.")),
        (35.0, ask("are you a real person?")),
    ]
    await play(stage, script, 60)
    said = after_notice(air)
    assert "Have a look at the lamp." in said[0]
    assert "AI" in said[1]
    assert not [line for line in said if "twenty-nine" in line]


async def test_the_operator_cannot_say_what_is_not_so() -> None:
    stage, air = show()
    told = await play(stage, [(20.0, operator_says("It costs only five dollars today!"))], 40)
    assert not after_notice(air)
    assert [event.data["rule"] for event in told if event.kind == "refused"]


async def test_who_asks_whether_the_host_is_real_goes_first() -> None:
    stage, air = show()
    script: Script = [
        (20.0, ask("How much is the lamp?", "Ann")),
        (20.1, ask("What is it made of?", "Ben")),
        (20.2, ask("are you a bot?", "Cem")),
    ]
    await play(stage, script, 60)
    said = after_notice(air)
    identity = next(n for n, line in enumerate(said) if "AI" in line)
    oak = next(n for n, line in enumerate(said) if "oak" in line)
    assert identity < oak


async def test_the_same_question_twice_is_answered_once() -> None:
    stage, air = show()
    script: Script = [
        (0.2, ask("How much is the lamp?", "Ann")),
        (0.3, ask("how much is the lamp", "Ben")),
    ]
    told = await play(stage, script, 40)
    assert len([line for line in air.lines() if "twenty-nine" in line]) == 1
    assert {"merged"} == {event.data["reason"] for event in told if event.kind == "dropped"}


async def test_a_stale_question_is_not_answered() -> None:
    stage, air = show(budget=Budget(stale_s=2.0, rest_s=1e6))
    told = await play(stage, [(0.1, ask("How much is the lamp?"))], 40)
    assert not after_notice(air)
    assert {"expired"} == {event.data["reason"] for event in told if event.kind == "dropped"}


async def test_a_picture_without_its_label_is_never_sent() -> None:
    stage, air = show()
    stage.slate = np.ones((2, 2, 3), np.uint8)
    stage.labelled = lambda image: False
    await play(stage, [], 5)
    assert all(frame.image.all() for frame in air.frames)
    assert stage.stats["slates"] >= len(air.frames)


async def test_a_bug_ends_the_show() -> None:
    stage, _ = show(Parrot({}, fails=KeyError("bug")))
    with pytest.raises(ExceptionGroup) as caught:
        await play(stage, [(20.0, ask("What about it?"))], 30)
    assert caught.group_contains(KeyError)


async def test_a_stopped_turn_is_closed_before_the_next_begins() -> None:
    writer = Parrot({"What about it?": "word " * 100})
    stage, _ = show(writer)
    script: Script = [
        (20.0, ask("What about it?")),
        (20.5, stop),
        (20.6, ask("What about it?")),
    ]
    await play(stage, script, 40)
    assert (writer.opened, writer.most_open, writer.open) == (2, 1, 0)


async def test_nobody_in_chat_gets_a_word_on_the_product_now_and_then() -> None:
    stage, air = show(budget=Budget(rest_s=30.0))
    await play(stage, [], 120)
    assert 2 <= len(after_notice(air)) <= 12


async def test_the_record_holds_a_sentence_before_it_airs() -> None:
    stage, _ = show()
    await play(stage, PRICE_ASKED, 40)
    assert not list(verify(stage.ledger.path))
    kinds = [json.loads(line)["kind"] for line in stage.ledger.path.read_text().splitlines()]
    cleared = [n for n, kind in enumerate(kinds) if kind == "cleared"]
    said = [n for n, kind in enumerate(kinds) if kind == "said"]
    assert len(cleared) == len(said)
    assert all(a < b for a, b in zip(cleared, said, strict=True))


STEPS = st.sampled_from(
    [
        ask("How much is the lamp?"),
        ask("What about it?"),
        ask("are you real?"),
        stop,
        lambda desk: desk.take_over(True),
        lambda desk: desk.take_over(False),
        operator_says("Have a look at the lamp."),
    ]
)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), STEPS), max_size=25), st.booleans())
def test_no_schedule_gets_around_the_notice(
    steps: list[tuple[int, Callable[[ShowDesk], Awaitable[object] | None]]], dead: bool
) -> None:
    """Whatever chat and operator do in a quarter of an hour, and with a dead writer too."""
    every = 300.0
    writer = Parrot({"What about it?": "It is made of {material}. " * 30})
    if dead:
        writer.fails = BackendError("down")
    stage, air = show(writer, budget=Budget(notice_every_s=every, rest_s=1e6))
    script: Script = [(float(at), step) for at, step in sorted(steps, key=lambda item: item[0])]
    told = run_virtual(play(stage, script, 1000.0))
    given_at = [event.at for event in told if event.kind == "notice"]
    assert given_at
    spoken_before = [line for at, line in air.log if line and at < given_at[0]]
    assert len(set(spoken_before)) == 1
    grace = stage.budget.notice_grace_s
    for before, after in itertools.pairwise([*given_at, 1000.0]):
        assert after - before <= every + grace + 15


async def test_the_card_is_that_of_the_product_spoken_of() -> None:
    stage, _ = show()
    await play(stage, PRICE_ASKED, 40)
    paper = stage.stage
    assert isinstance(paper, Paper)
    spoken_of = [scene.card for scene in paper.scenes if "$29.90" in scene.caption]
    assert spoken_of
    assert all(card is not None and card.sku == "LAMP-01" for card in spoken_of)
    assert paper.scenes[0].card is None, "nothing is pinned in this show"


async def test_a_notice_that_lost_a_frame_of_its_sound_is_given_again() -> None:
    stage, air = show()
    air.loses = lambda frame: frame.number == 60
    await play(stage, [], 40)
    assert stage.notices.count == 1
    assert len([1 for _, line in air.log if line]) > 1.5 * len(air.lines()[0].split()) * 0.4 * FPS


async def test_nothing_is_cleared_for_the_air_while_a_notice_is_long_overdue() -> None:
    stage, _ = show()
    line = holding_line("en", "en")
    with pytest.raises(NoticeOverdueError):
        await stage.clear_to_air(line, None)
    await stage.clear_to_air(stage.next_notice(), None)
    now = asyncio.get_running_loop().time()
    stage.notices.played(now)
    await stage.clear_to_air(line, None)
    stage.notices.played(now - stage.budget.notice_every_s - stage.budget.notice_grace_s - 1)
    with pytest.raises(NoticeOverdueError):
        await stage.clear_to_air(line, None)
    stage.ledger.close()
