"""Read a picture that a user gives, whatever it really is."""

import hashlib
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""Width times height as the file states them, before anything is unpacked."""
LONGEST = 2400
"""Pixels of the longer side that are kept; a larger picture is shrunk."""
FORMATS = ("PNG", "JPEG", "WEBP")


class PictureError(Exception):
    """The file is not a picture that can be used; says why, for who gave it."""


def read_picture(file: Path) -> tuple[NDArray[np.uint8], str]:
    """The picture in *file*, BGRA with straight alpha and the right way up, and the SHA-256 of the
    file. Raises PictureError, OSError."""
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise PictureError(f"{file.name} has {size >> 20} MB; {MAX_BYTES >> 20} MB are the most")
    raw = file.read_bytes()
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise PictureError(
                    f"{file.name} has {width}x{height} pixels; "
                    f"{MAX_PIXELS // 1_000_000} million are the most"
                )
            if picture.mode.startswith(("I", "F")):
                raise PictureError(f"{file.name} has deep grey; save it with 8 bits a colour")
            straight = np.array(ImageOps.exif_transpose(picture).convert("RGBA"))
    except UnidentifiedImageError as error:
        raise PictureError(f"{file.name} is not a picture in {', '.join(FORMATS)}") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError(f"{file.name} cannot be read: {error}") from error
    longest = max(straight.shape[:2])
    bgra = straight[..., [2, 1, 0, 3]]
    if longest > LONGEST:
        factor = LONGEST / longest
        bgra = cv2.resize(bgra, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(bgra, np.uint8), hashlib.sha256(raw).hexdigest()
