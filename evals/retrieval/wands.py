"""WANDS, the furniture shop of Wayfair: for whoever has its products and labels (MIT).

A folder holds product.csv, query.csv and label.csv as published (github.com/wayfair/WANDS, folder
dataset), separated by tabs.
"""

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from evals.retrieval.corpus import Item, Query, Task
from evals.retrieval.metrics import dcg

GAINS = {"Exact": 2.0, "Partial": 1.0, "Irrelevant": 0.0}
PUBLISHED = {
    "BM25": 0.5408,
    "MiniLM": 0.5060,
    "e5-base-v2": 0.5571,
    "agents, lowest": 0.587,
    "agents, highest": 0.617,
}
"""NDCG@10 by the second formula, softwaredoug/search-experiments at commit bfd78ea. The 0.698 of an
Elasticsearch on its author's blog is by the first."""


def task(folder: Path) -> Task:
    """Raises FileNotFoundError, KeyError for a column that is not there."""
    items = [
        Item(
            line["product_id"],
            line["product_name"] or "",
            " ".join(part for part in (line["product_class"], _hierarchy(line)) if part),
            body=" ".join(
                part
                for part in (
                    line["product_description"],
                    (line["product_features"] or "").replace("|", " "),
                )
                if part
            ),
        )
        for line in _lines(folder / "product.csv")
    ]
    gains: dict[str, dict[str, float]] = defaultdict(dict)
    for line in _lines(folder / "label.csv"):
        gains[line["query_id"]][line["product_id"]] = GAINS[line["label"]]
    queries = [
        Query(line["query_id"], line["query"], gains[line["query_id"]])
        for line in _lines(folder / "query.csv")
        if line["query_id"] in gains
    ]
    return Task("wands", items, queries, f"{len(items)} products of WANDS")


def _hierarchy(line: dict[str, str]) -> str:
    """The published heading has a blank where the documentation has an underscore."""
    return line.get("category hierarchy") or line.get("category_hierarchy") or ""


def _lines(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**8)
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def of_ten_exact(ranked: Sequence[str], query: Query) -> float:
    """The second formula: as if every query had ten exact products, whatever its labels."""
    return dcg([query.right.get(sku, 0.0) for sku in ranked[:10]]) / dcg([2.0] * 10)
