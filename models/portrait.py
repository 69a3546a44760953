"""A host from one picture: a drawing or a photo becomes the atlas that the stage can show.

Made once, some 10 s CPU, and kept under the picture's SHA-256. Whether the picture may be used at
all is not asked here but before, by ``agent.consent``.
"""

import hashlib
import shutil
import tempfile
from enum import StrEnum
from itertools import product
from math import atan2, cos, degrees, hypot, sin
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.types import Mouth
from models.atlas import Atlas, AtlasError, Bgra, Grid, premultiplied
from models.landmarks import (
    CHIN,
    LEFT_CORNER,
    LEFT_EYE,
    LOWER_INNER,
    NOSE_TIP,
    RIGHT_CORNER,
    RIGHT_EYE,
    UPPER_INNER,
    Landmarks,
    Points,
    person,
)
from models.picture import PictureError, read_picture
from models.warp_eyes import EyesRig
from models.warp_mouth import MouthRig

VERSION = 1
"""Of what is made; a change here makes every cached atlas anew."""
WIDTH, HEIGHT = 720, 1000
"""Of a host's base: fits the stage without scaling."""
EYES_APART = 220.0
"""Pixels between the outer corners of the eyes in the base, as in the default host."""
EYES_AT = (360.0, 345.0)
"""Where the middle between the eyes comes to lie in the base."""

OPEN = (0.0, 0.07, 0.14, 0.21, 0.29, 0.38, 0.48, 0.6, 0.8, 1.0)
WIDE = (-1.0, -0.5, 0.0, 0.5, 1.0)
SIDES = (-0.7, 0.0, 0.7)
BLINKS = (0.0, 0.35, 0.7, 1.0)
GAZES = (-1.0, -0.5, 0.0, 0.5, 1.0)
BROWS = (0.0, 0.5, 1.0)

MOST_FILL = 1.35
"""How much larger than that a host may become so that a narrow picture fills the base's width."""
MIN_EYES_APART = 60.0
"""Pixels in the picture; fewer have to be enlarged more than three times."""
MAX_ROLL = 25.0
"""Degrees that a head may be tilted; it is set upright."""
MIN_SIDES = 0.50
"""Least ratio of the two halves of the face, from the tip of the nose: some 20 degrees of turn."""
NOD = (0.75, 2.2)
"""Ratio of eyes-to-nose and nose-to-mouth, from a head that looks up to one that looks down."""
MAX_GAP = 0.05
"""Between the lips, in distances of the eyes."""
MIN_LIDS = 0.10
"""Between the lids, in widths of an eye."""
MIN_SHARP = 0.085
"""Steepest change in the eyes, in shares of their contrast a pixel, when the eyes are 100 pixels
apart: a blur of about 4 such pixels."""
MIN_LIPS = 4.0
"""Difference in colour (CIE Lab) between the lips and the skin around them."""


class Reason(StrEnum):
    """Why a picture makes no host."""

    NO_FACE = "no face was found"
    TWO_FACES = "there is more than one face"
    TOO_SMALL = "the face is too small"
    TILTED = "the head is tilted"
    TURNED = "the head is turned away"
    CUT_OFF = "the head is cut off"
    MOUTH_OPEN = "the mouth is open"
    EYES_SHUT = "the eyes are shut"
    MOUTH_COVERED = "the mouth is covered"
    BLURRED = "the face is blurred"


