"""``candor eval``: suites of cases, scored, with a report to look at and an exit code for a gate.

``facts``: questions to three shops, and the facts that must come back (``evals.asked``).
``honesty``: deceptive and benign lines, judged by the gate as the model's and the operator's.
``side_by_side``: Candor and a plain LangChain RAG chain on one model (``evals.side_by_side``).
All others are cases that go through the whole real show (``evals.harness``); the name of a file or
folder of cases is a suite, too.
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from agent.config import Config, WriterSettings, secrets
from agent.ports import BackendError, Writer
from agent.types import LANGUAGES
from agent.writers import writer
from catalog.errors import CatalogError
from evals.asked import facts
from evals.ending import ended
from evals.harness import about, export, page, results, summary
from evals.harness.case import Case, CaseFault
from evals.harness.clock import Afar, run_leaping
from evals.harness.convert import CASES, hostile, latency, long_show, questions
from evals.harness.play import play
from evals.harness.reading import CaseError, read
from evals.harness.scorers import Shelf, checks
from evals.harness.stand import Stand, stand
from evals.harness.summary import Scored
from evals.honesty import honesty
from evals.judged import vocabulary

FUNCTIONS: dict[str, Callable[[], Mapping[str, object]]] = {"facts": facts, "honesty": honesty}
"""Suites that need no show."""
SIDE_BY_SIDE = "side_by_side"
PACKAGED = "packaged"
"""In place of a model's address: the one that comes with Candor."""
MODEL_S = 300.0
"""For a model to be ready."""


def _own(folder: str) -> Callable[[], list[Case]]:
    return lambda: read(CASES / folder)


CASE_SUITES: dict[str, Callable[[], list[Case]]] = {
    "conversation": _own("conversation"),
    "languages": _own("languages"),
    "hostile": lambda: [*hostile(), *read(CASES / "hostile")],
    "latency": latency,
    "long": long_show,
    "questions": questions,
}
SUITES = (*FUNCTIONS, *CASE_SUITES, SIDE_BY_SIDE)


class EvalError(Exception):
    """The eval cannot be run: says why, and what to do."""


def run(arguments: argparse.Namespace) -> int:
    """Run the suites that are asked for, print what they come to, and write the report. 0: every
    gate held; 1: one did not; 2: it could not be run."""
    try:
        return _run(arguments)
    except (
        *(EvalError, CaseError, CaseFault, CatalogError, BackendError),
        *(results.ReportError, summary.ThresholdError),
    ) as error:
        print(f"candor eval: {error}", file=sys.stderr)
        return 2


def _run(arguments: argparse.Namespace) -> int:
    wanted = summary.thresholds(arguments.thresholds or summary.THRESHOLDS)
    earlier = results.read(arguments.diff) if arguments.diff else None
    chosen: dict[str, list[Case]] = {}
    asked: list[str] = []
    for name in arguments.suite:
        if _of_cases(name):
            cases = _cases(name, arguments.only)
            name = _called(name, cases)
            chosen.setdefault(name, []).extend(cases)
        asked.append(name)
    if arguments.export:
        return _export(chosen, arguments.export)
    suites: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    for name in arguments.suite:
        if name in FUNCTIONS:
            told = FUNCTIONS[name]()
            suites[name] = {"gate": told["gate"], "result": told}
    model = ""
    if chosen:
        scored, absent, model = _play(chosen, arguments)
        for name, found in scored.items():
            suites[name] = _suite(name, found, wanted, absent)
            rows += [results.row(one, arguments.report) | {"suite": name} for one in found]
    if SIDE_BY_SIDE in arguments.suite:
        from evals.side_by_side import side_by_side

        told = side_by_side(arguments.model or PACKAGED, arguments.lines)
        model = model or str(told["model"])
        suites[SIDE_BY_SIDE] = {"gate": told["gate"], "result": told}
    held = all(suite["gate"] == "held" for suite in suites.values())
    result = {
        "gate": "held" if held else "broken",
        "about": about.about(model or "none", _command(arguments)),
        "suites": {name: suites[name] for name in dict.fromkeys(asked)},
        "cases": rows,
    }
    difference = results.compared(earlier, result) if earlier else None
    if difference:
        result["difference"] = difference
    if arguments.row:
        about.append_row(arguments.row, result)
    if arguments.report:
        page.write(arguments.report, result)
    report = arguments.report / results.FILE if arguments.report else None
    return ended(result, report, _shown(result))


def _command(arguments: argparse.Namespace) -> str:
    """What runs the same again, without where it writes to."""
    words = ["candor", "eval", *arguments.suite]
    words += ["--model", arguments.model] if arguments.model else []
    words += ["--only", arguments.only] if arguments.only else []
    words += ["--lines", str(arguments.lines)] if SIDE_BY_SIDE in arguments.suite else []
    words += [f"--{name}" for name in ("picture", "untimed") if getattr(arguments, name)]
    return shlex.join(words)


def _of_cases(name: str) -> bool:
    """Whether the suite *name* is one of cases. Raises EvalError for no suite."""
    if name in FUNCTIONS or name == SIDE_BY_SIDE:
        return False
    if name in CASE_SUITES or Path(name).exists():
        return True
    raise EvalError(
        f"no suite {name}; there are {', '.join(SUITES)}, and files or folders of cases"
    )


