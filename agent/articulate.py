"""Times of speech sounds to mouth curves: what the lips do while a clause is spoken.

Each sound pulls the mouth towards its target, strongest at its middle; where sounds overlap they
are weighed against each other (dominance blending after Cohen and Massaro, 1993), so that a vowel
is rounder beside a "w" than beside an "s". What must be seen is then held by force: lips shut in
every p, b and m, and the lip at the teeth in every f and v, in at least one frame each, however
short the sound.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agent.types import REST, Mouth, Phone, Samples

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a sound wants the mouth; the dials are those of Mouth."""

    open: float
    wide: float
    hold: float = 1.0
    """How strongly it holds *open* against its neighbours."""
    hold_wide: float = 1.0
    """How strongly it holds *wide*."""
    press: float = 0.0
    lip_teeth: float = 0.0
    tongue: float = 0.0
    hush: float = 0.0


# IPA by groups that look alike. Openness and spread follow the vowel chart (close i .24 to open
# a .82; front spread, back rounded) and were tuned on rendered frames against the landmarks of the
# lips; strengths: what a viewer notices when it is missing (lips) is strong, what the tongue does
# out of sight (k, g, h) is weak.
SHAPES: dict[str, Target] = {
    "p b m": Target(0.0, 0.0, 3.0, 0.25, press=1.0),
    "f v ɱ": Target(0.10, 0.15, 3.5, 0.6, lip_teeth=1.0),
    "ɸ β": Target(0.08, -0.10, 3.0, 0.8),
    "t d n ɾ s z ʔ ɲ ts dz ʈ ɖ ɳ c ɟ": Target(0.17, 0.28, 1.1, 0.5),
    "l ɫ ɬ ɭ ʎ": Target(0.28, 0.10, 1.0, 0.4, tongue=0.8),
    "θ ð": Target(0.20, 0.15, 1.4, 0.6, tongue=1.0),
    "k g ɡ ŋ x h ɣ χ ħ ɦ q": Target(0.26, 0.05, 0.6, 0.25),
    "ʃ ʒ tʃ dʒ ʂ ʐ tʂ dʐ": Target(0.17, -0.60, 1.4, 1.6, hush=1.0),
    "ɕ ʑ tɕ dʑ ç": Target(0.15, 0.35, 1.3, 1.0),
    "ɹ r ɻ ɚ ɝ ɜ": Target(0.24, -0.50, 1.0, 1.2),
    "ʁ ʀ": Target(0.28, 0.0, 0.6, 0.3),
    "w ʍ": Target(0.13, -1.0, 1.4, 2.4),
    "ɥ": Target(0.14, -0.85, 1.4, 2.2),
    "j": Target(0.17, 0.55, 1.0, 1.0),
    "i ɪ ᵻ ɨ": Target(0.24, 0.85, 1.2, 1.5),
    "e ɛ": Target(0.44, 0.65, 1.2, 1.3),
    "æ": Target(0.72, 0.55, 1.5, 1.2),
    "a ɑ ʌ ɐ ä": Target(0.82, 0.08, 1.5, 1.0),
    "ə ɘ ɤ ɵ": Target(0.36, 0.08, 0.9, 0.5),
    "ɔ ɒ": Target(0.62, -0.55, 1.3, 1.5),
    "o": Target(0.50, -0.78, 1.3, 1.8),
    "ø œ": Target(0.42, -0.65, 1.2, 1.6),
    "y ʏ": Target(0.22, -0.90, 1.3, 2.0),
    "u ʊ ɯ": Target(0.25, -1.0, 1.3, 2.2),
}
TARGETS: dict[str, Target] = {
    symbol: target for symbols, target in SHAPES.items() for symbol in symbols.split()
}
"""The target of each IPA symbol that we know."""
SCHWA = TARGETS["ə"]
"""Also what an unknown symbol looks like: half open, no shape of its own."""
SILENCE = Target(0.0, 0.0, 1.6, 0.8)

FIRST_PART = 0.55
"""Share of a diphthong that its first vowel takes."""
REST_S = 0.05
"""A gap between sounds longer than this is a rest, in which the mouth shuts; a shorter one is
bridged."""
REACH_S = 0.6
"""How far from its middle a sound can still be felt, beyond half its length."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One target with its time."""

    start: float
    end: float
    target: Target


def mouths(phones: Sequence[Phone], seconds: float, fps: int) -> list[Mouth]:
    """The mouth in each frame of a clause of *seconds*, sampled at the middle of the frame.

    *phones* are in order and timed from the clause's start; before, after and in pauses between
    them the mouth rests. The last frame may reach beyond the clause's end.
    """
    count = max(0, int(np.ceil(seconds * fps - 1e-6)))
    parts = _parts(phones, count / fps)
    if not count or all(part.target is SILENCE for part in parts):
        return [REST] * count
    times = (np.arange(count) + 0.5) / fps
    open_, wide, tongue, hush = _blended(parts, times)
    press = _held(parts, times, "press")
    lip_teeth = _held(parts, times, "lip_teeth") * (1 - press)
    free = 1 - np.maximum(press, lip_teeth)
    return [
        Mouth(*(round(float(value), 4) for value in row))
        for row in zip(
            np.clip(open_ * (1 - press), 0, 1),
            np.clip(wide, -1, 1),
            press,
            lip_teeth,
            np.clip(tongue * free, 0, 1),
            np.clip(hush * free, 0, 1),
            strict=True,
        )
    ]


