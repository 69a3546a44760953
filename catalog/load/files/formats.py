"""What a spreadsheet shows for the number in a cell: digits, a date, a percentage, with its unit.

The text is what the merchant sees, but for three things: dates are ISO, thousands are not grouped,
and decimals that the format hides are kept, unless there are so many that a formula left them.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Kind = Literal["number", "date", "datetime", "time"]
_BUILT_IN = {9: "0%", 10: "0.00%", 2: "0.00", 4: "#,##0.00"}
_DATES = frozenset({14, 15, 16, 17, *range(27, 32), 34, 35, 36, *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 32, 33, 45, 46, 47})
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<symbol>[^\]-]*)[^\]]*\]|(?P<elapsed>\[(h+|m+|s+)\])'
    r"|\[[^\]]*\]|_.|\*.|(?P<digits>[0#?.,/]+)|(?P<letters>[a-z]+)|(?P<other>.)",
    re.I | re.S,
)
_DURATION = 1_000
"""Days below which a number shown as a time is one of the day, or how long something takes."""
_HIDDEN = 4
"""Decimals that a number may have beyond those shown; more come from a formula."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a cell's number is shown."""

    kind: Kind = "number"
    before: str = ""
    after: str = ""
    whole: int = 1
    """Digits before the point, filled with zeros: 8 for ``00000000``."""
    decimals: int = 0

    def shown(self, value: str, *, since_1904: bool = False) -> str:
        """The text of a number as it is stored. Raises ValueError where it is none, or no date."""
        if self.kind != "number":
            return _moment(float(value), self.kind, since_1904=since_1904)
        percent = "%" in self.after or "%" in self.before
        digits = _digits(value, self.decimals, percent=percent)
        if self.whole > 1 and digits.isdecimal():
            digits = digits.zfill(self.whole)
        return f"{self.before}{digits}{self.after}".strip()


def format_of(number: int, code: str | None) -> Format:
    """Of a format's number and code; the built-in ones have no code."""
    if code is None:
        if number in _DATES:
            return Format("date")
        if number == 22:
            return Format("datetime")
        if number in _TIMES:
            return Format("time")
        code = _BUILT_IN.get(number, "General")
    if code.lower() == "general" or code == "@":
        return Format()
    before, after, digits, letters = "", "", "", ""
    for token in _TOKEN.finditer(code.split(";")[0]):
        literal = token["quoted"] or token["escaped"] or token["symbol"] or token["other"] or ""
        letters += (token["letters"] or "") + (token["elapsed"] or "")
        digits += token["digits"] or ""
        if digits:
            after += literal
        else:
            before += literal
    letters = letters.lower().replace("general", "").replace("am", "h").replace("pm", "h")
    clock, day = set(letters) & set("hs"), set(letters) & set("dy")
    if clock or day or "m" in letters:
        return Format(
            "datetime" if clock and (day or "mmm" in letters) else "time" if clock else "date"
        )
    whole, _, decimals = digits.partition(".")
    short = len(before) <= 12 and len(after) <= 12
    return Format(
        before=before if short and before.strip(" -+()") else "",
        after=after if short and after.strip(" -+()") else "",
        whole=whole.count("0") if whole.strip("0") == "" else 1,
        decimals=len(decimals.rstrip(",")),
    )


def _digits(value: str, decimals: int, *, percent: bool) -> str:
    if re.fullmatch(r"-?\d{1,40}", value) and not percent:
        return value
    # 15 digits are what a spreadsheet shows: 19.899999999999999 is 19.9.
    exact = Decimal(f"{float(value):.15g}")
    if not exact.is_finite() or abs(exact.adjusted()) > 40:
        raise ValueError("is no number that a shop has")
    exact = exact * 100 if percent else exact
    places = -int(exact.normalize().as_tuple().exponent)
    if decimals and places > decimals and places > _HIDDEN:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = format(exact.normalize(), "f")
    return text if text != "-0" else "0"


def _moment(serial: float, kind: Kind, *, since_1904: bool) -> str:
    """A day is 1; the years begin in 1900, with a 29 February that was none, or in 1904."""
    if not 0 <= serial < 2_958_466:
        raise ValueError("is no date")
    if kind == "time" and serial < _DURATION:
        seconds = round(serial * 86_400)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 + (serial < 60))
    found = start + timedelta(seconds=round(serial * 86_400))
    if kind == "date" and serial == int(serial):
        return found.date().isoformat()
    return found.isoformat(" ")
