"""``candor eval``: suites of cases, scored without a model, with an exit code for a gate.

``facts``: questions to three shops, and the facts that must come back (``evals.asked``).
``honesty``: deceptive and benign lines, judged by the gate as the model's and the operator's.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evals.asked import facts
from evals.honesty import honesty

Result = Mapping[str, object]


def run(suites: Sequence[str], report: Path | None) -> int:
    """Run *suites*, print their results, and write them to *report* as ``results.json``.
    0: every gate held; 1: one did not; 2: there is no such suite."""
    if unknown := [name for name in suites if name not in SUITES]:
        print(f"candor eval: no suite {unknown[0]}; there are {', '.join(SUITES)}")
        return 2
    results = {name: SUITES[name]() for name in suites}
    text = json.dumps(results, ensure_ascii=False, indent=2)
    print(text)
    if report:
        report.mkdir(parents=True, exist_ok=True)
        (report / "results.json").write_text(text + "\n", encoding="utf-8")
    return 0 if all(result["gate"] == "held" for result in results.values()) else 1


SUITES: dict[str, Callable[[], Result]] = {"facts": facts, "honesty": honesty}
