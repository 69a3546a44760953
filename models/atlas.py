"""A host as pictures: one portrait, and crops of its mouth and eyes over a few dials.

An atlas is all that is needed to show a host at run time, whoever made it: the default host's
(``models.assets.host.densify``) comes from rendered key poses, any other portrait's from a warp.
Nothing but lookups and blends happens per frame.

**In memory** pictures are premultiplied BGRA, uint8. **On disk** an atlas is a folder:

- ``atlas.json``: ``{"format": 1, "about": str, "mouth_box": [x0, y0, x1, y1], "eye_box": [...],
  "pivot": [x, y], "grids": {name: {"axes": [[...], ...]}}}``
- ``base.webp`` (or ``base.png``) and one ``<grid>.webp`` a grid: a sheet of its crops, row by row,
  the last axis along the row; straight alpha, as picture files have it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.types import Mouth

Bgra: TypeAlias = NDArray[np.uint8]
"""Premultiplied BGRA, shape (height, width, 4)."""
Box: TypeAlias = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels of the base; x1 and y1 are not included."""

FORMAT = 1
FEATHER = 10
"""Pixels over which a crop's rim is faded into the base on loading, so that no seam shows."""
HEIGHT_SHARE = 5 / 6
"""Most of a picture's height that a host may take: the label and the question stand above."""
SNAP = 0.06
"""A neighbour that weighs less than this is left out of a mix: not seen, and a blend saved."""


class AtlasError(Exception):
    """A folder that does not hold an atlas that we can read."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Crops over one or more dials, mixed linearly between neighbours."""

    axes: tuple[tuple[float, ...], ...]
    """For each dial, the rising values at which there is a crop; a single value for a dial that
    changes nothing."""
    crops: NDArray[np.uint8]
    """Premultiplied BGRA, shape (len(axes[0]), len(axes[1]), ..., height, width, 4)."""

    def __post_init__(self) -> None:
        if self.crops.shape[:-3] != tuple(len(axis) for axis in self.axes):
            raise ValueError(f"{self.crops.shape[:-3]} crops do not fit the axes {self.axes}")
        if any(list(axis) != sorted(set(axis)) for axis in self.axes):
            raise ValueError(f"axes must rise: {self.axes}")

    def cells(self, at: Sequence[float]) -> list[tuple[tuple[int, ...], float]]:
        """The crops that stand around the point *at* and what each weighs; weights sum to 1."""
        sides = [_neighbours(axis, value) for axis, value in zip(self.axes, at, strict=True)]
        return [
            (tuple(i for i, _ in corner), prod(w for _, w in corner)) for corner in product(*sides)
        ]

    def mix(self, at: Sequence[float], out: Bgra) -> None:
        """Write the crop at the point *at* (beyond the ends: the end) into *out*."""
        cells = self.cells(at)
        first, weight = cells[0]
        if len(cells) == 1:
            np.copyto(out, self.crops[first])
            return
        second, other = cells[1]
        cv2.addWeighted(self.crops[first], weight, self.crops[second], other, 0, dst=out)
        for index, more in cells[2:]:
            cv2.addWeighted(out, 1, self.crops[index], more, 0, dst=out)


def _neighbours(axis: Sequence[float], value: float) -> list[tuple[int, float]]:
    if value <= axis[0]:
        return [(0, 1.0)]
    if value >= axis[-1]:
        return [(len(axis) - 1, 1.0)]
    right = next(i for i, mark in enumerate(axis) if mark > value)
    share = (value - axis[right - 1]) / (axis[right] - axis[right - 1])
    if share < SNAP:
        return [(right - 1, 1.0)]
    if share > 1 - SNAP:
        return [(right, 1.0)]
    return [(right - 1, 1 - share), (right, share)]


