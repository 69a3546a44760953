"""CPU time of a picture, part by part: ``python -m evals.bench.stage [--frames N]``.

For each size and rate of the picture, of a host who speaks and of one who listens: what each part
of a frame takes of one core's time, in milliseconds of the thread's own CPU time, which a busy
machine inflates least, and as a multiple of copying one picture of that size, which is measured in
the same run, between the parts, and is the least that any of them could take.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import cv2
import numpy as np

from agent.articulate import mouths
from agent.budget import AIR_RATE
from agent.compose import Stage
from agent.publish.encoder import Encoder, Encoding, to_i420
from agent.types import (
    REST,
    Fact,
    Image,
    Manner,
    Moment,
    Money,
    Mouth,
    Phone,
    Product,
    Quantity,
    Scene,
    Value,
    Words,
)
from models.atlas import Atlas
from models.face import Face, default_host
from models.figure import Figure
from models.motion import Motion

FRAMES = 250
CASES = (((720, 1280), 25), ((720, 1280), 50), ((1080, 1920), 25))
"""Width, height, and frames a second."""
COPY = "copy of a picture (the floor)"
WHOLE = "whole picture: all of these"
ENCODED = "H.264 of it (x264 veryfast)"
SETTLE = 5
"""Frames at the start that are not counted."""


@dataclass(frozen=True, slots=True)
class Timing:
    part: str
    mean_ms: float
    p95_ms: float
    copies: float
    """As a multiple of the time that copying a picture takes."""


def product() -> Product:
    def fact(field: str, value: Value) -> Fact:
        return Fact(f"LAMP-01/{field}", 1, "LAMP-01", field, value, "bench")

    return Product(
        sku="LAMP-01",
        number=3,
        title=fact("title", Words(("Aurora desk lamp",))),
        price=fact("price", Money(Decimal("24.90"), "EUR")),
        list_price=fact("list_price", Money(Decimal("29.90"), "EUR")),
        offer_ends=fact("offer_ends", Moment(datetime(2026, 11, 30, 19, tzinfo=UTC))),
        stock=fact("stock", Quantity(Decimal(12), "")),
        image=None,
    )


def speech(frames: int, fps: int = 25) -> list[Mouth]:
    sounds = ["h", "ə", "l", "oʊ", "w", "ɛ", "l", "k", "ə", "m", "aɪ", "ʃ", "ɑ", "p", "f", "ɹ", "s"]
    count = int(frames / fps / 0.08)
    phones = [Phone(sounds[i % len(sounds)], i * 0.08, (i + 1) * 0.08) for i in range(count)]
    return mouths(phones, frames / fps, fps)


FULL = Scene(
    card=product(),
    caption="It's €24.90 today, and it ships in two days.",
    asker="Mei Lin",
    question="how much is the lamp and does it ship to Lyon?",
    speaking=True,
)


class Parts:
    """The parts of a frame, each done by itself, on the pictures that a show would draw."""

    def __init__(self, atlas: Atlas, size: tuple[int, int], fps: int, curve: list[Mouth]) -> None:
        self._atlas, self._curve = atlas, curve
        motion = Motion(fps)
        self._poses = [motion.pose(number, mouth) for number, mouth in enumerate(curve)]
        self._face, self._figure = Face(atlas, fps), Figure(atlas)
        self._changed: list[tuple[int, int]] = []
        self._scene = FULL if curve[len(curve) // 2] != REST else Scene()
        self.stage = Stage(Face(atlas, fps), "en", size)
        self._bare = Stage(_Nobody(), "en", size)
        self._on = np.zeros((*atlas.base.shape[:2], 3), np.uint8)
        self._picture = self.stage.draw(FULL, REST, 0).copy()
        self._other = self._picture.copy()
        self._encoder = Encoder(Encoding(width=size[0], height=size[1], fps=fps))
        self._sound = np.zeros(AIR_RATE // fps, np.float32)
        self._drawn: Image = self._picture

    def each(self) -> dict[str, Callable[[int], object]]:
        return {
            COPY: lambda i: np.copyto(self._other, self._picture),
            "mouth and eyes looked up": self._look_up,
            "host moved (maps, one remap)": self._make,
            "host laid on the backdrop": lambda i: self._figure.put(self._on),
            "backdrop, overlays, label": lambda i: self._bare.draw(self._scene, REST, i),
            "label alone": lambda i: self.stage.label.draw(self._other),
            "label read back": lambda i: self.stage.label.drawn_on(self._other),
            WHOLE: self._draw,
            ENCODED: self._encode,
        }

    def close(self) -> None:
        self._encoder.close()

    def _look_up(self, i: int) -> None:
        self._changed = self._face.set(self._curve[i], self._poses[i])

    def _make(self, i: int) -> None:
        self._figure.make(self._face.still, self._poses[i], self._changed)

    def _draw(self, i: int) -> None:
        self._drawn = self.stage.draw(self._scene, self._curve[i], i)
        self.stage.label.drawn_on(self._drawn)

    def _encode(self, i: int) -> None:
        self._encoder.encode(i, to_i420(self._drawn), self._sound)


class _Nobody:
    size = (2, 2)

    def draw(self, on: Image, mouth: Mouth, number: int, manner: Manner) -> None:
        pass


def timings(
    size: tuple[int, int] = (720, 1280),
    fps: int = 25,
    *,
    speaking: bool = True,
    frames: int = FRAMES,
) -> list[Timing]:
    """Every part of a frame, *frames* times, in turn as a show does them."""
    cv2.setNumThreads(1)
    curve = speech(frames, fps) if speaking else [REST] * frames
    parts = Parts(default_host().fitted(size), size, fps, curve)
    work = parts.each()
    taken: dict[str, list[float]] = {part: [] for part in work}
    for i in range(frames):
        for part, do in work.items():
            start = time.thread_time()
            do(i)
            taken[part].append(1000 * (time.thread_time() - start))
    parts.close()
    kept = {part: times[min(SETTLE, frames - 1) :] for part, times in taken.items()}
    copy = float(np.median(kept[COPY]))
    return [
        Timing(part, float(np.mean(t)), float(np.percentile(t, 95)), float(np.median(t)) / copy)
        for part, t in kept.items()
    ]


def rows(frames: int) -> Iterator[str]:
    for size, fps in CASES:
        for speaking in (True, False):
            does = "speaks, everything on the picture" if speaking else "listens"
            name = f"{size[0]}x{size[1]} at {fps}: host {does}"
            yield f"\n{name:52} {'ms':>6} {'p95':>6} {'copies':>7}"
            found = {row.part: row for row in timings(size, fps, speaking=speaking, frames=frames)}
            for row in found.values():
                yield f"  {row.part:50} {row.mean_ms:6.2f} {row.p95_ms:6.2f} {row.copies:7.1f}"
            busy = (found[WHOLE].mean_ms + found[ENCODED].mean_ms) * fps / 10
            yield f"  {'of one core, drawn and encoded':50} {busy:5.0f}%"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m evals.bench.stage", description=__doc__)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of each case")
    for line in rows(parser.parse_args(words).frames):
        print(line, flush=True)


if __name__ == "__main__":
    main()
