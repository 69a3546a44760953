"""A still host set in motion and laid on a picture, band by band.

One remap moves everything: the head about the neck, the face against the head, the shoulders, and
the small movements of an expression (``models.features``). Each of its two maps is a sum of few
products of a function of the row and a function of the column, so that a small matrix product
makes it, for the rows of one band at a time, which then stay in the processor's cache. Where the
host is always solid the moved pixels are the picture; only along her outline is anything blended;
where she never is, nothing is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.types import Image
from models.atlas import GRIDS, Atlas, Bgra
from models.features import Features
from models.motion import Pose

BAND = 56
"""Rows moved at a time. Fewer are more calls, more leave the cache: 40 to 72 measure alike."""
REACHES = (9, 16, 26)
"""Pixels, on a head some 480 wide, by which a pose may move anything: bands are cut for each, and
those of the least that suffices are used. A pose that goes further is drawn without these
savings."""
ALIGN = 16
"""Columns by which bands are cut: a remap's last few pixels in a row are its slowest."""
LEAST_SOLID = 32
"""Columns; a narrower solid part is blended with the rest."""
COLUMNS_X, COLUMNS_Y = 4, 7
"""Products that each map is a sum of."""
EVERYWHERE = 2
"""The first products of either map are felt in all of the host, the others in the face alone."""
MOST_TURN = 6
"""Pixels by which the middle of the face may be moved against its rim, on a head some 480 wide."""
UNSEEN = 1 / 16
"""Pixels by which a band must have moved before it is made anew."""
UNFELT = 0.02
"""Pixels that a movement may be off where it is left out."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows y0 to y1 of the host, and what of them is hers."""

    rows: slice
    columns: slice
    """All columns in which she may ever be seen."""
    solid: slice
    """Those of them in which nothing ever shines through; empty where there are too few."""
    rims: tuple[slice, ...]
    """The others."""
    face: bool
    """Whether the face's own movements are felt here."""


