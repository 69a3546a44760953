"""The notice's clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.disclosure import NoticeClock


def test_the_first_notice_is_due_at_once_and_silences_until_then() -> None:
    clock = NoticeClock(600, 60)
    assert clock.due(0.0)
    assert clock.silences(0.0)
    clock.played(8.0)
    assert not clock.due(8.0)
    assert not clock.silences(8.0)


@pytest.mark.parametrize("every_s", [0, -1, 299, 901, 1e9, float("nan")])
def test_the_clock_cannot_be_set_out_of_bounds(every_s: float) -> None:
    with pytest.raises(ValueError, match="300 to 900"):
        NoticeClock(every_s, 60)


@given(st.lists(st.floats(0, 1e5), min_size=1).map(sorted), st.floats(0, 2e5))
def test_due_is_counted_from_the_last_notice_played(played: list[float], now: float) -> None:
    clock = NoticeClock(600, 60)
    for at in played:
        clock.played(at)
    assert clock.due(now) == (now >= played[-1] + 600)
    assert clock.silences(now) == (now > played[-1] + 660)


@given(st.floats(0, 2000))
def test_a_notice_asked_for_again_comes_sooner_and_never_later(now: float) -> None:
    clock = NoticeClock(600, 60)
    clock.repeat(now)
    assert clock.silences(now), "nothing was played yet"
    clock.played(0.0)
    before = clock.due_in(now)
    clock.repeat(now)
    assert clock.due(now)
    assert clock.due_in(now) <= before
