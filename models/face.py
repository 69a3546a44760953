"""The host as a layer for the stage: mouth, eyes and head of one frame, from an atlas."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.types import Mouth
from models.atlas import Atlas, Bgra
from models.motion import Motion, Pose

DEFAULT_ATLAS = Path(__file__).parent / "assets" / "host" / "atlas"
"""The default host's atlas; her pictures' licence stands beside it."""
CELL = 16
"""Pixels between the points at which motion is computed; between them it is interpolated."""


def default_host() -> Atlas:
    """The synthetic woman that needs nobody's consent. Takes some 1 s CPU and 60 MB."""
    return Atlas.load(DEFAULT_ATLAS)


class Face:
    """Draws the host of *atlas*, moving as *seed* has it.

    ``layer`` gives a picture of the atlas's size, to be laid over a backdrop. It holds no label:
    the stage draws that over whatever a face gives.
    """

    def __init__(self, atlas: Atlas, fps: int = 25, seed: int = 5) -> None:
        self._atlas = atlas
        self._motion = Motion(fps, seed)
        height, width = atlas.base.shape[:2]
        self.size = (width, height)
        """Width and height of the layer, in pixels."""
        self._posed = atlas.base.copy()
        self._moved = np.empty_like(atlas.base)
        x0, y0, x1, y1 = atlas.mouth_box
        self._mouth_area = self._posed[y0:y1, x0:x1]
        self._mouth = np.empty((y1 - y0, x1 - x0, 4), np.uint8)
        self._spare = np.empty_like(self._mouth)
        x0, y0, x1, y1 = atlas.eye_box
        self._eye_area = self._posed[y0:y1, x0:x1]
        self._eyes = np.empty((y1 - y0, x1 - x0, 4), np.uint8)
        self._warp = _Warp(atlas)

    def layer(self, mouth: Mouth, number: int) -> Bgra:
        """The host in frame *number*: premultiplied BGRA; overwritten by the next call."""
        return self.posed(mouth, self._motion.pose(number, mouth))

    def posed(self, mouth: Mouth, pose: Pose) -> Bgra:
        """The host in any pose; as *layer*."""
        self._atlas.pose_eyes(pose.blink, pose.gaze, pose.brow, self._eyes)
        np.copyto(self._eye_area, self._eyes)
        self._atlas.pose_mouth(mouth, self._mouth, self._spare)
        np.copyto(self._mouth_area, self._mouth)
        self._warp(self._posed, pose, self._moved)
        return self._moved


class _Warp:
    """Moves a still host: the head about the neck, the face against the head, the shoulders."""

    def __init__(self, atlas: Atlas) -> None:
        height, width = atlas.base.shape[:2]
        columns, rows = -(-width // CELL) + 2, -(-height // CELL) + 2
        # One cell of margin on each side, so that interpolation never runs out of points.
        x = np.arange(columns, dtype=np.float32) * CELL - CELL / 2 - 0.5
        y = np.arange(rows, dtype=np.float32) * CELL - CELL / 2 - 0.5
        self._x, self._y = np.meshgrid(x, y)
        self._px, self._py = atlas.pivot
        mouth_y = (atlas.mouth_box[1] + atlas.mouth_box[3]) / 2
        eye_y = (atlas.eye_box[1] + atlas.eye_box[3]) / 2
        reach = self._py - eye_y
        """From the eyes to the neck: the measure of this head."""
        self._unit = reach / 292
        fall = np.clip((self._y - (self._py - 0.12 * reach)) / (1.0 * reach), 0, 1)
        self._head = 1 - 0.85 * fall * fall * (3 - 2 * fall)
        fy = (eye_y + mouth_y) / 2
        self._face = np.exp(
            -(((self._x - self._px) / (0.5 * reach)) ** 2) - ((self._y - fy) / (0.68 * reach)) ** 2
        )
        full = (rows * CELL, columns * CELL)
        self._maps = [np.empty(full, np.float32), np.empty(full, np.float32)]
        inner = (slice(CELL, CELL + height), slice(CELL, CELL + width))
        self._inner = [field[inner] for field in self._maps]

    def __call__(self, source: Bgra, pose: Pose, out: Bgra) -> None:
        unit, head = self._unit, self._head
        dx = head * (unit * pose.x - pose.roll * (self._y - self._py))
        dx += (unit * pose.turn) * self._face
        dy = head * (unit * pose.y + pose.roll * (self._x - self._px))
        dy -= (unit * pose.breath) * (1 - head)
        self._spread((self._x - dx, self._y - dy))
        cv2.remap(
            source,
            self._inner[0],
            self._inner[1],
            cv2.INTER_LINEAR,
            dst=out,
            borderMode=cv2.BORDER_REPLICATE,
        )

    def _spread(self, coarse: Sequence[NDArray[np.floating]]) -> None:
        """From the motion's points to every pixel."""
        for points, field in zip(coarse, self._maps, strict=True):
            size = (field.shape[1], field.shape[0])
            cv2.resize(points.astype(np.float32), size, dst=field, interpolation=cv2.INTER_LINEAR)
