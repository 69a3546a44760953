"""A whole show under questions: seconds per stage, late frames, CPU by thread, memory.

The show runs at 25 fps, encodes, and feeds a viewer meanwhile; questions come one after another,
each when the one before has been answered. Start-up is told apart. ``python -m evals.bench.show``.
"""

import argparse
import asyncio
import json
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import aclosing
from importlib.resources import files
from pathlib import Path

import numpy as np
import psutil

from agent import config as settings
from agent.app import Rig, open_show
from agent.budget import FPS
from agent.loop import run
from agent.status import stats
from agent.trace import STAGES
from agent.types import Event, Stream

_FACT_RUNG = "fact"


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__)
    top.add_argument("--questions", type=int, default=60)
    top.add_argument("--voice", choices=["hibari", "coqui"], default="hibari")
    top.add_argument("--no-model", action="store_true")
    top.add_argument("--wait-model", type=float, default=180.0, metavar="S")
    top.add_argument("--json", type=Path)
    top.add_argument("--folder", type=Path, default=Path(".candor/bench"))
    arguments = top.parse_args()
    result = asyncio.run(measure(arguments))
    text = json.dumps(result, indent=2, ensure_ascii=False)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    print(text)


async def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Run the show and ask; gives the figures as plain values."""
    wanted = settings.Config()
    wanted = wanted.model_copy(
        update={
            "voice": wanted.voice.model_copy(update={"engine": arguments.voice}),
            # A product that is named is shown without the sample's run of show.
            "show": wanted.show.model_copy(update={"pinned": "HP-LAMP"}),
            "writer": wanted.writer.model_copy(update={"enabled": not arguments.no_model}),
        }
    )
    questions = [
        line
        for line in files("evals.bench").joinpath("questions.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ][: arguments.questions]
    begun = time.monotonic()
    async with open_show(wanted, settings.secrets(), folder=arguments.folder) as rig:
        opened_s = time.monotonic() - begun
        told: list[Event] = []
        async with asyncio.TaskGroup() as tasks:
            follower = tasks.create_task(_follow(rig.show.hub.events(), told))
            viewer = tasks.create_task(_watch(rig))
            tasks.create_task(run(rig.show))
            await _until(lambda: rig.show.stats["frames"] > 0)
            first_frame_s = time.monotonic() - begun
            await rig.writer_ready(arguments.wait_model)
            model_s = time.monotonic() - begun
            await _until(lambda: rig.show.notices.count > 0)
            before, counted = Usage(), Counter(rig.show.stats)
            asked = [await _ask(rig, question, told) for question in questions]
            usage = Usage.between(before, Usage())
            air = Counter(rig.show.stats)
            air.subtract(counted)
            state = stats(rig.show)
            follower.cancel()
            viewer.cancel()
            rig.show.ended.set()
    return {
        "machine": {"cores": os.cpu_count()},
        "voice": arguments.voice,
        "writer_ready": rig.show.writer.ready or not arguments.no_model,
        "start_s": {
            "opened": round(opened_s, 2),
            "first_frame": round(first_frame_s, 2),
            "model": round(model_s, 2) if not arguments.no_model else None,
        },
        "questions": len(asked),
        "times_s": {
            "all": _percentiles([times for _, times, _ in asked]),
            "fact_first": _percentiles(
                [times for _, times, rungs in asked if rungs and rungs[0] == _FACT_RUNG]
            ),
        },
        "rungs": dict(Counter(rung for _, _, rungs in asked for rung in rungs)),
        "unanswered": [text for text, times, _ in asked if "first_frame" not in times],
        "air": {
            "frames": air["frames"],
            "late": air["late"],
            "skipped": air["skipped"],
            "late_or_skipped_share": round((air["late"] + air["skipped"]) / air["frames"], 4),
        },
        "usage": usage,
        "show": state,
    }


async def _follow(events: Stream[Event], told: list[Event]) -> None:
    async with aclosing(events):
        async for event in events:
            told.append(event)


async def _until(reached: Callable[[], bool]) -> None:
    while not reached():  # noqa: ASYNC110 - the show signals this to nobody
        await asyncio.sleep(0.02)


async def _watch(rig: Rig) -> None:
    """One viewer, so that the page's path is at work too."""
    assert rig.preview is not None
    async with aclosing(rig.preview.watch()) as fragments:
        async for _ in fragments:
            pass


async def _ask(
    rig: Rig, question: str, told: list[Event]
) -> tuple[str, dict[str, float], list[str]]:
    """Ask and wait for the end of the answer: (question, seconds per stage, rungs)."""
    number = await rig.desk.ask("Bench", question)
    for _ in range(600):
        for event in reversed(told):
            if event.kind == "answered" and event.data["id"] == number:
                times, rungs = event.data["times_s"], event.data["rungs"]
                assert isinstance(times, dict)
                assert isinstance(rungs, list)
                return question, times, rungs
            if event.kind == "dropped" and event.data["id"] == number:
                return question, {}, []
        await asyncio.sleep(0.1)
    return question, {}, []


def _percentiles(times: Sequence[dict[str, float]]) -> dict[str, object]:
    columns: dict[str, list[float]] = defaultdict(list)
    for marks in times:
        for stage, seconds in marks.items():
            columns[stage].append(seconds)
    return {
        stage: {
            "n": len(columns[stage]),
            "p50": round(float(np.percentile(columns[stage], 50)), 3),
            "p95": round(float(np.percentile(columns[stage], 95)), 3),
        }
        for stage in STAGES
        if columns[stage]
    }


class Usage:
    """CPU seconds by thread of this process and of its children, memory, at one moment."""

    def __init__(self) -> None:
        me = psutil.Process()
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        self.at = time.monotonic()
        self.threads: Counter[str] = Counter()
        for thread in me.threads():
            name = names.get(thread.id, "native").rstrip("0123456789").rstrip("_-")
            self.threads[name] += thread.user_time + thread.system_time
        self.children = 0.0
        self.rss = me.memory_info().rss
        self.children_rss = 0
        for child in me.children(recursive=True):
            try:
                times = child.cpu_times()
                self.children += times.user + times.system
                self.children_rss += child.memory_full_info().uss
            except psutil.NoSuchProcess:
                continue

    @staticmethod
    def between(one: "Usage", other: "Usage") -> dict[str, object]:
        seconds = other.at - one.at
        share = {
            name: round((cpu - one.threads.get(name, 0.0)) / seconds, 3)
            for name, cpu in other.threads.most_common()
        }
        return {
            "seconds": round(seconds, 1),
            "frames_expected": round(seconds * FPS),
            "cores_by_thread": {name: used for name, used in share.items() if used >= 0.002},
            "cores_show": round(sum(share.values()), 3),
            "cores_model_server": round((other.children - one.children) / seconds, 3),
            "rss_mib_show": round(other.rss / 2**20),
            "uss_mib_model_server": round(other.children_rss / 2**20),
        }


if __name__ == "__main__":
    main()
