"""Each rung of the ladder by fault injection: what takes its place, that it is counted, and that
the show recovers by itself when the fault is over."""

import asyncio
import json
from collections.abc import Callable

import pytest

from agent.budget import Budget
from agent.ports import BackendError
from agent.rules.fixed import holding_line
from agent.show import Show
from agent.status import stats
from agent.types import Rung
from tests.agent.test_loop import Script, ask, play
from tests.fakes import Air, Parrot, show

Fault = Callable[[Show, bool], None]
WORDS = {"What about it?": "It is made of {material}. "}


def model_dead(stage: Show, on: bool) -> None:
    stage.writer.fails = BackendError("gone") if on else None  # type: ignore[attr-defined]


def model_slow(stage: Show, on: bool) -> None:
    stage.writer.first_token_s = 9.0 if on else 0.2  # type: ignore[attr-defined]


def voice_dead(stage: Show, on: bool) -> None:
    stage.voice.fails = BackendError("gone") if on else None  # type: ignore[attr-defined]


def voice_slow(stage: Show, on: bool) -> None:
    stage.voice.first_chunk_s = 9.0 if on else 0.1  # type: ignore[attr-defined]


def search_slow(stage: Show, on: bool) -> None:
    stage.catalog.facts_s = 9.0 if on else 0.0  # type: ignore[attr-defined]


def search_dead(stage: Show, on: bool) -> None:
    stage.catalog.fails = BackendError("gone") if on else None  # type: ignore[attr-defined]


async def through(fault: Fault) -> tuple[dict[str, int], dict[str, int], Show, Air]:
    """Ask while *fault* holds, and after; the rungs counted in each half."""
    stage, air = show(Parrot(WORDS), budget=Budget(rest_s=1e6, stale_s=1e6))
    voice = stage.voice
    stage.prepared_line = voice.rendered(holding_line("en", "en"))  # type: ignore[attr-defined]
    halves: list[dict[str, int]] = []

    def turn(on: bool) -> Callable[[object], None]:
        def step(_: object) -> None:
            fault(stage, on)
            halves.append(dict(stats(stage)["rungs"]))  # type: ignore[call-overload]

        return step

    script: Script = [
        (19.0, turn(True)),
        (20.0, ask("What about it?")),
        (60.0, turn(False)),
        (61.0, ask("What about it?", "Bob")),
    ]
    await play(stage, script, 100)
    halves.append(dict(stage.rungs))
    before, during, after = halves
    first = {rung: n - before.get(rung, 0) for rung, n in during.items() if n > before.get(rung, 0)}
    second = {rung: n - during.get(rung, 0) for rung, n in after.items() if n > during.get(rung, 0)}
    return first, second, stage, air


@pytest.mark.parametrize(
    ("fault", "rung"),
    [
        (model_slow, Rung.TEMPLATE),
        (model_dead, Rung.TEMPLATE),
        (voice_slow, Rung.PREPARED),
        (voice_dead, Rung.CAPTION),
        (search_slow, Rung.PREPARED),
        (search_dead, Rung.PREPARED),
    ],
)
async def test_a_fault_costs_one_rung_is_counted_and_leaves_with_the_fault(
    fault: Fault, rung: Rung
) -> None:
    during, after, stage, air = await through(fault)
    assert during.get(rung.value), during
    assert after == {"model": 1}, after
    assert len(air.log) == 100 * stage.fps, "the air went on all the while"
    kinds = [json.loads(line) for line in stage.ledger.path.read_text().splitlines()]
    assert [line for line in kinds if line["kind"] == "said"]


async def test_a_machine_too_slow_for_the_air_skips_counts_and_is_on_time_again() -> None:
    stage, air = show()
    draw, starved = stage.draw, [False]

    async def slowly(*arguments: object) -> object:
        if starved[0]:
            await asyncio.sleep(0.3)
        return await draw(*arguments)  # type: ignore[arg-type]

    stage.draw = slowly  # type: ignore[method-assign, assignment]
    script: Script = [
        (20.0, lambda _: starved.__setitem__(0, True)),
        (20.5, ask("How much is the lamp?")),
        (24.0, lambda _: starved.__setitem__(0, False)),
        (30.0, ask("What is it made of?")),
    ]
    await play(stage, script, 50)
    counted = stats(stage)
    assert counted["skipped"]
    times = [at for at, _ in air.log if at > 26]
    assert len(times) == round((times[-1] - times[0]) * stage.fps) + 1
    assert air.frames[-1].number == 50 * stage.fps - 1, "no frame is caught up with"
    assert [line for line in air.lines() if "solid oak" in line]
