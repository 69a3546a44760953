"""Cells of a size chart: "166-177 cm" of one measure of a body."""

import re
from decimal import Decimal

from catalog.load import values
from catalog.size_chart import UNITS, item

_ENDS = re.compile(r"\s*(.*?\d[^\d–—-]*?)\s*(?:[–—-]|\bto\b|\bà\b|到|至)\s*(\d.*)")
_UNIT = re.compile(r"[^\d.,\s].*")


def fits(measure: str, cell: str) -> str:
    """*cell* as the catalog keeps it; bare numbers are in cm, kg, or European shoe sizes. Raises
    ValueError with a remedy."""
    ends = _ENDS.fullmatch(cell)
    low, high = (ends[1], ends[2]) if ends else (cell, cell)
    unit = _UNIT.search(high)
    if unit and not _UNIT.search(low):
        low = f"{low} {unit[0]}"
    return item(measure, _amount(measure, low), _amount(measure, high))


def _amount(measure: str, text: str) -> Decimal:
    wanted = UNITS[measure]
    if not wanted:
        return values.number(re.sub(r"(?i)^\s*eu\s*", "", text))
    found = values.measure(text, "", wanted)
    amount, unit = found.amount, found.unit
    if (unit, wanted) in _TIMES:
        amount, unit = amount * _TIMES[unit, wanted], wanted
    if unit != wanted:
        raise ValueError(f"write it in {wanted}, such as 166-177 {wanted}")
    return amount


_TIMES = {
    ("m", "cm"): Decimal(100),
    ("mm", "cm"): Decimal("0.1"),
    ("g", "kg"): Decimal("0.001"),
}
