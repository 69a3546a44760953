"""Does the fact that answers a question reach the writer? Asked of a real catalog as the show does.

Two figures of Candor's: what search ranks first among the facts of the product, and what
``Store.facts`` hands to the writer, whichever way it got there. The other engines rank the same
facts of the same product.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from agent.types import Facts, Focus
from catalog.rows import AttributeRow, FaqRow, Row
from catalog.store import Store
from evals.retrieval.corpus import Item
from evals.retrieval.engines import LEXICAL, Engine, VectorsAlone
from evals.retrieval.metrics import Mean, hit, mean, p50_p99, recall
from evals.retrieval.models import Remembering
from evals.retrieval.pqa import Asked, Shelved, shelve
from evals.retrieval.shop import Models, opened, write

RANKED = "candor, search"
HANDED = "candor, writer"
PUBLISHED = "published order"


@dataclass(frozen=True, slots=True)
class Score:
    """One engine on one set of questions; over those that have an answer."""

    task: str
    engine: str
    first: Mean
    """Precision at 1."""
    some: Mean
    """Share of questions of which a right fact is among the first ten."""
    all: Mean
    """Share of the right facts that are, averaged over questions."""
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Handed:
    """What the writer got, over questions that have an answer."""

    task: str
    reached: Mean
    """A right fact was among it."""
    share: Mean
    """Of the right facts."""
    count: float
    """Facts handed over, on average."""
    topics: dict[str, tuple[int, int]]
    """By what the question was read as: questions, and those that a right fact reached."""
    missed: list[dict[str, str]]


def items(rows: Sequence[Row]) -> Iterator[tuple[str, Item]]:
    """The facts among *rows*, each as what the other engines search, with the product's sku."""
    for row in rows:
        if isinstance(row, FaqRow):
            name = f"{row.sku}/answer/{row.faq_id}"
            yield row.sku, Item(name, row.question, body=row.answer)
        elif isinstance(row, AttributeRow) and row.words and row.name != "title":
            name = f"{row.owner}/{row.name}"
            yield row.owner, Item(name, row.name.replace("_", " "), body="; ".join(row.words))


def measure(
    task: str,
    asked: Sequence[Asked],
    folder: Path,
    models: Models,
    alone: Sequence[tuple[str, Remembering]],
    *,
    pooled: bool = False,
) -> tuple[list[Score], Handed]:
    """All engines on one file of questions."""
    shelved = shelve(asked, pooled=pooled)
    wanted = [one for one in asked if one.qid in shelved.right]
    path = folder / f"{task.replace(' ', '-')}.duckdb"
    write(path, shelved.rows)
    ranked, handed, seconds = asyncio.run(_candor(path, models, wanted, shelved))
    found = [_score(task, RANKED, wanted, shelved, ranked, seconds)]
    pairs = list(items(shelved.rows))
    owner = {item.sku: sku for sku, item in pairs}
    texts = [item for _, item in pairs]
    engines: list[Engine] = [make(texts) for make in LEXICAL.values()]
    engines += [VectorsAlone(name, model, texts) for name, model in alone]
    for engine in engines:
        lists, seconds = [], []
        for one in wanted:
            began = perf_counter()
            some = engine.search(one.question, "en", len(texts))
            seconds.append(perf_counter() - began)
            lists.append([name for name in some if owner[name] == shelved.sku[one.qid]])
        found.append(_score(task, engine.name, wanted, shelved, lists, seconds))
    if not pooled:
        published = [[shelved.first[one.qid]] for one in wanted]
        found.append(_score(task, PUBLISHED, wanted, shelved, published, []))
    return found, _handed(task, wanted, shelved, handed)


async def _candor(
    path: Path, models: Models, wanted: Sequence[Asked], shelved: Shelved
) -> tuple[list[list[str]], list[Facts], list[float]]:
    store = await opened(path, models)
    try:
        ranked, handed, seconds = [], [], []
        for one in wanted:
            sku = shelved.sku[one.qid]
            began = perf_counter()
            hits = store._search.find(one.question, "en", "fact", [sku])
            seconds.append(perf_counter() - began)
            ranked.append([_fact(hit.sku, hit.field) for hit in hits])
            handed.append(await _facts(store, one, sku))
        return ranked, handed, seconds
    finally:
        await store.close()


async def _facts(store: Store, one: Asked, sku: str) -> Facts:
    return await store.facts(one.question, "en", Focus(sku))


def _fact(sku: str, field: str) -> str:
    return field if "/" in field else f"{sku}/{field}"


def _score(
    task: str,
    engine: str,
    wanted: Sequence[Asked],
    shelved: Shelved,
    lists: Sequence[Sequence[str]],
    seconds: Sequence[float],
) -> Score:
    gains = [dict.fromkeys(shelved.right[one.qid], 1.0) for one in wanted]
    pairs = list(zip(lists, gains, strict=True))
    return Score(
        task,
        engine,
        mean([hit(ranked, right, 1) for ranked, right in pairs]),
        mean([hit(ranked, right, 10) for ranked, right in pairs]),
        mean([recall(ranked, right, 10) for ranked, right in pairs]),
        *p50_p99(seconds),
    )


def _handed(
    task: str, wanted: Sequence[Asked], shelved: Shelved, handed: Sequence[Facts]
) -> Handed:
    reached, share = [], []
    topics: dict[str, tuple[int, int]] = {}
    missed: list[dict[str, str]] = []
    for one, facts in zip(wanted, handed, strict=True):
        right = shelved.right[one.qid]
        names = {fact.id for fact in (*facts.asked, *facts.context)}
        reached.append(float(bool(names & right)))
        share.append(len(names & right) / len(right))
        topic = facts.topic.value
        count, good = topics.get(topic, (0, 0))
        topics[topic] = count + 1, good + bool(names & right)
        if not names & right:
            missed.append({"question": one.question, "topic": topic, "fact": min(right)})
    handed_over = [float(len(facts.asked) + len(facts.context)) for facts in handed]
    size = mean(handed_over).value
    return Handed(task, mean(reached), mean(share), size, topics, missed)
