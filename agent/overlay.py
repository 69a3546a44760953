"""The tiles laid over the picture: product card, caption, question, speaking mark."""

from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from agent.lettering import Tile, balanced, lines, rounded, tile, written
from agent.slots import deadline, eye, tag
from agent.types import Language, Product, Quantity

Colour: TypeAlias = tuple[int, int, int, int]

DARK: Colour = (22, 24, 32, 255)
GREY: Colour = (104, 108, 120, 255)
WHITE: Colour = (255, 255, 255, 255)
PAPER: Colour = (255, 255, 255, 246)
PRICE: Colour = (196, 40, 40, 255)
OFFER: Colour = (255, 236, 214, 255)
OFFER_INK: Colour = (148, 70, 12, 255)
PLATE: Colour = (18, 20, 28, 188)
FAINT: Colour = (236, 239, 243, 255)
NOTE_INK: Colour = (70, 76, 90, 255)
GONE: Colour = (253, 228, 228, 255)
HUES: tuple[Colour, ...] = (
    (74, 108, 182, 255),
    (46, 134, 120, 255),
    (176, 92, 60, 255),
    (132, 84, 168, 255),
    (168, 74, 108, 255),
    (92, 118, 52, 255),
)

UNTIL: dict[Language, str] = {"en": "until {}", "fr": "jusqu’au {}", "zh": "{} 截止"}
IN_STOCK: dict[Language, str] = {"en": "{} in stock", "fr": "{} en stock", "zh": "库存 {} 件"}
SOLD_OUT: dict[Language, str] = {"en": "Sold out", "fr": "Épuisé", "zh": "已售罄"}
ASKS: dict[Language, str] = {"en": "{} asks", "fr": "{} demande", "zh": "{} 提问"}
PRICE_SIZES = (46, 38, 31, 25)
CAPTION_SIZES = ((34, 2), (30, 2), (27, 3), (24, 4))
"""Size of the type and the most lines, tried in this order until the whole caption fits."""


