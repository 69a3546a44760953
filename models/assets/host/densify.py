"""Make the default host's atlas from her rendered key poses. Offline; some two minutes.

    python -m models.assets.host.densify

``source/`` holds what was rendered: the portrait, mouth crops for six jaws by four lip shapes and
five single sounds, eye crops for a blink, and where the head's vertices project to in each mouth
pose (``vertices.npz``). The vertices give the exact flow between poses, so a pose in between is
its neighbours, each moved to where it belongs, then mixed. Blinks are used as rendered; gaze and
brows are warps of the portrait about the face landmarks in ``marks.json`` (mediapipe 0.10.14).
"""

import json
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator
from scipy.spatial import ConvexHull, Delaunay, cKDTree

from models.atlas import Atlas, Box, Grid, premultiplied

HERE = Path(__file__).parent
SOURCE = HERE / "source"
Floats = NDArray[np.float32]

JAW_FULL = 0.5
"""The jaw key that counts as open = 1; the widest rendered one, .56, is a yawn."""
JAW_STEPS = (2, 3, 3, 3, 3)
"""Crops made per gap between jaw keys: some 2.5 pixels of the lower lip a step."""
WIDE = (-1.0, -0.75, -0.5, -0.25, 0.0, 0.33, 0.67, 1.0)
SMILE_PX = 4.0
"""How far the corners of the mouth are raised in every pose: a shop's host is glad to be there."""
SMILE_REACH = (24.0, 20.0)
"""Across and down, in pixels: how far from the corner the raise is felt."""
PARTING, PARTING_PX = (416.0, 95.0), 11.0
"""Where the parting begins, and how far each side of it is pulled in."""
EYE_BOX: Box = (196, 232, 524, 404)
"""Both eyes, the brows, and the room that a raised brow needs."""
GAZE = (-1.0, -0.5, 0.0, 0.5, 1.0)
GAZE_PX = 4.5
BLINK = (0.0, 0.35, 0.7, 1.0)
"""Lid closure of the rendered blink keys."""
BROW = (0.0, 0.5, 1.0)
BROW_SHARE = 0.085
"""How far a brow rises, as a share of the eye's width."""
PIVOT = (360.0, 610.0)
ABOUT = (
    "A synthetic woman, not based on any individual. MakeHuman/MPFB2 base head and face units "
    "(CC0 1.0; face units by Mika Suominen), mixed by sliders and rendered with Blender for this "
    "project. CC0 1.0."
)


def picture(name: str) -> NDArray[np.uint8]:
    found = cv2.imread(str(SOURCE / name), cv2.IMREAD_UNCHANGED)
    if found is None:
        raise FileNotFoundError(SOURCE / name)
    if found.shape[2] == 3:
        found = cv2.cvtColor(found, cv2.COLOR_BGR2BGRA)
    return found.astype(np.uint8)


