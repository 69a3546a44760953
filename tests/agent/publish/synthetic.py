"""A show to encode: a bar that moves by the frame number, and a click in each second."""

from contextlib import suppress
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from agent.publish.encoder import Encoding
from agent.publish.packets import Header, Packet
from agent.types import Frame, Image, Samples

SMALL = Encoding(width=144, height=256, preset="ultrafast")
FPS, RATE = 25, 48_000
SIZE = RATE // FPS
BITS = 8
CLICK = 1500
"""Behind the codec's run-up, which blurs a movie's first 1,024 samples."""


def picture(number: int, width: int = SMALL.width, height: int = SMALL.height) -> Image:
    """Carries *number* in BITS blocks along the top, so that it can be read back."""
    image = np.full((height, width, 3), 96, np.uint8)
    block = width // BITS
    for bit in range(BITS):
        image[: height // 4, bit * block : (bit + 1) * block] = 235 * (number >> bit & 1)
    return image


def number_of(luma: NDArray[np.uint8]) -> int:
    """What ``picture`` put there, from the decoded picture's luma."""
    height, width = luma.shape
    block = width // BITS
    return sum(
        (int(luma[height // 8, bit * block + block // 2]) > 120) << bit for bit in range(BITS)
    )


def sound(number: int) -> Samples:
    """A click in the first frame of each second, at sample CLICK."""
    samples = np.zeros(SIZE, np.float32)
    if number % FPS == 0:
        samples[CLICK : CLICK + 96] = 0.8 * np.sin(np.arange(96) * 0.8)
    return samples


def frame(number: int, key: bool = False, size: tuple[int, int] | None = None) -> Frame:
    return Frame(number, picture(number, *(size or ())), sound(number), None, key)


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The brightness of a decoded picture, shape (height, width)."""
    return np.asarray(frame.to_ndarray(format="gray"), np.uint8)


def decoded(path: Path) -> tuple[dict[float, int], Samples]:
    """The movie at *path*: number of each picture by its time, and all sound from time 0; up to
    where it is cut off, as a player would."""
    numbers: dict[float, int] = {}
    heard = np.zeros(0, np.float32)
    with av.open(str(path)) as movie, suppress(av.InvalidDataError):
        for item in movie.decode(movie.streams.video[0], movie.streams.audio[0]):
            if isinstance(item, av.VideoFrame):
                numbers[round(float(item.time or 0), 4)] = number_of(luma(item))
            elif isinstance(item, av.AudioFrame):
                block = np.asarray(item.to_ndarray()[0], np.float32)
                start = round(float(item.time or 0) * RATE)
                heard = np.pad(heard, (0, max(0, start + len(block) - len(heard))))
                heard[start : start + len(block)] = block
    return numbers, heard


def clicks(heard: Samples) -> list[int]:
    """Samples at which a click begins, as far as a codec leaves it sharp."""
    loud = np.flatnonzero(np.abs(heard) > 0.2)
    return [int(n) for i, n in enumerate(loud) if i == 0 or n - loud[i - 1] > RATE // 2]


class Kept:
    """A sink that keeps what it gets."""

    def __init__(self, name: str = "kept") -> None:
        self.name = name
        self.packets: list[Packet] = []
        self.headers: list[Header] = []
        self.closed = 0

    def header(self, header: Header) -> None:
        self.headers.append(header)

    def packet(self, packet: Packet) -> None:
        self.packets.append(packet)

    def close(self) -> None:
        self.closed += 1
