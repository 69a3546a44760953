"""A still picture's mouth made to speak: two layers of skin pulled apart at the line of the lips.

The upper layer holds what is above that line, the lower what is below, and each is moved by a
smooth field worked out from the size of the mouth: jaw, raised lip, spread, pucker, press. Between
them teeth and tongue are painted, the upper teeth fixed to the skull and the lower to the jaw.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.types import Mouth
from models.atlas import Bgra, Box
from models.landmarks import CHIN, LEFT_CORNER, RIGHT_CORNER, Points

Field = NDArray[np.float32]
"""One value a pixel of the box."""

UPPER_RIM = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_RIM = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
UNDER_NOSE = 2
JAW_DROP = 0.37
"""How far the lip goes down at open = 1, in widths of the mouth."""
STEPS = 7
"""Rounds in which a field is turned round; after 6 it moves by less than a tenth of a pixel."""


@dataclass(frozen=True, slots=True)
class _Moved:
    """Where the skin of each point goes, in pixels."""

    x: Field
    upper: Field
    """Down, for what is above the line of the lips."""
    lower: Field


class MouthRig:
    """The mouth of one picture. *points* are of a face with closed lips that looks ahead."""

    def __init__(self, picture: Bgra, points: Points) -> None:
        flat = points[:, :2].astype(np.float32)
        height, width = picture.shape[:2]
        left, right = flat[LEFT_CORNER], flat[RIGHT_CORNER]
        self._x, self._y = (float(v) for v in (left + right) / 2)
        self._wide = float(np.hypot(*(right - left)))
        """Of the mouth, in pixels: the measure of all else."""
        self._chin = (float(flat[CHIN, 1]) - self._y) / self._wide
        wide = self._wide
        self.box: Box = (
            max(0, int(self._x - 1.25 * wide)),
            max(0, int(flat[UNDER_NOSE, 1] - 0.10 * wide)),
            min(width, int(self._x + 1.25 * wide)),
            min(height, int(flat[CHIN, 1] + 0.62 * wide)),
        )
        x0, y0, x1, y1 = self.box
        columns, rows = np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32)
        self._columns, self._rows = np.meshgrid(columns, rows)
        middle = (flat[list(UPPER_RIM)] + flat[list(LOWER_RIM)]) / 2
        middle = middle[np.argsort(middle[:, 0])]
        self._line_x = np.concatenate([[x0 - 9], middle[:, 0], [x1 + 9]])
        self._line_y = np.concatenate([middle[:1, 1], middle[:, 1], middle[-1:, 1]])
        self._picture = picture
        self._inside = _Inside(wide, _skin(picture, flat))

    def crop(self, pose: Mouth) -> Bgra:
        """The box with the mouth in this pose."""
        upper, upper_x = self._layer(pose, above=True)
        lower, lower_x = self._layer(pose, above=False)
        upper_line, lower_line = self._line(upper_x), self._line(lower_x)
        top = upper_line + self._moved(upper_x, upper_line - 0.5, pose).upper
        bottom = lower_line + self._moved(lower_x, lower_line + 0.5, pose).lower
        gap = np.maximum(bottom - top, 0)
        over = np.clip(top - self._rows + 0.5, 0, 1)
        under = np.maximum(np.clip(self._rows - bottom + 0.5, 0, 1), 1 - np.clip(gap - 0.35, 0, 1))
        jaw = pose.open * JAW_DROP * self._wide
        behind = self._inside.paint(
            self._columns, self._rows, self._x, self._y, top, bottom, jaw, pose
        )
        over, under = over[..., None], under[..., None]
        whole = upper * over + (1 - over) * (lower * under + behind * (1 - under))
        return np.clip(whole + 0.5, 0, 255).astype(np.uint8)

    def _line(self, x: Field) -> Field:
        """Where the lips meet."""
        return np.interp(x, self._line_x, self._line_y).astype(np.float32)

    def _layer(self, pose: Mouth, above: bool) -> tuple[NDArray[np.float32], Field]:
        """The skin above or below the lips as moved, and from which column each pixel came."""
        x, y = self._columns, self._rows
        for _ in range(STEPS):
            moved = self._moved(x, y, pose)
            x = self._columns - moved.x
            y = self._rows - (moved.upper if above else moved.lower)
            line = self._line(x)
            y = np.minimum(y, line) if above else np.maximum(y, line)
        skin = cv2.remap(self._picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return skin.astype(np.float32), x

    def _moved(self, x: Field, y: Field, pose: Mouth) -> _Moved:
        """The fields, as functions of u (0 in the middle, 1 at a corner of the mouth) and v (below
        the line of the lips, in widths of the mouth)."""
        wide = self._wide
        u = np.abs(x - self._x) / (wide / 2)
        below = y - self._line(x)
        v = below / wide
        pucker, spread = max(0.0, -pose.wide), max(0.0, pose.wide)
        near = np.exp(-((u / 1.75) ** 3) - (v / 0.62) ** 2)
        across = (x - self._x) * (0.105 * spread - 0.30 * pucker) * near

        arch = np.clip(1 - u**2.4, 0, 1)
        far = _smooth(0.02, 0.16, -v)
        lift = (0.070 * pose.open + 0.080 * pose.lip_teeth + 0.05 * pose.hush) * wide
        raised = lift * (arch * (1 - far) + np.exp(-1.2 * (u / 0.95) ** 2) * far)
        raised = raised * np.exp(-((np.maximum(-v, 0) / 0.22) ** 1.8))
        smile = 0.045 * spread * wide * np.exp(-(((u - 1) / 0.55) ** 2) - (v / 0.40) ** 2)
        fuller = 0.16 * pucker * below * np.exp(-((v / 0.17) ** 2) - (u / 0.8) ** 2)
        thinner = 0.30 * pose.press * below * np.exp(-((v / 0.13) ** 2) - (u / 1.05) ** 2)
        both = fuller - thinner - smile

        gape = np.clip(1 - u ** (2.9 - 0.9 * pucker), 0, 1) ** (0.85 - 0.15 * pucker)
        deep = _smooth(0.02, 0.52, v)
        fade = 1 - _smooth(self._chin * 1.02, self._chin * 1.02 + 0.50, v)
        jaw = JAW_DROP * wide * pose.open * fade
        jaw = jaw * ((1 - deep) * gape + 0.86 * deep * np.exp(-((u / 1.75) ** 4)))
        lip = (
            (0.055 * pose.hush - 0.012 * pose.lip_teeth) * wide * arch * np.exp(-((v / 0.20) ** 2))
        )
        return _Moved(
            across.astype(np.float32),
            (both - raised).astype(np.float32),
            (both + jaw + lip).astype(np.float32),
        )


class _Inside:
    """What is seen between the lips: teeth, tongue and the dark, in the light of the picture."""

    def __init__(self, wide: float, skin: NDArray[np.float32]) -> None:
        self._wide = wide
        self._skin = skin
        self._upper, self._lower = _teeth(wide, upper=True), _teeth(wide, upper=False)

    def paint(
        self,
        columns: Field,
        rows: Field,
        x: float,
        y: float,
        top: Field,
        bottom: Field,
        jaw: float,
        pose: Mouth,
    ) -> NDArray[np.float32]:
        """Opaque BGRA for each pixel, right between *top* and *bottom*, the rims of the lips.

        *x*, *y*: the middle of the closed mouth. *jaw*: how far it hangs, in pixels."""
        wide, pucker = self._wide, max(0.0, -pose.wide)
        u = np.abs(columns - x) / (wide / 2)
        colour = np.empty((*columns.shape, 3), np.float32)
        colour[:] = (22, 16, 52)
        colour *= (1 - 0.75 * np.clip(u, 0, 1) ** 2)[..., None]
        tip = y + 0.80 * jaw + (0.10 - 0.10 * pose.tongue * min(1.0, 4 * pose.open + 0.2)) * wide
        across = (columns - x) / (0.36 * wide * (1 - 0.3 * pucker))
        down = (rows - tip) / (0.17 * wide)
        tongue = np.clip(6 * (1 - across**2 - down**2), 0, 1)[..., None]
        light = (0.70 + 0.38 * np.clip(-down, 0, 1)) * (1 - 0.18 * np.exp(-((across / 0.33) ** 2)))
        colour += (np.array((92, 86, 182), np.float32) * light[..., None] - colour) * tongue
        narrow = 1 - 0.18 * pucker
        place = (float(columns[0, 0]), float(rows[0, 0]))
        for teeth, edge, shade in (
            (self._lower, y + 0.98 * jaw + 0.115 * wide - self._lower.shape[0], 0.78),
            (self._upper, y - 0.085 * wide, 1.0),
        ):
            shift = np.array(
                [[narrow, 0, x - place[0] - narrow * teeth.shape[1] / 2], [0, 1, edge - place[1]]]
            )
            laid = cv2.warpAffine(teeth, shift, columns.shape[::-1], flags=cv2.INTER_LINEAR)
            alpha = laid[..., 3:]
            colour = colour * (1 - alpha) + laid[..., :3] * (shade * alpha)
        shadow = 0.60 + 0.40 * _smooth(0, 0.10 * wide, rows - top)
        shadow *= 0.75 + 0.25 * _smooth(0, 0.05 * wide, bottom - rows)
        shadow *= 1 - 0.6 * _smooth(0.45, 1.0, u / (1 + 0.1 * pose.wide))
        colour = self._lit(colour * shadow[..., None])
        return np.concatenate([colour, np.full((*columns.shape, 1), 255, np.float32)], axis=-1)

    def _lit(self, colour: NDArray[np.float32]) -> NDArray[np.float32]:
        """As bright and as colourful as the skin: grey in a grey picture."""
        brightness, vividness = float(self._skin.max()) / 235, float(np.ptp(self._skin)) / 70
        grey = colour.mean(axis=-1, keepdims=True)
        return (grey + (colour - grey) * min(vividness, 1.0)) * min(max(brightness, 0.35), 1.0)


def _teeth(wide: float, upper: bool) -> NDArray[np.float32]:
    """One row of teeth, BGRA with straight alpha (0 to 1), drawn large and then shrunk."""
    large = 6
    width, height = int(1.1 * wide * large), int(0.26 * wide * large)
    picture = np.zeros((height, width, 4), np.float32)
    widths = (
        (0.094, 0.078, 0.084, 0.072, 0.066, 0.06)
        if upper
        else (0.062, 0.066, 0.074, 0.07, 0.064, 0.06)
    )
    lengths = (
        (0.150, 0.134, 0.146, 0.125, 0.115, 0.105)
        if upper
        else (0.11, 0.112, 0.118, 0.105, 0.10, 0.10)
    )
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    for side in (-1, 1):
        start = 0.0
        for place, (across, long) in enumerate(zip(widths, lengths, strict=True)):
            seen = across * (1 - 0.045 * place)  # turning away, along the arch
            middle = width / 2 + side * (start + seen / 2) * wide * large
            start += seen + 0.0008
            half = seen * wide * large / 2
            u = np.abs(columns - middle) / half
            v = (rows if upper else height - 1 - rows) / (long * wide * large)  # 0 at the gum
            rim = (u**4 + np.clip(v, 0, None) ** 7) ** 0.2
            mask = np.clip((1 - rim) * half / (large * 0.55) + 0.5, 0, 1) * (v < 1.05)
            light = (1 - 0.05 * place) * (1 - 0.10 * np.clip(u, 0, 1) ** 4)
            light = light * (0.82 + 0.18 * np.clip(1.6 * v, 0, 1))
            colour = np.array((214, 234, 245), np.float32) * light[..., None]
            picture[..., :3] += (colour - picture[..., :3]) * mask[..., None]
            picture[..., 3] = np.maximum(picture[..., 3], mask)
    picture[..., :3] = cv2.GaussianBlur(picture[..., :3], (0, 0), large * 0.5)
    small = (width // large, height // large)
    return np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), np.float32)


def _skin(picture: Bgra, flat: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colour of the cheeks, BGR."""
    cheeks = [flat[50], flat[280]]
    reach = max(2, int(0.04 * np.hypot(*(flat[280] - flat[50]))))
    parts = [
        picture[
            max(0, int(y) - reach) : int(y) + reach, max(0, int(x) - reach) : int(x) + reach, :3
        ]
        for x, y in cheeks
    ]
    return np.median(np.concatenate([part.reshape(-1, 3) for part in parts]), axis=0).astype(
        np.float32
    )


def _smooth(low: float, high: float, value: Field) -> Field:
    """0 below *low*, 1 above *high*, eased between."""
    t = np.clip((value - low) / (high - low + 1e-9), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
