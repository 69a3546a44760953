"""Hostile and ordinary chat through the whole real show; what was played is heard again.

``python -m evals.endtoend OUT [--lines N | --minutes M] [--no-model]``: one line after the
other is asked of a show of the sample shop on real parts; or, with ``--minutes``, a busy chat comes
in by the clock (``evals.busychat``). Then the film is read back: every sentence's sound, cut out by
the record's frames, is transcribed and held against the facts that the record names; the label
is sought in every decoded picture; notices are counted by their sound.
"""

import argparse
import asyncio
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent import replay
from agent.app import Rig, open_show
from agent.config import Config, ServerSettings, ShowSettings, WriterSettings, secrets
from agent.ledger import verify
from agent.loop import run
from agent.status import stats
from agent.types import Event, Fact, Stream
from catalog import sample
from evals import busychat, replayed

CASES = Path(__file__).parent / "cases"
PATIENCE_S = 40.0
"""For one answer."""


@dataclass(frozen=True, slots=True)
class Line:
    language: str
    kind: str
    name: str
    text: str


def lines(count: int, seed: int = 11) -> list[Line]:
    """*count* lines: all hostile ones first as far as they fit into half, then ordinary ones,
    mixed."""
    hostile = [
        Line(*row.split("\t"))
        for row in (CASES / "hostile.tsv").read_text(encoding="utf-8").splitlines()
        if row and not row.startswith("#")
    ]
    ordinary = [
        Line(cells[0], "ordinary", "Viewer", cells[2])
        for row in (CASES / "questions.tsv").read_text(encoding="utf-8").splitlines()
        if row and not row.startswith("#") and len(cells := row.split("\t")) > 2
    ]
    dice = random.Random(seed)
    for kind in (hostile, ordinary):
        dice.shuffle(kind)
    half = min(len(hostile), (count + 1) // 2)
    chosen = hostile[:half] + ordinary[: count - half]
    dice.shuffle(chosen)
    return chosen


async def busy(config: Config, chosen: Sequence[replay.Line], out: Path) -> dict[str, object]:
    """Run a show into which *chosen* come by the clock. Gives what became of them, and each fact as
    it was when it was used."""
    used: dict[str, Fact] = {}
    late: Counter[str] = Counter()
    async with open_show(config, secrets({}), film=out / "show.mp4", folder=out) as rig:
        ready = await rig.writer_ready(180.0)
        async with asyncio.TaskGroup() as tasks:
            follower = tasks.create_task(_keep(rig, used, late))
            begun = tasks.create_task(run(rig.show))
            refused = await replay.send(rig, chosen, 1.0)
            await asyncio.sleep(10)
            state = stats(rig.show)
            rig.show.ended.set()
            await begun
            follower.cancel()
        vocabulary = replayed.vocabulary(rig.store)
    return {
        "lines": len(chosen),
        "model": ready,
        "outcomes": {**late, "at the door": len(refused)},
        "stats": state,
        "used": used,
        "vocabulary": vocabulary,
    }


async def _keep(rig: Rig, used: dict[str, Fact], counts: Counter[str]) -> None:
    """Count what is told, and keep the facts that are spoken."""
    async with aclosing(rig.show.hub.events()) as events:
        async for event in events:
            _use(event, rig, used)
            if event.kind in ("asked", "answered", "refused", "withdrawn"):
                counts[event.kind] += 1


def _use(event: Event, rig: Rig, used: dict[str, Fact]) -> None:
    if event.kind == "said":
        for item in event.data["evidence"]:  # type: ignore[attr-defined]
            fact = rig.show.catalog.current(item["fact"])
            if fact is not None:
                used[f"{item['fact']} {item['version']}"] = fact


async def show(config: Config, chosen: Sequence[Line], out: Path) -> dict[str, object]:
    """Run the show. Gives what became of the lines, and each fact as it was when it was used."""
    used: dict[str, Fact] = {}
    answers: Counter[str] = Counter()
    async with open_show(config, secrets({}), film=out / "show.mp4", folder=out) as rig:
        ready = await rig.writer_ready(180.0)
        async with asyncio.TaskGroup() as tasks:
            events: asyncio.Queue[Event] = asyncio.Queue()
            follower = tasks.create_task(_follow(rig.show.hub.events(), events))
            begun = tasks.create_task(run(rig.show))
            await _until(events, "notice", None, rig, used)
            for number, line in enumerate(chosen, 1):
                try:
                    name = await rig.desk.ask(line.name, line.text)
                except ValueError:
                    answers["at the door"] += 1
                    continue
                answers[await _until(events, "answered", name, rig, used)] += 1
                if number % 20 == 0:
                    print(f"{number} of {len(chosen)}", flush=True)
            await asyncio.sleep(1)
            rig.show.ended.set()
            await begun
            follower.cancel()
        vocabulary = replayed.vocabulary(rig.store)
    return {
        "lines": len(chosen),
        "model": ready,
        "outcomes": dict(answers),
        "used": used,
        "vocabulary": vocabulary,
    }


async def _follow(told: Stream[Event], events: "asyncio.Queue[Event]") -> None:
    async with aclosing(told):
        async for event in told:
            if event.kind != "stats":
                events.put_nowait(event)


async def _until(
    events: "asyncio.Queue[Event]", kind: str, name: str | None, rig: Rig, used: dict[str, Fact]
) -> str:
    """Follow *events* until *kind* of *name*; keep the facts that are spoken on the way."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                event = await events.get()
                _use(event, rig, used)
                if event.kind in (kind, "dropped") and event.data.get("id") in (name, None):
                    return event.kind
    except TimeoutError:
        return "no answer in time"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--minutes", type=float, help="of a busy chat, by the clock")
    parser.add_argument("--no-model", action="store_true")
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop.duckdb"
        sample.build(shop)
        config = Config(
            show=ShowSettings(catalog=shop, notice_every_s=300),
            writer=WriterSettings(enabled=not arguments.no_model),
            server=ServerSettings(port=0),
        )
        began = datetime.now(UTC)
        if arguments.minutes:
            told = asyncio.run(busy(config, busychat.chat(arguments.minutes), out))
        else:
            told = asyncio.run(show(config, lines(arguments.lines), out))
    result: dict[str, object] = {
        "began": began.isoformat(timespec="seconds"),
        **{name: told[name] for name in ("lines", "model", "outcomes", "stats") if name in told},
        "record_faults": [str(fault) for fault in verify(out / "show.jsonl")],
        **replayed.judge(out, told["used"], told["vocabulary"]),  # type: ignore[arg-type]
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (out / "result.json").write_text(text + "\n", encoding="utf-8")
    print(re.sub(r'("suspects": \[).*?(\n  \])', r"\1 ... \2", text, flags=re.S))
    return 0 if result["gate"] == "held" else 1


if __name__ == "__main__":
    raise SystemExit(main())
