"""Cases in the shapes that Inspect AI and pydantic-evals load.

``inspect.jsonl``: a sample a line, ``{input, target, id, metadata}``, for
``inspect_ai.dataset.json_dataset``. ``pydantic_evals.json``: ``{name, cases: [{name, inputs,
expected_output, metadata}]}``, for ``pydantic_evals.Dataset.from_file``. Both keep the whole case
in ``metadata``, so that ``load`` gives back what was written.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evals.harness.case import Ask, Case, Operating
from evals.harness.results import ReportError

INSPECT = "inspect.jsonl"
PYDANTIC = "pydantic_evals.json"


def write(folder: Path, cases: Sequence[Case]) -> list[Path]:
    """Both files, into *folder*; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    inspect, pydantic = folder / INSPECT, folder / PYDANTIC
    inspect.write_text(
        "".join(json.dumps(_sample(case), ensure_ascii=False) + "\n" for case in cases),
        encoding="utf-8",
    )
    dataset = {"name": "candor", "cases": [_case(case) for case in cases]}
    pydantic.write_text(json.dumps(dataset, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [inspect, pydantic]


def load(file: Path) -> list[Case]:
    """The cases of a file that ``write`` made. Raises ReportError."""
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".jsonl":
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = json.loads(text)["cases"]
        return [Case.model_validate(row["metadata"]["candor"]) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{file}: not an export of candor eval: {error!r}") from error


def _sample(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "input": [{"role": "user", "content": text} for text in _lines(case)],
        "target": _targets(case.asks),
        "metadata": _metadata(case),
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "name": case.id,
        "inputs": {
            "shop": case.shop,
            "language": case.language,
            "pinned": case.pinned,
            "chat": [{"user": ask.user, "text": ask.ask} for ask in case.asks],
        },
        "expected_output": {
            "says": _targets(case.asks),
            "facts": [fact for ask in case.asks for fact in ask.facts],
            "outcomes": [list(ask.outcome) for ask in case.asks],
        },
        "metadata": _metadata(case),
    }


def _lines(case: Case) -> list[str]:
    """What is written in the chat; else what the operator has said, as Inspect takes no sample
    without an input."""
    asked = [ask.ask for ask in case.asks]
    orders = [step.operator.say for step in case.chat if isinstance(step, Operating)]
    return asked or [text for text in orders if text] or [case.title or case.id]


def _targets(asks: Iterable[Ask]) -> list[str]:
    return [text for ask in asks for text in ask.says]


def _metadata(case: Case) -> dict[str, Any]:
    return {
        "suite": case.suite,
        "tags": list(case.tags),
        "aside": case.aside,
        "candor": case.model_dump(mode="json", exclude_defaults=True),
    }
