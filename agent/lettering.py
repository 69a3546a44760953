"""Text to pixels: fonts, what they can show, line breaks, and tiles to lay on a picture."""

import unicodedata
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont
Tile = NDArray[np.uint8]
"""Premultiplied BGRA, shape (height, width, 4)."""

FONTS = Path(__file__).parent / "fonts"
BUNDLED = {False: FONTS / "sans-regular.otf", True: FONTS / "sans-bold.otf"}
"""By boldness. Noto Sans CJK SC (OFL 1.1), reduced to Latin and GB 2312: what en, fr, zh need."""
SYSTEM = {
    False: (
        Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
        Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    ),
    True: (
        Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
        Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    ),
}
"""Used, where installed, for a text that the bundled font cannot write."""
LONGEST = 600
"""Characters of a text that are looked at; no line on the picture holds more."""
NO_LINE_START = set("，。、；：？！）》」』】〕…—·％℃,.;:?!)%»”’")
NO_LINE_END = set("（《「『【〔“‘(«$€£¥￥")
ELLIPSIS = "…"
NO_BREAK = "\u00a0"


class FontError(Exception):
    """A font that the project brings along cannot be read."""


@lru_cache(maxsize=64)
def face(path: Path, size: int) -> Font:
    """The font in *path*, *size* pixels an em. Raises FontError."""
    try:
        return ImageFont.truetype(str(path), size)
    except OSError as error:
        raise FontError(f"{path} cannot be read: check out the project again") from error


@lru_cache(maxsize=8192)
def _has(path: Path, character: str) -> bool:
    """Whether the font can show *character* as more than its box for a missing one."""
    if character.isspace():
        return True
    font = face(path, 24)
    missing = font.getmask("\U0010ffff")
    found = font.getmask(character)
    return found.size != missing.size or bytes(found) != bytes(missing)


def clean(text: str) -> str:
    """The text without what has no look of its own: controls, marks of direction, line ends.
    Spaces at which no line may break ("24,90 €") stay such."""
    text = unicodedata.normalize("NFC", text[:LONGEST]).replace("\u202f", NO_BREAK)
    kept = (
        " " if c.isspace() and c != NO_BREAK else c
        for c in text
        if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return _spaced("".join(kept))


def _spaced(text: str) -> str:
    """The text with single spaces, and none at its ends."""
    return " ".join(part for part in text.strip().split(" ") if part)


def written(text: str, size: int, *, bold: bool) -> tuple[str, Font]:
    """The text cleaned, and the font of *size* pixels that can write most of it; characters that
    it cannot (emoji) are left out."""
    text = clean(text)
    paths = [BUNDLED[bold]]
    if not all(_has(paths[0], c) for c in text):
        paths += [path for path in SYSTEM[bold] if path.exists()]
    best = max(paths, key=lambda path: sum(_has(path, c) for c in text))
    shown = "".join(c for c in text if _has(best, c))
    return _spaced(shown), face(best, size)


def lines(text: str, font: Font, width: float, most: int) -> list[str]:
    """The text broken into at most *most* lines of at most *width* pixels, an ellipsis where it
    goes on. Chinese breaks between any two characters, but not before a comma."""
    found: list[str] = []
    line = ""
    units = _units(text)
    for index, unit in enumerate(units):
        if font.getlength((line + unit).rstrip()) <= width:
            line += unit
            continue
        if line.strip():
            found.append(line.rstrip())
            line = ""
        if len(found) == most:
            found[-1] = _ended(found[-1], font, width)
            return found
        for piece in _fitting(unit.lstrip() if index else unit, font, width):
            if line:
                found.append(line)
                if len(found) == most:
                    found[-1] = _ended(found[-1], font, width)
                    return found
            line = piece
    if line.strip():
        found.append(line.rstrip())
    return found


def balanced(text: str, font: Font, width: float, broken: list[str]) -> list[str]:
    """The same text in as many lines of about equal length: *broken* is how *lines* broke it at
    *width*."""
    if len(broken) < 2 or broken[-1].endswith(ELLIPSIS):
        return broken
    low, high = width / len(broken), width
    while high - low > 6:
        middle = (low + high) / 2
        again = lines(text, font, middle, len(broken) + 1)
        if len(again) == len(broken):
            high, broken = middle, again
        else:
            low = middle
    return broken


def _units(text: str) -> list[str]:
    """Where a line may break: after these."""
    units: list[str] = []
    for c in text:
        joined = (
            units
            and units[-1]
            and (
                c in NO_LINE_START
                or c == " "
                or units[-1][-1] in NO_LINE_END
                or not (units[-1][-1] == " " or _wide(c) or _wide(units[-1][-1]))
            )
        )
        if joined:
            units[-1] += c
        else:
            units.append(c)
    return units


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def _fitting(unit: str, font: Font, width: float) -> list[str]:
    """A unit cut where it is wider than a whole line."""
    pieces = [""]
    for c in unit:
        if pieces[-1] and font.getlength(pieces[-1] + c) > width:
            pieces.append("")
        pieces[-1] += c
    return pieces


def _ended(line: str, font: Font, width: float) -> str:
    while line and font.getlength(line + ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS


def canvas(width: int, height: int) -> tuple[Pillow.Image, ImageDraw.ImageDraw]:
    """An empty, transparent picture and its pen."""
    picture = Pillow.new("RGBA", (width, height), (0, 0, 0, 0))
    return picture, ImageDraw.Draw(picture)


def rounded(size: tuple[int, int], radius: int, colour: tuple[int, int, int, int]) -> Pillow.Image:
    """A rounded rectangle with smooth corners."""
    width, height = size
    mask = np.zeros((height * 4, width * 4), np.uint8)
    r, w, h = radius * 4, width * 4, height * 4
    cv2.rectangle(mask, (r, 0), (w - r - 1, h), 255, -1)
    cv2.rectangle(mask, (0, r), (w, h - r - 1), 255, -1)
    for x in (r, w - r - 1):
        for y in (r, h - r - 1):
            cv2.circle(mask, (x, y), r, 255, -1)
    mask = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    plate = Pillow.new("RGBA", size, colour)
    plate.putalpha(Pillow.fromarray((mask.astype(np.uint16) * colour[3] // 255).astype(np.uint8)))
    return plate


def tile(picture: Pillow.Image) -> Tile:
    """The picture, ready to be laid over another with *lay*."""
    rgba = np.asarray(picture.convert("RGBA"))
    alpha = rgba[..., 3:].astype(np.uint16)
    colour = ((rgba[..., 2::-1] * alpha + 127) // 255).astype(np.uint8)
    return np.concatenate([colour, rgba[..., 3:]], axis=-1)


def lay(tile: Tile, on: NDArray[np.uint8], x: int, y: int) -> None:
    """Lay a tile on a BGR picture, its upper left corner at x, y; what hangs over is cut off."""
    height, width = on.shape[:2]
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + tile.shape[1], width), min(y + tile.shape[0], height)
    if x1 <= x0 or y1 <= y0:
        return
    over(tile[y0 - y : y1 - y, x0 - x : x1 - x], on[y0:y1, x0:x1])


def over(tile: Tile, under: NDArray[np.uint8]) -> None:
    """Blend a tile into *under*, a BGR picture of its size, in place."""
    through = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(tile, 3)), cv2.COLOR_GRAY2BGR)
    cv2.multiply(under, through, dst=through, scale=1 / 255)
    under[:] = cv2.add(through, cv2.cvtColor(tile, cv2.COLOR_BGRA2BGR))
