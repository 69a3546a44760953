"""A sheet of a host's faces, to be looked at before anybody sees her on the air: the whole figure,
every kind of mouth, and the eyes."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from agent.types import REST, Image, Mouth
from models.atlas import Atlas, Box
from models.face import Face
from models.motion import Pose

PAPER, INK = (232, 234, 236), (60, 56, 52)
"""Background and letters, BGR."""
TILE, MARGIN, LINE = 232, 16, 30
"""Pixels: a tile's width, around tiles, and for the words below one."""

STILL = Pose(x=0, y=0, roll=0, turn=0, breath=0, blink=0, gaze=0, brow=0)

FIGURES: tuple[tuple[str, Mouth, Pose], ...] = (
    ("at rest", REST, STILL),
    ("smiles", REST, replace(STILL, smile=1)),
    ("looks at the chat", REST, replace(STILL, gaze=-0.6, look=-0.6)),
    ("looks at the product", REST, replace(STILL, gaze=-0.3, look=0.8)),
    ("turns and speaks", Mouth(open=0.5), replace(STILL, x=5, y=6, roll=0.02, turn=6, brow=0.6)),
)
MOUTHS: tuple[tuple[str, Mouth], ...] = (
    ("rest", REST),
    ("p b m", Mouth(press=1)),
    ("f v", Mouth(open=0.06, lip_teeth=1)),
    ("th l", Mouth(open=0.28, tongue=1)),
    ("sh ch", Mouth(open=0.2, wide=-0.6, hush=1)),
    ("s t", Mouth(open=0.14, wide=0.3)),
    ("ee", Mouth(open=0.2, wide=0.9)),
    ("eh", Mouth(open=0.42, wide=0.4)),
    ("ah", Mouth(open=0.75)),
    ("oh", Mouth(open=0.45, wide=-0.7)),
    ("oo", Mouth(open=0.16, wide=-1)),
    ("wide open", Mouth(open=1)),
)
EYES: tuple[tuple[str, Pose], ...] = (
    ("half shut", replace(STILL, blink=0.7)),
    ("shut", replace(STILL, blink=1)),
    ("left", replace(STILL, gaze=-1)),
    ("right", replace(STILL, gaze=1)),
    ("up", replace(STILL, look=-1)),
    ("down", replace(STILL, look=1)),
    ("brows up", replace(STILL, brow=1)),
    ("concerned", replace(STILL, care=1)),
)


def sheet(atlas: Atlas) -> Image:
    """The host of *atlas* in all that she does, BGR; some 0.5 s CPU."""
    face = Face(atlas)
    width, height = face.size

    def shot(mouth: Mouth, pose: Pose, box: Box) -> Image:
        on = np.full((height, width, 3), (206, 208, 212), np.uint8)
        face.put(on, mouth, pose)
        x0, y0, x1, y1 = box
        return on[y0:y1, x0:x1]

    whole = (0, 0, width, height)
    lips, lids = _around(atlas.mouth_box, atlas), _around(atlas.eye_box, atlas)
    return _page(
        [
            ("The host", [(name, shot(m, p, whole)) for name, m, p in FIGURES], 5),
            ("Mouths", [(name, shot(m, STILL, lips)) for name, m in MOUTHS], 6),
            ("Eyes", [(name, shot(REST, p, lids)) for name, p in EYES], 4),
        ]
    )


def _around(box: Box, atlas: Atlas) -> Box:
    """*box* with a rim of what stays still, within the base."""
    height, width = atlas.base.shape[:2]
    rim = (box[2] - box[0]) // 8
    return (
        max(box[0] - rim, 0),
        max(box[1] - rim, 0),
        min(box[2] + rim, width),
        min(box[3] + rim, height),
    )


def _page(parts: Sequence[tuple[str, Sequence[tuple[str, Image]], int]]) -> Image:
    """Each part's tiles under its title, so many a row, all rows of one width."""
    across = 6 * TILE + 7 * MARGIN
    rows: list[Image] = []
    for title, tiles, count in parts:
        rows.append(_words(title, across, 0.8))
        width = (across - (count + 1) * MARGIN) // count
        for start in range(0, len(tiles), count):
            rows.append(_row(tiles[start : start + count], width, across))
    rows.append(np.full((MARGIN, across, 3), PAPER, np.uint8))
    return np.concatenate(rows)


def _row(tiles: Sequence[tuple[str, Image]], width: int, across: int) -> Image:
    small = [
        cv2.resize(
            tile,
            (width, round(tile.shape[0] * width / tile.shape[1])),
            interpolation=cv2.INTER_AREA if tile.shape[1] > width else cv2.INTER_CUBIC,
        )
        for _, tile in tiles
    ]
    row = np.full((max(tile.shape[0] for tile in small) + LINE, across, 3), PAPER, np.uint8)
    for i, ((name, _), tile) in enumerate(zip(tiles, small, strict=True)):
        x = MARGIN + i * (width + MARGIN)
        row[: tile.shape[0], x : x + width] = tile
        row[tile.shape[0] :, x : x + width] = _words(name, width, 0.5, LINE, 2)
    return row


def _words(text: str, width: int, size: float, height: int = 48, left: int = MARGIN) -> Image:
    strip = np.full((height, width, 3), PAPER, np.uint8)
    at = (left, round(height * 0.66))
    cv2.putText(strip, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, INK, 1, cv2.LINE_AA)
    return strip
