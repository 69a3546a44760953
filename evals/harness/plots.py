"""Plots as inline SVG: shares with their intervals, and how long things took."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

WIDTH = 760
_LEFT, _RIGHT, _ROW = 230, 110, 22
INKS = ("#2f6fed", "#d9822b", "#1f9d6b", "#a349c9", "#c23b4a")


def shares(rows: Sequence[tuple[str, Mapping[str, Any], float | None]]) -> str:
    """A bar for each of *rows*: its name, its share as ``summary.share`` gives it, with its 95 %
    interval, and the threshold it is held to."""
    rows = [row for row in rows if row[1].get("n")]
    if not rows:
        return ""
    height = _ROW * len(rows) + 26
    span = WIDTH - _LEFT - _RIGHT
    parts = [_open(height, "Shares that were right, with 95 % intervals")]
    for percent in (0, 25, 50, 75, 100):
        x = _LEFT + span * percent / 100
        parts.append(f'<line class="grid" x1="{x}" y1="0" x2="{x}" y2="{height - 20}"/>')
        parts.append(
            f'<text x="{x}" y="{height - 5}" text-anchor="middle" class="dim">{percent} %</text>'
        )
    for at, (name, row, limit) in enumerate(rows):
        y = at * _ROW + 3
        middle = y + 8
        short = limit is not None and row["share"] < limit
        ink = "#c23b4a" if short else "#1f9d6b"
        low, high = (_LEFT + span * row[key] for key in ("low", "high"))
        parts += [
            f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{_LEFT}" y="{y}" width="{max(1.0, span * row["share"]):.1f}" height="16" '
            f'fill="{ink}" opacity=".75"/>',
            f'<line class="ink" x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}"/>',
            *(
                f'<line class="ink" x1="{x:.1f}" y1="{y + 4}" x2="{x:.1f}" y2="{y + 12}"/>'
                for x in (low, high)
            ),
        ]
        if limit is not None:
            x = _LEFT + span * min(limit, 1)
            parts.append(
                f'<line class="limit" x1="{x:.1f}" y1="{y - 2}" x2="{x:.1f}" y2="{y + 18}"/>'
            )
        told = f"{row['right']}/{row['n']}"
        parts.append(f'<text x="{WIDTH - _RIGHT + 10}" y="{y + 12}">{told}</text>')
    return "".join([*parts, "</svg>"])


def times(series: Mapping[str, Sequence[float]], least: float = 0.001) -> str:
    """For each of *series* the share that took no longer, against seconds on a log scale."""
    series = {name: sorted(took) for name, took in series.items() if took}
    if not series:
        return ""
    height, left, top = 250, 46, 10
    most = max(max(took) for took in series.values())
    decades = math.log10(max(most, least * 10) / least)
    span, rise = WIDTH - left - 170, height - 40 - top

    def x(seconds: float) -> float:
        return left + span * math.log10(max(seconds, least) / least) / decades

    def y(part: float) -> float:
        return top + rise * (1 - part)

    parts = [_open(height, "Share of answers that had come so far, by seconds")]
    for part in (0, 0.5, 0.95, 1):
        parts.append(
            f'<line class="grid" x1="{left}" y1="{y(part):.1f}" x2="{left + span}" '
            f'y2="{y(part):.1f}"/><text x="{left - 6}" y="{y(part) + 4:.1f}" text-anchor="end" '
            f'class="dim">{part:.0%}</text>'
        )
    tick = least
    while tick <= most * 1.001:
        parts.append(
            f'<line class="grid" x1="{x(tick):.1f}" y1="{top}" x2="{x(tick):.1f}" '
            f'y2="{top + rise}"/><text x="{x(tick):.1f}" y="{height - 12}" text-anchor="middle" '
            f'class="dim">{tick:g} s</text>'
        )
        tick *= 10
    for at, (name, took) in enumerate(series.items()):
        ink = INKS[at % len(INKS)]
        steps = [(seconds, (n + 1) / len(took)) for n, seconds in enumerate(took)]
        points = [f"{x(steps[0][0]):.1f},{y(0):.1f}"]
        for (seconds, part), (after, _) in pairwise([*steps, (steps[-1][0], 1.0)]):
            points += [f"{x(seconds):.1f},{y(part):.1f}", f"{x(after):.1f},{y(part):.1f}"]
        middle = took[len(took) // 2]
        parts.append(
            f'<polyline fill="none" stroke="{ink}" stroke-width="2" points="{" ".join(points)}"/>'
            f'<rect x="{WIDTH - 160}" y="{top + at * 20}" width="12" height="12" fill="{ink}"/>'
            f'<text x="{WIDTH - 142}" y="{top + at * 20 + 11}">{escape(name.replace("_", " "))}, '
            f"{middle:.3g} s</text>"
        )
    return "".join([*parts, "</svg>"])


def _open(height: float, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" class="plot">'
        f"<title>{escape(title)}</title>"
    )
