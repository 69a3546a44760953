"""A still picture's eyes made to blink and look about, and its brows to rise."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.atlas import Bgra, Box
from models.eye_outline import outline
from models.landmarks import Points

Field = NDArray[np.float32]

GAZE = 0.075
"""How far the iris goes at gaze = 1, in widths of the eye."""
LASHES = 0.16
"""How far above the lid's edge lashes and drawn lines reach where the picture does not tell, in
widths of the eye."""
BROW = 0.10
"""How far a brow rises at brow = 1, in widths of the eye."""


@dataclass(frozen=True, slots=True)
class _Eye:
    """Numbers of landmarks."""

    upper: tuple[int, ...]
    lower: tuple[int, ...]
    brow: tuple[int, ...]
    iris: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """One eye of this picture: rows for each column, and pixels."""

    lid: Field
    floor: Field
    brow: Field
    first: Field
    """Where lashes or a drawn line begin."""
    last: Field
    """Where the eye ends below."""
    thick: Field
    """Of the lashes or the line, in pixels."""
    side: Field
    """1 on this eye's side of the nose."""
    iris: NDArray[np.float32]
    left: float
    right: float
    wide: float


EYES = (
    _Eye(
        upper=(33, 246, 161, 160, 159, 158, 157, 173, 133),
        lower=(33, 7, 163, 144, 145, 153, 154, 155, 133),
        brow=(70, 63, 105, 66, 107),
        iris=468,
    ),
    _Eye(
        upper=(362, 398, 384, 385, 386, 387, 388, 466, 263),
        lower=(362, 382, 381, 380, 374, 373, 390, 249, 263),
        brow=(336, 296, 334, 293, 300),
        iris=473,
    ),
)


class EyesRig:
    """Both eyes of one picture. *points* are of a face with open eyes that looks ahead."""

    def __init__(self, picture: Bgra, points: Points) -> None:
        self._picture = picture
        self._flat = points[:, :2].astype(np.float32)
        height, width = picture.shape[:2]
        eye = float(np.hypot(*(self._flat[133] - self._flat[33])))
        lids = self._flat[[n for e in EYES for n in (*e.upper, *e.lower)]]
        brows = self._flat[[n for e in EYES for n in e.brow]]
        self.box: Box = (
            max(0, int(lids[:, 0].min() - 0.45 * eye)),
            max(0, int(brows[:, 1].min() - 0.30 * eye)),
            min(width, int(lids[:, 0].max() + 0.45 * eye)),
            min(height, int(lids[:, 1].max() + 0.45 * eye)),
        )
        x0, y0, x1, y1 = self.box
        columns, rows = np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32)
        self._columns, self._rows = np.meshgrid(columns, rows)
        self._eyes = [self._seen(eye) for eye in EYES]

    def crop(self, blink: float, gaze: float, brow: float) -> Bgra:
        """The box with lids, irises and brows in this pose; dials as in the atlas."""
        x, y = self._columns.copy(), self._rows.copy()
        for eye in self._eyes:
            self._look(eye, x, gaze)
            self._raise(eye, y, brow)
        picture = self._taken(x, y)
        for eye in self._eyes if blink > 0 else ():
            edge, from_y = self._lid(eye, blink)
            lid = self._taken(self._columns, from_y + (y - self._rows))
            shown = (np.clip(edge - self._rows + 0.5, 0, 1) * eye.side)[..., None]
            picture = lid * shown + picture * (1 - shown)
        return np.clip(picture + 0.5, 0, 255).astype(np.uint8)

    def _taken(self, x: Field, y: Field) -> Field:
        taken = cv2.remap(self._picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return taken.astype(np.float32)

    def _look(self, eye: _Seen, x: Field, gaze: float) -> None:
        """Move the iris within the opening."""
        across = (self._columns - eye.iris[0]) / (0.34 * eye.wide)
        down = (self._rows - eye.iris[1]) / (0.40 * eye.wide)
        opening = _smooth(-1.5, 2.5, self._rows - eye.lid) * _smooth(
            -1.5, 2.5, eye.floor - self._rows
        )
        x -= gaze * GAZE * eye.wide * np.exp(-(across**4) - down**4) * opening

    def _raise(self, eye: _Seen, y: Field, brow: float) -> None:
        left, right, wide = eye.left, eye.right, eye.wide
        band = np.exp(-(((self._rows - eye.brow) / (0.33 * wide)) ** 2))
        band *= _smooth(left - 0.35 * wide, left + 0.1 * wide, self._columns)
        band *= 1 - _smooth(right - 0.1 * wide, right + 0.35 * wide, self._columns)
        y += brow * BROW * wide * band

    def _lid(self, eye: _Seen, blink: float) -> tuple[Field, Field]:
        """How far down the upper lid reaches, and from which row each of its pixels comes: the
        lashes are moved as they are, the skin above them is stretched."""
        rows = self._rows
        down = blink * np.maximum(eye.last - eye.thick - eye.first, 0)
        edge = eye.first + eye.thick + down
        crease = np.minimum(eye.brow + 0.38 * (eye.lid - eye.brow), eye.first - 2)
        share = np.clip((rows - crease) / (eye.first + down - crease), 0, 1)
        stretched = np.where(rows > crease, crease + (eye.first - crease) * share, rows)
        return edge, np.where(rows < eye.first + down, stretched, rows - down).astype(np.float32)

    def _seen(self, eye: _Eye) -> _Seen:
        upper, lower, brow = (self._sorted(part) for part in (eye.upper, eye.lower, eye.brow))
        columns = self._columns
        left, right = float(upper[0, 0]), float(upper[-1, 0])
        lid, floor, above = (
            np.interp(columns, part[:, 0], part[:, 1]).astype(np.float32)
            for part in (upper, lower, brow)
        )
        wide = right - left
        first, last = self._outline(lid[0], floor[0], above[0], left, right)
        thick = np.clip(lid - first, 0.06 * wide, 0.20 * wide)
        nose = (self._flat[133, 0] + self._flat[362, 0]) / 2
        side = np.asarray((columns < nose) == (left < nose), np.float32)
        return _Seen(
            lid, floor, above, first, last, thick, side, self._flat[eye.iris], left, right, wide
        )

    def _outline(
        self, lid: Field, floor: Field, brow: Field, left: float, right: float
    ) -> tuple[Field, Field]:
        """First and last row of an eye, in rows of the picture."""
        x0, y0, x1, y1 = self.box
        wide = right - left
        found = outline(
            self._picture[y0:y1, x0:x1, :3], lid - y0, floor - y0, brow - y0, left - x0, right - x0
        )
        if found is None:
            open_ = (self._columns[0] > left) & (self._columns[0] < right)
            return lid - LASHES * wide, np.where(open_, floor + 0.04 * wide, lid)
        return found[0] + y0 - 1, found[1] + y0 + 1

    def _sorted(self, part: tuple[int, ...]) -> NDArray[np.float32]:
        points = self._flat[list(part)]
        return points[np.argsort(points[:, 0])]


def _smooth(low: float, high: float, value: Field) -> Field:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
