"""Do the lips say what the voice says? Measured on the pictures that viewers get.

The mouth is read back from each frame with face landmarks and held against the track that should
have driven it and the speech sounds. No one number suffices: a frozen mouth shows every closure, a
mouth that flaps with the loudness opens on every vowel, a late one does both.

    python -m evals.lipsync reply.mp4 reply.json

The JSON has ``phones``, a list of ``{"symbol", "start", "end"}`` in seconds from the first frame,
and may have ``mouths``, a list of objects with the dials of ``Mouth``, one a frame.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.articulate import mouths as mouths_of
from agent.types import Image, Mouth, Phone, Samples
from models.landmarks import (
    LEFT_CORNER,
    LEFT_EYE,
    LOWER_INNER,
    RIGHT_CORNER,
    RIGHT_EYE,
    UPPER_INNER,
    Landmarks,
    Points,
)

Curve = NDArray[np.float64]
"""One value a frame, shape (n,); NaN where no face was found."""

CLOSING = frozenset("pbm")
OPEN_VOWELS = frozenset("aæɑʌɐ")
SHORTEST_VOWEL_S = 0.05
"""A shorter vowel need not open the mouth."""
CLOSED_BELOW, OPEN_ABOVE = 0.15, 0.35
"""Where a gap counts as shut or open, between rest (0) and the 95th percentile of all gaps (1)."""
SMALLEST_REACH = 0.06
"""The least opening (as a share of the distance of the eyes) that is speech and not noise: the
landmarks of a still mouth stay within 0.01, a spoken "a" opens 0.15 to 0.4."""
MAX_LAG_S = 0.6

# From 26 s of speech with 24 closures on three kinds of face: good ones measured r(open) 0.93 to
# 0.96, lag 0 to 2 ms, width 0.84 to 0.91, all closures and vowels; a mouth that is 80 ms late, made
# of shuffled sounds, frozen, or driven by loudness fails at least one.
MIN_OPEN_R = 0.90
MAX_ABS_LAG_S = 0.020
MIN_WIDTH_R = 0.70
MIN_CLOSED = 0.98
MIN_VOWELS_OPEN = 0.95
MIN_DETECTED = 0.99


@dataclass(frozen=True, slots=True)
class Seen:
    """The mouth as it was found in the pictures, in units of the distance of the eyes."""

    gap: Curve
    """Between the inner rims of the lips; negative where they overlap."""
    width: Curve
    """Between the corners of the mouth."""

    @property
    def detected(self) -> float:
        """Share of the frames in which there was a face."""
        return float(np.isfinite(self.gap).mean()) if len(self.gap) else 0.0


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the sounds that should be seen were."""

    seen: int
    total: int

    @property
    def share(self) -> float:
        return self.seen / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class LipSync:
    """One clip measured."""

    frames: int
    detected: float
    open_r: float
    """Correlation of the gap with the track's *open*, as shown."""
    best_r: float
    """The same at the lag where it is highest."""
    lag_s: float
    """That lag; positive where the lips are late."""
    width_r: float
    """Correlation of the mouth's width with the track's *wide*."""
    closed: Count
    """p, b and m with at least one frame of shut lips."""
    vowels: Count
    """Open vowels that opened the mouth."""
    envelope_r: float | None = None
    """Correlation of the gap with the loudness at its best lag; None without the sound. Above 0.9
    the mouth is driven by loudness alone."""
    envelope_lag_s: float | None = None
    """Lag of the lips behind the loudness, which needs no trust in the voice's own times: about
    +0.04 in a good clip of a voice whose loudness follows its vowels (Coqui: 0.035 to 0.041 in
    three clips), but scattered where it does not (hibari: 0.00 to 0.22), so no gate. For the
    voice's times see ``evals.phonetimes``."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A gate that a clip did not pass."""

    gate: str
    found: float
    needed: str

    def __str__(self) -> str:
        return f"{self.gate}: {self.found:.3f}, needs {self.needed}"


def measure(
    images: Iterable[Image],
    mouths: Sequence[Mouth],
    phones: Sequence[Phone],
    fps: int = 25,
    sound: Samples | None = None,
    rate: int = 48_000,
) -> LipSync:
    """Hold the mouth in *images* against the track that should have driven it.

    *mouths* has one entry a frame and *phones* are timed from the first frame, as is *sound*, mono
    at *rate* Hz. Some 7 ms CPU a frame of 720x1280. Raises ValueError where there are no frames.
    """
    return compare(watch(images), mouths, phones, fps, sound, rate)


