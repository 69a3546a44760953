import pytest

from agent.types import Phone
from models.phones import ESPEAK, HIBARI, PHONES, moved, timed


def of(sounds: list[tuple[str, float]], table: dict[str, str]) -> list[tuple[str, float, float]]:
    return [(p.symbol, round(p.start, 3), round(p.end, 3)) for p in timed(sounds, table)]


@pytest.mark.parametrize("table", [HIBARI, ESPEAK])
def test_tables_lead_to_sounds_that_a_mouth_knows(table: dict[str, str]) -> None:
    assert set(table.values()) <= PHONES


def test_hibaris_capitals_are_diphthongs() -> None:
    sounds = [("#", 0.3), ("ˈ", 0.05), ("A", 0.1), (" ", 0.05), ("ʤ", 0.1), ("#", 0.2)]
    assert of(sounds, dict(HIBARI)) == [("eɪ", 0.3, 0.5), ("dʒ", 0.5, 0.6)]


def test_espeaks_letters_join_to_one_sound_within_a_word_only() -> None:
    joined = [("t", 0.1), ("", 0.1), ("ʃ", 0.1), ("", 0.1), ("e", 0.1), ("ɪ", 0.1), ("ː", 0.1)]
    assert of(joined, dict(ESPEAK)) == [("tʃ", 0.0, 0.4), ("eɪ", 0.4, 0.7)]
    apart = [("t", 0.1), (" ", 0.1), ("ʃ", 0.1)]
    assert of(apart, dict(ESPEAK)) == [("t", 0.0, 0.2), ("ʃ", 0.2, 0.3)]


def test_a_long_comma_is_a_gap_and_a_short_one_is_not() -> None:
    assert of([("m", 0.1), (",", 0.2), ("m", 0.1)], {}) == [("m", 0.0, 0.1), ("m", 0.3, 0.4)]
    assert of([("m", 0.1), (",", 0.05), ("m", 0.1)], {}) == [("m", 0.0, 0.15), ("m", 0.15, 0.25)]


def test_an_unknown_sign_is_no_sound() -> None:
    assert of([("µ", 0.1), ("m", 0.1), ("µ", 0.1)], {}) == [("m", 0.1, 0.3)]


def test_phones_moved_out_of_the_sound_are_left_out() -> None:
    phones = (Phone("m", 0.0, 0.25), Phone("a", 0.25, 0.5), Phone("p", 1.0, 1.5))
    kept = (Phone("a", 0.0, 0.25), Phone("p", 0.75, 1.0))
    assert moved(phones, -0.25, 1.0) == kept
