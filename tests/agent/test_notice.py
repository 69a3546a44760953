"""Nothing gets around the notice: neither a silent chat, a restart, nor an air that loses it."""

import itertools
from dataclasses import replace

import pytest

from agent.budget import Budget
from agent.rules.fixed import holding_line
from agent.show import Show
from agent.sound import shown
from agent.types import Frame
from tests.agent.test_loop import Script, ask, operator_says, play, stop
from tests.fakes import Air, Shelf, show
from tests.virtual_time import run_virtual

EVERY, GRACE = 300.0, Budget().notice_grace_s
FEW = 4
"""Frames a second: hours of a show in seconds."""
LONGEST = 15.0
"""Of a notice and of a sentence before it, s."""


def a_show(shelf: Shelf | None = None) -> tuple[Show, Air]:
    stage, air = show(shelf=shelf, budget=Budget(notice_every_s=EVERY, rest_s=1e6))
    few = replace(stage, fps=FEW)
    few.prepared_notice = list(shown(few.next_notice(), 4.0, FEW, few.rate))
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
