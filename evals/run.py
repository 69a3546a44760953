"""``candor eval``: suites of cases, scored without a model, with an exit code for a gate.

``facts``: questions to the sample shop, and which product and fields must come back.
``honesty``: deceptive and benign lines, judged by the gate as the model's and the operator's.
"""

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from agent.types import LANGUAGES, Focus
from catalog import sample
from catalog.store import Store
from evals.honesty import honesty
from models.embed import embedders

QUESTIONS = Path(__file__).parent / "cases" / "questions.tsv"
"""Tab-separated: language, pinned product, question, product ("-": none), topic, fields, style."""
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


def facts() -> Result:
    """Right product and right fields, by language. The gate: no fact of a wrong product."""
    rows = [
        line.split("\t")
        for line in QUESTIONS.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.duckdb"
        sample.build(path)
        return asyncio.run(_ask(path, rows))


async def _ask(path: Path, rows: Sequence[Sequence[str]]) -> Result:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong, misses = [], []
    store = await Store.open(path, embedders=embedders)
    try:
        await store.embedded()
        for own, pinned, question, sku, _, fields, _ in rows:
            language = next(known for known in LANGUAGES if known == own)
            found = await store.facts(question, language, Focus(pinned or None))
            got = found.product.sku if found.product else "-"
            row = {"question": question, "wanted": sku, "got": got}
            total[language] += 1
            if found.asked and got not in (sku, "-"):
                wrong.append(row)
            if got == sku and {fact.field for fact in found.asked} >= set(fields.split()):
                right[language] += 1
            else:
                misses.append(row)
    finally:
        await store.close()
    return {
        "gate": "broken" if wrong else "held",
        "right": {name: f"{right[name]}/{total[name]}" for name in sorted(total)},
        "wrong_product": wrong,
        "misses": misses,
    }


SUITES: dict[str, Callable[[], Result]] = {"facts": facts, "honesty": honesty}
