"""What a run comes to: shares with their intervals, times, variety; held against thresholds."""

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.trace import STAGES
from evals.harness.played import Played, Turn
from evals.harness.scorers import SCORERS, Check, outcome

THRESHOLDS = Path(__file__).with_name("thresholds.toml")
MEASURES = ("p95_first_frame_s", "most_repeated")
"""Of which less is better; all else is a share, of which more is."""
NO_ANSWER = frozenset(
    (
        *("unknown", "rivals", "off_topic", "personal", "health", "order_trouble", "complaint"),
        *("haggle", "distress", "silence"),
    )
)


class ThresholdError(Exception):
    """The file of thresholds is not as it should be: names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A case, played and looked at."""

    played: Played
    checks: Sequence[Check]
    shop: str = ""

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


@dataclass
class Totals:
    """Of one suite, or of one part of it."""

    cases: int = 0
    held: int = 0
    checks: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=dict)
    sentences: Counter[str] = field(default_factory=Counter)
    answerable: int = 0
    answered: int = 0
    unanswerable: int = 0
    declined: int = 0

    def add(self, one: Scored) -> None:
        self.cases += 1
        self.held += one.ok
        for check in one.checks:
            self.checks[check.name] += 1
            self.right[check.name] += check.ok
        for turn in one.played.turns:
            self._times(turn)
            self._refusals(turn, one.shop)
        self.sentences.update(said.text for said in one.played.said if not said.is_notice)

    def _times(self, turn: Turn) -> None:
        for stage, took in turn.times_s.items():
            self.times.setdefault(stage, []).append(float(took))

    def _refusals(self, turn: Turn, shop: str) -> None:
        """Of lines that say what is to become of them: whether it is an answer or none."""
        wanted = set(turn.expected.outcome or ()) if turn.expected else set()
        became = outcome(turn, shop)
        if wanted == {"answer"}:
            self.answerable += 1
            self.answered += became == "answer"
        elif wanted and wanted <= NO_ANSWER | {"talk"}:
            self.unanswerable += 1
            self.declined += became != "answer"

    def told(self) -> dict[str, Any]:
        """JSON-able."""
        spread = self.sentences.total()
        return {
            "cases": share(self.held, self.cases),
            "checks": {
                name: share(self.right[name], self.checks[name])
                for name in SCORERS
                if self.checks[name]
            },
            "answered_of_what_can_be": share(self.answered, self.answerable),
            "declined_of_what_cannot": share(self.declined, self.unanswerable),
            "times_s": {
                stage: {"n": len(took), **{f"p{p}": percentile(took, p) for p in (50, 95, 99)}}
                for stage in STAGES
                if (took := self.times.get(stage))
            },
            "variety": {
                "sentences": spread,
                "distinct": len(self.sentences),
                "distinct_share": round(len(self.sentences) / spread, 3) if spread else None,
                "most_repeated": max(self.sentences.values(), default=0),
                "of_all": round(max(self.sentences.values(), default=0) / spread, 3)
                if spread
                else None,
                "often": self.sentences.most_common(5),
            },
        }


def summed(scored: Iterable[Scored]) -> dict[str, Any]:
    """Of one suite: all that may be tuned by, what is kept aside, and both by language."""
    parts: dict[str, Totals] = {}
    for one in scored:
        aside = one.played.case.aside
        parts.setdefault("aside" if aside else "tuned", Totals()).add(one)
        parts.setdefault(f"{one.played.case.language}", Totals()).add(one)
    order = sorted(parts, key=lambda name: (name != "tuned", name != "aside", name))
    return {name: parts[name].told() for name in order}


def share(some: int, all_: int) -> dict[str, Any]:
    """A share with its 95 % Wilson interval."""
    if not all_:
        return {"n": 0}
    z, p = 1.96, some / all_
    middle = (p + z * z / (2 * all_)) / (1 + z * z / all_)
    half = z * math.sqrt(p * (1 - p) / all_ + z * z / (4 * all_ * all_)) / (1 + z * z / all_)
    return {
        "right": some,
        "n": all_,
        "share": round(p, 4),
        "low": round(max(0.0, middle - half), 4),
        "high": round(min(1.0, middle + half), 4),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that *percent* % of *values* do not exceed."""
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)], 4)


# --- the gate --------------------------------------------------------------------------------


def thresholds(path: Path = THRESHOLDS) -> dict[str, dict[str, float]]:
    """By suite ("all": any other), the least share of each scorer, "cases" of whole cases, and the
    most of each of MEASURES. Raises ThresholdError."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThresholdError(f"{path}: cannot be read: {error}; mend it, as TOML") from error
    known = ("cases", *SCORERS, *MEASURES)
    for suite, wanted in found.items():
        if not isinstance(wanted, dict):
            raise ThresholdError(f"{path}: {suite}: put it under a suite, as [all]")
        for key, value in wanted.items():
            if key not in known:
                raise ThresholdError(
                    f"{path}: [{suite}] {key}: not a key; known: {', '.join(known)}"
                )
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ThresholdError(f"{path}: [{suite}] {key}: {value!r}; write a number, as 0.95")
    return found


def broken(
    suite: str, told: Mapping[str, Any], wanted: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """What of *told* (as ``summed`` gives it) falls short, a text each; of what is kept aside only
    that which may never happen is asked: it is there to be measured."""
    mine = {**wanted.get("all", {}), **wanted.get(suite, {})}
    found: list[str] = []
    for part in ("tuned", "aside"):
        if part not in told:
            continue
        for key, limit in mine.items():
            if part == "aside" and not (key not in MEASURES and limit == 1):
                continue
            value = _value(told[part], key)
            worse = value is not None and (value > limit if key in MEASURES else value < limit)
            if worse:
                sign = "<=" if key in MEASURES else ">="
                found.append(
                    f"{suite} ({part}): {key} is {value:g}, and has to be {sign} {limit:g}"
                )
    return found


def _value(told: Mapping[str, Any], key: str) -> float | None:
    if key == "p95_first_frame_s":
        times = told["times_s"].get("first_frame")
        return float(times["p95"]) if times else None
    if key == "most_repeated":
        of_all = told["variety"]["of_all"]
        return None if of_all is None else float(of_all)
    row = told["cases"] if key == "cases" else told["checks"].get(key)
    return float(row["share"]) if row and row["n"] else None
