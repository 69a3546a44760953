"""Learn the directions by which unseen wordings are understood, and measure them.

``python -m evals.meaning --learn`` writes ``models/meaning.json`` from the lines of ``cases``;
without it the directions are measured on the lines kept aside (``meaning_aside.tsv``), by numbers
only, together with the lists of patterns, which go first on the air.
"""

import argparse
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.hostile import Flag, flag
from agent.identity import asks_identity
from agent.plaintext import clean
from agent.types import Language
from agent.understand import language_of
from models import meaning
from models.embed import Vectors

CASES = Path(__file__).parent / "cases"
WEIGHTS = Path(meaning.__file__).with_name(meaning.FILE)
ABOUT = ("identity", "distress")
THRESHOLDS = {"identity": 0.5, "distress": 0.5}
_DECAY, _STEPS, _RATE, _MOMENTUM = 1e-4, 4000, 3.6, 0.9
Row = tuple[str, Language, str]
"""What a line is about ("identity", "distress" or "-"), its language, the line."""


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _spoken(text: str) -> Language:
    return language_of(clean(text), "en") or "en"


def lines() -> list[Row]:
    """All that is learned from."""
    return [*_matters(), *ordinary()]


def _matters() -> list[Row]:
    """Lines about what is looked for, and their neighbours that are not."""
    found: list[Row] = []
    for about, language, text in _rows(CASES / "meaning.tsv"):
        found.append((about, _language(language), text))
    for language, mark, text in _rows(CASES / "rules" / "identity.tsv"):
        found.append(("identity" if mark == "+" else "-", _language(language), text))
    for language, mark, text in _rows(CASES / "hostile_distress.tsv"):
        found.append(("distress" if mark == "+" else "-", _language(language), text))
    return found


def ordinary() -> list[Row]:
    """Questions to a shop and other talk that is about nothing of that."""
    found: list[Row] = []
    for row in _rows(CASES / "questions.tsv"):
        found.append(("-", _spoken(row[2]), row[2]))
    for language, text in _rows(CASES / "hostile_benign.tsv"):
        found.append(("-", _language(language), text))
    return found


def _language(name: str) -> Language:
    return "fr" if name == "fr" else "zh" if name == "zh" else "en"


def digest() -> str:
    """Of the lines about what is looked for, and of how they are learned. Ordinary lines are left
    out: their sets grow with the catalog's, which makes no direction wrong."""
    known = json.dumps([_matters(), THRESHOLDS, _DECAY, _STEPS], ensure_ascii=False)
    return hashlib.sha256(known.encode()).hexdigest()[:16]


# --- learning --------------------------------------------------------------------------------


def learn() -> Mapping[str, object]:
    """Logistic regression on the unit vectors, both classes weighing the same."""
    rows = lines()
    found: dict[str, dict[str, object]] = {about: {} for about in ABOUT}
    for name in meaning.MODELS:
        read = [row for row in rows if name in meaning.readers(row[1])]
        vectors = meaning.vectors_of([clean(row[2]) for row in read], (name,))[name]
        for about in ABOUT:
            is_so = np.array([row[0] == about for row in read])
            weights, bias = _fit(vectors, is_so)
            found[about][name] = {
                "bias": round(bias, 4),
                "weights": [round(float(weight), 3) for weight in weights],
            }
    return {"learned_from": digest(), "thresholds": THRESHOLDS, "directions": found}


def _fit(vectors: Vectors, is_so: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    weights, push, bias = np.zeros(vectors.shape[1]), np.zeros(vectors.shape[1]), 0.0
    share = np.where(is_so, 0.5 / is_so.sum(), 0.5 / (~is_so).sum())
    for _ in range(_STEPS):
        off = (1 / (1 + np.exp(-(vectors @ weights + bias))) - is_so) * share
        push = _MOMENTUM * push + vectors.T @ off + _DECAY * weights
        weights -= _RATE * push
        bias -= 12.0 * float(off.sum())
    return weights, bias


# --- measuring -------------------------------------------------------------------------------


def seen(rows: Iterable[Row]) -> Mapping[str, Mapping[str, str]]:
    """Of each matter: recognised by the lists, by the directions, by either; and false alarms of
    each on the lines that are about something else."""
    rows = list(rows)
    scores = [meaning.meaning(clean(text), language) for _, language, text in rows]
    told: dict[str, Counter[str]] = {about: Counter() for about in ABOUT}
    for (about, language, text), score in zip(rows, scores, strict=True):
        plain = clean(text)
        listed = {
            "identity": asks_identity(plain),
            "distress": flag(plain) is Flag.DISTRESS,
        }
        for matter in ABOUT:
            kind = "right" if about == matter else "false"
            for group in (language, "all"):
                told[matter].update(
                    {
                        f"{group} {kind} of": 1,
                        f"{group} {kind} lists": listed[matter],
                        f"{group} {kind} meaning": score[matter] > 0,
                        f"{group} {kind} either": listed[matter] or score[matter] > 0,
                    }
                )
    return {
        matter: {
            key: f"{counts[key]}/{counts[' '.join([*key.split()[:2], 'of'])]}"
            for key in sorted(counts)
            if not key.endswith(" of")
        }
        for matter, counts in told.items()
    }


def questions(path: Path) -> list[Row]:
    """Real shoppers' questions: the column "question" of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            ("-", "en", text) for text in dict.fromkeys(r["question"] for r in csv.DictReader(file))
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--questions", type=Path, help="a CSV file of ordinary questions")
    arguments = parser.parse_args()
    if arguments.learn:
        text = json.dumps(learn(), separators=(",", ":"))
        WEIGHTS.write_text(text.replace('"weights":', '\n"weights":') + "\n", encoding="utf-8")
        meaning.directions.cache_clear()
    if arguments.questions:
        rows = questions(arguments.questions)
    else:
        aside = CASES / "meaning_aside.tsv"
        rows = [(about, _language(lang), text) for about, lang, text in _rows(aside)]
    print(json.dumps(seen(rows), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
