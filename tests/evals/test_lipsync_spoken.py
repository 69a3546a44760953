"""From words to lips: a real voice, the real stage, and the lips read back from the picture."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from agent.articulate import mouths
from agent.compose import Stage
from agent.ports import Voice
from agent.sound import spoken
from agent.types import (
    AudioChunk,
    Cue,
    Image,
    Language,
    Phone,
    Rung,
    Samples,
    Scene,
    Stream,
    Utterance,
)
from evals.lipsync import compare, gates, report, watch
from evals.phonetimes import lag
from models.face import Face, default_host
from models.voices import load_voice

FPS, RATE = 25, 48_000
WORDS = (
    "This lamp is made of bamboo and brass, and the shade is linen. "
    "You can put it by your bed, or on a table in the hall. "
    "For my part, I would buy five of them."
)


@dataclass
class Overheard:
    """A voice, and the sounds that it said it would make, timed from its first sample."""

    voice: Voice
    phones: list[Phone]

    @property
    def languages(self) -> Sequence[Language]:
        return self.voice.languages

    @property
    def rate(self) -> int:
        return self.voice.rate

    async def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        at = 0.0
        async with aclosing(self.voice.speak(utterance)) as chunks:
            async for chunk in chunks:
                self.phones += [Phone(p.symbol, p.start + at, p.end + at) for p in chunk.phones]
                at += len(chunk.samples) / chunk.rate
                yield chunk


@dataclass(frozen=True)
class Clip:
    cues: list[Cue]
    phones: list[Phone]

    @property
    def sound(self) -> Samples:
        return np.concatenate([cue.sound for cue in self.cues])

    def film(self) -> Iterator[Image]:
        stage = Stage(Face(default_host(), FPS), "en")
        scene = Scene(caption="This lamp is made of bamboo and brass.", speaking=True)
        for number, cue in enumerate(self.cues):
            yield stage.draw(scene, cue.mouth, number)


def say(name: str) -> Clip:
    heard = Overheard(load_voice(name, home=Path(".candor")), [])

    async def cues() -> list[Cue]:
        async with aclosing(
            spoken(heard, Utterance(WORDS, WORDS, Rung.PREPARED), FPS, RATE)
        ) as air:
            return [cue async for cue in air]

    return Clip(asyncio.run(cues()), heard.phones)


@pytest.mark.real
@pytest.mark.parametrize("name", ["hibari"])
def test_the_host_on_the_stage_says_what_the_voice_says(name: str) -> None:
    clip = say(name)
    track = mouths(clip.phones, len(clip.cues) / FPS, FPS)
    measured = compare(watch(clip.film()), track, clip.phones, FPS, sound=clip.sound, rate=RATE)
    assert gates(measured) == [], report(measured)
    assert measured.closed.total >= 10
    assert measured.vowels.total >= 5
    late_s, fits = lag(clip.sound, RATE, clip.phones)
    assert abs(late_s) <= 0.03, "the voice makes its sounds when it says so"
    assert fits > 0.4
