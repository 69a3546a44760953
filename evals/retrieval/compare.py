"""One task, all engines: figures by group and half, and whether Candor's search is the best."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from evals.retrieval.corpus import Query, Task
from evals.retrieval.engines import Engine
from evals.retrieval.metrics import (
    RESAMPLES,
    Mean,
    hit,
    is_dev,
    mean,
    ndcg,
    p50_p99,
    recall,
    reciprocal,
)

COUNT = 50
"""Asked of every engine."""
OURS = "candor"
Metric = Callable[[Sequence[str], Query], float]
METRICS: Mapping[str, Metric] = {
    "ndcg@10": lambda ranked, query: ndcg(ranked, query.right),
    "hit@1": lambda ranked, query: hit(ranked, query.right, 1),
    "hit@5": lambda ranked, query: hit(ranked, query.right, 5),
    "recall@10": lambda ranked, query: recall(ranked, query.right, 10),
    "mrr@10": lambda ranked, query: reciprocal(ranked, query.right),
}
HALVES = ("dev", "rest", "all")
"""Weights were tuned on dev; rest is what was not looked at; all is both."""


@dataclass(frozen=True, slots=True)
class Row:
    """One engine on one group of a task."""

    task: str
    engine: str
    group: str
    half: str
    figures: Mapping[str, Mean]
    p50: float
    p99: float
    """Milliseconds a query, the query's embedding included."""


@dataclass(frozen=True, slots=True)
class Duel:
    """Candor's search against the best of the others, query by query."""

    task: str
    group: str
    half: str
    metric: str
    ours: float
    best: str
    theirs: float
    low: float
    high: float
    """95 % interval of the mean difference (paired bootstrap)."""


def compare(
    task: Task,
    engines: Sequence[Engine],
    metric: str = "ndcg@10",
    more: Mapping[str, Metric] = {},
) -> tuple[list[Row], list[Duel]]:
    """Every query to every engine, one after the other."""
    metrics = {**METRICS, **more}
    several = len({query.group for query in task.queries}) > 1
    rows: list[Row] = []
    values: dict[str, dict[tuple[str, str], list[float]]] = {}
    for engine in engines:
        found: dict[tuple[str, str], list[tuple[Query, list[str], float]]] = defaultdict(list)
        for query in task.queries[:5]:  # a first query loads what comes lazily
            engine.search(query.text, query.language, COUNT)
        for query in task.queries:
            began = perf_counter()
            ranked = engine.search(query.text, query.language, COUNT)
            took = perf_counter() - began
            for group in dict.fromkeys((query.group, "together" if several else query.group)):
                for half in ("dev" if is_dev(query.name) else "rest", "all"):
                    found[group, half].append((query, ranked, took))
        values[engine.name] = {
            key: [metrics[metric](ranked, query) for query, ranked, _ in asked]
            for key, asked in found.items()
        }
        for (group, half), asked in sorted(found.items()):
            figures = {
                name: mean([figure(ranked, query) for query, ranked, _ in asked])
                for name, figure in metrics.items()
            }
            times = p50_p99([took for *_, took in asked])
            rows.append(Row(task.name, engine.name, group, half, figures, *times))
    return rows, _duels(task.name, metric, values)


def _duels(
    task: str, metric: str, values: Mapping[str, Mapping[tuple[str, str], list[float]]]
) -> list[Duel]:
    if OURS not in values:
        return []
    duels: list[Duel] = []
    for (group, half), ours in sorted(values[OURS].items()):
        others = {name: found[group, half] for name, found in values.items() if name != OURS}
        if not others:
            continue
        sums = {name: sum(found) for name, found in others.items()}
        best = max(sums, key=lambda name: sums[name])
        apart = np.asarray(ours) - np.asarray(others[best])
        picks = np.random.default_rng(0).integers(0, len(apart), (RESAMPLES, len(apart)))
        low, high = np.percentile(apart[picks].mean(axis=1), (2.5, 97.5))
        pair = (float(np.mean(ours)), best, float(np.mean(others[best])))
        duels.append(Duel(task, group, half, metric, *pair, float(low), float(high)))
    return duels
