"""Where an eye really ends in a picture: lashes and drawn lines lie outside the landmarks."""

import cv2
import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float32]
"""A row of the picture for each column."""

LEAST = 10.0
"""Colours nearer than this (CIE Lab) are the same skin."""
BEYOND = 0.18
"""How far beside its landmarks an eye may reach, in its widths."""
ABOVE, BELOW = 0.30, 0.18
"""How far above and below."""


def outline(
    picture: NDArray[np.uint8], lid: Curve, floor: Curve, brow: Curve, left: float, right: float
) -> tuple[Curve, Curve] | None:
    """The first and the last row of the eye in each column, or None where it cannot be told from
    the skin around it.

    *picture* is BGR; *lid*, *floor*, *brow* are the landmarks' rows in it, *left* and *right* the
    eye's corners. Beside the eye both are *lid*.
    """
    wide = right - left
    height, width = picture.shape[:2]
    rows = np.arange(height, dtype=np.float32)[:, None]
    columns = np.arange(width, dtype=np.float32)
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    beside = (columns > left - BEYOND * wide) & (columns < right + BEYOND * wide)
    patch = (rows > lid - ABOVE * wide) & (rows < floor + BELOW * wide) & beside
    bare = (rows > brow + 0.40 * (lid - brow)) & (rows < brow + 0.70 * (lid - brow))
    bare &= (columns > left + 0.2 * wide) & (columns < right - 0.2 * wide)
    inside = (rows >= lid) & (rows <= floor) & (columns > left) & (columns < right)
    if bare.sum() < 20 or inside.sum() < 20:
        return None
    away = np.linalg.norm(lab - np.median(lab[bare], axis=0), axis=-1)
    cut = max(4 * float(np.median(away[bare])), LEAST)
    line = np.ones((max(3, round(0.04 * wide)),) * 2, np.uint8)
    eye = cv2.morphologyEx((patch & (away > cut)).astype(np.uint8), cv2.MORPH_OPEN, line)
    count, parts = cv2.connectedComponents(eye)
    sizes = np.bincount(parts[inside & (eye > 0)], minlength=max(count, 1))
    if len(sizes) < 2 or sizes[1:].max() < 0.4 * inside.sum():
        return None
    eye = (parts == 1 + int(sizes[1:].argmax())).astype(np.uint8)
    seen = eye.any(axis=0)
    first = np.where(seen, eye.argmax(axis=0), lid)
    last = np.where(seen, height - 1 - eye[::-1].argmax(axis=0), lid)
    middle = (columns > left + 0.25 * wide) & (columns < right - 0.25 * wide)
    if not seen[middle].all() or np.mean((lid - first)[middle]) < -0.03 * wide:
        return None
    return _eased(first, wide), _eased(last, wide)


def _eased(curve: NDArray[np.floating], wide: float) -> Curve:
    """Without the spikes of single lashes."""
    flat = np.asarray(curve, np.float32)[None, :]
    size = 2 * int(0.04 * wide) + 1
    padded = np.pad(flat[0], size, mode="edge")
    middle = np.array(
        [np.median(padded[i : i + 2 * size + 1]) for i in range(len(flat[0]))], np.float32
    )
    return np.asarray(
        cv2.GaussianBlur(middle[None, :], (0, 0), max(0.03 * wide, 0.8))[0], np.float32
    )
