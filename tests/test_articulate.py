import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.articulate import TARGETS, mouths, mouths_from_sound
from agent.types import REST, Mouth, Phone

FPS = 25
LIPS = {"p", "b", "m"}
VOWELS = {"a", "ɑ", "ʌ", "æ", "ɐ"}

symbols = st.sampled_from([*TARGETS, "aɪ", "oʊ", "tʃ", "ɑ̃", "tɕʰ", "", " ", "☂"])
timed = st.lists(st.tuples(symbols, st.floats(0.02, 0.3)), max_size=30)


def phones(timed: list[tuple[str, float]], start: float = 0.1) -> tuple[list[Phone], float]:
    found = []
    for symbol, length in timed:
        found.append(Phone(symbol, start, start + length))
        start += length
    return found, start


@settings(deadline=None, max_examples=150)
@given(timed, st.floats(0, 0.5))
def test_every_p_b_and_m_is_seen_closed(sounds: list[tuple[str, float]], after: float) -> None:
    spoken, end = phones(sounds)
    curve = mouths(spoken, end + after, FPS)
    for phone in spoken:
        if phone.symbol in LIPS:
            frames = range(int((phone.start - 0.04) * FPS), int((phone.end + 0.03) * FPS) + 1)
            seen = [curve[i] for i in frames if 0 <= i < len(curve)]
            assert any(m.press == 1 and m.open == 0 for m in seen), phone


@settings(deadline=None, max_examples=100)
@given(timed, st.floats(0, 0.5))
def test_a_mouth_never_leaves_its_dials(sounds: list[tuple[str, float]], after: float) -> None:
    spoken, end = phones(sounds)
    curve = mouths(spoken, end + after, FPS)
    assert len(curve) == int(np.ceil((end + after) * FPS - 1e-6))
    for m in curve:
        assert -1 <= m.wide <= 1
        for dial in (m.open, m.press, m.lip_teeth, m.tongue, m.hush):
            assert 0 <= dial <= 1


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(VOWELS)), min_size=1, max_size=8))
def test_an_open_vowel_opens_the_mouth(vowels: list[str]) -> None:
    spoken, end = phones([(s, 0.12) for vowel in vowels for s in ("t", vowel, "p")])
    curve = mouths(spoken, end + 0.2, FPS)
    for phone in spoken:
        if phone.symbol in VOWELS:
            frames = range(int(phone.start * FPS), int(phone.end * FPS) + 1)
            assert max(curve[i].open for i in frames) > 0.4


def test_a_round_vowel_puckers_and_a_spread_one_spreads() -> None:
    assert mouths([Phone("u", 0.0, 0.4)], 0.4, FPS)[5].wide < -0.8
    assert mouths([Phone("i", 0.0, 0.4)], 0.4, FPS)[5].wide > 0.7


def test_a_diphthong_moves_from_its_first_vowel_to_its_second() -> None:
    curve = mouths([Phone("aʊ", 0.0, 0.4)], 0.4, FPS)
    assert curve[2].open > curve[8].open + 0.3
    assert curve[2].wide > curve[8].wide + 0.5


def test_the_mouth_rests_before_after_and_in_a_pause() -> None:
    curve = mouths([Phone("a", 0.6, 0.8), Phone("a", 1.6, 1.8)], 2.6, FPS)
    for second in (0.1, 1.2, 2.4):
        m = curve[int(second * FPS)]
        assert m.open < 0.02
        assert abs(m.wide) < 0.05
        assert m.press == 0


def test_an_unknown_sound_looks_like_a_schwa() -> None:
    assert mouths([Phone("☂Ω", 0.0, 0.3)], 0.3, FPS) != [REST] * 8
    assert mouths([Phone("ж", 0.0, 0.3)], 0.3, FPS) == mouths([Phone("ə", 0.0, 0.3)], 0.3, FPS)


def test_marks_of_stress_length_and_nasality_change_nothing() -> None:
    bare = mouths([Phone("ɑ", 0.0, 0.3)], 0.3, FPS)
    for marked in ("ˈɑ", "ɑː", "ɑ̃"):
        assert mouths([Phone(marked, 0.0, 0.3)], 0.3, FPS) == bare


def test_no_sound_is_no_frame_and_silence_is_rest() -> None:
    assert mouths([], 0.0, FPS) == []
    assert mouths([], 0.4, FPS) == [REST] * 10
    assert mouths_from_sound(np.zeros(0, np.float32), 24_000, FPS) == []
    assert mouths_from_sound(np.zeros(2_400, np.float32), 24_000, FPS) == [Mouth()] * 3


def test_sound_alone_opens_the_mouth_where_it_is_loud() -> None:
    t = np.arange(24_000) / 24_000
    burst = (np.sin(2 * np.pi * 200 * t) * (np.abs(t - 0.5) < 0.2)).astype(np.float32)
    curve = mouths_from_sound(burst, 24_000, FPS)
    assert len(curve) == 25
    assert curve[12].open > 0.6
    assert curve[1].open < 0.05