class Figure:
    """Moves the still host of *atlas*; keeps its buffers, so one call at a time."""

    def __init__(self, atlas: Atlas) -> None:
        height, width = atlas.base.shape[:2]
        self._px, self._py = atlas.pivot
        mouth_y = (atlas.mouth_box[1] + atlas.mouth_box[3]) / 2
        eye_y = (atlas.eye_box[1] + atlas.eye_box[3]) / 2
        reach = self._py - eye_y
        """From the eyes to the neck: the measure of this head."""
        self._unit = reach / 292
        x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        fall = np.clip((y - (self._py - 0.12 * reach)) / reach, 0, 1)
        self._y, self._head = y, 1 - 0.85 * fall * fall * (3 - 2 * fall)
        middle = (eye_y + mouth_y) / 2
        self._face = np.exp(-(((y - middle) / (0.68 * reach)) ** 2))
        self._features = Features(atlas)
        one = np.ones_like(x)
        face = np.exp(-(((x - self._px) / (0.5 * reach)) ** 2))
        self._of_x = np.stack([x, one, face, self._features.apart(x)])
        self._of_y = np.stack([one, x - self._px, *self._features.across(x)]).astype(np.float32)
        self._rows_x = np.zeros((height, COLUMNS_X), np.float32)
        self._rows_y = np.zeros((height, COLUMNS_Y), np.float32)
        self._rows_x[:, 0] = 1
        alphas, felt = _alphas(atlas), self._felt()
        self._bands = [
            (reach * self._unit, _bands(alphas, ceil(reach * self._unit), felt))
            for reach in REACHES
        ]
        self._maps = np.empty((2, BAND, width), np.float32)
        self._moved = np.empty_like(atlas.base)
        """What was last made of each band."""
        self._now: list[_Band] | None = None
        tops = np.arange(0, height, BAND)
        ends = np.minimum(tops + BAND, height) - 1
        self._looked_at = np.stack([tops, (tops + ends) // 2, ends], axis=1)
        """Rows of each band by which one tells whether it has moved."""
        self._far_x = np.array([0, 1, 1, 0], np.float32)
        far = max(self._px, width - self._px)
        self._far_y = np.array([1, far, *[0] * (COLUMNS_Y - 2)], np.float32)
        """The most that each product's function of the column comes to; those of an expression are
        compared apart."""
        self._was_x = np.zeros((*self._looked_at.shape, COLUMNS_X), np.float32)
        self._was_y = np.zeros((*self._looked_at.shape, COLUMNS_Y), np.float32)
        self._was_with: list[object] = [None] * len(tops)
        self._alpha = np.empty((BAND, width), np.uint8)
        self._through = np.empty((BAND, width, 3), np.uint8)
        self._colour = np.empty((BAND, width, 3), np.uint8)

    def move(self, still: Bgra, pose: Pose, out: Bgra) -> None:
        """Write the host as she stands in *pose* to *out*, all of the layer."""
        self._pose(pose)
        height, width = still.shape[:2]
        for top in range(0, height, BAND):
            rows = slice(top, min(top + BAND, height))
            self._remap(still, _Band(rows, slice(0, width), slice(0, 0), (), face=True), out[rows])

    def lay(self, still: Bgra, pose: Pose, picture: Image, changed: Sequence[Span] = ()) -> None:
        """Lay the host as she stands in *pose* over *picture*, which has her size. *changed*: rows
        of *still* that are not as they were in the call before."""
        self.make(still, pose, changed)
        self.put(picture)

    def make(self, still: Bgra, pose: Pose, changed: Sequence[Span] = ()) -> None:
        """The first half of *lay*: move what has moved."""
        goes = self._pose(pose)
        reach, self._now = next((b for b in self._bands if goes <= b[0]), (inf, None))
        if self._now is None:
            self.move(still, pose, self._moved)
            self._was_with = [None] * len(self._was_with)
            return
        expression = (pose.look, pose.smile, pose.care)
        moves, near = self._moves(), goes + 2
        for band in self._now:
            index, rows = band.rows.start // BAND, band.rows
            made_with = (reach, expression if band.face else None)
            touched = any(a < rows.stop + near and b > rows.start - near for a, b in changed)
            if touched or moves[index] > UNSEEN or self._was_with[index] != made_with:
                self._remap(still, band, self._moved[rows, band.columns])
                at = self._looked_at[index]
                self._was_x[index], self._was_y[index] = self._rows_x[at], self._rows_y[at]
                self._was_with[index] = made_with

    def put(self, picture: Image) -> None:
        """The other half: lay what *make* made over *picture*."""
        if self._now is None:
            self._blend(self._moved, picture)
            return
        for band in self._now:
            self._put(band, self._moved[band.rows, band.columns], picture[band.rows])

    def _put(self, band: _Band, moved: Bgra, on: Image) -> None:
        """Lay a band over its rows of the picture."""
        first = band.columns.start
        if band.solid.stop > band.solid.start:
            inside = moved[:, band.solid.start - first : band.solid.stop - first]
            cv2.cvtColor(inside, cv2.COLOR_BGRA2BGR, dst=on[:, band.solid])
        for rim in band.rims:
            self._blend(moved[:, rim.start - first : rim.stop - first], on[:, rim])

    def _moves(self) -> NDArray[np.float32]:
        """How far each band has moved at most, in pixels, since it was last made."""
        x = np.abs(self._rows_x[self._looked_at] - self._was_x) @ self._far_x
        y = np.abs(self._rows_y[self._looked_at] - self._was_y) @ self._far_y
        return np.asarray(np.maximum(x, y).max(axis=1), np.float32)

    def _pose(self, pose: Pose) -> float:
        """Set the functions of the row for *pose*; gives about the furthest that it moves a
        pixel."""
        unit, head, features = self._unit, self._head, self._features
        x, y = self._rows_x, self._rows_y
        x[:, 1] = head * (pose.roll * (self._y - self._py) - unit * pose.x)
        x[:, 2] = self._face * (-unit * pose.turn)
        x[:, 3] = features.rows_apart(pose)
        y[:, 0] = self._y - head * (unit * (pose.y + pose.breath)) + unit * pose.breath
        y[:, 1] = head * -pose.roll
        y[:, 2:] = features.rows_across(pose)
        across = abs(pose.roll) * max(self._px, self._of_x.shape[1] - self._px)
        sideways = float(np.abs(x[:, 1]).max()) + unit * abs(pose.turn)
        down = unit * (abs(pose.y) + 2 * abs(pose.breath)) + across
        return max(sideways, down)

    def _felt(self) -> NDArray[np.bool_]:
        """In which rows the face's own movements are felt."""
        turn = self._unit * MOST_TURN * self._face
        return np.asarray(np.maximum(turn, self._features.felt(len(turn))) > UNFELT)

    def _remap(self, still: Bgra, band: _Band, out: Bgra) -> None:
        high, wide = out.shape[:2]
        maps = self._maps[:, :high, :wide]
        for field, rows, columns in (
            (maps[0], self._rows_x, self._of_x),
            (maps[1], self._rows_y, self._of_y),
        ):
            count = len(columns) if band.face else EVERYWHERE
            np.matmul(rows[band.rows, :count], columns[:count, band.columns], out=field)
        cv2.remap(
            still,
            maps[0],
            maps[1],
            cv2.INTER_LINEAR,
            dst=out,
            borderMode=cv2.BORDER_REPLICATE,
        )

    def _blend(self, moved: Bgra, on: Image) -> None:
        """Lay premultiplied pixels over *on*, in place."""
        high, wide = on.shape[:2]
        if high > self._through.shape[0]:
            for top in range(0, high, BAND):
                self._blend(moved[top : top + BAND], on[top : top + BAND])
            return
        through, colour = self._through[:high, :wide], self._colour[:high, :wide]
        alpha = self._alpha[:high, :wide]
        cv2.extractChannel(moved, 3, dst=alpha)
        cv2.bitwise_not(alpha, dst=alpha)
        cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR, dst=through)
        cv2.multiply(on, through, dst=through, scale=1 / 255)
        cv2.cvtColor(moved, cv2.COLOR_BGRA2BGR, dst=colour)
        cv2.add(through, colour, dst=on)


def _bands(
    alphas: tuple[NDArray[np.uint8], NDArray[np.uint8]], reach: int, felt: NDArray[np.bool_]
) -> list[_Band]:
    """The host cut into bands, for poses that move her by *reach*. Empty ones are left out."""
    least, most = alphas
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    seen = np.asarray(cv2.dilate((most > 0).astype(np.uint8), around), np.uint8)
    # beyond the picture's edge the host goes on as she is there (BORDER_REPLICATE)
    full = (least == 255).astype(np.uint8)
    solid = np.asarray(cv2.erode(full, around, borderType=cv2.BORDER_REPLICATE), np.uint8)
    bands = []
    height, width = seen.shape
    for top in range(0, height, BAND):
        rows = slice(top, min(top + BAND, height))
        present = np.flatnonzero(seen[rows].max(axis=0))
        if not len(present):
            continue
        first, last = int(present[0]), int(present[-1]) + 1
        last = min(first + -(-(last - first) // ALIGN) * ALIGN, width)
        first = max(0, last - -(-(last - first) // ALIGN) * ALIGN)
        low, high = _longest(solid[rows].min(axis=0))
        face = bool(felt[rows].any())
        columns = slice(first, last)
        if high - low < LEAST_SOLID:
            bands.append(_Band(rows, columns, slice(0, 0), (columns,), face))
            continue
        rims = tuple(s for s in (slice(first, low), slice(high, last)) if s.stop > s.start)
        bands.append(_Band(rows, columns, slice(low, high), rims, face))
    return bands


def _alphas(atlas: Atlas) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The least and the most alpha of each pixel over all that the host may look like."""
    least, most = atlas.base[..., 3].copy(), atlas.base[..., 3].copy()
    for name in GRIDS:
        x0, y0, x1, y1 = atlas.eye_box if name == "eyes" else atlas.mouth_box
        crops = getattr(atlas, name).crops[..., 3]
        flat = crops.reshape(-1, *crops.shape[-2:])
        area = np.s_[y0:y1, x0:x1]
        least[area] = np.minimum(least[area], flat.min(axis=0))
        most[area] = np.maximum(most[area], flat.max(axis=0))
    return least, most


def _longest(there: NDArray[np.uint8]) -> Span:
    """The longest run of ones."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], there.astype(np.int8), [0]])))
    if not len(edges):
        return 0, 0
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best])
