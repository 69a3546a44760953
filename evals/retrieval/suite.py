"""All tasks that there are data for, one after the other, as text and as figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.retrieval import categories, facts, known, speed, wands
from evals.retrieval.compare import Metric, compare
from evals.retrieval.corpus import Task
from evals.retrieval.engines import LEXICAL, Engine, VectorsAlone
from evals.retrieval.models import Remembering
from evals.retrieval.pqa import FILES, read
from evals.retrieval.shop import Candor, Models
from evals.retrieval.table import of_duels, of_facts, of_task, table

TASKS = ("categories", "known", "facts", "wands", "speed")
Found = dict[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """What to measure, and with what."""

    data: Path | None
    wands: Path | None
    products: Path | None
    tasks: frozenset[str]
    models: tuple[str, ...]
    english: str
    others: str
    sizes: tuple[int, ...]
    first: int | None
    """Questions of each file; None for all."""
    cache: Path


def run(choice: Choice) -> tuple[str, Found]:
    """The report, and its figures by task. Raises ImportError or OSError where a model's package
    or a file is missing."""
    loaded: dict[str, Remembering] = {}
    for name in {*choice.models, choice.english, choice.others}:
        loaded[name] = Remembering(name, choice.cache)
    parts: list[str] = []
    found: Found = {}

    def add(name: str, measured: tuple[str, object]) -> None:
        parts.append(f"## {name}\n\n{measured[0]}")
        found[name] = measured[1]
        for model in loaded.values():
            model.keep()

    data, wanted = choice.data, choice.tasks
    pqa = data / "pqa" if data is not None and (data / "pqa").is_dir() else None
    if "categories" in wanted:
        add("categories", _ranked(_categories(choice, pqa), choice, loaded, ("ndcg@10",)))
    export = data / known.FILE if data is not None else None
    if "known" in wanted:
        if export is not None and export.is_file():
            task = known.task(known.items(export))
            add("known items", _ranked(task, choice, loaded, ("hit@1", "hit@5"), "hit@1"))
        else:
            parts.append(
                f"## known items\n\nNot measured: --data FOLDER with {known.FILE} is needed."
            )
    if "facts" in wanted:
        if pqa is not None:
            add("facts", _facts(choice, pqa, loaded))
        else:
            parts.append(
                "## facts\n\nNot measured: --data FOLDER with the three files of pqa/ is needed."
            )
    if choice.wands is not None and "wands" in wanted:
        more = {"of ten exact": lambda ranked, query: wands.of_ten_exact(ranked, query)}
        metrics = ("ndcg@10", "of ten exact", "mrr@10")
        text, figures = _ranked(wands.task(choice.wands), choice, loaded, metrics, more=more)
        known_figures = ", ".join(f"{name} {value}" for name, value in wands.PUBLISHED.items())
        add("wands", (f"{text}\n\nPublished, by the second formula: {known_figures}", figures))
    if "speed" in wanted and choice.sizes:
        add("speed", _speed(choice))
    return "\n\n".join(parts), found


def _categories(choice: Choice, pqa: Path | None) -> Task:
    if choice.products is not None:
        return categories.task(categories.from_csv(choice.products), str(choice.products))
    items = categories.made_up()
    about = f"{len(items)} made-up products"
    if pqa is not None:
        more = categories.besides(one.title for one in read(pqa, FILES[0]))
        items += more
        about += f" among {len(more)} real titles of other things"
    return categories.task(items, about)


def _ranked(
    task: Task,
    choice: Choice,
    loaded: Mapping[str, Remembering],
    metrics: Sequence[str],
    duel: str = "ndcg@10",
    more: Mapping[str, Metric] = {},
) -> tuple[str, Found]:
    """A task of finding products, over all engines."""
    engines: list[Engine] = [make(task.items) for make in LEXICAL.values()]
    engines += [VectorsAlone(name, loaded[name], task.items) for name in choice.models]
    path = choice.cache / f"{task.name.replace(' ', '-')}.duckdb"
    own = Candor("candor", task.items, path, _models(choice, loaded))
    try:
        rows, duels = compare(task, [*engines, own], duel, more)
    finally:
        own.close()
    tables = [of_task(rows, metrics, half) for half in ("rest", "all")]
    text = "\n\n".join((f"{task.about}. {' '.join(task.notes)}", *tables, of_duels(duels)))
    return text, {"rows": rows, "duels": duels, "about": task.about, "notes": list(task.notes)}


def _models(choice: Choice, loaded: Mapping[str, Remembering]) -> Models:
    others = loaded[choice.others]
    return {"en": loaded[choice.english], "fr": others, "zh": others}


def _facts(choice: Choice, pqa: Path, loaded: Mapping[str, Remembering]) -> tuple[str, Found]:
    english = loaded[choice.english]
    models: Models = {"en": english, "fr": english, "zh": english}  # all is English here
    alone = [(name, loaded[name]) for name in choice.models]
    scores: list[facts.Score] = []
    handed: list[facts.Handed] = []
    for file in FILES:
        asked = read(pqa, file)[: choice.first]
        for pooled in (False, True) if file.name != "semiPQA" else (False,):
            name = f"{file.name} pooled" if pooled else file.name
            some, one = facts.measure(name, asked, choice.cache, models, alone, pooled=pooled)
            scores += some
            handed.append(one)
    return of_facts(scores, handed), {"scores": scores, "handed": handed}


def _speed(choice: Choice) -> tuple[str, Found]:
    names = {"en": choice.english}
    found = [one for size in choice.sizes for one in speed.measure(size, choice.cache, names)]
    lines = [
        [f"{one.items:,}", one.engine, f"{one.p50:.2f} / {one.p99:.2f}", f"{one.build_s:.1f}"]
        for one in found
    ]
    return table(["items", "engine", "ms p50 / p99", "build s"], lines), {"speeds": found}
