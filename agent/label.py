"""The AI label: what says in every picture that nobody here is a person, and the proof of it.

It is drawn last, on a plate that nothing shines through, from the first frame on; and it is read
back from the pixels. There is no switch.
"""

from collections.abc import Sequence
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw

from agent.lettering import BUNDLED, Font, canvas, face, lay, lines, over, rounded, tile, written
from agent.types import Image, Language

TEXTS: dict[Language, tuple[str, ...]] = {
    "en": ("AI-GENERATED HOST",),
    "fr": ("IMAGES VIRTUELLES – IA", "PUBLICITÉ"),
    "zh": ("AI 生成 · 数字人",),
}
"""What the label says, line by line. Closed: the words are those that the law asks for (loi
2023-451 art. 5 and 5-2 for French; for Chinese GB 45438-2025, "AI" with 生成, and 数字人)."""
WAIT: dict[Language, str] = {
    "en": "One moment, please.",
    "fr": "Un instant, s’il vous plaît.",
    "zh": "请稍等。",
}
TEXT_SHARE = 0.05
"""Least height of the text, as a share of the picture's shortest side (GB 45438-2025, 5.4)."""
INK = (255, 255, 255, 255)
PLATE = (16, 18, 26, 255)
MARGIN = 22
"""Pixels to the picture's edges, on a picture 720 wide."""
LIKENESS = 0.80
"""Least correlation of each part of a decoded label with the label drawn. Through x264 at 1 Mbit/s,
with noise around it and a cut in every frame, the worst part kept .98, at 300 kbit/s .94; covered
or cut it falls to about 0."""
CONTRAST = 90
"""Least difference of ink and plate in a decoded picture, of 255."""
PART = 60
"""Width in pixels of the parts, of each line, that must each be legible."""


class Label:
    """The label of a show in *language*, for pictures of *size* (width, height). *also*: lines
    that a market asks for besides."""

    def __init__(
        self,
        language: Language,
        size: tuple[int, int] = (720, 1280),
        also: Sequence[str] = (),
    ) -> None:
        self.language = language
        self.size = size
        self.rows = tuple(dict.fromkeys((*TEXTS[language], *also)))
        self.text = "\n".join(self.rows)
        scale = min(size) / 720
        self.text_height = ceil(TEXT_SHARE * min(size)) + 1
        """Height of a capital letter, in pixels."""
        font = _sized(self.text_height)
        side, above, gap = round(22 * scale), round(17 * scale), round(20 * scale)
        rows = self.rows
        width = ceil(max(font.getlength(row) for row in rows)) + 2 * side
        pitch = self.text_height + gap
        height = pitch * (len(rows) - 1) + self.text_height + 2 * above
        self._radius = round(20 * scale)
        picture = rounded((width, height), self._radius, PLATE)
        pen = ImageDraw.Draw(picture)
        for i, row in enumerate(rows):
            # Anchored at the baseline, so that the capitals stand where they were measured.
            pen.text((side, above + self.text_height + i * pitch), row, INK, font, anchor="ls")
        self._tile = tile(picture)
        x = y = round(MARGIN * scale)
        self.box = (x, y, x + width, y + height)
        """x0, y0, x1, y1 of the plate. Nothing else is drawn here."""
        self._body = np.ascontiguousarray(self._tile[:, self._radius : -self._radius, :3])
        grey = cv2.cvtColor(self._body, cv2.COLOR_BGR2GRAY)
        self._grey = grey.astype(np.float32)
        self._ink = grey > 230
        self._blank = grey < 40

    def draw(self, image: Image) -> None:
        """Draw the label on the image. To be called last."""
        x0, y0, x1, y1 = self.box
        over(self._tile, image[y0:y1, x0:x1])

    def drawn_on(self, image: Image) -> bool:
        """Whether the label stands on this image to the last pixel: for a picture that has not
        been encoded. Some 0.05 ms."""
        if image.shape != (self.size[1], self.size[0], 3):
            return False
        return np.array_equal(self._inside(image), self._body)

    def visible_in(self, image: Image) -> bool:
        """Whether a viewer can read the label: for a decoded picture, of any size of this shape.

        Every part of it must look like the label (normalised correlation) and have its contrast.
        """
        if image.shape[:2] != (self.size[1], self.size[0]):
            image = cv2.resize(image, self.size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        found = cv2.cvtColor(np.ascontiguousarray(self._inside(image)), cv2.COLOR_BGR2GRAY)
        seen = found.astype(np.float32)
        if seen[self._ink].mean() - seen[self._blank].mean() < CONTRAST:
            return False
        height, width = seen.shape
        rows = np.array_split(np.arange(height), len(self.rows))
        columns = np.array_split(np.arange(width), max(1, width // PART))
        parts = (np.ix_(row, column) for row in rows for column in columns)
        return all(_likeness(seen[part], self._grey[part]) >= LIKENESS for part in parts)

    def slate(self) -> Image:
        """A picture with the label and "one moment": shown where no other may be."""
        width, height = self.size
        image = np.empty((height, width, 3), np.uint8)
        fade = np.linspace(0, 1, height)[:, None, None]
        image[:] = np.array([58, 48, 44]) * (1 - fade) + np.array([38, 30, 28]) * fade
        text, font = written(WAIT[self.language], round(0.06 * min(self.size)), bold=False)
        for i, line in enumerate(lines(text, font, 0.8 * width, 3)):
            picture, pen = canvas(width, round(font.size * 1.5))
            pen.text((width / 2, font.size), line, INK, font, anchor="ms")
            lay(tile(picture), image, 0, round(height * 0.48 + i * font.size * 1.4))
        self.draw(image)
        return image

    def _inside(self, image: Image) -> Image:
        """The plate without its rounded ends."""
        x0, y0, x1, y1 = self.box
        return image[y0:y1, x0 + self._radius : x1 - self._radius]


def _sized(height: int) -> Font:
    """The label's font, in the size in which capitals are *height* pixels high."""
    size = height
    while (box := face(BUNDLED[True], size).getbbox("H", anchor="ls"))[3] - box[1] < height:
        size += 1
    return face(BUNDLED[True], size)


def _likeness(seen: NDArray[np.float32], drawn: NDArray[np.float32]) -> float:
    """Normalised correlation; a part without ink is compared by its brightness."""
    a, b = seen - seen.mean(), drawn - drawn.mean()
    if float(b.std()) < 8:
        return 1.0 if float(np.abs(seen - drawn).mean()) < 25 else 0.0
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-6))
