"""Verify the record of a show, export it, and erase a viewer's words from it on request."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from agent.audit_page import OPEN_END, write_page
from agent.audit_rows import write_jsonl, write_parquet
from agent.ledger import END, erase_words, verify


def run(arguments: argparse.Namespace) -> int:
    """``candor audit``: 0 where every chain is whole, 2 where an export cannot be written."""
    reports = [_audit(path, arguments.erase_viewer) for path in arguments.files]
    if arguments.export:
        out = arguments.out or arguments.files[0].with_name(f"record.{arguments.export}")
        try:
            count = _export(arguments.files, arguments.export, out)
        except OSError as error:
            print(f"{out}: cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201
            return 2
        print(f"{count} lines written to {out}", file=sys.stderr)  # noqa: T201
    if arguments.json:
        print(json.dumps(reports, ensure_ascii=False, indent=2))  # noqa: T201
    else:
        for report in reports:
            _print(report)
    return 0 if all(report["whole"] for report in reports) else 1


def _export(files: list[Path], form: str, out: Path) -> int:
    readable = [path for path in files if path.is_file()]
    match form:
        case "jsonl":
            return write_jsonl(readable, out)
        case "parquet":
            return write_parquet(readable, out)
        case _:
            return write_page(readable, {path: list(verify(path)) for path in readable}, out)


def _audit(path: Path, erase: str | None) -> dict[str, object]:
    try:
        erased = erase_words(path, lambda words: words.get("author") == erase) if erase else 0
        faults = [{"line": fault.line, "reason": fault.reason} for fault in verify(path)]
        kinds: Counter[str] = Counter()
        last = ""
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    last = str(json.loads(line)["kind"])
                    kinds[last] += 1
                except (ValueError, KeyError, TypeError):
                    continue
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        faults, kinds, erased, last = [{"line": 0, "reason": reason}], Counter(), 0, ""
    return {
        "file": str(path),
        "whole": not faults,
        "ended": last == END,
        "lines": kinds.total(),
        "kinds": dict(kinds.most_common()),
        "faults": faults,
        "erased": erased,
    }


def _print(report: dict[str, object]) -> None:
    state = "whole" if report["whole"] else "BROKEN"
    print(f"{report['file']}: {state}, {report['lines']} lines")  # noqa: T201
    if not report["ended"]:
        print(f"  {OPEN_END}: after line {report['lines']}")  # noqa: T201
    for kind, count in report["kinds"].items():  # type: ignore[attr-defined]
        print(f"  {kind:12} {count}")  # noqa: T201
    for fault in report["faults"]:  # type: ignore[attr-defined]
        print(f"  line {fault['line']}: {fault['reason']}")  # noqa: T201
    if report["erased"]:
        print(f"  words erased in {report['erased']} lines")  # noqa: T201
