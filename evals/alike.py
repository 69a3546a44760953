"""Which questions are answered together: pairs that mean the same, and pairs that nearly do.

``python -m evals.alike [FILE]``: the lines of evals/cases/alike.tsv, as viewers of the sample shop
would type them while the lamp is shown, two by two. Wrong merges are listed; there should be none.
"""

import argparse
import asyncio
import itertools
import json
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.alike import alike
from agent.types import LANGUAGES, Focus, Language, Meaning
from catalog import sample
from catalog.meaning import Meanings
from catalog.store import Store
from models.embed import embedders

CASES = Path(__file__).parent / "cases" / "alike.tsv"
SHOWN = Focus("HP-LAMP", "HP-LAMP")


@dataclass(frozen=True, slots=True)
class Question:
    family: str
    meaning: str
    language: Language
    text: str


def questions(path: Path = CASES) -> list[Question]:
    """Raises ValueError for a line that is none, with its number."""
    found = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw or raw.startswith("#"):
            continue
        parts = raw.split("\t")
        language = next((one for one in LANGUAGES if one == parts[2 % len(parts)]), None)
        if len(parts) != 4 or language is None:
            raise ValueError(f"{path}, line {number}: not family, meaning, language, text")
        found.append(Question(parts[0], parts[1], language, parts[3]))
    return found


@asynccontextmanager
async def meanings(*, embedded: bool = True) -> AsyncIterator[Meanings]:
    """Of the sample shop."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.duckdb"
        await asyncio.to_thread(sample.build, path)
        store = await Store.open(path, embedders=embedders if embedded else None)
        await store.embedded()
        made = Meanings(store, embedders if embedded else None)
        try:
            yield made
        finally:
            made.close()
            await store.close()


async def understood(asked: Sequence[Question], known: Meanings) -> list[Meaning]:
    return [await known.meaning(one.text, one.language, SHOWN) for one in asked]


Pair = tuple[int, int]


def pairs(asked: Sequence[Question]) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Pairs that mean the same; near misses, of one family; and all others, by place."""
    same, near, far = [], [], []
    for one, other in itertools.combinations(range(len(asked)), 2):
        if asked[one].meaning == asked[other].meaning:
            same.append((one, other))
        elif asked[one].family == asked[other].family:
            near.append((one, other))
        else:
            far.append((one, other))
    return same, near, far


async def measure(path: Path) -> dict[str, object]:
    """The figures as plain values."""
    asked = questions(path)
    async with meanings() as known:
        found = await understood(asked, known)
    same, near, far = pairs(asked)

    def merged(of: Iterable[Pair]) -> list[Pair]:
        return [(one, other) for one, other in of if alike(found[one], found[other])]

    def within(of: Iterable[Pair]) -> list[Pair]:
        return [pair for pair in of if len({asked[place].language for place in pair}) == 1]

    wrong = merged(near) + merged(far)
    # The same text of the shop's answers both, so that nobody is told anything wrong.
    harmful = [pair for pair in wrong if found[pair[0]].key != found[pair[1]].key]
    return {
        "questions": len(asked),
        "alike": {"pairs": len(same), "merged": len(merged(same))},
        "alike_in_one_language": {"pairs": len(within(same)), "merged": len(merged(within(same)))},
        "near": {"pairs": len(near), "merged": len(merged(near))},
        "far": {"pairs": len(far), "merged": len(merged(far))},
        "wrongly_merged": [[asked[place].text for place in pair] for pair in wrong],
        "of_them_with_other_facts": len(harmful),
        "missed": [
            [asked[place].text for place in pair]
            for pair in within(same)
            if not alike(found[pair[0]], found[pair[1]])
        ],
    }


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__)
    top.add_argument("file", nargs="?", type=Path, default=CASES)
    top.add_argument("--json", type=Path)
    arguments = top.parse_args()
    text = json.dumps(asyncio.run(measure(arguments.file)), indent=1, ensure_ascii=False)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
