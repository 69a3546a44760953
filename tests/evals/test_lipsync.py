from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from agent.articulate import mouths
from agent.types import REST, Image, Mouth, Phone
from evals.lipsync import Count, LipSync, Seen, compare, gates, report, watch
from models.face import Face, default_host
from tests.spoken import spoken

FPS = 25
PHONES, SECONDS = spoken()
TRACK = mouths(PHONES, SECONDS, FPS)


def shuffled() -> list[Mouth]:
    """The same sounds in another order."""
    order = np.random.default_rng(1).permutation(len(PHONES))
    mixed = [Phone(PHONES[j].symbol, p.start, p.end) for p, j in zip(PHONES, order, strict=True)]
    return mouths(mixed, SECONDS, FPS)


def by_loudness() -> list[Mouth]:
    """A mouth that opens while there is sound and knows nothing of the sounds."""
    voiced = np.zeros(len(TRACK))
    for phone in PHONES:
        voiced[round(phone.start * FPS) : round(phone.end * FPS)] = (
            0.5 if phone.symbol[0] in "æʌɔɑɛiɝaeoəʊ" else 0.25
        )
    return [Mouth(open=float(v)) for v in np.convolve(voiced, [0.25, 0.5, 0.25], "same")]


def film(track: Sequence[Mouth]) -> Iterator[Image]:
    """The default host, moving and blinking, with this mouth."""
    host = default_host()
    face = Face(host, FPS)
    for number, mouth in enumerate(track):
        layer = face.layer(mouth, number)
        backdrop = 200 * (255 - layer[..., 3:].astype(np.uint16)) // 255
        yield layer[..., :3] + backdrop.astype(np.uint8)


def drawn(track: Sequence[Mouth]) -> Seen:
    """What a perfect face and perfect landmarks would show."""
    return Seen(
        np.array([0.01 + 0.3 * m.open for m in track]),
        np.array([0.6 + 0.1 * m.wide for m in track]),
    )


def late(seen: Seen, frames: int) -> Seen:
    return Seen(np.roll(seen.gap, frames), np.roll(seen.width, frames))


def failed(clip: LipSync) -> set[str]:
    return {failure.gate for failure in gates(clip)}


def test_a_mouth_that_follows_its_track_passes() -> None:
    clip = compare(drawn(TRACK), TRACK, PHONES)
    assert gates(clip) == []
    assert clip.open_r == pytest.approx(1)
    assert clip.lag_s == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("frames", [-5, -2, -1, 1, 2, 5])
def test_a_mouth_that_is_a_frame_early_or_late_fails(frames: int) -> None:
    clip = compare(late(drawn(TRACK), frames), TRACK, PHONES)
    assert "lag" in failed(clip)
    assert clip.lag_s == pytest.approx(frames / FPS, abs=0.005)


def test_a_lag_is_found_between_frames() -> None:
    fine = mouths(PHONES, SECONDS, FPS * 4)
    for quarter in (0, 1, 3):
        seen = drawn([fine[max(4 * i + 2 - quarter, 0)] for i in range(len(TRACK))])
        true = [fine[4 * i + 2] for i in range(len(TRACK))]
        clip = compare(seen, true, PHONES)
        assert clip.lag_s == pytest.approx(quarter / 100, abs=0.004)


@pytest.mark.parametrize("track", [shuffled(), [REST] * len(TRACK), by_loudness()])
def test_a_mouth_that_says_something_else_fails(track: list[Mouth]) -> None:
    assert len(failed(compare(drawn(track), TRACK, PHONES))) >= 2


def test_two_missed_closures_fail() -> None:
    seen = drawn(TRACK)
    first, second = [p for p in PHONES if p.symbol in "pbm"][-2:]
    for phone in (first, second):
        seen.gap[int(phone.start * FPS) - 1 : int(phone.end * FPS) + 2] = 0.2
    clip = compare(seen, TRACK, PHONES)
    assert clip.closed.seen == clip.closed.total - 2
    assert "closures" in failed(clip)


def test_a_face_that_is_lost_fails() -> None:
    seen = drawn(TRACK)
    seen.gap[10:13] = seen.width[10:13] = np.nan
    clip = compare(seen, TRACK, PHONES)
    assert failed(clip) == {"detection"}
    nobody = Seen(np.full(len(TRACK), np.nan), np.full(len(TRACK), np.nan))
    assert {"detection", "r(open)", "open vowels"} <= failed(compare(nobody, TRACK, PHONES))


def test_noise_around_a_shut_mouth_is_no_speech() -> None:
    noise = np.random.default_rng(2).normal(0, 0.005, len(TRACK))
    clip = compare(Seen(0.01 + noise, 0.6 + noise), TRACK, PHONES)
    assert clip.vowels.seen == 0


def test_a_film_of_nothing_is_not_measured() -> None:
    with pytest.raises(ValueError, match="no frames"):
        compare(Seen(np.zeros(0), np.zeros(0)), [], [])


def test_silence_has_no_closures_to_miss() -> None:
    assert Count(0, 0).share == 1.0


def test_the_loudness_tells_when_the_whole_track_is_late() -> None:
    rate = 48_000
    sound = np.zeros(int(SECONDS * rate), np.float32)
    for i, mouth in enumerate(TRACK):
        sound[i * rate // FPS : (i + 1) * rate // FPS] = mouth.open * 0.5
    for frames in (0, 5):
        seen = late(drawn(TRACK), frames)
        moved = [*[REST] * frames, *TRACK][: len(TRACK)]
        clip = compare(seen, moved, PHONES, sound=sound, rate=rate)
        assert clip.envelope_lag_s == pytest.approx(frames / FPS, abs=0.03)
        assert "loudness" in report(clip)


@pytest.fixture(scope="module")
def seen() -> Seen:
    return watch(film(TRACK))


@pytest.mark.real
def test_the_default_host_speaks_with_her_lips(seen: Seen) -> None:
    clip = compare(seen, TRACK, PHONES)
    assert gates(clip) == [], report(clip)


@pytest.mark.real
@pytest.mark.parametrize("frames", [-5, -2, 2, 5])
def test_the_default_host_early_or_late_is_caught(seen: Seen, frames: int) -> None:
    clip = compare(late(seen, frames), TRACK, PHONES)
    assert {"lag", "r(open)"} <= failed(clip), report(clip)


@pytest.mark.real
@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (shuffled(), {"r(open)", "closures"}),
        ([REST] * len(TRACK), {"r(open)", "open vowels"}),
        (by_loudness(), {"r(open)", "r(width)"}),
    ],
    ids=["shuffled", "frozen", "loudness"],
)
def test_a_default_host_who_says_something_else_is_caught(
    wrong: list[Mouth], caught: set[str]
) -> None:
    half = len(TRACK) // 2
    clip = compare(watch(film(wrong[:half])), TRACK, [p for p in PHONES if p.end < half / FPS])
    assert caught <= failed(clip), report(clip)
