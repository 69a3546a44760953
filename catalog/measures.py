"""What a viewer tells of a body, to be told a size: "I'm 172 cm, 65 kg, which size?"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.text import fold

_PRODUCT_OF = re.compile(r"\d+\s*[x×*]\s*\d+(?:\s*[x×*]\s*\d+)?")
""""130 x 180 cm" is the size of a thing."""
_N = r"(\d{2,3}(?:[.,]\d)?)"
_JIN, _POUND = Decimal("0.5"), Decimal("0.45359237")
"""In kilograms."""
_IN = r'\s*(cm|in|inch|inches|"|厘米|公分|寸)?'
_LABELLED = {
    "chest": rf"(?:chest|bust|tour de poitrine|poitrine|胸围)\D{{0,8}}{_N}{_IN}",
    "waist": rf"(?:waist|tour de taille|腰围)\D{{0,8}}{_N}{_IN}",
    "hips": rf"(?:hips?|tour de hanches|hanches|臀围)\D{{0,8}}{_N}{_IN}",
    "foot": rf"(?:f(?:oo|ee)t (?:is|are|length)|pieds? (?:de|fait|font)|脚长)\D{{0,8}}{_N}{_IN}",
}
_SHOE = re.compile(
    r"(?:shoe(?: size)?|\beu(?: size)?|pointure|chausse(?: du)?|鞋码|穿鞋?)"
    r"\D{0,8}(3[4-9]|4[0-8])(?:[.,]5)?(?!\d)"
    r"|(?<!\d)(3[4-9]|4[0-8])\s*(?:码的?鞋|in shoes)"
)
_HEIGHT = (
    re.compile(r"(?<!\d)(1[0-9]\d|2[0-2]\d)\s*(?:cm|厘米|公分)"),
    re.compile(r"身高\D{0,3}(1[0-9]\d|2[0-2]\d)"),
    re.compile(r"(?<!\d)([12])\s*m\s*(\d{2})(?!\d)"),
    re.compile(r"(?<![\d.,])([12])[.,](\d{2})\s*(?:m\b|metres?|meters?|米)"),
)
_FEET = re.compile(
    r"(?<!\d)([4-7])\s*(?:'|ft\.?|feet|foot)\s*(\d{1,2})?\s*(?:\"|''|in\b|inches|inch)?"
)
_HAN_HEIGHT = re.compile(r"(一)米([一二三四五六七八九])([一二三四五六七八九])?")
_WEIGHT = (
    (re.compile(rf"(?<!\d){_N}\s*(?:kg|kgs|kilos?|公斤|千克)"), Decimal(1)),
    (re.compile(rf"(?<!\d){_N}\s*斤"), _JIN),
    (re.compile(rf"体重\D{{0,3}}{_N}(?![\d.]*\s*斤)"), Decimal(1)),
    (re.compile(rf"(?<!\d){_N}\s*(?:lbs?\b|pounds?\b)"), _POUND),
)
_PAIR = re.compile(
    r"(?<!\d)(1[4-9]\d|20\d)\s*(?:/|,|\s)\s*(\d{2,3})(?!\d|\s*(?:cm|%|€|\$|kg))\s*(斤|lbs?\b)?"
)
_ASKS = re.compile(
    r"\bsizes?\b|\btailles?\b|\bpointures?\b|\bchausse\b|\bfits? (?:me|him|her|you|my)\b|\bwears?\b"
    r"|\b(?:va|ira|irait|iraient)\b|^\W*(?:and|et|and what about) (?:for|pour|if|si)\b|^那"
    r"|\bconvien\w+|码|号|穿|合适|尺寸"
)
_MYSELF = re.compile(
    r"\b(?:i'm|im|i am|i weigh|i measure|my|he's|he is|she's|she is|je|j'ai|moi|il|elle|mon|ma)\b"
    r"|我|身高|体重|他|她"
)
_CHART = re.compile(
    r"\bsiz(?:e|ing) (?:chart|guide|table)\b|\bguide des tailles\b|\btableau des tailles\b"
    r"|尺码表|尺寸表|码数表"
)
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Worn:
    """What a line tells of a body."""

    measures: Mapping[str, Decimal]
    """By name, as in ``catalog.size_chart.UNITS``; none where only the chart is asked for."""
    rest: str
    """The line without them."""


def read(line: str) -> Worn | None:
    """The measures in *line*; None where it asks for no size by them, and not for the chart."""
    text = fold(line).replace("，", ",").replace("’", "'")
    if not any(char.isdigit() for char in text) and "米" not in text:
        return Worn({}, line) if _CHART.search(text) else None
    text = _PRODUCT_OF.sub(" ", text)
    reader = _Reader(text)
    reader.read()
    if not reader.found:
        return None
    asks = _ASKS.search(text)
    if asks or (_MYSELF.search(text) and len(reader.found) > 1):
        rest = re.sub(r"身高|体重|\bet\b|\band\b", " ", reader.text)
        return Worn(reader.found, " ".join(rest.split()))
    return None


class _Reader:
    """Takes the measures out of a line one after another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[str, Decimal] = {}

    def read(self) -> None:
        for name, labelled in _LABELLED.items():
            if match := self._take(re.compile(labelled)):
                inches = match[2] and match[2].startswith(("in", '"'))
                self.found[name] = _number(match[1]) * (Decimal("2.54") if inches else 1)
        if match := self._take(_SHOE):
            self.found["shoe"] = Decimal(match[1] or match[2])
        if match := self._take(_PAIR):  # "172/65"
            factor = {"斤": _JIN, "lb": _POUND, "lbs": _POUND}.get(match[3] or "", Decimal(1))
            weight = round(Decimal(match[2]) * factor, 1)
            self.found |= {"height": Decimal(match[1]), "weight": weight}
        self._height()
        for pattern, factor in _WEIGHT:
            if "weight" not in self.found and (match := self._take(pattern)):
                self.found["weight"] = round(_number(match[1]) * factor, 1)

    def _height(self) -> None:
        if "height" in self.found:
            return
        for pattern in _HEIGHT:
            if match := self._take(pattern):
                parts = [part for part in match.groups() if part]
                self.found["height"] = Decimal("".join(parts))
                return
        if match := self._take(_FEET):
            inches = int(match[1]) * 12 + int(match[2] or 0)
            self.found["height"] = round(inches * Decimal("2.54"), 0)
        elif match := self._take(_HAN_HEIGHT):
            tens, ones = _DIGITS[match[2]], _DIGITS.get(match[3] or "零", 0)
            self.found["height"] = Decimal(100 + 10 * tens + ones)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.text)
        if match:
            self.text = f"{self.text[: match.start()]} {self.text[match.end() :]}"
        return match


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
