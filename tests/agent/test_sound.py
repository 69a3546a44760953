"""Sound on its way to the air: nothing lost, cut to frames, each with its mouth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ports import BackendError
from agent.sound import MouthTrack, RoomTone, shown, spoken
from agent.types import AudioChunk, Cue, Language, Phone, Rung, Stream, Utterance
from tests.virtual_time import run_virtual

LINE = Utterance("Hello.", "Hello.", Rung.TEMPLATE)


@dataclass
class Ramp:
    """A voice whose sound counts up, in chunks of given sizes."""

    sizes: Sequence[int]
    rate: int = 250
    phones: tuple[Phone, ...] = ()
    languages: Sequence[Language] = ("en",)

    async def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        start = 1
        for number, size in enumerate(self.sizes):
            sound = np.arange(start, start + size, dtype=np.float32)
            yield AudioChunk(sound, self.rate, self.phones if number == 0 else ())
            start += size


def cues(voice: Ramp, rate: int = 250) -> list[Cue]:
    async def collect() -> list[Cue]:
        return [cue async for cue in spoken(voice, LINE, 25, rate)]

    return run_virtual(collect())


@given(st.lists(st.integers(0, 50), max_size=8).filter(any))
def test_nothing_is_lost_however_the_voice_chunks_its_sound(sizes: list[int]) -> None:
    frames = cues(Ramp(sizes))
    assert all(len(frame.sound) == 10 for frame in frames)
    heard = np.concatenate([frame.sound for frame in frames])
    assert heard[: sum(sizes)].tolist() == list(range(1, sum(sizes) + 1))
    assert not heard[sum(sizes) :].any()
    assert [frame.first for frame in frames] == [True] + [False] * (len(frames) - 1)
    assert [frame.last for frame in frames] == [False] * (len(frames) - 1) + [True]


def test_a_rate_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="22049 Hz"):
        cues(Ramp([10]), rate=22049)


def test_a_voice_without_a_sound_is_an_error() -> None:
    with pytest.raises(BackendError, match="no sound"):
        cues(Ramp([]))


@dataclass
class Tone:
    """A voice that hums at 440 Hz for a second, in uneven chunks."""

    rate: int
    languages: Sequence[Language] = ("en",)

    async def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        wave = np.sin(2 * np.pi * 440 * np.arange(self.rate) / self.rate).astype(np.float32) * 0.5
        for piece in np.array_split(wave, 7):
            yield AudioChunk(piece, self.rate)


@pytest.mark.parametrize("rate", [22_050, 24_000, 48_000])
def test_sound_reaches_the_air_in_pitch_and_without_a_seam(rate: int) -> None:
    async def collect() -> list[Cue]:
        return [cue async for cue in spoken(Tone(rate), LINE, 25, 48_000)]

    heard = np.concatenate([cue.sound for cue in run_virtual(collect())])
    assert abs(len(heard) - 48_000) <= 1_920
    middle = heard[4_800:43_200]
    expected = np.sin(2 * np.pi * 440 * np.arange(4_800, 43_200) / 48_000) * 0.5
    assert np.abs(middle - expected).max() < 0.01


def test_lips_close_on_the_frame_of_their_sound() -> None:
    """A b from 0.40 to 0.48 s into a clause that starts 0.5 s into the utterance."""
    track = MouthTrack(25)
    phones = (Phone("ɑ", 0.1, 0.4), Phone("b", 0.4, 0.48), Phone("ɑ", 0.48, 0.8))
    track.add(AudioChunk(np.zeros(10, np.float32), 24_000, phones), 0.5)
    closed = [n / 25 for n in range(40) if track[n].press > 0.9]
    assert closed
    assert all(0.86 <= at <= 1.0 for at in closed)
    assert max(track[n].open for n in range(16, 21)) > 0.4
    assert track[200].open == 0


def test_a_caption_lasts_and_is_silent() -> None:
    frames = shown(LINE, 2.0, 25, 48_000)
    assert len(frames) == 50
    assert all(frame.silent and not frame.sound.any() for frame in frames)
    assert frames[-1].last


def test_silence_is_never_digital_and_never_heard() -> None:
    tone = RoomTone(48_000, 25)
    room = np.concatenate([tone.under(None, n) for n in range(200)])
    assert 0 < np.abs(room).max() <= 0.001
    assert np.abs(tone.under(np.ones(1920, np.float32), 3)).max() <= 1.0