class PortraitError(PictureError):
    """The picture shows no face that can be made to speak; says what to change."""

    def __init__(self, reason: Reason, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason


def make_atlas(picture: Path, cache: Path) -> Atlas:
    """The host in *picture*, a PNG, JPEG or WebP with or without transparency.

    Kept in a folder of *cache*, from where it comes in a second the next time. Blocking. Raises
    PictureError (PortraitError where it is the face), OSError.
    """
    straight, digest = read_picture(picture)
    folder = cache / f"portrait-{digest}-{VERSION}"
    if folder.is_dir():
        try:
            return Atlas.load(folder)
        except AtlasError:
            shutil.rmtree(folder)
    base, points = _base(straight)
    atlas = _animated(base, points, f"From a picture of the user's, SHA-256 {digest}.")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as building:
        atlas.save(Path(building) / "atlas", quality=95)
        (Path(building) / "atlas").rename(folder)
    return Atlas.load(folder)


def forget(picture: Path, cache: Path) -> None:
    """Delete all that was ever derived from *picture*, as when a consent is revoked."""
    digest = hashlib.sha256(picture.read_bytes()).hexdigest()
    for folder in cache.glob(f"portrait-{digest}-*"):
        shutil.rmtree(folder)


def _base(straight: NDArray[np.uint8]) -> tuple[Bgra, Points]:
    """The picture set upright, cut free and laid on the base, and its face's points there."""
    if straight[..., 3].min() > 250:
        straight = straight.copy()
        straight[..., 3] = _cut_free(straight[..., :3])
    whole = premultiplied(straight)
    points = _face(whole)
    _vet(whole, points)
    move = _placement(points, whole.shape[1])
    height = min(HEIGHT, int(_floor(move, whole.shape)))
    base = cv2.warpAffine(whole, move, (WIDTH, height), flags=_how(move), borderValue=(0, 0, 0, 0))
    moved = points.copy()  # the depth is not used
    moved[:, :2] = points[:, :2] @ move[:, :2].T + move[:, 2]
    return np.asarray(base, np.uint8), moved


def _face(whole: Bgra) -> Points:
    flat = _on_grey(whole)
    with Landmarks(faces=2) as finder:
        found = finder.find(flat)
    if not found:
        raise PortraitError(Reason.NO_FACE, "use one that shows a whole head from the front")
    if len(found) > 1:
        raise PortraitError(Reason.TWO_FACES, "cut out one of them")
    return found[0]


def _vet(whole: Bgra, points: Points) -> None:
    """Raise PortraitError where the face could not be made to speak and look well."""
    p = points[:, :2]
    height, width = whole.shape[:2]
    across = p[RIGHT_EYE] - p[LEFT_EYE]
    apart = float(hypot(*across))
    if apart < MIN_EYES_APART:
        raise PortraitError(
            Reason.TOO_SMALL,
            f"its eyes are {apart:.0f} pixels apart and should be {MIN_EYES_APART:.0f} at least",
        )
    if abs(degrees(atan2(across[1], across[0]))) > MAX_ROLL:
        raise PortraitError(Reason.TILTED, "hold it upright")
    right = across / apart
    down = np.array([-right[1], right[0]])
    nose = p[NOSE_TIP]
    halves = (float((nose - p[234]) @ right), float((p[454] - nose) @ right))
    eyes, mouth = (p[LEFT_EYE] + p[RIGHT_EYE]) / 2, (p[LEFT_CORNER] + p[RIGHT_CORNER]) / 2
    nod = float((nose - eyes) @ down) / max(float((mouth - nose) @ down), 1e-3)
    if min(halves) < MIN_SIDES * max(halves) or not NOD[0] < nod < NOD[1]:
        raise PortraitError(Reason.TURNED, "it should look straight at the viewer")
    low, high = p.min(axis=0), p.max(axis=0)
    chin = p[CHIN] + 0.25 * apart * down
    if (low < 0).any() or high[0] >= width or chin[1] >= height:
        raise PortraitError(Reason.CUT_OFF, "the whole head and the neck should be seen")
    face = cv2.convexHull(p.astype(np.float32)).astype(np.int32)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(inside, face, 1)
    if (whole[..., 3][inside > 0] < 128).mean() > 0.05:
        raise PortraitError(Reason.CUT_OFF, "part of the face is transparent")
    gap = float(np.mean((p[list(LOWER_INNER)] - p[list(UPPER_INNER)]) @ down)) / apart
    if gap > MAX_GAP:
        raise PortraitError(Reason.MOUTH_OPEN, "use one with closed lips")
    lids = [
        float((p[lower] - p[upper]) @ down) / float(hypot(*(p[outer] - p[inner])))
        for upper, lower, outer, inner in ((159, 145, 33, 133), (386, 374, 263, 362))
    ]
    if min(lids) < MIN_LIDS:
        raise PortraitError(Reason.EYES_SHUT, "use one with open eyes")
    if _sharpness(whole, p, apart) < MIN_SHARP:
        raise PortraitError(Reason.BLURRED, "use a sharper one")
    if _lips_against_skin(whole, p) < MIN_LIPS:
        raise PortraitError(Reason.MOUTH_COVERED, "the lips should be seen")


def _sharpness(whole: Bgra, p: NDArray[np.float32], apart: float) -> float:
    """The steepest change in the eyes, as MIN_SHARP has it; the higher of both eyes."""
    scale = min(1.0, 100 / apart)
    grey = cv2.cvtColor(_on_grey(whole), cv2.COLOR_BGR2GRAY)
    best = 0.0
    for outer, inner in ((33, 133), (263, 362)):
        middle, reach = (p[outer] + p[inner]) / 2, 0.65 * float(hypot(*(p[outer] - p[inner])))
        x0, y0 = np.maximum(middle - reach, 0).astype(int)
        x1, y1 = np.ceil(middle + reach).astype(int)
        eye = cv2.resize(
            grey[y0:y1, x0:x1], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        ).astype(np.float32)
        steps = np.hypot(np.gradient(eye, axis=0), np.gradient(eye, axis=1)) * scale * apart / 100
        contrast = max(float(np.percentile(eye, 99) - np.percentile(eye, 1)), 12.0)
        best = max(best, float(np.percentile(steps, 98)) / contrast)
    return best


def _lips_against_skin(whole: Bgra, p: NDArray[np.float32]) -> float:
    """How far the colour of the lips is from that of the skin around them, in Lab."""
    lab = cv2.cvtColor(_on_grey(whole).astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    wide = float(hypot(*(p[RIGHT_CORNER] - p[LEFT_CORNER])))
    lips = _filled(p[[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91]], lab.shape)
    near = cv2.dilate(lips, np.ones((2 * int(0.08 * wide) + 1,) * 2, np.uint8))
    far = cv2.dilate(lips, np.ones((2 * int(0.22 * wide) + 1,) * 2, np.uint8))
    skin = (far > 0) & (near == 0)
    return float(np.linalg.norm(np.median(lab[lips > 0], 0) - np.median(lab[skin], 0)))


def _filled(points: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1)
    return mask


def _cut_free(colour: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An alpha that leaves only the person: one piece, without holes, its rim drawn in a little."""
    sure = cv2.GaussianBlur(person(colour), (0, 0), 1.5)
    solid = (sure > 0.5).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        raise PortraitError(Reason.NO_FACE, "use one that shows a whole head from the front")
    person_part = (parts == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    outlines, _ = cv2.findContours(person_part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(person_part)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    reach = max(3, colour.shape[1] // 60)
    round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    filled = cv2.morphologyEx(filled, cv2.MORPH_CLOSE, round_)
    core = cv2.erode(filled, np.ones((9, 9), np.uint8), borderValue=1)
    soft = np.maximum(np.clip((sure - 0.45) / 0.40, 0, 1), core) * filled
    return np.round(255 * soft).astype(np.uint8)


def _placement(points: Points, width: int) -> NDArray[np.float64]:
    """The affine map from the picture to the base: upright, to size, in place."""
    left, right = points[LEFT_EYE, :2], points[RIGHT_EYE, :2]
    across = right - left
    scale = EYES_APART / float(hypot(*across))
    scale *= min(max(1.0, WIDTH / (scale * width)), MOST_FILL)
    turn = -atan2(across[1], across[0])
    c, s = scale * cos(turn), scale * sin(turn)
    middle = (left + right) / 2
    return np.array(
        [
            [c, -s, EYES_AT[0] - c * middle[0] + s * middle[1]],
            [s, c, EYES_AT[1] - s * middle[0] - c * middle[1]],
        ]
    )


def _floor(move: NDArray[np.float64], shape: tuple[int, ...]) -> float:
    """The row of the base on which the picture's lower edge lies, where it is highest."""
    corners = np.array([[0, shape[0] - 1], [shape[1] - 1, shape[0] - 1]])
    return float((corners @ move[:, :2].T + move[:, 2])[:, 1].min())


def _how(move: NDArray[np.float64]) -> int:
    scale = hypot(move[0, 0], move[1, 0])
    return cv2.INTER_AREA if scale < 0.5 else cv2.INTER_CUBIC


def _animated(base: Bgra, points: Points, about: str) -> Atlas:
    mouth, eyes = MouthRig(base, points), EyesRig(base, points)

    def mouths(axes: tuple[tuple[float, ...], ...], poses: list[Mouth]) -> Grid:
        crops = np.stack([mouth.crop(pose) for pose in poses])
        return Grid(axes, crops.reshape(*(len(axis) for axis in axes), *crops.shape[1:]))

    looks = np.stack([eyes.crop(*dials) for dials in product(BLINKS, GAZES, BROWS)])
    counts = (len(BLINKS), len(GAZES), len(BROWS))
    chin, apart = points[CHIN], float(hypot(*(points[RIGHT_EYE, :2] - points[LEFT_EYE, :2])))
    tongue, hush = (0.16, 0.28, 0.42), (0.08, 0.2)
    return Atlas(
        base=base,
        mouth_box=mouth.box,
        eye_box=eyes.box,
        pivot=(float(chin[0]), min(float(chin[1]) + 0.35 * apart, base.shape[0] - 1.0)),
        mouth=mouths((OPEN, WIDE), [Mouth(open=o, wide=w) for o, w in product(OPEN, WIDE)]),
        closed=mouths((SIDES,), [Mouth(wide=w, press=1) for w in SIDES]),
        lip_teeth=mouths((SIDES,), [Mouth(0.06, 0.6 * w, lip_teeth=1) for w in SIDES]),
        tongue=mouths((tongue,), [Mouth(open=o, tongue=1) for o in tongue]),
        hush=mouths((hush,), [Mouth(o, -0.6, hush=1) for o in hush]),
        eyes=Grid((BLINKS, GAZES, BROWS), looks.reshape(*counts, *looks.shape[1:])),
        about=about,
    )


def _on_grey(whole: Bgra) -> NDArray[np.uint8]:
    """Laid over light grey; BGR."""
    behind = 225 * (255 - whole[..., 3:].astype(np.uint16)) // 255
    return (whole[..., :3] + behind).astype(np.uint8)
