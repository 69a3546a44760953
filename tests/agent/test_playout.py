"""The clock of the air, and what waits for it."""

import asyncio
from contextlib import aclosing

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agent.playout import Playout, ticks
from agent.types import REST, Cue, Evidence, Rung, Utterance
from tests.virtual_time import run_virtual

FACT = Utterance("It costs.", "It costs.", Rung.FACT, (Evidence("LAMP/price", 1),))
OTHER = Utterance("It is nice.", "It is nice.", Rung.MODEL)
NOTICE = Utterance("I am an AI.", "I am an AI.", Rung.NOTICE)


def cues(utterance: Utterance, count: int = 3) -> list[Cue]:
    sound = np.zeros(10, np.float32)
    return [Cue(sound, REST, utterance, n == 0, n == count - 1) for n in range(count)]


def playout(untrue: Evidence | None = None, lead_s: float = 10.0) -> Playout:
    return Playout(25, lead_s, lambda said: untrue if said.evidence else None)


async def test_speech_waits_when_it_is_far_enough_ahead_of_the_air() -> None:
    out = playout(lead_s=0.08)
    for cue in cues(OTHER, 2):
        await out.play(cue)
    waiting = asyncio.ensure_future(out.play(cues(OTHER)[0]))
    await asyncio.sleep(1)
    assert not waiting.done()
    out.next()
    await waiting


async def test_a_sentence_no_longer_true_does_not_air_nor_what_follows() -> None:
    stale = Evidence("LAMP/price", 1)
    out = playout(stale)
    for cue in [*cues(FACT), *cues(OTHER)]:
        await out.play(cue)
    assert out.next() is None
    assert out.withdrawn.is_set()
    assert out.untrue == (FACT, stale)
    await out.play(cues(OTHER)[0])
    assert len(out) == 0, "what the turn still brings is dropped until a new one begins"
    out.begin()
    await out.play(cues(OTHER)[0])
    assert len(out) == 1


async def test_dropping_keeps_the_notice() -> None:
    out = playout()
    for cue in [*cues(OTHER), *cues(NOTICE)]:
        await out.play(cue)
    out.drop()
    assert len(out) == 3
    first = out.next()
    assert first is not None
    assert first.utterance is NOTICE


async def test_drained_waits_until_the_last_cue_is_on_the_air() -> None:
    out = playout()
    await out.play(cues(OTHER)[0])
    waiting = asyncio.ensure_future(out.drained())
    out.next()
    await asyncio.sleep(1)
    assert not waiting.done()
    out.sent()
    await waiting


@given(st.lists(st.floats(0, 0.5), max_size=60))
def test_the_air_never_drifts_whatever_delays_it(delays: list[float]) -> None:
    """After any delay the next frame is at most three late, and numbers only rise."""

    async def run() -> None:
        clock = asyncio.get_running_loop().time
        numbers, total = [], 0
        async with aclosing(ticks(25, 3)) as frames:
            for delay in [*delays, 0.0, 0.0]:
                number, skipped, _ = await anext(frames)
                numbers.append(number)
                total += skipped
                late = clock() - number / 25
                assert -1e-6 <= late < 4 / 25 + 1e-6
                await asyncio.sleep(delay)
        assert numbers == sorted(set(numbers))
        assert numbers[-1] == len(numbers) - 1 + total

    run_virtual(run())
