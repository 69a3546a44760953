"""A recorded chat as a whole show: film, record, and a summary with percentiles per stage."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.app import CannotBegin, Rig, open_show
from agent.config import Config, Secrets
from agent.events import MOST, RoomEvent, What
from agent.loop import run
from agent.status import stats
from agent.trace import STAGES
from agent.types import Event, Stream

_QUIET_S = 3.0
"""Of show after the last answer."""
_PATIENCE_S = 120.0
"""For answers still to come when the chat is over."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a recorded chat."""

    at: float
    """Seconds into the chat."""
    user: str
    text: str = ""
    voice: Path | None = None
    event: RoomEvent | None = None


def read(path: Path) -> list[Line]:
    """The chat in *path*, by time: a JSON object a line, with ``at``, ``user`` and one of ``text``,
    ``voice`` (an audio file, beside the chat) and ``event`` (what a viewer does without words:
    entry, like, follow, gift or order; with ``count`` where it is more than one). Raises
    CannotBegin naming line, field, remedy."""
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotBegin(f"{path}: cannot be read: {error}") from error
    lines = [
        _line(path, number, text) for number, text in enumerate(raw.splitlines(), 1) if text.strip()
    ]
    if not lines:
        raise CannotBegin(f"{path}: no lines; give one JSON object a line")
    return sorted(lines, key=lambda line: line.at)


def _line(path: Path, number: int, text: str) -> Line:
    where = f"{path}, line {number}"
    try:
        item = json.loads(text)
    except ValueError as error:
        raise CannotBegin(f"{where}: not JSON: {error}") from error
    if not isinstance(item, dict):
        raise CannotBegin(f'{where}: give an object such as {{"at": 1.5, "user": "Ann", ...}}')
    at, user = item.get("at"), item.get("user", "viewer")
    if isinstance(at, bool) or not isinstance(at, int | float) or not at >= 0:
        raise CannotBegin(f"{where}: at: give seconds from the start, 0 or more (it is {at!r})")
    if not isinstance(user, str):
        raise CannotBegin(f"{where}: user: give a name (it is {user!r})")
    match item.get("text"), item.get("voice"), item.get("event"):
        case str(words), None, None:
            return Line(float(at), user, words)
        case None, str(name), None:
            voice = path.parent / name
            if not voice.is_file():
                raise CannotBegin(f"{where}: voice: no such file: {voice}")
            return Line(float(at), user, voice=voice)
        case None, None, str(what):
            return Line(float(at), user, event=_event(where, what, user, item.get("count", 1)))
    raise CannotBegin(f'{where}: give one of "text", "voice" and "event"')


def _event(where: str, what: str, user: str, count: object) -> RoomEvent:
    if what not in set(What):
        raise CannotBegin(f"{where}: event: give one of {', '.join(What)} (it is {what!r})")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST:
        raise CannotBegin(f"{where}: count: give a number from 1 to {MOST} (it is {count!r})")
    return RoomEvent(What(what), user, count)


async def replay(config: Config, secrets: Secrets, chat: Path, out: Path, speed: float) -> int:
    """Run a show on the chat in *chat*, whose clock runs *speed* times as fast as the show's.
    Writes ``show.mp4``, ``show.jsonl`` (the record) and ``summary.json`` to *out*."""
    if not speed > 0:
        raise CannotBegin(f"--speed: give a number above 0 (it is {speed:g})")
    lines = read(chat)
    await asyncio.to_thread(_make, out)
    async with open_show(config, secrets, film=out / "show.mp4", folder=out) as rig:
        await rig.writer_ready(120.0)
        told: list[Event] = []
        async with asyncio.TaskGroup() as tasks:
            events = rig.show.hub.events()
            follower = tasks.create_task(_follow(events, told))
            tasks.create_task(run(rig.show))
            refused = await send(rig, lines, speed)
            await _settle(rig)
            follower.cancel()
            state = stats(rig.show)
            rig.show.ended.set()
    summary = summarise(told, refused, state)
    (out / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    print(json.dumps(summary, ensure_ascii=False, indent=2))  # noqa: T201
    return 0


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotBegin(f"{folder}: cannot be written: {error.strerror}") from error


async def _follow(events: Stream[Event], told: list[Event]) -> None:
    async with aclosing(events) as stream:
        async for event in stream:
            if event.kind != "stats":
                told.append(event)


async def send(rig: Rig, lines: Sequence[Line], speed: float) -> list[dict[str, object]]:
    """Say every line at its time. Gives those that were refused at the door, with the reason."""
    clock = asyncio.get_running_loop().time
    start, refused = clock(), []
    for number, line in enumerate(lines, 1):
        await asyncio.sleep(start + line.at / speed - clock())
        try:
            if line.event is not None:
                await rig.desk.happened([line.event])
            elif line.voice:
                await rig.desk.ask_aloud(line.user, await asyncio.to_thread(line.voice.read_bytes))
            else:
                await rig.desk.ask(line.user, line.text)
        except ValueError as error:
            refused.append({"line": number, "reason": str(error)})
    return refused


async def _settle(rig: Rig) -> None:
    """Wait until nobody waits for an answer."""
    clock = asyncio.get_running_loop().time
    until, quiet_since = clock() + _PATIENCE_S, clock()
    while clock() < until and clock() - quiet_since < _QUIET_S:
        if rig.show.turn is not None or len(rig.show.inbox) or rig.show.notices.count == 0:
            quiet_since = clock()
        await asyncio.sleep(0.1)


def summarise(
    told: Sequence[Event], refused: Sequence[dict[str, object]], state: dict[str, object]
) -> dict[str, object]:
    """Counts, and seconds per stage from a message's arrival: p50, p95, the most."""
    kinds = Counter(event.kind for event in told)
    times: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for event in told:
        if event.kind == "answered" and isinstance(marks := event.data["times_s"], dict):
            for stage, seconds in marks.items():
                times[stage].append(seconds)
    return {
        "asked": kinds["asked"],
        "refused_at_the_door": list(refused),
        "answered": kinds["answered"],
        "said": kinds["said"],
        "sentences_refused": kinds["refused"],
        "withdrawn": kinds["withdrawn"],
        "notices": kinds["notice"],
        "times_s": {
            stage: {
                "n": len(values),
                "p50": round(float(np.percentile(values, 50)), 3),
                "p95": round(float(np.percentile(values, 95)), 3),
                "most": round(max(values), 3),
            }
            for stage, values in times.items()
            if values
        },
        "show": state,
    }