def gates(clip: LipSync) -> list[Failure]:
    """What is wrong with *clip*; empty when its lips may air."""
    least = (
        ("detection", clip.detected, MIN_DETECTED),
        ("r(open)", clip.open_r, MIN_OPEN_R),
        ("r(width)", clip.width_r, MIN_WIDTH_R),
        ("closures", clip.closed.share, MIN_CLOSED),
        ("open vowels", clip.vowels.share, MIN_VOWELS_OPEN),
    )
    failures = [
        Failure(gate, found, f"at least {bound}") for gate, found, bound in least if found < bound
    ]
    if abs(clip.lag_s) > MAX_ABS_LAG_S:
        failures.append(Failure("lag", clip.lag_s, f"at most {MAX_ABS_LAG_S} s either way"))
    return failures


def watch(images: Iterable[Image]) -> Seen:
    """Find the mouth in each of *images*, by itself: nothing is smoothed over time."""
    gaps: list[float] = []
    widths: list[float] = []
    with Landmarks() as finder:
        box: tuple[slice, slice] | None = None
        for image in images:
            points, box = _follow(finder, image, box)
            gap, width = (np.nan, np.nan) if points is None else _read(points)
            gaps.append(gap)
            widths.append(width)
    return Seen(np.array(gaps), np.array(widths))


def compare(
    seen: Seen,
    mouths: Sequence[Mouth],
    phones: Sequence[Phone],
    fps: int = 25,
    sound: Samples | None = None,
    rate: int = 48_000,
) -> LipSync:
    """As *measure*, of what *watch* saw."""
    count = min(len(seen.gap), len(mouths))
    if not count:
        raise ValueError("no frames to measure")
    gap, width = seen.gap[:count], seen.width[:count]
    open_ = np.array([mouth.open for mouth in mouths[:count]])
    wide = np.array([mouth.wide for mouth in mouths[:count]])
    rest, reach = _scale(gap, mouths[:count])
    best_r, lag = _best(gap, open_, fps)
    by_sound = None if sound is None else _best(gap, _envelope(sound, rate, fps, count), fps)
    return LipSync(
        frames=count,
        detected=seen.detected,
        open_r=_correlation(gap, open_),
        best_r=best_r,
        lag_s=lag,
        width_r=_correlation(width, wide),
        closed=_closed(gap, phones, fps, rest + CLOSED_BELOW * reach),
        vowels=_opened(gap, phones, fps, rest + OPEN_ABOVE * reach),
        envelope_r=by_sound and by_sound[0],
        envelope_lag_s=by_sound and by_sound[1],
    )


def _follow(
    finder: Landmarks, image: Image, box: tuple[slice, slice] | None
) -> tuple[Points | None, tuple[slice, slice] | None]:
    """The face in *image*, looked for in *box* first, and where to look for it in the next."""
    found: list[Points] = []
    if box is not None:
        found = finder.find(image[box])
        if found:
            found[0][:, :2] += (box[1].start, box[0].start)
    if not found:
        found = finder.find(image)
    if not found:
        return None, None
    low, high = found[0][:, :2].min(axis=0), found[0][:, :2].max(axis=0)
    margin = 0.35 * (high - low).max()
    x0, y0 = np.maximum(low - margin, 0).astype(int)
    x1, y1 = np.ceil(high + margin).astype(int)
    return found[0], (slice(y0, y1), slice(x0, x1))


def _read(points: Points) -> tuple[float, float]:
    """Gap and width of one mouth, in distances of the eyes, along the face's own axes."""
    flat = points[:, :2]
    across = flat[RIGHT_EYE] - flat[LEFT_EYE]
    eyes = float(np.hypot(*across))
    down = np.array([-across[1], across[0]]) / eyes
    gaps = (flat[list(LOWER_INNER)] - flat[list(UPPER_INNER)]) @ down
    width = float(np.hypot(*(flat[RIGHT_CORNER] - flat[LEFT_CORNER])))
    return float(gaps.mean()) / eyes, width / eyes


def _scale(gap: Curve, mouths: Sequence[Mouth]) -> tuple[float, float]:
    """The gap of a mouth at rest, and how far beyond it this one goes."""
    if not np.isfinite(gap).any():
        return 0.0, SMALLEST_REACH
    silent = np.array([mouth.open < 0.01 and mouth.press < 0.01 for mouth in mouths])
    resting = gap[silent & np.isfinite(gap)]
    rest = float(np.median(resting)) if len(resting) >= 3 else float(np.nanpercentile(gap, 5))
    return rest, max(float(np.nanpercentile(gap, 95)) - rest, SMALLEST_REACH)