class Overlay:
    """Draws tiles for a picture *width* pixels wide; tiles are as wide as their content asks."""

    def __init__(self, width: int = 720) -> None:
        self._unit = width / 720
        self._room = width - 2 * self.px(22)
        """Width between the margins."""

    def px(self, value: float) -> int:
        """A length on a picture 720 wide, in pixels of this one."""
        return round(value * self._unit)

    def card(self, product: Product, language: Language) -> Tile:
        """The product: picture, link number, title, offer and stock, price. Fills the width."""
        px = self.px
        left, width = px(186), self._room
        room = width - left - px(24)
        title, font = written(eye(product.title, language), px(29), bold=True)
        rows = lines(title, font, room, 2)
        notes = self._notes(product, language, room)
        height = px(34) + px(37) * len(rows) + (px(42) if notes else 0) + px(66)
        height = max(height, px(184))
        picture = rounded((width, height), px(24), PAPER)
        picture.alpha_composite(_photo(product.image, title, px(148), px(16)), (px(18), px(18)))
        self._number(picture, product.number)
        pen = ImageDraw.Draw(picture)
        for i, row in enumerate(rows):
            pen.text((left, px(47 + 37 * i)), row, DARK, font, anchor="ls")
        end = self._price(pen, product, language, (left, left + room), height - px(26))
        x, y = left, px(24) + px(37) * len(rows)
        for note in notes:
            if x + note.width > left + room:  # no room beside the first: beside the price, then
                x, y = max(end, left + room - note.width), height - px(52)
            picture.alpha_composite(note, (x, y))
            x += note.width + px(12)
        return tile(picture)

    def caption(self, text: str) -> Tile:
        """What the host says, white on a dark plate; smaller the longer it is."""
        px = self.px
        most = self._room - px(44)
        for size, rows in CAPTION_SIZES:
            shown, font = written(text, px(size), bold=True)
            broken = lines(shown, font, most, rows)
            if "".join("".join(broken).split()) == "".join(shown.split()):
                break
        broken = balanced(shown, font, most, broken)
        pitch = round(font.size * 1.34)
        width = round(max((font.getlength(line) for line in broken), default=0)) + px(44)
        picture = rounded((width, pitch * len(broken) + px(24)), px(18), PLATE)
        pen = ImageDraw.Draw(picture)
        for i, line in enumerate(broken):
            at = (width / 2, px(12) + pitch * (i + 0.5) + font.size * 0.36)
            pen.text(at, line, WHITE, font, anchor="ms")
        return tile(picture)

    def question(self, asker: str, question: str, language: Language) -> Tile:
        """Who asked, and what: a white bubble with their initial."""
        px = self.px
        name, bold = written(asker, px(22), bold=True)
        name = (lines(name, bold, px(300), 1) or [""])[0]
        asked, font = written(question, px(27), bold=False)
        rows = lines(asked, font, self._room - px(110), 2)
        head = ASKS[language].format(name) if name else ""
        texts = [bold.getlength(head), *(font.getlength(row) for row in rows)]
        width = round(max(texts)) + px(110)
        height = px(32) + px(30) * bool(head) + px(37) * len(rows)
        picture = rounded((width, max(height, px(76))), px(22), PAPER)
        hue = HUES[crc32(name.encode()) % len(HUES)]
        disc = rounded((px(48), px(48)), px(24), hue)
        initial, big = written(name[:1].upper() or "?", px(27), bold=True)
        middle = (px(24), px(24) + big.size * 0.36)
        ImageDraw.Draw(disc).text(middle, initial or "?", WHITE, big, anchor="ms")
        picture.alpha_composite(disc, (px(16), px(14)))
        pen, y = ImageDraw.Draw(picture), px(38)
        if head:
            pen.text((px(80), y), head, hue, bold, anchor="ls")
            y += px(36)
        for i, row in enumerate(rows):
            pen.text((px(80), y + i * px(37)), row, DARK, font, anchor="ls")
        return tile(picture)

    def speaking(self, step: int) -> Tile:
        """Three bars that dance, one of 12 steps."""
        px = self.px
        picture = rounded((px(64), px(44)), px(22), PLATE)
        for i in range(3):
            swing = abs(((step + 4 * i) % 12) / 6 - 1)
            high = px(8 + 18 * swing)
            bar = rounded((px(7), high), px(3), (120, 222, 170, 255))
            picture.alpha_composite(bar, (px(15 + 13 * i), (px(44) - high) // 2))
        return tile(picture)

    def _number(self, picture: Pillow.Image, number: int) -> None:
        """The link number, on the photo's corner."""
        px = self.px
        text, font = written(str(number), px(24), bold=True)
        width = max(px(40), round(font.getlength(text)) + px(20))
        disc = rounded((width, px(40)), px(20), DARK)
        at = (width / 2, px(20) + font.size * 0.36)
        ImageDraw.Draw(disc).text(at, text, WHITE, font, anchor="ms")
        picture.alpha_composite(disc, (px(10), px(10)))

    def _price(
        self,
        pen: ImageDraw.ImageDraw,
        product: Product,
        language: Language,
        across: tuple[int, int],
        base: int,
    ) -> int:
        """What is to be paid, big, and the regular price struck through; gives where they end."""
        px, (left, right) = self.px, across
        pay = tag(product.price, language)
        before = eye(product.list_price, language) if product.list_price else ""
        for size in PRICE_SIZES:
            shown, font = written(pay, px(size), bold=True)
            struck, small = written(before, px(size * 0.58), bold=False)
            x = left + font.getlength(shown) + px(16) * bool(shown)
            end = x + small.getlength(struck)
            if end <= right:
                break
        pen.text((left, base), shown, PRICE, font, anchor="ls")
        if struck:
            middle = base - round(small.size * 0.34)
            pen.text((x, base), struck, GREY, small, anchor="ls")
            pen.line((x - 2, middle, end + 2, middle), GREY, px(2))
            end += px(16)
        return round(end)

    def _notes(self, product: Product, language: Language, room: int) -> list[Pillow.Image]:
        """Until when the price holds, and how many there are; as chips."""
        found = []
        if product.offer_ends:
            text = UNTIL[language].format(deadline(product.offer_ends, language))
            found.append(self._chip(text, OFFER, OFFER_INK, room))
        if product.stock:
            value = product.stock.value
            text, colours = eye(product.stock, language), (FAINT, NOTE_INK)
            if isinstance(value, Quantity) and value.amount <= 0:
                text, colours = SOLD_OUT[language], (GONE, PRICE)
            elif isinstance(value, Quantity) and not value.unit:
                text = IN_STOCK[language].format(text)
            found.append(self._chip(text, *colours, room))
        return found

    def _chip(self, text: str, paper: Colour, ink: Colour, room: int) -> Pillow.Image:
        px = self.px
        shown, font = written(text, px(21), bold=True)
        shown = (lines(shown, font, room - px(26), 1) or [""])[0]
        chip = rounded((round(font.getlength(shown)) + px(26), px(34)), px(17), paper)
        at = (px(13), px(17) + font.size * 0.36)
        ImageDraw.Draw(chip).text(at, shown, ink, font, anchor="ls")
        return chip


def _photo(path: Path | None, title: str, side: int, radius: int) -> Pillow.Image:
    """The product's picture on a square with round corners; its initial where there is none."""
    frame = rounded((side, side), radius, FAINT)
    shot = _decoded(path) if path else None
    if shot is None:
        initial, font = written(title[:1].upper(), side // 3, bold=True)
        ImageDraw.Draw(frame).text((side / 2, side * 0.62), initial, GREY, font, anchor="ms")
        return frame
    scale = side / max(shot.shape[:2])
    size = (max(1, round(shot.shape[1] * scale)), max(1, round(shot.shape[0] * scale)))
    small = Pillow.fromarray(cv2.resize(shot, size, interpolation=cv2.INTER_AREA))
    mask = frame.getchannel("A")
    frame.alpha_composite(small, ((side - size[0]) // 2, (side - size[1]) // 2))
    frame.putalpha(mask)
    return frame


def _decoded(path: Path) -> NDArray[np.uint8] | None:
    """The picture as RGBA; None if there is none that can be shown."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        shot = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    except (OSError, cv2.error):
        return None
    if shot is None or shot.dtype != np.uint8:
        return None
    code = {1: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA, 4: cv2.COLOR_BGRA2RGBA}
    return cv2.cvtColor(shot, code[1 if shot.ndim == 2 else shot.shape[2]]).astype(np.uint8)