def mouths_from_sound(samples: Samples, rate: int, fps: int) -> list[Mouth]:
    """The mouth in each frame from the loudness of the sound alone.

    The last resort, for a voice that gives no times of its sounds: it opens and shuts with the
    voice, but knows no lips (in a trial 2 of 24 closures were seen, against 24 of 24 with times).
    """
    count = int(np.ceil(len(samples) * fps / rate - 1e-6))
    if not count:
        return []
    edges = np.round(np.arange(count + 1) * rate / fps).astype(int)
    power = np.array(
        [
            float(np.mean(np.square(samples[start:end], dtype=np.float64))) if end > start else 0.0
            for start, end in pairwise(np.minimum(edges, len(samples)))
        ]
    )
    level = 10 * np.log10(power + 1e-10)
    loud = float(np.percentile(level, 95))
    if loud < -50:  # dB of full scale: room tone, nobody speaks
        return [REST] * count
    opening = np.clip((level - (loud - 25)) / 25, 0, 1)
    padded = np.pad(opening, 1, mode="edge")
    smooth = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    return [Mouth(open=round(float(0.7 * value * value), 4)) for value in smooth]


def _letters(symbol: str) -> list[Target]:
    """What a symbol asks of the mouth, one target after the other; none for a silence."""
    composed = unicodedata.normalize("NFC", symbol)
    letters = [c for c in composed if unicodedata.category(c) in {"Ll", "Lu", "Lo"}]
    plain = "".join(c if c in TARGETS else unicodedata.normalize("NFD", c)[0] for c in letters)
    if not plain:
        return []
    if plain in TARGETS:
        return [TARGETS[plain]]
    if plain in {"sil", "sp", "pau"}:
        return []
    found: list[Target] = []
    rest = plain
    while rest:
        size = 2 if rest[:2] in TARGETS else 1
        found.append(TARGETS.get(rest[:size], SCHWA))
        rest = rest[size:]
    return found


def _parts(phones: Sequence[Phone], seconds: float) -> list[_Part]:
    """The clause without gaps: diphthongs split, pauses and ends filled with silence."""
    parts: list[_Part] = []
    now = 0.0
    for phone in phones:
        start, end = max(phone.start, now), min(phone.end, seconds)
        letters = _letters(phone.symbol)
        if end - start < 1e-4 or not letters:
            continue
        if start - now > REST_S:
            parts.append(_Part(now, start, SILENCE))
        else:
            start = now
        cuts = _cuts(start, end, len(letters))
        parts += [
            _Part(a, b, target) for (a, b), target in zip(pairwise(cuts), letters, strict=True)
        ]
        now = end
    if seconds - now > 1e-4:
        parts.append(_Part(now, seconds, SILENCE))
    return parts


def _cuts(start: float, end: float, count: int) -> list[float]:
    if count == 2:
        return [start, start + FIRST_PART * (end - start), end]
    return [start + (end - start) * i / count for i in range(count + 1)]


def _blended(parts: Sequence[_Part], times: Curve) -> tuple[Curve, Curve, Curve, Curve]:
    """Curves of open, wide, tongue and hush: the weighted mean of all targets in reach."""
    start = np.array([p.start for p in parts])[:, None]
    end = np.array([p.end for p in parts])[:, None]
    silent = np.array([p.target is SILENCE for p in parts])[:, None]
    length = end - start
    # A sound holds its target over its middle half, a pause until shortly before its ends.
    core = np.where(silent, np.maximum(length / 2 - 0.06, length / 4), length / 4)
    away = np.abs(times[None, :] - (start + end) / 2)
    beyond = np.maximum(away - core, 0)
    near = away < REACH_S + length / 2

    def strength(hold: Sequence[float], tau: Curve, power: float) -> Curve:
        pull = np.array(hold)[:, None] * np.exp(-((beyond / tau) ** power))
        return np.where(near, pull, 0.0)

    jaw = strength([p.target.hold for p in parts], np.clip(0.55 * length, 0.030, 0.085), 1.4)
    lips = strength([p.target.hold_wide for p in parts], np.clip(0.75 * length, 0.05, 0.13), 1.2)

    def mean(pull: Curve, values: Sequence[float]) -> Curve:
        total = np.asarray(pull.sum(axis=0) + 1e-9)
        return np.asarray((pull * np.array(values)[:, None]).sum(axis=0) / total)

    return (
        mean(jaw, [p.target.open for p in parts]),
        mean(lips, [p.target.wide for p in parts]),
        mean(jaw, [p.target.tongue for p in parts]),
        mean(jaw, [p.target.hush for p in parts]),
    )


def _held(parts: Sequence[_Part], times: Curve, dial: str) -> Curve:
    """The curve of a dial that must be seen: 1 through each sound that asks for it, and in at
    least one sampled frame; eased in and out over about a frame."""
    curve = np.zeros(len(times))
    for part in parts:
        if getattr(part.target, dial) <= 0:
            continue
        low, high = part.start - 0.010, max(part.end - 0.012, part.start + 0.030)
        out = np.where(
            times < low, (low - times) / 0.050, np.where(times > high, (times - high) / 0.045, 0.0)
        )
        shut = np.clip(1 - out, 0, 1)
        shut[np.argmin(np.abs(times - (low + high) / 2))] = 1.0
        curve = np.maximum(curve, shut * shut * (3 - 2 * shut))
    return curve
