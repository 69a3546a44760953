"""Speaks utterances clause by clause through one engine: joints, pauses, loudness and threads.

An engine only turns one clause into sound; what is the same for all of them is here.
"""

import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from agent.streams import in_thread
from agent.types import AudioChunk, Language, Phone, Samples, Stream, Utterance
from models.clauses import clauses, pause_after
from models.lexicon import pronounceable, shop_words
from models.phones import moved

_WINDOW_S: Final = 0.005
_QUIET: Final = 0.006
"""Of the clause's peak, -44 dB: what is below it at either end is silence."""
_LEAD_S: Final = 0.015
_TAIL_S: Final = 0.03
_FADE_IN_S: Final = 0.004
_FADE_OUT_S: Final = 0.02
_KNEE: Final = 0.75
"""Louder than this is bent softly towards 1, which it never reaches."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a clause's sound, as the engine made it."""

    samples: Samples
    phones: tuple[Phone, ...] = ()
    """All phones of the clause, with its first piece, timed from its first sample."""
    last: bool = False


class Engine(Protocol):
    """A synthesiser, loaded. Used from one thread."""

    @property
    def gain(self) -> float:
        """What brings this engine to about -16 LUFS, measured over the shop sentences."""
        ...

    def say(self, clause: str, seed: int) -> Generator[Piece, None, None]:
        """The sound of *clause* in pieces, the last marked so; none if nothing can be said. Equal
        arguments give equal sound. Raises BackendError."""
        ...


class Speaker:
    """A voice: ``agent.ports.Voice``. The engine is loaded in the voice's own thread, by the first
    that speaks or by *warm*, and works in no other."""

    def __init__(
        self,
        load: Callable[[], Engine],
        rate: int,
        languages: Sequence[Language] = ("en",),
        seed: int = 0,
        words: Mapping[str, str] | None = None,
    ) -> None:
        self._load = load
        self._rate = rate
        self._languages = tuple(languages)
        self._seed = seed
        self._words = shop_words() if words is None else words
        self._engine: Engine | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="voice")

    @property
    def languages(self) -> Sequence[Language]:
        return self._languages

    @property
    def rate(self) -> int:
        return self._rate

    def speak(self, utterance: Utterance) -> Stream[AudioChunk]:
        """The sound of ``utterance.spoken`` in pieces as they are made, each clause's pause at its
        end. Nothing at all if there is nothing to say. Closing it stops the engine at its next
        piece. Raises BackendError."""
        return in_thread(lambda: self.chunks(utterance.spoken), self._pool)

    async def warm(self) -> None:
        """Load the engine and let it speak once unheard, so that the first clause of the show is
        not slow. Raises BackendError."""
        unheard = in_thread(lambda: self.chunks("Hello, and welcome to the show."), self._pool)
        async with aclosing(unheard) as sound:
            async for _ in sound:
                pass

    def close(self) -> None:
        """Let the thread go; what is being spoken ends at its next piece."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def chunks(self, text: str) -> Generator[AudioChunk, None, None]:
        """As *speak*, blocking, in the caller's thread."""
        said = clauses(pronounceable(text, self._words))
        if not said:
            return
        if self._engine is None:
            self._engine = self._load()
        for clause in said:
            seed = zlib.crc32(clause.encode(), self._seed) & 0x7FFF_FFFF
            for piece in joinable(self._engine.say(clause, seed), self._rate, pause_after(clause)):
                yield AudioChunk(
                    limited(piece.samples * self._engine.gain), self._rate, piece.phones
                )


def joinable(pieces: Iterator[Piece], rate: int, pause_s: float) -> Generator[Piece, None, None]:
    """One clause's *pieces* without the silence at its ends, faded there, then *pause_s* of
    silence. Phones are moved along; the sound never ends before its last phone does."""
    held = np.zeros(0, np.float32)  # silence that may turn out to be the end
    phones: tuple[Phone, ...] = ()
    peak, sent, begun = 0.0, 0, False
    for piece in pieces:
        samples = np.concatenate([held, piece.samples])
        peak = max(peak, float(np.abs(samples).max(initial=0.0)))
        phones = phones or piece.phones
        start, end = sounding(samples, rate, peak)
        first = not begun and end > 0
        if first:
            cut = max(0, start - int(_LEAD_S * rate))
            samples = faded(samples[cut:], int(_FADE_IN_S * rate), 0)
            phones = moved(phones, -cut / rate, float("inf"))
            end -= cut
            begun = True
        if piece.last and begun:
            spoken = int(np.ceil(phones[-1].end * rate)) - sent if phones else 0
            samples = samples[: max(end + int(_TAIL_S * rate), spoken)]
            samples = faded(samples, 0, int(_FADE_OUT_S * rate))
            short = max(0, spoken - len(samples))
            end = len(samples) + short + int(pause_s * rate)
            samples = np.pad(samples, (0, end - len(samples)))
        held = samples[end:]
        if end:
            yield Piece(samples[:end], phones if first else (), piece.last)
            sent += end


def sounding(samples: Samples, rate: int, peak: float) -> tuple[int, int]:
    """Where sound begins and ends in *samples*, to 5 ms; (0, 0) if all is silence. *peak* is what
    its loudness is judged by."""
    window = int(_WINDOW_S * rate)
    whole = np.pad(samples, (0, -len(samples) % window)).reshape(-1, window)
    loud = np.flatnonzero(np.abs(whole).max(axis=1, initial=0.0) > max(_QUIET * peak, 1e-4))
    if not len(loud):
        return 0, 0
    return int(loud[0]) * window, min(len(samples), (int(loud[-1]) + 1) * window)


def faded(samples: Samples, fade_in: int, fade_out: int) -> Samples:
    """A copy of *samples* that begins and ends softly, over so many samples (raised cosine)."""
    result = samples.astype(np.float32, copy=True)
    fade_in, fade_out = min(fade_in, len(result)), min(fade_out, len(result))
    if fade_in:
        result[:fade_in] *= _rise(fade_in)
    if fade_out:
        result[-fade_out:] *= _rise(fade_out)[::-1]
    return result


def limited(samples: Samples) -> Samples:
    """*samples* with peaks bent softly so that none reaches 1; sample by sample, so pieces and
    whole come out alike."""
    size = np.abs(samples)
    bent = _KNEE + (1 - _KNEE) * np.tanh((size - _KNEE) / (1 - _KNEE)) * 0.98
    return np.where(size > _KNEE, np.copysign(bent, samples), samples).astype(np.float32)


def _rise(length: int) -> Samples:
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)
    return rise.astype(np.float32)
