"""How good a ranked list is, and how sure one can be of a mean of such figures."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
"""Of the bootstrap; more move the bounds by less than 0.001."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over queries with its 95 % interval (bootstrap by query, percentile method)."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean(values: Sequence[float], seed: int = 0) -> Mean:
    """NaN for no values."""
    if not values:
        return Mean(math.nan, math.nan, math.nan, 0)
    found = np.asarray(values, np.float64)
    picks = np.random.default_rng(seed).integers(0, len(found), (RESAMPLES, len(found)))
    low, high = np.percentile(found[picks].mean(axis=1), (2.5, 97.5))
    return Mean(float(found.mean()), float(low), float(high), len(found))


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], at: int = 10) -> float:
    """Discounted gain of the first *at*, over that of the best order there is."""
    ideal = dcg(sorted(gains.values(), reverse=True)[:at])
    return dcg([gains.get(name, 0.0) for name in ranked[:at]]) / ideal if ideal else 0.0


def dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def hit(ranked: Sequence[str], gains: Mapping[str, float], at: int) -> float:
    """1 where one of the first *at* is right."""
    return float(any(gains.get(name, 0.0) > 0 for name in ranked[:at]))


def recall(ranked: Sequence[str], gains: Mapping[str, float], at: int) -> float:
    """Share of what is right that stands among the first *at*; of more than *at*, of *at*."""
    right = [name for name, gain in gains.items() if gain > 0]
    found = set(ranked[:at])
    return sum(name in found for name in right) / min(len(right), at) if right else 0.0


def reciprocal(ranked: Sequence[str], gains: Mapping[str, float], at: int = 10) -> float:
    """1 over the place of the first that is right; 0 beyond *at*."""
    places = (place for place, name in enumerate(ranked[:at], 1) if gains.get(name, 0.0) > 0)
    return 1 / next(places, math.inf)


def is_dev(name: str) -> bool:
    """Whether a query belongs to the half that weights are tuned on. By a hash of its name, so
    that it stays on its side when others come and go; translations of one query share a name."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def p50_p99(seconds: Sequence[float]) -> tuple[float, float]:
    """In milliseconds."""
    if not seconds:
        return math.nan, math.nan
    low, high = np.percentile(np.asarray(seconds) * 1000, (50, 99))
    return float(low), float(high)
