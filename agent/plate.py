"""A tile that is laid over many pictures, made ready once."""

import cv2
import numpy as np

from agent.lettering import Tile
from agent.types import Image


class Plate:
    """*tile* as two pictures, of what shines through it and of its own colours, so that laying it
    is one product and one sum, without a buffer made anew. One call at a time."""

    def __init__(self, tile: Tile) -> None:
        self.height, self.width = tile.shape[:2]
        self._through = cv2.cvtColor(cv2.bitwise_not(tile[..., 3]), cv2.COLOR_GRAY2BGR)
        self._colour = cv2.cvtColor(tile, cv2.COLOR_BGRA2BGR)
        self._spare = np.empty_like(self._colour)

    def lay(self, on: Image, x: int, y: int) -> None:
        """Lay it on *on*, its upper left corner at x, y; what hangs over is cut off."""
        height, width = on.shape[:2]
        x0, y0 = max(x, 0), max(y, 0)
        x1, y1 = min(x + self.width, width), min(y + self.height, height)
        if x1 <= x0 or y1 <= y0:
            return
        part = np.s_[y0 - y : y1 - y, x0 - x : x1 - x]
        under, spare = on[y0:y1, x0:x1], self._spare[part]
        cv2.multiply(under, self._through[part], dst=spare, scale=1 / 255)
        cv2.add(spare, self._colour[part], dst=under)
