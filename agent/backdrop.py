"""What stands behind the host: a merchant's picture, or a quiet shop out of focus."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.types import Image

Canvas = NDArray[np.float32]

WALL_TOP, WALL_BOTTOM = (176, 188, 178), (122, 136, 130)  # BGR: sage, darker below
NICHE = (104, 122, 118)
BOARD, BOARD_EDGE = (104, 142, 178), (70, 100, 132)
WARM = (92, 150, 200)
WARES = (
    (214, 222, 228),
    (150, 176, 206),
    (96, 120, 176),
    (122, 134, 92),
    (84, 92, 104),
    (168, 184, 150),
    (120, 150, 214),
    (190, 170, 150),
)
LEAF = (78, 118, 84)


class BackdropError(Exception):
    """A picture that was to be the backdrop cannot be read."""


def from_picture(path: Path, size: tuple[int, int]) -> Image:
    """The picture in *path*, scaled and cut at its middle to fill *size* (width, height).
    Raises BackdropError."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise BackdropError(f"backdrop {path}: {error.strerror}") from error
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise BackdropError(f"backdrop {path} is not a picture (PNG, JPEG, WebP)")
    width, height = size
    scale = max(width / picture.shape[1], height / picture.shape[0])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    wide = max(width, round(picture.shape[1] * scale))
    high = max(height, round(picture.shape[0] * scale))
    picture = cv2.resize(picture, (wide, high), interpolation=how)
    x, y = (wide - width) // 2, (high - height) // 2
    cut: Image = np.ascontiguousarray(picture[y : y + height, x : x + width], np.uint8)
    return cut


def shop(size: tuple[int, int], seed: int = 11) -> Image:
    """A shop with lit shelves, out of focus; the same for the same seed."""
    random = np.random.default_rng(seed)
    width, height = 360, 640
    room = _wall(width, height)
    for top, bottom in ((36, 150), (182, 296), (328, 442)):
        _niche(room, top, bottom, random)
    room = cv2.GaussianBlur(room, (0, 0), 5.5).astype(np.float32)
    _lamps(room, random)
    x = np.linspace(-1, 1, width)[None, :, None]
    y = np.linspace(-1, 1, height)[:, None, None]
    room *= 1.06 - 0.26 * np.clip(x * x * 0.8 + y * y * 0.5, 0, 1.3).astype(np.float32)
    room = cv2.resize(room, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    # A trace of grain, without which a smooth gradient shows bands once it is encoded.
    room += random.normal(0, 1.2, room.shape[:2]).astype(np.float32)[..., None]
    done: Image = np.clip(room + 0.5, 0, 255).astype(np.uint8)
    return done


def _wall(width: int, height: int) -> Canvas:
    t = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    top, bottom = np.array(WALL_TOP, np.float32), np.array(WALL_BOTTOM, np.float32)
    return np.broadcast_to(top * (1 - t) + bottom * t, (height, width, 3)).copy()


def _niche(room: Canvas, top: int, bottom: int, random: np.random.Generator) -> None:
    """A recess with a lamp above, goods in it, and the board they stand on."""
    width = room.shape[1]
    depth = np.linspace(1, 0, bottom - top, dtype=np.float32)[:, None, None]
    room[top:bottom] = np.array(NICHE, np.float32) + depth * 0.62 * np.array(WARM, np.float32)
    x = -10
    while x < width:
        wide = int(random.integers(16, 34))
        _ware(room, x, bottom, wide, random)
        x += wide + int(random.integers(5, 20))
    cv2.rectangle(room, (0, bottom), (width, bottom + 7), BOARD, -1)
    cv2.rectangle(room, (0, bottom + 7), (width, bottom + 10), BOARD_EDGE, -1)


def _ware(room: Canvas, x: int, floor: int, wide: int, random: np.random.Generator) -> None:
    """One thing on a shelf: a box, a vase, a stack, a plant."""
    colour = [float(c) for c in WARES[int(random.integers(len(WARES)))]]
    high = int(random.integers(26, 84))
    kind = int(random.integers(4))
    middle = x + wide // 2
    if kind == 0:
        cv2.rectangle(room, (x, floor - high), (x + wide, floor), colour, -1)
        cv2.rectangle(room, (x, floor - high), (x + 4, floor), [c * 0.8 for c in colour], -1)
    elif kind == 1:
        body = (middle, floor - high // 3)
        cv2.ellipse(room, body, (wide // 2, high // 3), 0, 0, 360, colour, -1)
        neck = max(3, wide // 6)
        cv2.rectangle(room, (middle - neck, floor - high), (middle + neck, floor), colour, -1)
    elif kind == 2:
        for k in range(4):
            shade = [c * (0.8 + 0.1 * k) for c in colour]
            inset = int(random.integers(0, 5))
            corners = (x + inset, floor - 9 * k - 9), (x + wide - inset, floor - 9 * k)
            cv2.rectangle(room, *corners, shade, -1)
    else:
        cv2.rectangle(room, (middle - 8, floor - 20), (middle + 8, floor), colour, -1)
        for k in range(7):
            tip = (middle + (k - 3) * 6, floor - 30 - int(random.integers(4, 36)))
            leaf = [c * float(random.uniform(0.8, 1.25)) for c in LEAF]
            cv2.line(room, (middle, floor - 20), tip, leaf, 6)


def _lamps(room: Canvas, random: np.random.Generator) -> None:
    """Small lights far behind, as discs, as a lens shows them."""
    height, width = room.shape[:2]
    for _ in range(16):
        x, y = int(random.integers(0, width)), int(random.integers(0, int(height * 0.72)))
        disc = np.zeros((height, width), np.float32)
        cv2.circle(disc, (x, y), int(random.integers(7, 19)), 1.0, -1, cv2.LINE_AA)
        disc[:] = cv2.GaussianBlur(disc, (0, 0), 1.1)
        room += disc[..., None] * np.array((34, 52, 66), np.float32) * float(random.uniform(0.3, 1))