class Mouths:
    """Mouth crops at any mix of key poses."""

    def __init__(self, box: Box) -> None:
        x0, y0, x1, y1 = box
        self.size = (x1 - x0, y1 - y0)
        vertices = np.load(SOURCE / "vertices.npz")
        names = [name for name in vertices.files if name != "lip"]
        points = {name: vertices[name] - np.array([x0, y0]) for name in names}
        keep = _outside(points, vertices["lip"])
        self.points = {name: _with_frame(p[keep], self.size) for name, p in points.items()}
        self.keys = {n: premultiplied(picture(f"{n}.webp")).astype(np.float32) for n in names}
        self.base = premultiplied(picture("portrait.png"))[y0:y1, x0:x1].astype(np.float32)
        self.blend = self._changing()
        width, height = self.size
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        self.x, self.y = x.astype(np.float32), y.astype(np.float32)

    def mix(
        self,
        weights: dict[str, float],
        place: dict[str, float] | None = None,
        smooth: float = 1.4,
    ) -> Floats:
        """The crop of key poses mixed by *weights*; *place*, when given, is another sum of poses
        (weights may be negative) that says where everything is; *smooth*, in pixels, irons out
        the flow."""
        weights = {name: w for name, w in weights.items() if w > 1e-3}
        place = place or weights
        if len(weights) == 1 and place == weights:
            return self.keys[next(iter(weights))]
        at = sum(w * self.points[name] for name, w in place.items())
        total = np.zeros_like(self.base)
        for name, weight in weights.items():
            dx, dy = self._flow(np.asarray(at), self.points[name], smooth)
            total += weight * cv2.remap(
                self.keys[name],
                self.x + dx,
                self.y + dy,
                cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_REPLICATE,
            )
        return total

    def finished(self, crop: Floats) -> NDArray[np.uint8]:
        """The crop laid into the portrait, changed only where a mouth changes anything."""
        mixed = self.base * (1 - self.blend) + crop * self.blend
        mixed = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
        mixed[..., :3] = np.minimum(mixed[..., :3], mixed[..., 3:])
        return mixed

    def _flow(self, at: Floats, source: Floats, smooth: float) -> tuple[Floats, Floats]:
        """For each pixel of the crop, how far off its colour lies in the *source* pose."""
        jitter = np.random.default_rng(0).normal(0, 1e-4, at.shape)
        field = LinearNDInterpolator(Delaunay(at + jitter), source - at, fill_value=0)
        flow = field(self.x, self.y).astype(np.float32)
        dx, dy = (cv2.medianBlur(flow[..., i], 5) for i in range(2))
        return cv2.GaussianBlur(dx, (0, 0), smooth), cv2.GaussianBlur(dy, (0, 0), smooth)

    def _changing(self) -> Floats:
        """1 where some key pose differs from rest, faded out towards 0 elsewhere."""
        rest = self.keys["g02"][..., :3]
        change = np.max([np.abs(key[..., :3] - rest).max(-1) for key in self.keys.values()], axis=0)
        mask = (cv2.GaussianBlur(change, (0, 0), 2) > 7).astype(np.uint8)
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        mask = (labels == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])).astype(np.float32)
        mask = cv2.GaussianBlur(cv2.dilate(mask, np.ones((9, 9))), (0, 0), 5)
        width, height = self.size
        x, y = np.arange(width), np.arange(height)
        rim_x = np.clip(np.minimum(x, width - 1 - x) / 14, 0, 1)
        rim_y = np.clip(np.minimum(y, height - 1 - y) / 14, 0, 1)
        return (mask * rim_x[None, :] * rim_y[:, None])[..., None].astype(np.float32)