@dataclass(frozen=True, slots=True)
class Atlas:
    """One host. All boxes and points are in pixels of *base*; crops have their box's size."""

    base: Bgra
    """The host at rest, looking at the viewer, cut free; the stage stands it on the bottom edge of
    the picture. 720 wide and about 1000 high fits the stage without scaling."""
    mouth_box: Box
    eye_box: Box
    """Both eyes and brows in one box."""
    pivot: tuple[float, float]
    """About which the head turns: the middle of the neck, below the chin."""
    mouth: Grid
    """Dials: open 0..1, wide -1..1."""
    closed: Grid
    """Dial: wide. Lips pressed, as in p, b, m."""
    lip_teeth: Grid
    """Dial: wide. As in f, v."""
    tongue: Grid
    """Dial: open. As in th, l."""
    hush: Grid
    """Dial: open. As in sh, ch."""
    eyes: Grid
    """Dials: blink 0 open..1 shut, gaze -1 left..1 right (of the picture), brow 0..1 raised."""
    about: str = ""
    """Who this is, where the pictures come from, under which licence."""

    def __post_init__(self) -> None:
        for name in GRIDS:
            box = self.eye_box if name == "eyes" else self.mouth_box
            size = (box[3] - box[1], box[2] - box[0], 4)
            if (found := getattr(self, name).crops.shape[-3:]) != size:
                raise ValueError(f"crops of {name} are {found}, their box is {size}")

    def pose_mouth(self, mouth: Mouth, out: Bgra, spare: Bgra) -> None:
        """Write the mouth's crop into *out*; *spare* is scratch of the same shape.

        Open and wide place it on the grid; the four special poses are faded over it, each fully
        there from a little over half of its dial, so that a closure is a closure."""
        self.mouth.mix((mouth.open, mouth.wide), out)
        for grid, at, amount in (
            (self.tongue, mouth.open, mouth.tongue),
            (self.hush, mouth.open, mouth.hush),
            (self.lip_teeth, mouth.wide, mouth.lip_teeth),
            (self.closed, mouth.wide, mouth.press),
        ):
            weight = _ramp(amount)
            if weight >= 1:
                grid.mix((at,), out)
            elif weight > SNAP:
                grid.mix((at,), spare)
                cv2.addWeighted(out, 1 - weight, spare, weight, 0, dst=out)

    def pose_eyes(self, blink: float, gaze: float, brow: float, out: Bgra) -> None:
        """Write the eyes' crop into *out*."""
        self.eyes.mix((blink, gaze, brow), out)

    def scaled(self, factor: float) -> "Atlas":
        """The same host, larger or smaller."""
        if factor == 1:
            return self

        def box(b: Box) -> Box:
            x0, y0, x1, y1 = (round(v * factor) for v in b)
            return x0, y0, x1, y1

        def fit(crop: Bgra, width: int, height: int) -> Bgra:
            how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
            return cv2.resize(crop, (width, height), interpolation=how).astype(np.uint8)

        boxes: dict[str, Any] = {"mouth_box": box(self.mouth_box), "eye_box": box(self.eye_box)}
        grids: dict[str, Any] = {}
        for name in GRIDS:
            x0, y0, x1, y1 = boxes["eye_box" if name == "eyes" else "mouth_box"]
            grid: Grid = getattr(self, name)
            flat = grid.crops.reshape(-1, *grid.crops.shape[-3:])
            sized = np.stack([fit(crop, x1 - x0, y1 - y0) for crop in flat])
            grids[name] = Grid(grid.axes, sized.reshape(*grid.crops.shape[:-3], *sized.shape[1:]))
        height, width = self.base.shape[:2]
        return replace(
            self,
            base=fit(self.base, round(width * factor), round(height * factor)),
            pivot=(self.pivot[0] * factor, self.pivot[1] * factor),
            **boxes,
            **grids,
        )

    def fitted(self, size: tuple[int, int]) -> "Atlas":
        """The same host in the size that suits a picture of *size* (width, height): as wide as the
        picture, unless that leaves less than a sixth of its height free above the host."""
        height, width = self.base.shape[:2]
        return self.scaled(min(size[0] / width, HEIGHT_SHARE * size[1] / height))

    def save(self, folder: Path, quality: int = 92) -> None:
        """Write the atlas to *folder*; *quality* of the WebP, above 100 without loss."""
        folder.mkdir(parents=True, exist_ok=True)
        settings = [cv2.IMWRITE_WEBP_QUALITY, quality]
        _write(folder / "base.webp", straight(self.base), settings)
        for name in GRIDS:
            crops = getattr(self, name).crops
            rows = crops.reshape(-1, *crops.shape[-4:])
            sheet = np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)
            _write(folder / f"{name}.webp", straight(sheet), settings)
        about = {
            "format": FORMAT,
            "about": self.about,
            "mouth_box": self.mouth_box,
            "eye_box": self.eye_box,
            "pivot": self.pivot,
            "grids": {name: {"axes": getattr(self, name).axes} for name in GRIDS},
        }
        (folder / "atlas.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "Atlas":
        """Read what *save* wrote. Raises AtlasError, naming the file that does not fit."""
        try:
            about = json.loads((folder / "atlas.json").read_text())
        except (OSError, ValueError) as error:
            raise AtlasError(f"{folder} holds no atlas: {error}") from error
        if about.get("format") != FORMAT:
            raise AtlasError(f"{folder}: format {about.get('format')}, we read {FORMAT}")
        png = folder / "base.png"
        base = premultiplied(_read(png if png.exists() else folder / "base.webp"))
        boxes: dict[str, Any] = {k: tuple(about[k]) for k in ("mouth_box", "eye_box")}
        grids: dict[str, Any] = {}
        for name in GRIDS:
            x0, y0, x1, y1 = boxes["eye_box" if name == "eyes" else "mouth_box"]
            axes = tuple(tuple(float(v) for v in axis) for axis in about["grids"][name]["axes"])
            crops = _cut(_read(folder / f"{name}.webp"), x1 - x0, y1 - y0, axes, name)
            _feather(crops, base[y0:y1, x0:x1])
            grids[name] = Grid(axes, crops)
        x, y = about["pivot"]
        return cls(base=base, pivot=(x, y), about=about["about"], **boxes, **grids)


GRIDS = tuple(f.name for f in fields(Atlas) if f.type is Grid)
"""Names of the atlas's grids, and of their sheets."""


def premultiplied(picture: NDArray[np.uint8]) -> Bgra:
    """A BGRA picture with straight alpha, as files hold it, ready to lay over another."""
    if picture[..., 3].min() == 255:
        return picture
    alpha = picture[..., 3:].astype(np.uint16)
    colour = ((picture[..., :3] * alpha + 127) // 255).astype(np.uint8)
    return np.concatenate([colour, picture[..., 3:]], axis=-1)


def straight(picture: Bgra) -> NDArray[np.uint8]:
    """The inverse of *premultiplied*, for writing to a file."""
    alpha = picture[..., 3:].astype(np.uint32)
    colour = np.minimum(
        (picture[..., :3] * np.uint32(255) + alpha // 2) // np.maximum(alpha, 1), 255
    )
    return np.concatenate([colour.astype(np.uint8), picture[..., 3:]], axis=-1)


def _ramp(amount: float) -> float:
    """How strongly a special pose is faded in: from .2 of its dial, wholly there at .6."""
    t = min(max((amount - 0.2) / 0.4, 0.0), 1.0)
    return t * t * (3 - 2 * t)


def _cut(
    sheet: NDArray[np.uint8], width: int, height: int, axes: Sequence[Sequence[float]], name: str
) -> NDArray[np.uint8]:
    """The crops of a sheet, premultiplied, shaped by the axes."""
    counts = [len(axis) for axis in axes]
    columns, rows = counts[-1], prod(counts[:-1])
    if sheet.shape != (rows * height, columns * width, 4):
        raise AtlasError(f"sheet of {name} is {sheet.shape}, not {rows}x{columns} {width}x{height}")
    crops = sheet.reshape(rows, height, columns, width, 4).swapaxes(1, 2)
    return premultiplied(crops).reshape(*counts, height, width, 4)


def _feather(crops: NDArray[np.uint8], under: Bgra) -> None:
    """Fade the crops' rims into the base, in place."""
    height, width = under.shape[:2]
    x, y = np.arange(width), np.arange(height)
    inset = np.minimum(
        np.minimum(x, width - 1 - x)[None, :], np.minimum(y, height - 1 - y)[:, None]
    )
    mask = np.clip(inset / FEATHER, 0, 1)[..., None].astype(np.float32)
    rim = (mask < 1)[..., 0]
    weight, rest = mask[rim], under[rim] * (1 - mask[rim]) + 0.5
    for index in np.ndindex(crops.shape[:-3]):
        crop = crops[index]
        crop[rim] = (crop[rim] * weight + rest).astype(np.uint8)


def _write(path: Path, picture: NDArray[np.uint8], settings: list[int]) -> None:
    done, data = cv2.imencode(path.suffix, picture, settings)
    if not done:
        raise AtlasError(f"could not write {path}")
    path.write_bytes(data.tobytes())


def _read(path: Path) -> NDArray[np.uint8]:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise AtlasError(f"{path}: {error}") from error
    picture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    if picture is None:
        raise AtlasError(f"{path} is not a picture")
    if picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA)
    elif picture.shape[2] == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)
    return picture.astype(np.uint8)
