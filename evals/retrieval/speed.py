"""How long engines take over a grown shop: the made-up electronics many times over.

Vectors of the texts are random, as only the time counts: the question is embedded for real.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from evals.retrieval.categories import made_up, task
from evals.retrieval.corpus import Item
from evals.retrieval.engines import LEXICAL, Engine, VectorsAlone
from evals.retrieval.metrics import p50_p99
from evals.retrieval.models import Remembering
from evals.retrieval.shop import Candor, Models

SLOW = {"duckdb fts": 200_000}
"""Items beyond which an engine is left out: DuckDB's FTS takes a second a query at a million."""


class Random(Remembering):
    """A model whose texts have random unit vectors; questions are embedded."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = np.random.default_rng(len(texts)).standard_normal(
            (len(texts), self.dims), np.float32
        )
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found


@dataclass(frozen=True, slots=True)
class Speed:
    engine: str
    items: int
    build_s: float
    p50: float
    p99: float
    """Milliseconds a query, one thread."""


def grown(size: int) -> list[Item]:
    """So many items with a sku of their own each."""
    found: list[Item] = []
    seed = 0
    while len(found) < size:
        found += made_up(seed)
        seed += 1
    return [
        Item(f"G{at:07}", item.title, item.category, item.brand)
        for at, item in enumerate(found[:size])
    ]


def measure(size: int, folder: Path, names: dict[str, str], rounds: int = 4) -> list[Speed]:
    """The 58 English category queries, *rounds* times. *names* are models by language."""
    items = grown(size)
    texts = [query.text for query in task(items, "").queries if query.group == "en"] * rounds
    model = Random(names["en"], folder)
    models: Models = {"en": model, "fr": model, "zh": model}
    makers: dict[str, Callable[[], Engine]] = {
        name: partial(make, items) for name, make in LEXICAL.items()
    }
    makers[names["en"]] = partial(VectorsAlone, names["en"], model, items)
    makers["candor"] = partial(Candor, "candor", items, folder / f"speed-{size}.duckdb", models)
    found: list[Speed] = []
    for name, make in makers.items():
        if size > SLOW.get(name, size):
            continue
        began = perf_counter()
        engine = make()
        built = perf_counter() - began
        engine.search(texts[0], "en", 10)
        seconds = []
        for text in texts:
            began = perf_counter()
            engine.search(text, "en", 10)
            seconds.append(perf_counter() - began)
        found.append(Speed(name, size, built, *p50_p99(seconds)))
        if isinstance(engine, Candor):
            engine.close()
    return found