def _outside(points: dict[str, Floats], lip: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which vertices are skin or lips: not those of the inner mouth, which show between the lips
    of an open mouth without being what is seen there."""
    keep = np.ones(len(lip), bool)
    for name in ("g02", "g31", "g42", "g50", "g52", "g53"):
        hull = Delaunay(points[name][lip][ConvexHull(points[name][lip]).vertices])
        keep &= lip | (hull.find_simplex(points[name]) < 0)
    near = cKDTree(points["g02"]).query(points["g02"][lip], k=1)[0]
    assert near.max() == 0
    return keep


def _with_frame(points: Floats, size: tuple[int, int]) -> Floats:
    """The points, and some far ones that never move."""
    w, h = size
    m = 80
    frame: list[tuple[float, float]] = [(-m, -m), (w + m, -m), (-m, h + m), (w + m, h + m)]
    frame += [(w / 2, -m), (w / 2, h + m), (-m, h / 2), (w + m, h / 2)]
    return np.vstack([points, frame]).astype(np.float32)


def jaws(keys: Sequence[float]) -> list[float]:
    """Rows of the mouth's grid, in jaw of the renderer."""
    rows: list[float] = []
    for left, right, steps in zip(keys, keys[1:], JAW_STEPS, strict=False):
        rows += [left + (right - left) * i / steps for i in range(steps)]
    return [row for row in rows if row < JAW_FULL - 1e-6] + [JAW_FULL]


def around(keys: Sequence[float], value: float) -> list[tuple[int, float]]:
    right = int(np.clip(np.searchsorted(keys, value, side="right"), 1, len(keys) - 1))
    share = (value - keys[right - 1]) / (keys[right] - keys[right - 1])
    return [(right - 1, 1 - share), (right, share)]


def combed(portrait: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The portrait with the hair drawn together over a parting that was rendered too wide."""
    height, width = portrait.shape[:2]
    x, y = (v.astype(np.float32) for v in np.meshgrid(np.arange(width), np.arange(height)))
    (px, py), lean = PARTING, 0.1
    off = x - (px + lean * (y - py))
    pull = PARTING_PX * np.tanh(off / 6) * np.exp(-((off / 45) ** 2))
    pull *= 1 - step(py + 30, py + 68, y)
    return np.asarray(cv2.remap(portrait, x + pull, y, cv2.INTER_CUBIC), np.uint8)


def smiling(marks: dict, crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A mouth crop with the corners of the mouth raised."""
    x0, y0, _, _ = marks["mouth_box"]
    height, width = crop.shape[:2]
    x, y = (v.astype(np.float32) for v in np.meshgrid(np.arange(width), np.arange(height)))
    lift = np.zeros_like(x)
    for corner in CORNERS:
        cx, cy = marks["landmarks"][corner]
        across, down = (x - (cx - x0)) / SMILE_REACH[0], (y - (cy - y0)) / SMILE_REACH[1]
        lift += SMILE_PX * np.exp(-(across**2) - down**2)
    return np.asarray(cv2.remap(crop, x, y + lift, cv2.INTER_CUBIC), np.uint8)


def mouth_grids(marks: dict) -> dict[str, Grid]:
    mouths = Mouths(tuple(marks["mouth_box"]))
    jaw_keys, lip_keys = marks["jaw"], marks["lips"]

    def at(jaw: float, wide: float) -> dict[str, float]:
        return {
            f"g{i}{j}": u * v for i, u in around(jaw_keys, jaw) for j, v in around(lip_keys, wide)
        }

    def grid(axes: tuple[Sequence[float], ...], crop: Callable[..., Floats]) -> Grid:
        made = np.stack([smiling(marks, mouths.finished(crop(*point))) for point in product(*axes)])
        shape = tuple(len(axis) for axis in axes)
        return Grid(tuple(tuple(a) for a in axes), made.reshape(*shape, *made.shape[1:]))

    def closed(wide: float) -> Floats:
        # The pressed key's lips are uneven; the rest pose's, pressed as far, are not.
        place = at(0, wide)
        place["mbp"] = 1.0
        place["g02"] = place.get("g02", 0) - 1.0
        return mouths.mix(at(0, wide), place, smooth=5)

    def tongue(amount: float) -> Floats:
        # The key of l has nothing but black behind the teeth: its shape, with other insides.
        return mouths.mix({"th": 1 - amount, "g32": amount}, {"th": 1 - amount, "l": amount})

    def hush(amount: float) -> Floats:
        return mouths.mix({"ch": 1 - 0.4 * amount, "g20": 0.4 * amount})

    rows = jaws(jaw_keys)
    opens = [round(jaw / JAW_FULL, 4) for jaw in rows]
    return {
        "mouth": grid((opens, WIDE), lambda o, w: mouths.mix(at(o * JAW_FULL, w))),
        "closed": grid(((-0.7, 0.0, 0.7),), closed),
        "lip_teeth": grid(((0.0,),), lambda _: mouths.mix({"fv": 1.0})),
        "tongue": grid(((0.16, 0.24, 0.32),), lambda o: tongue((o - 0.16) / 0.16)),
        "hush": grid(((0.10, 0.22),), lambda o: hush((o - 0.10) / 0.12)),
    }


# Landmarks of mediapipe's face mesh.
CORNERS = (61, 291)
# Upper lid, lower lid, brow, iris.
EYES = (
    (
        (33, 246, 161, 160, 159, 158, 157, 173, 133),
        (33, 7, 163, 144, 145, 153, 154, 155, 133),
        (70, 63, 105, 66, 107),
        468,
    ),
    (
        (362, 398, 384, 385, 386, 387, 388, 466, 263),
        (362, 382, 381, 380, 374, 373, 390, 249, 263),
        (336, 296, 334, 293, 300),
        473,
    ),
)


def step(low: float, high: float, x: Floats) -> Floats:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def eyes_grid(marks: dict) -> Grid:
    x0, y0, x1, y1 = EYE_BOX
    x, y = (
        v.astype(np.float32)
        for v in np.meshgrid(np.arange(x0, x1, dtype=float), np.arange(y0, y1, dtype=float))
    )
    portrait = premultiplied(picture("portrait.png")).astype(np.float32)
    marked = np.array(marks["landmarks"], np.float32)
    kx0, ky0, kx1, ky1 = marks["eye_key_box"]
    lids = [premultiplied(picture(f"blink{i}.webp")).astype(np.float32) for i in range(4)]
    moved = (np.abs(lids[3] - lids[0]).max(-1) > 8).astype(np.float32)
    lid_mask = cv2.GaussianBlur(cv2.dilate(moved, np.ones((7, 7))), (0, 0), 3)[..., None]
    rows, columns = slice(ky0 - y0, ky1 - y0), slice(kx0 - x0, kx1 - x0)

    def looking(gaze: float) -> Floats:
        map_x = x.copy()
        for upper, lower, _, iris in EYES:
            up, low = (
                marked[list(ids)][np.argsort(marked[list(ids), 0])] for ids in (upper, lower)
            )
            width = up[-1, 0] - up[0, 0]
            lid_up = np.interp(x, up[:, 0], up[:, 1])
            lid_low = np.interp(x, low[:, 0], low[:, 1])
            cx, cy = marked[iris]
            near = np.exp(-(((x - cx) / (0.34 * width)) ** 4 + ((y - cy) / (0.40 * width)) ** 4))
            inside = step(-1.5, 2.5, y - lid_up) * step(-1.5, 2.5, lid_low - y)
            map_x -= gaze * GAZE_PX * near * inside
        return np.asarray(
            cv2.remap(portrait, map_x.astype(np.float32), y, cv2.INTER_CUBIC), np.float32
        )

    def raised(crop: Floats, brow: float) -> Floats:
        map_y = y - y0
        for upper, _, brows, _ in EYES:
            up = marked[list(upper)]
            left, right = up[:, 0].min(), up[:, 0].max()
            width = right - left
            line = marked[list(brows)][np.argsort(marked[list(brows), 0])]
            brow_y = np.interp(x, line[:, 0], line[:, 1])
            lift = np.exp(-(((y - brow_y) / (0.30 * width)) ** 2))
            lift *= step(left - 0.42 * width, left + 0.1 * width, x)
            lift *= 1 - step(right - 0.1 * width, right + 0.42 * width, x)
            map_y = map_y + brow * BROW_SHARE * width * lift
        map_y = map_y.astype(np.float32)
        done = cv2.remap(crop, x - x0, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(done, np.float32)

    crops = np.empty((len(BLINK), len(GAZE), len(BROW), y1 - y0, x1 - x0, 4), np.uint8)
    for (b, g, r), _ in np.ndenumerate(crops[..., 0, 0, 0]):
        crop = looking(GAZE[g])
        if b:
            lid = crop[rows, columns]
            crop[rows, columns] = lid * (1 - lid_mask) + lids[b] * lid_mask
        crops[b, g, r] = np.clip(raised(crop, BROW[r]) + 0.5, 0, 255)
    return Grid((BLINK, GAZE, BROW), crops)


def main() -> None:
    cv2.setNumThreads(1)
    marks = json.loads((SOURCE / "marks.json").read_text())
    base = combed(premultiplied(picture("portrait.png")))
    base[..., :3] = np.minimum(base[..., :3], base[..., 3:])
    x0, y0, x1, y1 = marks["mouth_box"]
    base[y0:y1, x0:x1] = smiling(marks, base[y0:y1, x0:x1])
    Atlas(
        base=base,
        mouth_box=tuple(marks["mouth_box"]),
        eye_box=EYE_BOX,
        pivot=PIVOT,
        eyes=eyes_grid(marks),
        about=ABOUT,
        **mouth_grids(marks),
    ).save(HERE / "atlas")


if __name__ == "__main__":
    main()
