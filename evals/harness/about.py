"""What a run was made with: commit, model, prompts; and its row among the results of all runs."""

import hashlib
import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import prompts
from agent.types import LANGUAGES

ROOT = Path(__file__).parents[2]


def prompt_versions() -> dict[str, str]:
    """Of each text of prompts/, the first 12 hex digits of its SHA-256, by its file."""
    found = {}
    for language in LANGUAGES:
        for path in sorted(Path(str(files("prompts").joinpath(language))).glob("*.txt")):
            found[f"{language}/{path.stem}"] = prompts.load(path.stem, language).version
    return found


def prompts_version() -> str:
    """One number for all of them together."""
    told = json.dumps(prompt_versions(), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def commit() -> str:
    """Of this working copy, with a + where something in it is changed; "" where there is none."""
    try:
        name = _git("rev-parse", "--short=10", "HEAD")
        return name + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return ""


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout.strip()


def about(model: str, command: str) -> dict[str, Any]:
    """What a report says of how it came about."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "model": model,
        "prompts": prompts_version(),
        "prompt_files": prompt_versions(),
        "command": command,
    }


def append_row(path: Path, results: Mapping[str, Any]) -> dict[str, Any]:
    """Add to *path*, a JSON line for each run, what *results* come to: date, commit, model, version
    of the prompts, the gate, and of each suite its shares and times. Gives the row."""
    told = results["about"]
    row = {name: told[name] for name in ("date", "commit", "model", "prompts", "command")}
    row["gate"] = results["gate"]
    row["suites"] = {name: _short(suite) for name, suite in results["suites"].items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return row


def _short(suite: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"gate": suite["gate"]}
    if "table" in suite.get("result", {}):
        found["table"] = suite["result"]["table"]
    for part in ("tuned", "aside"):
        told = suite.get("parts", {}).get(part)
        if told is None:
            continue
        found[part] = {"cases": _of(told["cases"])} | {
            name: _of(row) for name, row in told["checks"].items()
        }
        for stage in ("first_sentence", "first_frame"):
            if stage in told["times_s"]:
                times = told["times_s"][stage]
                found[part][f"{stage}_s"] = [times["p50"], times["p95"]]
    return found


def _of(row: Mapping[str, Any]) -> str:
    return f"{row['right']}/{row['n']}" if row["n"] else "0/0"
