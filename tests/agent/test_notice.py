"""Nothing gets around the notice: neither a silent chat, a restart, nor an air that loses it."""

import itertools
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.budget import Budget
from agent.desk import ShowDesk
from agent.ports import BackendError
from agent.rules.fixed import holding_line
from agent.show import Show
from agent.sound import shown
from agent.types import Frame
from tests.agent.test_loop import Script, ask, operator_says, play, stop
from tests.fakes import Air, Hum, Shelf, show
from tests.virtual_time import run_virtual

EVERY, GRACE = 300.0, Budget().notice_grace_s
FEW = 4
"""Frames a second: hours of a show in seconds."""
LONGEST = 15.0
"""Of a notice and of a sentence before it, s."""


def a_show(shelf: Shelf | None = None) -> tuple[Show, Air]:
    stage, air = show(shelf=shelf, budget=Budget(notice_every_s=EVERY, rest_s=1e6))
    few = replace(stage, fps=FEW)
    few.prepared_notice = air.voice.rendered(few.next_notice(), 4.0, FEW)
    return few, air


def notices(air: Air) -> set[str]:
    """The lines of notices that went out."""
    return {frame.utterance.spoken for frame in air.frames if _is_notice(frame) and frame.utterance}


def _is_notice(frame: Frame) -> bool:
    return frame.utterance is not None and frame.utterance.is_notice


def test_the_notice_goes_on_through_two_hours_in_which_nobody_writes() -> None:
    stage, air = a_show()
    told = run_virtual(play(stage, [], 7200.0))
    given_at = [event.at for event in told if event.kind == "notice"]
    assert max(b - a for a, b in itertools.pairwise([*given_at, 7200.0])) <= EVERY + LONGEST
    assert set(air.lines()) == notices(air)


@pytest.mark.parametrize("died_at", [3.0, 30.0, 290.0])
def test_a_show_that_starts_again_begins_with_the_notice(died_at: float) -> None:
    script: Script = [(0.0, ask("How much is the lamp?")), (0.5, stop), (1.0, operator_says("Hi."))]
    for until in (died_at, 30.0):
        stage, air = a_show()
        run_virtual(play(stage, script, until))
        assert air.lines()[0] in notices(air)
        assert stage.notices.count == (until > 10)


@pytest.mark.parametrize("slow", [False, True])
def test_while_the_air_loses_every_notice_nothing_else_is_said(slow: bool) -> None:
    """From when it is overdue by a minute; with a catalog that keeps nobody waiting, and with one
    so slow that the prepared line is played."""
    shelf = Shelf()
    stage, air = a_show(shelf)
    if slow:
        line = holding_line("en", "en")
        stage.prepared_line = list(shown(line, 1.0, FEW, stage.rate))
    air.loses = lambda frame: _is_notice(frame) and frame.number > 30 * FEW
    script: Script = []
    for at in range(40, 500, 20):
        script += [(float(at), ask("How much is the lamp?", f"Ann{at}"))]
        script += [(at + 9.0, operator_says("Have a look at the lamp."))]
    if slow:
        shelf.facts_s = 30.0
    told = run_virtual(play(stage, script, 500.0))
    last = [event.at for event in told if event.kind == "notice"][-1]
    said = [frame.number / FEW for frame in air.frames if frame.utterance and not _is_notice(frame)]
    assert last < 30
    assert any(at < last + EVERY for at in said), "before, questions were answered"
    assert [at for at in said if at > last + EVERY + GRACE] == []


# --- random schedules -------------------------------------------------------------------------

Step = Callable[[ShowDesk], Awaitable[object] | None]


@dataclass(frozen=True)
class Life:
    """One life of a show: from its start until it crashes, or the day ends."""

    lasts: float
    steps: tuple[tuple[float, Step], ...] = ()
    dead: tuple[float, float] = (0.0, 0.0)
    """From when to when the voice fails."""
    lossy: tuple[float, float] = (0.0, 0.0)
    """From when to when the air loses frames."""
    every: int = 1
    """Of the frames of that time, which are lost: each, every second, every seventh..."""


def voice_fails(error: Exception | None) -> Step:
    def turn(desk: ShowDesk) -> None:
        assert isinstance(desk.show.voice, Hum)
        desk.show.voice.fails = error

    return turn


STEPS = st.sampled_from(
    [
        ask("How much is the lamp?"),
        ask("What is it made of?", "Bo"),
        ask("are you real?", "Cy"),
        stop,
        lambda desk: desk.take_over(True),
        lambda desk: desk.take_over(False),
        operator_says("Have a look at the lamp."),
    ]
)
TIME = st.integers(0, 900).map(float)
SPAN = st.tuples(TIME, TIME).map(lambda pair: (min(pair), max(pair)))
LIVES = st.builds(
    Life,
    st.sampled_from([2.0, 7.5, 60.0, 420.0, 900.0]),
    st.lists(st.tuples(TIME, STEPS), max_size=20).map(tuple),
    SPAN,
    SPAN,
    st.sampled_from([1, 2, 7, 101]),
)


@settings(max_examples=4, deadline=None)
@given(st.lists(LIVES, min_size=1, max_size=2))
@example([Life(2.0), Life(800.0, dead=(0.0, 800.0))])
@example([Life(800.0, ((310.0, stop), (311.0, stop)), lossy=(295.0, 700.0), every=7)])
def test_no_schedule_of_crashes_faults_and_orders_gets_around_the_notice(lives: list[Life]) -> None:
    for life in lives:
        stage, air = a_show()
        low, high = (round(at * FEW) for at in life.lossy)
        every = life.every
        air.loses = lambda frame, low=low, high=high, every=every: (
            low <= frame.number < high and frame.number % every == 0
        )
        faults = [
            (life.dead[0], voice_fails(BackendError("gone"))),
            (life.dead[1], voice_fails(None)),
        ]
        script: Script = sorted(
            ((at, step) for at, step in (*life.steps, *faults) if at < life.lasts),
            key=lambda item: item[0],
        )
        told = run_virtual(play(stage, script, life.lasts))
        given_at = [event.at for event in told if event.kind == "notice"]
        sent = {frame.number for frame in air.frames}
        said = [frame for frame in air.frames if frame.utterance]
        # nothing is said before the first notice, nor when one is overdue by a minute
        for frame in said:
            at, before = frame.number / FEW, bisect_right(given_at, frame.number / FEW)
            if not _is_notice(frame):
                assert before, f"{frame.utterance} at {at} s, before any notice"
                assert at - given_at[before - 1] <= EVERY + GRACE + LONGEST
        # a notice counts when every frame of it went out, to its last
        for event in told:
            if event.kind == "notice":
                last = int(event.data["frame"])  # type: ignore[call-overload]
                first = last - 4 * FEW + 1  # of the shortest, the prepared one
                assert set(range(first, last + 1)) <= sent
        # on a sound air it is never late, whatever the voice does
        if life.lossy[0] >= life.lasts or low == high:
            ends = [0.0, *given_at, life.lasts]
            assert all(b - a <= EVERY + LONGEST for a, b in itertools.pairwise(ends))
            assert given_at or life.lasts < LONGEST
