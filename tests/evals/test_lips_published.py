"""The measurement of published lips: which mouths are wrong, and what its table says."""

from pathlib import Path

import numpy as np
import pytest

from agent.types import REST, Cue, Mouth, Phone, Rung, Utterance
from evals import video
from evals.lips_published import FPS, RATE, Said, publish, row, wrong
from evals.lipsync import Count, LipSync

FRAMES = 30


@pytest.fixture(scope="module")
def said() -> Said:
    sound = np.zeros(RATE // FPS, np.float32)
    hum = np.full(RATE // FPS, 0.2, np.float32)
    utterance = Utterance("Mapo.", "Mapo.", Rung.PREPARED)
    cues = [
        Cue(hum if 10 <= n < 20 else sound, REST, utterance, n == 0, n == FRAMES - 1)
        for n in range(FRAMES)
    ]
    phones = [Phone(s, 0.4 + 0.1 * n, 0.5 + 0.1 * n) for n, s in enumerate("mapofi")]
    return Said(cues, phones)


def test_each_wrong_mouth_is_as_long_as_what_is_heard(said: Said) -> None:
    for case, shown in wrong(said).items():
        assert len(shown) == FRAMES, case


def test_wrong_mouths_differ_from_what_the_sounds_ask_for(said: Said) -> None:
    assert all(shown != said.track for shown in wrong(said).values())


def test_what_is_published_is_as_many_pictures_as_were_said_with_their_sound(
    said: Said, tmp_path: Path
) -> None:
    publish(said, said.track, tmp_path / "said.mp4")
    film = video.read(tmp_path / "said.mp4")
    assert sum(1 for _ in film.images()) == FRAMES
    assert film.sound is not None
    loud = np.abs(film.sound)
    assert loud[: RATE // 4].max() < 0.02 < loud[RATE // 2 : RATE * 7 // 10].max()


def test_a_row_names_the_gates_that_broke() -> None:
    late = LipSync(100, 1.0, 0.95, 0.95, 0.08, 0.8, Count(9, 10), Count(5, 5))
    assert row("late", late).endswith("| closures, lag |")
    good = LipSync(100, 1.0, 0.95, 0.95, 0.0, 0.8, Count(10, 10), Count(5, 5), 0.5)
    assert row("good", good).endswith("| 0.50 | none |")


def test_a_mouth_is_shown_for_each_moment_that_is_heard(said: Said, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="shorter"):
        publish(said, [Mouth()] * (FRAMES - 1), tmp_path / "short.mp4")
