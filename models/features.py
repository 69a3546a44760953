"""Where a host's eyes, brows and mouth are, told from how her crops differ, and the small movements
of an expression: a smile's corners and cheeks, a look up or down, the inner brows.

An atlas has crops for speech, lids and sideways glances. What else a face does is small, so it is
a movement of skin that joins the one remap of the head (``models.figure``): each a product of a
function of the row and a function of the column.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.atlas import Atlas
from models.motion import Pose

Curve = NDArray[np.float32]
"""One value a row, or a column, of the base."""

# In widths of the mouth, or of an eye; looked at on the built-in host and on drawings.
CORNERS_UP, CORNERS_APART, CORNER_REACH = 0.060, 0.045, (0.26, 0.30)
CHEEKS_UP, CHEEK_REACH, CHEEK_BELOW = 0.050, (0.50, 0.30), 0.46
LOOK, LOOK_REACH = 0.085, (0.26, 0.20)
LIDS, LID_REACH, LID_ABOVE = 0.085, (0.46, 0.17), 0.20
BROWS_UP, BROW_REACH, BROW_IN, BROW_ABOVE = 0.11, (0.30, 0.26), 0.34, 0.62
"""How far at most, over how much of the face (across, down), and from where."""


@dataclass(frozen=True, slots=True)
class Found:
    """The middles and widths of the parts of a face, in pixels of the base."""

    eyes: tuple[tuple[float, float], tuple[float, float]]
    """The irises, left and right of the picture."""
    eye: float
    """Width of an eye."""
    mouth: tuple[float, float]
    wide: float
    """Of the mouth."""


class Features:
    """The expressive movements of one host, as products for ``Figure``."""

    def __init__(self, atlas: Atlas) -> None:
        self.found = found = find(atlas)
        (left, eye_y), (right, _) = found.eyes
        self._corners = (found.mouth[0] - found.wide / 2, found.mouth[0] + found.wide / 2)
        y = np.arange(atlas.base.shape[0], dtype=np.float32)
        wide, eye = found.wide, found.eye
        self._eyes = (left, right)
        self._inner = (left + BROW_IN * eye, right - BROW_IN * eye)
        self._mouth_row = _bell(y, found.mouth[1], CORNER_REACH[1] * wide)
        self._cheek_row = _bell(y, eye_y + CHEEK_BELOW * eye, CHEEK_REACH[1] * eye)
        self._eye_row = _bell(y, eye_y, LOOK_REACH[1] * eye)
        self._lid_row = _bell(y, eye_y - LID_ABOVE * eye, LID_REACH[1] * eye)
        self._brow_row = _bell(y, eye_y - BROW_ABOVE * eye, BROW_REACH[1] * eye)

    def apart(self, x: Curve) -> Curve:
        """The column's part of the movement to the sides."""
        reach = CORNER_REACH[0] * self.found.wide
        return _bell(x, self._corners[1], reach) - _bell(x, self._corners[0], reach)

    def across(self, x: Curve) -> tuple[Curve, ...]:
        """The columns' parts of the movements up and down."""
        wide, eye = self.found.wide, self.found.eye
        return (
            _both(x, self._corners, CORNER_REACH[0] * wide),
            _both(x, self._eyes, CHEEK_REACH[0] * eye),
            _both(x, self._eyes, LOOK_REACH[0] * eye),
            _both(x, self._eyes, LID_REACH[0] * eye),
            _both(x, self._inner, BROW_REACH[0] * eye),
        )

    def rows_apart(self, pose: Pose) -> Curve:
        """The rows' part of the movement to the sides, as the map has it: where from."""
        return self._mouth_row * np.float32(-CORNERS_APART * self.found.wide * pose.smile)

    def rows_across(self, pose: Pose) -> Curve:
        """The rows' parts of the movements up and down, shape (rows, 5)."""
        wide, eye = self.found.wide, self.found.eye
        return np.stack(
            [
                self._mouth_row * np.float32(CORNERS_UP * wide * pose.smile),
                self._cheek_row * np.float32(CHEEKS_UP * eye * pose.smile),
                self._eye_row * np.float32(-LOOK * eye * pose.look),
                # lids go along down, and hardly up: what is above them is the socket
                self._lid_row * np.float32(-LIDS * eye * max(pose.look, 0.3 * pose.look)),
                self._brow_row * np.float32(BROWS_UP * eye * pose.care),
            ],
            axis=1,
        )

    def felt(self, rows: int) -> Curve:
        """The most that any of them moves each row."""
        wide, eye = self.found.wide, self.found.eye
        most = np.maximum(CORNERS_UP * wide * self._mouth_row, CHEEKS_UP * eye * self._cheek_row)
        eyes = np.maximum(LOOK * eye * self._eye_row, LIDS * eye * self._lid_row)
        brows = BROWS_UP * eye * self._brow_row
        return np.maximum(np.maximum(most, eyes), brows)[:rows]


