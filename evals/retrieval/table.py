"""Figures as Markdown tables, as the ledger has them."""

from collections.abc import Sequence
from math import isnan

from evals.retrieval.compare import HALVES, Duel, Row
from evals.retrieval.facts import Handed, Score
from evals.retrieval.metrics import Mean


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))


def of_task(rows: Sequence[Row], metrics: Sequence[str], half: str) -> str:
    """Engines down, groups across; each cell has the *metrics*."""
    groups = list(dict.fromkeys(row.group for row in rows if row.half == half))
    engines = list(dict.fromkeys(row.engine for row in rows))
    cell = {(row.engine, row.group): row for row in rows if row.half == half}
    lines = []
    for engine in engines:
        found = [cell[engine, group] for group in groups]
        texts = [" / ".join(_short(row.figures[name]) for name in metrics) for row in found]
        whole = max(found, key=lambda row: next(iter(row.figures.values())).count)
        lines.append([engine, *texts, f"{whole.p50:.2f} / {whole.p99:.2f}"])
    counts = {group: next(iter(cell[engines[0], group].figures.values())).count for group in groups}
    head = [f"{group} (n {counts[group]})" for group in groups]
    return table([f"{' / '.join(metrics)}, {half}", *head, "ms p50 / p99"], lines)


def of_duels(duels: Sequence[Duel]) -> str:
    lines = [
        [
            duel.group,
            duel.half,
            f"{duel.ours:.3f}",
            f"{duel.best} {duel.theirs:.3f}",
            f"{duel.ours - duel.theirs:+.3f} [{duel.low:+.3f}, {duel.high:+.3f}]",
        ]
        for duel in sorted(duels, key=lambda d: (d.group, HALVES.index(d.half)))
    ]
    metric = duels[0].metric if duels else ""
    return table(["group", "half", f"candor {metric}", "best other", "difference"], lines)


def of_facts(scores: Sequence[Score], handed: Sequence[Handed]) -> str:
    lines = [
        [
            score.task,
            score.engine,
            str(score.first),
            str(score.some) if score.p50 == score.p50 else "-",
            str(score.all) if score.p50 == score.p50 else "-",
            "-" if isnan(score.p50) else f"{score.p50:.2f} / {score.p99:.2f}",
        ]
        for score in scores
    ]
    head = ["questions", "engine", "P@1", "a right fact @10", "recall@10", "ms p50 / p99"]
    reached = [
        [
            one.task,
            str(one.reached.count),
            str(one.reached),
            str(one.share),
            f"{one.count:.1f}",
            ", ".join(f"{topic} {good}/{n}" for topic, (n, good) in one.topics.items()),
        ]
        for one in handed
    ]
    names = ["questions", "n", "a right fact reaches the writer", "share of right facts"]
    second = table([*names, "facts handed over", "by topic as read"], reached)
    return f"{table(head, lines)}\n\n{second}"


def _short(figure: Mean) -> str:
    half = (figure.high - figure.low) / 2
    return f"{figure.value:.3f} ±{half:.3f}"
