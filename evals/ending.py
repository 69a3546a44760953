"""How an eval ends: its result as JSON, printed and written, and the exit code that is its gate."""

import json
from collections.abc import Mapping
from pathlib import Path


def as_text(result: Mapping[str, object]) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2)


def ended(
    result: Mapping[str, object], report: Path | None, shown: Mapping[str, object] | None = None
) -> int:
    """Print *result* (or what is *shown* of it), write all of it to *report*, and give the exit
    code: 0 where its gate held, 1 where it did not."""
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(as_text(result) + "\n", encoding="utf-8")
    print(as_text(result if shown is None else shown))
    return 0 if result["gate"] == "held" else 1