def find(atlas: Atlas) -> Found:
    """The parts of the face: irises where glances differ, the mouth where an open one differs from
    a shut one; by the boxes' usual proportions where the crops do not tell."""
    x0, y0, x1, y1 = atlas.eye_box
    wide, high = x1 - x0, y1 - y0
    eyes = [(x0 + 0.19 * wide, y0 + 0.66 * high), (x0 + 0.81 * wide, y0 + 0.66 * high)]
    glance = _apart(atlas.eyes.crops[0, 0, 0], atlas.eyes.crops[0, -1, 0])
    for side, part in enumerate((np.s_[:, : wide // 2], np.s_[:, wide // 2 :])):
        seen = _centre(glance[part])
        if seen is not None:
            eyes[side] = (x0 + seen[0] + side * (wide // 2), y0 + seen[1])
    apart = eyes[1][0] - eyes[0][0]
    mx0, my0, mx1, my1 = atlas.mouth_box
    mouth, across = ((mx0 + mx1) / 2, my0 + 0.42 * (my1 - my0)), 0.76 * apart
    grid = atlas.mouth.crops
    middle = grid.shape[1] // 2
    speech = _apart(grid[0, middle], grid[min(3, len(grid) - 1), middle])
    if (seen := _centre(speech, 0.5)) is not None:
        mouth = (mx0 + seen[0], my0 + seen[1])
        row = speech[max(0, round(seen[1]) - 6) : round(seen[1]) + 7].max(axis=0)
        lips = np.flatnonzero(row > 0.35 * row.max())
        span = float(lips[-1] - lips[0])
        if 0.5 * apart < span < 1.2 * apart:
            mouth, across = (mx0 + float(lips[0] + lips[-1]) / 2, mouth[1]), span
    return Found((eyes[0], eyes[1]), 0.53 * apart, mouth, across)


def _apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Curve:
    """How much each pixel differs."""
    return np.asarray(
        np.abs(one[..., :3].astype(np.float32) - other[..., :3]).sum(axis=-1), np.float32
    )


def _centre(differs: Curve, above: float = 0.35) -> tuple[float, float] | None:
    """The middle (x, y) of what differs most; None where nothing stands out."""
    top = float(differs.max())
    weight = np.where(differs > above * top, differs, 0)
    if top < 30 or (weight > 0).mean() > 0.5:
        return None
    rows, columns = np.indices(weight.shape)
    total = float(weight.sum())
    return float((columns * weight).sum()) / total, float((rows * weight).sum()) / total


def _bell(at: Curve, middle: float, reach: float) -> Curve:
    return np.exp(-(((at - np.float32(middle)) / np.float32(reach)) ** 2))


def _both(x: Curve, middles: tuple[float, float], reach: float) -> Curve:
    return np.minimum(_bell(x, middles[0], reach) + _bell(x, middles[1], reach), 1)
