"""Do the lips fit in the film that viewers get? ``python -m evals.lips_published [--voice NAME]``

A voice speaks, the stage draws, the show's own encoder makes H.264 of it and its own writer an MP4;
that file is decoded and measured (``evals.lipsync``). Then the same with mouths that are wrong: too
early or late, made of the same sounds in another order, frozen, or driven by loudness. The exit
code is 0 where every voice passes all gates and every wrong mouth breaks one.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.articulate import mouths, mouths_from_sound
from agent.compose import Stage
from agent.publish.encoder import Encoder, Encoding, to_i420
from agent.publish.movie import Movie
from agent.sound import spoken
from agent.types import REST, AudioChunk, Cue, Mouth, Phone, Rung, Samples, Scene, Stream, Utterance
from evals import video
from evals.lipsync import LipSync, Seen, compare, gates, watch
from models.face import Face, default_host
from models.speech import Speaker
from models.voices import load_voice

FPS, RATE = 25, 48_000
WORDS = (
    "This lamp is made of bamboo and brass, and the shade is linen. "
    "You can put it by your bed, or on a table in the hall. "
    "For my part, I would buy five of them. Some people put a lamp above the map of their home. "
    "The box has a bulb, a plug and a pamphlet, and my mum would be happy with a big one. "
    "Ask about the box, the jar or the palm, and I will stop and tell you all about them."
)
SHIFTS = (-2, -1, 1, 2)
"""Frames by which the pictures are moved against the sound."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a voice said, at the air's rate, and the sounds that it said it would make."""

    cues: list[Cue]
    phones: list[Phone]

    @property
    def sound(self) -> Samples:
        return np.concatenate([cue.sound for cue in self.cues])

    @property
    def shown(self) -> list[Mouth]:
        return [cue.mouth for cue in self.cues]

    @property
    def track(self) -> list[Mouth]:
        """The mouths that the sounds ask for, worked out from the whole at once."""
        return mouths(self.phones, len(self.cues) / FPS, FPS)


class _Overheard:
    """A voice, and its sounds timed from the first sample of all that it says."""

    def __init__(self, voice: Speaker) -> None:
        self._voice = voice
        self.languages, self.rate = voice.languages, voice.rate
        self.phones: list[Phone] = []

    async def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        at = 0.0
        async with aclosing(self._voice.speak(utterance)) as chunks:
            async for chunk in chunks:
                self.phones += [Phone(p.symbol, p.start + at, p.end + at) for p in chunk.phones]
                at += len(chunk.samples) / chunk.rate
                yield chunk


def say(name: str, words: str = WORDS, home: Path = Path(".candor")) -> Said:
    """*words* in the voice *name*. Raises BackendError."""
    heard = _Overheard(load_voice(name, home=home))
    utterance = Utterance(words, words, Rung.PREPARED)

    async def cues() -> list[Cue]:
        async with aclosing(spoken(heard, utterance, FPS, RATE)) as air:
            return [cue async for cue in air]

    return Said(asyncio.run(cues()), heard.phones)


def publish(said: Said, shown: Sequence[Mouth], file: Path) -> None:
    """The film of a host whose mouth is *shown* while the sound of *said* is heard."""
    stage = Stage(Face(default_host(), FPS), "en")
    encoder = Encoder(Encoding(fps=FPS, rate=RATE))
    scene = Scene(caption="This lamp is made of bamboo and brass.", speaking=True)
    movie = Movie(file, encoder.header, "evals", file.stem)
    try:
        for number, (cue, mouth) in enumerate(zip(said.cues, shown, strict=True)):
            picture = to_i420(stage.draw(scene, mouth, number))
            for packet in encoder.encode(number, picture, cue.sound, key=number % 50 == 0):
                movie.write(packet)
        for packet in encoder.close():
            movie.write(packet)
    finally:
        movie.close()


def look(file: Path) -> tuple[Seen, Samples]:
    """The mouth in each decoded picture of *file*, and its decoded sound."""
    film = video.read(file)
    if film.sound is None:
        raise ValueError(f"{file} has no sound")
    return watch(film.images()), film.sound


def wrong(said: Said) -> dict[str, list[Mouth]]:
    """Mouths that do not say what is heard."""
    order = np.random.default_rng(1).permutation(len(said.phones))
    mixed = [
        Phone(said.phones[j].symbol, phone.start, phone.end)
        for phone, j in zip(said.phones, order, strict=True)
    ]
    count = len(said.cues)
    loud = mouths_from_sound(said.sound, RATE, FPS)
    return {
        "sounds shuffled": mouths(mixed, count / FPS, FPS),
        "frozen": [REST] * count,
        "loudness only": [*loud, *[REST] * count][:count],
    }


def cases(said: Said, folder: Path, name: str) -> Iterator[tuple[str, LipSync]]:
    """The voice as it airs, then each way to be wrong."""
    measured = _measuring(said, folder / f"{name}.mp4")
    seen, sound = measured(said.shown)
    yield f"{name}", _compare(seen, sound, said)
    for frames in SHIFTS:
        moved = Seen(np.roll(seen.gap, frames), np.roll(seen.width, frames))
        yield f"{frames * 1000 // FPS:+d} ms", _compare(moved, sound, said)
    for case, shown in wrong(said).items():
        seen, sound = _measuring(said, folder / f"{name}-{case.split()[-1]}.mp4")(shown)
        yield case, _compare(seen, sound, said)


def _measuring(said: Said, file: Path) -> Callable[[Sequence[Mouth]], tuple[Seen, Samples]]:
    def measured(shown: Sequence[Mouth]) -> tuple[Seen, Samples]:
        publish(said, shown, file)
        return look(file)

    return measured


def _compare(seen: Seen, sound: Samples, said: Said) -> LipSync:
    return compare(seen, said.track, said.phones, FPS, sound, RATE)


def row(case: str, clip: LipSync) -> str:
    """One line of the table."""
    failed = ", ".join(failure.gate for failure in gates(clip)) or "none"
    loud = "" if clip.envelope_r is None else f"{clip.envelope_r:.2f}"
    return (
        f"| {case} | {clip.open_r:.3f} | {clip.lag_s * 1000:+.0f} | {clip.width_r:.3f} | "
        f"{clip.closed.seen}/{clip.closed.total} | {clip.vowels.seen}/{clip.vowels.total} | "
        f"{loud} | {failed} |"
    )


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.lips_published", description=__doc__)
    parser.add_argument("--voice", nargs="+", default=["hibari"], help="hibari, coqui")
    parser.add_argument("--out", type=Path, help="keep the films in this folder")
    arguments = parser.parse_args(words)
    right = True
    with tempfile.TemporaryDirectory() as passing:
        folder: Path = arguments.out or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        print(
            "| case | r(open) | lag ms | r(width) | closures | open vowels | r(loudness) | broken |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for name in arguments.voice:
            for case, clip in cases(say(name), folder, name):
                print(row(case, clip), flush=True)
                right &= bool(gates(clip)) is not (case == name)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
