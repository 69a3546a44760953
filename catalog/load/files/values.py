"""One value of JSON at a time: numbers exactly, and what is wrong with it as a fact."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, cast

from catalog.load.files.heading import too_long
from catalog.load.files.limits import Limits

_DIGITS = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


class Flaw(NamedTuple):
    """Why a value cannot be read as facts, though its syntax is right."""

    field: str
    value: str
    reason: str
    remedy: str


class Decoder:
    """Decodes JSON with numbers as Decimal, remembering the first flaw of the value in hand."""

    def __init__(self, limits: Limits, *, lenient: bool = False) -> None:
        """*lenient*: line breaks within a text, as pages have them."""
        self._limits = limits
        self._flaw: Flaw | None = None
        self._json = json.JSONDecoder(
            object_pairs_hook=self._pairs,
            parse_float=self._number,
            parse_int=self._number,
            parse_constant=self._constant,
            strict=not lenient,
        )

    def decode(self, text: str, start: int = 0) -> tuple[object, int]:
        """The value that begins at *start*, and where it ends. Raises JSONDecodeError, and
        RecursionError where it is nested hundreds of times."""
        self._flaw = None
        return cast(tuple[object, int], self._json.raw_decode(text, start))

    def flaw(self, text: str, start: int, end: int, value: object) -> Flaw | None:
        """What is wrong with *value*, the last that was decoded, from *start* to *end* of *text*.
        Cheap where nothing can be."""
        if self._flaw:
            return self._flaw
        deep = text.count("[", start, end) + text.count("{", start, end) > self._limits.depth
        if end - start > self._limits.cell or deep or text.find("\\u", start, end) >= 0:
            return self._walk(value)
        return None

    def _walk(self, value: object) -> Flaw | None:
        level: list[tuple[str, object]] = [("", value)]
        for _ in range(self._limits.depth):
            below: list[tuple[str, object]] = []
            for field, one in level:
                if isinstance(one, str):
                    if flaw := self._text(field, one):
                        return flaw
                elif isinstance(one, Mapping):
                    for key, inner in one.items():
                        if flaw := self._text(str(key)[:60], str(key)):
                            return flaw
                        below.append((f"{field}.{key}" if field else str(key), inner))
                elif isinstance(one, list):
                    below += [(field, inner) for inner in one]
            if not below:
                return None
            level = below
        field = level[0][0][:60]
        most = self._limits.depth
        return Flaw(field, "", f"is nested more than {most} times", "export it with fewer levels")

    def _text(self, field: str, text: str) -> Flaw | None:
        if len(text) > self._limits.cell:
            return Flaw(field, text[:200], *too_long(len(text), self._limits.cell))
        if "\0" in text:
            return Flaw(field, text.replace("\0", "␀"), "has null characters", "take them out")
        if _SURROGATE.search(text):
            shown = _SURROGATE.sub("�", text)
            return Flaw(field, shown, "has half a character (\\ud83d alone)", "export it again")
        return None

    def _pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs) and not self._flaw:
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            values = ", ".join(str(value)[:40] for key, value in pairs if key == twice)
            self._flaw = Flaw(
                twice, values, "stands there twice in one item", "take one of them out"
            )
        return found

    def _number(self, text: str) -> Decimal:
        number = Decimal(text) if len(text) <= 2 * _DIGITS else Decimal(0)
        if (len(text) > 2 * _DIGITS or abs(number.adjusted()) > _DIGITS) and not self._flaw:
            self._flaw = Flaw("", text[:60], "is no number that a shop has", "correct the number")
        return number

    def _constant(self, text: str) -> None:
        if not self._flaw:
            self._flaw = Flaw("", text, "is no number", "leave it out, or write null")
