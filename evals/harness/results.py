"""A run as plain values: what ``results.json`` holds, and what is read back of an earlier one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.budget import FPS
from evals.harness.played import Said, Turn
from evals.harness.scorers import outcome
from evals.harness.summary import Scored, percentile

FILE = "results.json"


class ReportError(Exception):
    """A report cannot be read or written: says which, and what to do."""


def row(one: Scored, folder: Path | None) -> dict[str, Any]:
    """One case; sounds and pictures by their path in *folder*."""
    played, case = one.played, one.played.case

    def link(path: Path | None) -> str | None:
        return path.relative_to(folder).as_posix() if folder and path else None

    return {
        "id": case.id,
        "suite": case.suite,
        "title": case.title,
        "tags": list(case.tags),
        "shop": case.shop,
        "language": case.language,
        "aside": case.aside,
        "ok": one.ok,
        "checks": [
            {"name": check.name, "ok": check.ok, "what": check.what, "step": check.step}
            for check in one.checks
        ],
        "steps": [step.model_dump(mode="json", exclude_defaults=True) for step in case.chat],
        "turns": [_turn(turn, one.shop, played.stills, link) for turn in played.turns],
        "unasked": [_said(said, played.stills, link) for said in played.unasked.said],
        "notices_s": [round(at, 2) for at in played.notices],
        "seconds": round(played.seconds, 2),
        "frames": played.frames,
        "label": f"{played.frames - played.slates}/{played.frames}" if played.looked_at else None,
        "sound": link(played.sound),
        "film": link(played.film),
    }


def _turn(turn: Turn, shop: str, stills: Mapping[int, Path], link: Any) -> dict[str, Any]:
    return {
        "step": turn.step,
        "user": turn.user,
        "text": turn.text,
        "read_as": turn.language,
        "topic": turn.topic,
        "asked": list(turn.asked),
        "outcome": outcome(turn, shop),
        "door": turn.door,
        "dropped": turn.dropped,
        "said": [_said(said, stills, link) for said in turn.said],
        "refused": [dict(refusal) for refusal in turn.refused],
        "withdrawn": turn.withdrawn,
        "times_s": dict(turn.times_s),
        "done": turn.done,
    }


def _said(said: Said, stills: Mapping[int, Path], link: Any) -> dict[str, Any]:
    return {
        "text": said.text,
        "spoken": said.spoken if said.spoken != said.text else None,
        "rung": said.rung,
        "language": said.language,
        "evidence": [f"{one.fact} v{one.version}" for one in said.evidence],
        "from_s": round(said.frame / FPS, 2),
        "until_s": None if said.until is None else round((said.until + 1) / FPS, 2),
        "whole": said.whole,
        "still": link(stills.get(said.frame)),
    }


def read(folder: Path) -> dict[str, Any]:
    """The results of an earlier run. Raises ReportError."""
    path = folder / FILE if folder.is_dir() else folder
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReportError(
            f"{path}: no such file; give the folder that --report wrote before"
        ) from None
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: cannot be read: {error}; run with --report again") from error
    if not isinstance(found, dict) or not {"about", "suites", "cases"} <= found.keys():
        raise ReportError(f"{path}: not a report of candor eval; give the folder of one")
    return found


# --- two runs --------------------------------------------------------------------------------


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What is different in *after*: cases by what became of them, and each share that moved."""
    old = {one["id"]: one for one in before["cases"]}
    new = {one["id"]: one for one in after["cases"]}
    both = [name for name in new if name in old]
    return {
        "before": before["about"],
        "broken": [_failing(new[n]) for n in both if old[n]["ok"] and not new[n]["ok"]],
        "mended": [n for n in both if new[n]["ok"] and not old[n]["ok"]],
        "worded_anew": [
            {"id": n, "before": words(old[n]), "after": words(new[n])}
            for n in both
            if words(old[n]) != words(new[n])
        ],
        "added": [n for n in new if n not in old],
        "gone": [n for n in old if n not in new and old[n]["suite"] in after["suites"]],
        "moved": list(_moved([old[n] for n in both], [new[n] for n in both])),
    }


def words(one: Mapping[str, Any]) -> list[str]:
    """All that was said in a case, a text for each line."""
    return [" ".join(said["text"] for said in turn["said"]) for turn in one["turns"]]


def _failing(one: Mapping[str, Any]) -> dict[str, Any]:
    wrong = [f"{c['name']}: {c['what']}" for c in one["checks"] if not c["ok"]]
    return {"id": one["id"], "wrong": wrong}


def _moved(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterable[dict[str, Any]]:
    """Of the same cases, what share of each check is right and how long things take."""
    was = _figures(before)
    for key, value in _figures(after).items():
        if key in was and was[key] != value:
            suite, part, name = key
            yield {"suite": suite, "part": part, "name": name, "was": was[key], "is": value}


def _figures(cases: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, str], float]:
    """By suite, part and name."""
    rights: dict[tuple[str, str, str], list[bool]] = {}
    times: dict[tuple[str, str, str], list[float]] = {}
    for one in cases:
        where = (one["suite"], "aside" if one["aside"] else "tuned")
        rights.setdefault((*where, "cases"), []).append(one["ok"])
        for check in one["checks"]:
            rights.setdefault((*where, check["name"]), []).append(check["ok"])
        for turn in one["turns"]:
            for stage, took in turn["times_s"].items():
                times.setdefault((*where, stage), []).append(took)
    found = {key: round(sum(some) / len(some), 4) for key, some in rights.items()}
    for (suite, part, stage), some in times.items():
        for percent in (50, 95):
            found[(suite, part, f"{stage} p{percent} s")] = percentile(some, percent)
    return found
