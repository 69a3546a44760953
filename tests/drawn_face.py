"""A face drawn from nothing but curves and gradients, so that tests need nobody's picture."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 720, 1000
_SCALE = 2  # drawn larger, then shrunk, for smooth edges

Points = NDArray[np.float64]
Colour = tuple[int, int, int]
"""Red, green, blue."""


def draw() -> NDArray[np.uint8]:
    """The drawing, BGRA with straight alpha, 720x1000; the face looks ahead, mouth shut."""
    return _drawn().copy()


def over(picture: NDArray[np.uint8], colour: Colour = (235, 235, 235)) -> NDArray[np.uint8]:
    """A BGRA picture laid over one colour; BGR."""
    alpha = picture[..., 3:].astype(np.float32) / 255
    flat = np.array(colour[::-1], np.float32)
    return np.round(picture[..., :3] * alpha + flat * (1 - alpha)).astype(np.uint8)


@cache
def _drawn() -> NDArray[np.uint8]:
    canvas = _Canvas()
    hair = _curve(
        "360,118 250,140 185,230 170,360 165,480 172,600 200,655 250,640 "
        "470,640 520,655 548,600 555,480 550,360 535,230 470,140"
    )
    canvas.fill(hair, (58, 34, 26))
    neck = _curve("300,560 302,640 285,700 360,760 435,700 418,640 420,560")
    canvas.fill(neck, (212, 152, 122))
    body = _curve(
        "290,690 220,722 110,765 55,850 30,1010 690,1010 665,850 610,765 500,722 430,690 360,745"
    )
    canvas.fill(body, (38, 128, 118))
    for mirror in (False, True):
        canvas.fill(_curve("214,372 196,380 198,430 214,462 230,450", mirror), (226, 165, 131))
    face = _curve(
        "360,190 275,205 226,270 214,360 222,440 246,520 292,585 340,618 360,622 "
        "380,618 428,585 474,520 498,440 506,360 494,270 445,205"
    )
    canvas.fill(face, (240, 190, 160))
    shade = _curve("540,260 500,300 505,420 470,540 380,630")
    canvas.fill(shade, (205, 140, 108), 28, 0.35)
    canvas.oval(330, 262, 70, 40, (255, 240, 226), 26, 0.45)
    for x in (276, 444):
        canvas.oval(x, 472, 46, 34, (239, 138, 122), 18, 0.35)
    for x in (288, 432):
        canvas.oval(x, 376, 50, 26, (176, 106, 80), 14, 0.3)
    canvas.fill(_curve("372,380 380,440 396,474 378,486 366,470"), (194, 126, 96), 8, 0.5)
    canvas.oval(352, 462, 9, 12, (255, 241, 228), 6, 0.6)
    canvas.oval(360, 490, 26, 6, (169, 98, 74), 5, 0.5)
    for mirror in (False, True):
        nostril = _curve("351,487 343,483 338,487 346,491", mirror)
        canvas.fill(nostril, (92, 44, 34), 1.2, 0.8)
        _draw_eye(canvas, mirror)
    lower = _curve("310,537 334,541 360,542 386,541 410,537 394,556 360,565 326,556")
    canvas.fill(lower, (200, 84, 90))
    upper = _curve(
        "308,536 330,527 350,521 360,525 370,521 390,527 412,536 388,539 360,540 332,539"
    )
    canvas.fill(upper, (184, 72, 82))
    canvas.oval(356, 552, 20, 4.5, (255, 230, 230), 4, 0.4)
    canvas.line(_curve("306,535 332,540 360,541 388,540 414,535", closed=False), (109, 31, 42), 2.6)
    canvas.oval(360, 582, 32, 6, (176, 105, 79), 7, 0.4)
    left = _curve(
        "400,168 330,178 270,225 238,300 228,380 222,450 226,520 204,590 "
        "178,560 168,450 172,330 196,220 260,140 360,104"
    )
    canvas.fill(left, (84, 52, 38))
    right = _curve(
        "400,166 456,190 490,240 500,300 500,380 500,450 500,520 518,590 "
        "544,560 553,450 549,330 524,220 462,140 360,104"
    )
    canvas.fill(right, (70, 42, 30))
    return canvas.picture()


def _draw_eye(canvas: "_Canvas", mirror: bool) -> None:
    eye = _curve("246,382 262,364 288,356 314,364 330,386 312,396 286,400 262,394", mirror)
    x = 432 if mirror else 288
    canvas.fill(eye, (240, 234, 232))
    canvas.oval(x, 379, 20.5, 21.5, (122, 74, 34), within=eye)
    canvas.oval(x, 379, 9.5, 9.8, (18, 10, 7), within=eye)
    canvas.oval(x - 7, 371, 5.6, 5.6, (255, 255, 255), within=eye)
    lid = _curve("244,384 260,364 288,355 315,363 332,388", mirror, closed=False)
    canvas.line(lid, (38, 19, 13), 6.5)
    canvas.line(_curve("254,392 286,401 316,396", mirror, closed=False), (156, 95, 74), 2.2)
    crease = _curve("246,360 266,344 290,338 316,346 330,362", mirror, closed=False)
    canvas.line(crease, (190, 130, 100), 2.6)
    brow = _curve("236,322 262,300 300,298 334,312 333,322 300,310 264,312 240,328", mirror)
    canvas.fill(brow, (60, 36, 26), 1.4, 0.9)


class _Canvas:
    def __init__(self) -> None:
        self._bgra = np.zeros((HEIGHT * _SCALE, WIDTH * _SCALE, 4), np.float32)

    def fill(self, curve: Points, colour: Colour, blur: float = 0, strength: float = 1) -> None:
        self._lay(self._mask(curve), colour, blur, strength)

    def oval(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        colour: Colour,
        blur: float = 0,
        strength: float = 1,
        within: Points | None = None,
    ) -> None:
        turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        mask = self._mask(np.stack([x + across * np.cos(turn), y + down * np.sin(turn)], 1))
        if within is not None:
            mask = np.minimum(mask, self._mask(within))
        self._lay(mask, colour, blur, strength)

    def line(self, curve: Points, colour: Colour, width: float) -> None:
        mask = np.zeros(self._bgra.shape[:2], np.uint8)
        thick = round(width * _SCALE)
        cv2.polylines(mask, [_fixed(curve)], False, 255, thick, cv2.LINE_AA, shift=4)
        self._lay(mask, colour, 0, 1)

    def picture(self) -> NDArray[np.uint8]:
        alpha = self._bgra[..., 3:]
        whole = np.concatenate([self._bgra[..., :3] * alpha, alpha], 2)
        small = cv2.resize(whole, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        colour = small[..., :3] / np.maximum(small[..., 3:], 1e-6)
        return np.round(np.concatenate([colour, small[..., 3:] * 255], 2)).astype(np.uint8)

    def _mask(self, curve: Points) -> NDArray[np.uint8]:
        mask = np.zeros(self._bgra.shape[:2], np.uint8)
        cv2.fillPoly(mask, [_fixed(curve)], 255, cv2.LINE_AA, 4)
        return mask

    def _lay(self, mask: NDArray[np.uint8], colour: Colour, blur: float, strength: float) -> None:
        x, y, width, height = cv2.boundingRect(mask)
        rim = round(3 * blur * _SCALE)
        part = np.s_[max(y - rim, 0) : y + height + rim, max(x - rim, 0) : x + width + rim]
        under = self._bgra[part]
        weight: Points = mask[part] / 255.0
        if blur:  # soft shades stay within what is drawn already
            soft = cv2.GaussianBlur(weight, (0, 0), blur * _SCALE)
            weight = np.asarray(soft, np.float64) * (under[..., 3] > 0)
        weight = (weight * strength)[..., None]
        under[..., :3] += (np.array(colour[::-1], np.float32) - under[..., :3]) * weight
        if not blur:
            under[..., 3:] = np.maximum(under[..., 3:], weight)


def _fixed(curve: Points) -> NDArray[np.int32]:
    """Points in sixteenths of a pixel, as OpenCV draws them."""
    return np.round(curve * _SCALE * 16).astype(np.int32)


def _curve(path: str, mirror: bool = False, closed: bool = True) -> Points:
    """A Catmull-Rom curve through the "x,y x,y ..." of *path*, or of its mirror image."""
    points = np.array([[float(v) for v in pair.split(",")] for pair in path.split()], np.float64)
    if mirror:
        points = points[::-1].copy()
        points[:, 0] = WIDTH - points[:, 0]
    if closed:
        before, after, last = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
        start, end = points, points[:0]
    else:
        ends = np.concatenate([points[:1], points, points[-1:]])
        before, start, after, last = ends[:-3], ends[1:-2], ends[2:-1], ends[3:]
        end = points[-1:]
    t = np.linspace(0, 1, 12, endpoint=False)[None, :, None]
    a, b, c, d = (p[:, None] for p in (before, start, after, last))
    curve = (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return np.concatenate([curve.reshape(-1, 2) / 2, end])
