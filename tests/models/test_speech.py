"""What every voice shares, on an engine that hums."""

import asyncio
from collections.abc import Generator
from contextlib import aclosing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ports import BackendError, Voice
from agent.types import AudioChunk, Phone, Rung, Samples, Utterance
from models.speech import Piece, Speaker, joinable, limited

RATE = 1000


class Hum:
    """Says each clause as 0.2 s of silence, 0.1 s of hum a word, and 0.2 s of silence."""

    gain = 1.0

    def __init__(self, fails: BackendError | None = None, size: int = 100) -> None:
        self.fails = fails
        self.size = size
        self.made = 0

    def say(self, clause: str, seed: int) -> Generator[Piece, None, None]:
        if self.fails:
            raise self.fails
        words = len(clause.split())
        hum = np.tile(np.array([0.5, -0.5], np.float32), 50 * words)
        whole = np.concatenate([silence(200), hum, silence(200)])
        phones = tuple(Phone("m", 0.2 + i / 10, 0.3 + i / 10) for i in range(words))
        for at in range(0, len(whole), self.size):
            self.made += 1
            part = whole[at : at + self.size]
            yield Piece(part, () if at else phones, last=at + self.size >= len(whole))


def silence(length: int) -> Samples:
    return np.zeros(length, np.float32)


def utterance(text: str) -> Utterance:
    return Utterance(text, text, Rung.TEMPLATE)


def fits(voice: Speaker) -> Voice:
    return voice


def test_pauses_are_the_hosts_and_not_the_engines() -> None:
    chunks = list(Speaker(Hum, RATE).chunks("It is blue, and it is warm."))
    clauses = [chunk for chunk in chunks if chunk.phones]
    assert [len(chunk.phones) for chunk in clauses] == [3, 4]
    sound = np.concatenate([chunk.samples for chunk in chunks])
    quiet = np.abs(sound) < 0.01
    assert len(sound) == pytest.approx(300 + 130 + 400 + 320, abs=100)
    assert quiet[-320:].all()


@given(st.integers(1, 700), st.integers(0, 300), st.integers(0, 300))
def test_how_the_engine_cuts_its_sound_changes_nothing(size: int, before: int, after: int) -> None:
    whole = np.concatenate([silence(before), np.full(500, 0.5, np.float32), silence(after)])
    phones = (Phone("m", before / RATE, (before + 500) / RATE),)

    def joined(size: int) -> tuple[Samples, tuple[Phone, ...]]:
        parts = [whole[at : at + size] for at in range(0, len(whole), size)]
        pieces = [
            Piece(part, () if i else phones, last=i == len(parts) - 1)
            for i, part in enumerate(parts)
        ]
        done = list(joinable(iter(pieces), RATE, 0.1))
        return np.concatenate([piece.samples for piece in done]), done[0].phones

    sound, timed = joined(size)
    assert timed[0].start == pytest.approx(min(before, 15) / RATE, abs=0.006)
    assert timed[0].end * RATE <= len(sound) + 1e-6
    assert abs(np.abs(sound[-1])) < 0.02
    loud = np.flatnonzero(np.abs(sound) > 0.25)
    assert len(loud) == pytest.approx(500, abs=20)


def test_silence_from_the_engine_is_no_sound() -> None:
    assert not list(joinable(iter([Piece(silence(300), last=True)]), RATE, 0.3))


@given(st.floats(-50, 50, width=32))
def test_nothing_is_louder_than_full(value: float) -> None:
    assert abs(float(limited(np.array([value], np.float32))[0])) < 1


def test_a_voice_speaks_in_its_own_thread() -> None:
    async def listen() -> list[AudioChunk]:
        async with aclosing(fits(Speaker(Hum, RATE)).speak(utterance("It is blue."))) as sound:
            return [chunk async for chunk in sound]

    chunks = asyncio.run(listen())
    assert chunks[0].phones
    assert all(chunk.rate == RATE for chunk in chunks)


def test_closing_the_stream_stops_the_engine_at_its_next_piece() -> None:
    engine = Hum()

    async def listen() -> None:
        speaker = Speaker(lambda: engine, RATE)
        async with aclosing(speaker.speak(utterance("one two three, " * 50))) as sound:
            await anext(sound)

    asyncio.run(listen())
    assert engine.made <= 4


def test_an_engine_that_fails_costs_the_turn_only() -> None:
    voice = Speaker(lambda: Hum(BackendError("no breath")), RATE)
    with pytest.raises(BackendError, match="no breath"):
        asyncio.run(voice.warm())


@pytest.mark.parametrize("text", ["", "   ", "😀👍", "...", "\x00\x07"])
def test_nothing_to_say_is_no_sound_and_loads_nothing(text: str) -> None:
    def load() -> Hum:
        raise AssertionError("must not load")

    assert not list(Speaker(load, RATE).chunks(text))
