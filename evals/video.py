"""Read a film back, as a viewer's player would: its pictures one by one, its sound whole."""

from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np

from agent.types import Image, Samples

_GAP_S = 0.03


@dataclass(frozen=True, slots=True)
class Film:
    """A film on disk."""

    path: Path
    fps: int
    frames: int
    sound: Samples | None
    """Mono, from the moment of the first picture; None where it has none."""
    rate: int
    """Of the sound, in Hz."""

    def images(self) -> Generator[Image, None, None]:
        """Its pictures in order, BGR."""
        with av.open(str(self.path)) as container:
            for frame in container.decode(video=0):
                yield np.ascontiguousarray(frame.to_ndarray(format="bgr24"))


def read(path: Path) -> Film:
    """Open *path* and decode it once through. Raises ValueError where it is no film."""
    try:
        with av.open(str(path)) as container:
            [video] = container.streams.video[:1]
            starts = sorted(
                float(packet.pts * packet.time_base)
                for packet in container.demux(video)
                if packet.pts is not None
            )
        sound, rate, sound_start = _sound(path)
    except (av.FFmpegError, ValueError) as error:
        raise ValueError(f"{path} is not a film: {error}") from error
    # by the shortest step: where a picture was skipped the next one comes later
    steps = [after - before for before, after in pairwise(starts) if after > before]
    fps = 1 / min(steps) if steps else 0.0
    if not steps or abs(fps - round(fps)) > 0.02 * fps:
        raise ValueError(f"{path}: {fps:.2f} frames a second, not a whole number")
    if sound is not None:
        ahead = round((starts[0] - sound_start) * rate)
        sound = sound[ahead:] if ahead > 0 else np.pad(sound, (-ahead, 0))
    return Film(path, round(fps), len(starts), sound, rate)


def _sound(path: Path) -> tuple[Samples | None, int, float]:
    """Mono sound, its rate, and the time of its first sample in seconds."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None, 0, 0.0
        stream = container.streams.audio[0]
        mono = av.AudioResampler(format="flt", layout="mono", rate=stream.rate)
        start: float | None = None
        length = 0
        parts: list[Samples] = []
        for frame in container.decode(stream):
            if start is None:
                start = float(frame.time or 0.0)
            missing = round(((frame.time or 0.0) - start) * stream.rate) - length
            if missing > stream.rate * _GAP_S:  # skipped with its picture
                parts.append(np.zeros(missing, np.float32))
                length += missing
            for part in mono.resample(frame):
                parts.append(part.to_ndarray()[0])
                length += part.samples
        parts += [part.to_ndarray()[0] for part in mono.resample(None)]
        sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return sound.astype(np.float32), stream.rate, start or 0.0