def _correlation(a: Curve, b: Curve) -> float:
    """Pearson's r where both are known; 0 where one of them does not move."""
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < 3 or np.ptp(a) < 1e-9 or np.ptp(b) < 1e-9:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _best(late: Curve, early: Curve, fps: int) -> tuple[float, float]:
    """The highest correlation over lags of *late* behind *early*, and that lag in seconds, found
    between frames by a parabola."""
    count = len(late)
    most = min(round(MAX_LAG_S * fps), count // 2)
    r = np.array(
        [
            _correlation(late[max(k, 0) : count + min(k, 0)], early[max(-k, 0) : count - max(k, 0)])
            for k in range(-most, most + 1)
        ]
    )
    top = int(r.argmax())
    between = 0.0
    if 0 < top < len(r) - 1:
        before, at, after = r[top - 1 : top + 2]
        bend = before - 2 * at + after
        between = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(r[top]), float(top - most + between) / fps


def _envelope(sound: Samples, rate: int, fps: int, count: int) -> Curve:
    """Loudness (root mean square) of each frame, smoothed over three; silence beyond the end."""
    size = rate // fps
    padded = np.zeros(count * size)
    padded[: len(sound)] = sound[: count * size]
    loudness = np.sqrt((padded.reshape(count, size) ** 2).mean(axis=1))
    return np.convolve(loudness, [0.25, 0.5, 0.25], "same")


def _closed(gap: Curve, phones: Sequence[Phone], fps: int, below: float) -> Count:
    seen = total = 0
    for phone in phones:
        if phone.symbol[:1] not in CLOSING:
            continue
        # the frames at whose middle it sounds, or that of its middle; lips may shut 20 ms early
        middle = int((phone.start + phone.end) / 2 * fps)
        first = min(int(np.ceil((phone.start - 0.02) * fps - 0.5)), middle)
        last = max(int(np.floor((phone.end + 0.005) * fps - 0.5)), middle)
        shown = gap[max(first, 0) : last + 1]
        if len(shown):
            total += 1
            seen += bool((shown < below).any())
    return Count(seen, total)


def _opened(gap: Curve, phones: Sequence[Phone], fps: int, above: float) -> Count:
    seen = total = 0
    for phone in phones:
        if phone.symbol[:1] not in OPEN_VOWELS or phone.end - phone.start < SHORTEST_VOWEL_S:
            continue
        shown = gap[max(int(phone.start * fps), 0) : int(np.ceil(phone.end * fps)) + 1]
        if len(shown):
            total += 1
            seen += bool((shown > above).any())
    return Count(seen, total)


def report(clip: LipSync) -> str:
    """The numbers of *clip* on a few lines, and its failures."""
    lines = [
        f"{clip.frames} frames, a face in {clip.detected:.1%}",
        f"r(open) {clip.open_r:.3f}; best {clip.best_r:.3f} at {clip.lag_s * 1000:+.0f} ms",
        f"r(width) {clip.width_r:.3f}",
        f"closures {clip.closed.seen}/{clip.closed.total}, "
        f"open vowels {clip.vowels.seen}/{clip.vowels.total}",
    ]
    if clip.envelope_r is not None and clip.envelope_lag_s is not None:
        lines.append(
            f"against loudness {clip.envelope_r:.3f} at {clip.envelope_lag_s * 1000:+.0f} ms"
        )
    return "\n".join([*lines, *(f"FAILED {failure}" for failure in gates(clip))])


def main(words: Sequence[str] | None = None) -> int:
    """Measure one file; the exit code is 0 when it passes all gates."""
    parser = argparse.ArgumentParser(prog="python -m evals.lipsync", description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("track", type=Path, help="JSON with phones, and mouths if known")
    arguments = parser.parse_args(words)
    from evals.video import read  # late: only the command needs a decoder

    clip = read(arguments.video)
    track = json.loads(arguments.track.read_text(encoding="utf-8"))
    phones = [Phone(p["symbol"], float(p["start"]), float(p["end"])) for p in track["phones"]]
    mouths = [Mouth(**mouth) for mouth in track.get("mouths", [])]
    mouths = mouths or mouths_of(phones, clip.frames / clip.fps, clip.fps)
    measured = measure(clip.images(), mouths, phones, clip.fps, clip.sound, clip.rate)
    print(report(measured))
    return 1 if gates(measured) else 0


if __name__ == "__main__":
    raise SystemExit(main())
