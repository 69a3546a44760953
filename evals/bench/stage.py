"""CPU time of a picture, by part: ``python -m evals.bench.stage``.

Thread CPU time, which a busy machine inflates least, in milliseconds a frame; beside it the same
as a multiple of copying one picture, which says how it would be on another machine.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import cv2
import numpy as np

from agent.articulate import mouths
from agent.compose import Stage
from agent.types import Fact, Moment, Money, Mouth, Phone, Product, Quantity, Scene, Value, Words
from models.face import Face, default_host
from models.motion import Motion

FRAMES = 250


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


def speech(frames: int) -> list[Mouth]:
    sounds = ["h", "ə", "l", "oʊ", "w", "ɛ", "l", "k", "ə", "m", "aɪ", "ʃ", "ɑ", "p", "f", "ɹ", "s"]
    phones = [Phone(sounds[i % len(sounds)], i * 0.08, (i + 1) * 0.08) for i in range(frames // 2)]
    return mouths(phones, frames / 25, 25)


def timings(frames: int = FRAMES) -> list[Timing]:
    """Every part of a frame, *frames* times."""
    cv2.setNumThreads(1)
    atlas = default_host()
    face, motion = Face(atlas), Motion(25)
    stage = Stage(Face(atlas), "en")
    curve = speech(frames)
    poses = [motion.pose(number, mouth) for number, mouth in enumerate(curve)]
    idle = Scene()
    full = Scene(
        card=product(),
        caption="It's €24.90 today, and it ships in two days.",
        asker="Mei Lin",
        question="how much is the lamp and does it ship to Lyon?",
        speaking=True,
    )
    image = stage.draw(full, curve[0], 0).copy()
    other = image.copy()
    slow = Stage(Face(atlas), "en")

    def fresh(number: int) -> None:
        slow.draw(Scene(card=full.card, caption=f"Caption {number}", speaking=True), curve[0], 0)

    parts: dict[str, tuple[int, Callable[[int], object]]] = {
        "copy of a picture (reference)": (frames, lambda i: np.copyto(other, image)),
        "host: mouth, eyes, head": (frames, lambda i: face.posed(curve[i], poses[i])),
        "label drawn": (frames, lambda i: stage.label.draw(image)),
        "label read back": (frames, lambda i: stage.label.drawn_on(image)),
        "whole picture, idle": (frames, lambda i: stage.draw(idle, curve[i], i)),
        "whole picture, everything on it": (frames, lambda i: stage.draw(full, curve[i], i)),
        "the same, new caption": (min(frames, 40), fresh),
    }
    measured = {part: _measured(count, work) for part, (count, work) in parts.items()}
    copy = float(np.median(measured["copy of a picture (reference)"]))
    return [
        Timing(part, float(np.mean(t)), float(np.percentile(t, 95)), float(np.median(t)) / copy)
        for part, t in measured.items()
    ]


def _measured(count: int, work: Callable[[int], object]) -> list[float]:
    """CPU milliseconds of each call, the first few left out."""
    taken = []
    for i in range(count):
        start = time.thread_time()
        work(i)
        taken.append(1000 * (time.thread_time() - start))
    return taken[min(3, count - 1) :]


def main() -> None:
    print(f"{'CPU ms a frame, 720x1280':34} {'mean':>7} {'p95':>7} {'copies':>7}")
    for row in timings():
        print(f"{row.part:34} {row.mean_ms:7.2f} {row.p95_ms:7.2f} {row.copies:7.1f}")


if __name__ == "__main__":
    main()