def _called(name: str, cases: Sequence[Case]) -> str:
    """The suite that a file's or folder's cases all name, or else its path."""
    named = {case.suite for case in cases}
    return named.pop() if name not in CASE_SUITES and len(named) == 1 else name


def _cases(name: str, only: str | None) -> list[Case]:
    found = CASE_SUITES[name]() if name in CASE_SUITES else read(Path(name))
    return [case for case in found if not only or only in case.id or only in case.tags]


def _export(chosen: Mapping[str, Sequence[Case]], folder: Path) -> int:
    written = export.write(folder, [case for cases in chosen.values() for case in cases])
    print("\n".join(str(path) for path in written))
    return 0


def _suite(
    name: str,
    found: Sequence[Scored],
    wanted: Mapping[str, Mapping[str, float]],
    absent: Sequence[str],
) -> dict[str, Any]:
    parts = summary.summed(found)
    faults = summary.broken(name, parts, wanted)
    return {
        "gate": "broken" if faults else "held",
        "broken": faults,
        "shops_not_to_be_had": list(absent),
        "parts": parts,
        "failing": [one.played.case.id for one in found if not one.ok],
    }


# --- the playing -----------------------------------------------------------------------------


def _play(
    chosen: Mapping[str, Sequence[Case]], arguments: argparse.Namespace
) -> tuple[dict[str, list[Scored]], list[str], str]:
    """Every case, played and looked at; the shops that are not to be had; the model."""
    media = None
    if arguments.report:
        media = arguments.report / "cases"
        media.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, _model(arguments.model) as afar:
        name = ""
        if afar is not None:
            if not afar.wait_ready(MODEL_S):
                raise EvalError(f"the model {arguments.model} does not answer; is it running?")
            state = getattr(afar.inner, "state", None)
            name = str(getattr(state, "model", "")) or arguments.model
        scored, absent = run_leaping(
            _all(chosen, Path(scratch), afar, media, picture=arguments.picture),
            timed=not arguments.untimed,
        )
    return scored, absent, name


def _model(address: str | None) -> Any:
    if address is None:
        return nullcontext(None)
    url = None if address == PACKAGED else address
    config = Config(writer=WriterSettings(url=url))
    return Afar(lambda: writer(config, secrets()))


async def _all(
    chosen: Mapping[str, Sequence[Case]],
    scratch: Path,
    model: Writer | None,
    media: Path | None,
    *,
    picture: bool,
) -> tuple[dict[str, list[Scored]], list[str]]:
    scored: dict[str, list[Scored]] = {name: [] for name in chosen}
    absent: list[str] = []
    shelves: dict[str, Shelf] = {}
    total, done = sum(map(len, chosen.values())), 0
    async with stand(scratch, model, media=media, picture=picture) as at:
        for name, cases in chosen.items():
            for case in cases:
                done += 1
                if not await at.has(case.shop):
                    absent += [case.shop] if case.shop not in absent else []
                    continue
                if case.shop not in shelves:
                    shelves[case.shop] = await _shelf(at, case)
                played = await play(case, at)
                shelf = shelves[case.shop]
                scored[name].append(Scored(played, checks(played, shelf), shelf.shop))
                if done % 50 == 0:
                    print(f"{done} of {total}", file=sys.stderr, flush=True)
    return scored, absent


async def _shelf(at: Stand, case: Case) -> Shelf:
    async with at.store(case) as (store, _):
        words = {language: vocabulary(store, language) for language in LANGUAGES}
        return Shelf(words, store.shop.name)


def _shown(result: Mapping[str, Any]) -> dict[str, Any]:
    """What is printed: shares and what is broken, not every case."""
    shown: dict[str, Any] = {"gate": result["gate"]}
    told = result["about"]
    shown["about"] = {name: told[name] for name in ("commit", "model", "prompts")}
    for name, suite in result["suites"].items():
        shown[name] = suite.get("result") or _brief(suite)
    if "difference" in result:
        found = result["difference"]
        lists = ("mended", "worded_anew", "added", "gone")
        shown["difference"] = {
            "since": found["before"]["commit"],
            "broken": found["broken"],
            **{key: len(found[key]) for key in lists},
            "moved": found["moved"],
        }
    return shown


def _brief(suite: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"gate": suite["gate"], "broken": suite["broken"]}
    for part, told in suite["parts"].items():
        lines = {"cases": told["cases"], **told["checks"]}
        found[part] = {key: f"{row['right']}/{row['n']}" for key, row in lines.items() if row["n"]}
        for key in ("answered_of_what_can_be", "declined_of_what_cannot"):
            if told[key]["n"]:
                found[part][key] = f"{told[key]['right']}/{told[key]['n']}"
        if (times := told["times_s"].get("first_frame")) and part in ("tuned", "aside"):
            found[part]["first_picture_s"] = f"p50 {times['p50']:g}, p95 {times['p95']:g}"
    if suite["shops_not_to_be_had"]:
        found["shops_not_to_be_had"] = suite["shops_not_to_be_had"]
    found["failing"] = suite["failing"]
    return found
