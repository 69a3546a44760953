"""A film read back as it is, frames skipped on a busy machine and all."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from agent.types import Image, Samples


def pictures(path: Path) -> Iterator[Image]:
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            yield np.ascontiguousarray(frame.to_ndarray(format="bgr24"))


def sound(path: Path) -> tuple[Samples, int]:
    """Mono, and its rate in Hz."""
    with av.open(str(path)) as film:
        pieces = [frame.to_ndarray()[0] for frame in film.decode(audio=0)]
        rate = film.streams.audio[0].rate
    return np.concatenate(pieces).astype(np.float32), int(rate)


def lengths(path: Path) -> tuple[float, float]:
    """Seconds of picture and of sound."""
    with av.open(str(path)) as film:
        times = [frame.time or 0.0 for frame in film.decode(video=0)]
    heard, rate = sound(path)
    return times[-1] - times[0] + 0.04, len(heard) / rate
