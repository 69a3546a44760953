"""Cells of a table into values; each raises ValueError with a remedy for the merchant."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}
_MONEY = re.compile(r"([A-Z]{3}|[$€£¥])?\s*(\d[\d.,' ]*)\s*([A-Z]{3}|[$€£¥])?")
_QUANTITY = re.compile(r"(\d[\d.,]*)\s*([^\d\s].*)?")
UNITS = {
    "g": "g", "kg": "kg", "mg": "mg",
    "mm": "mm", "cm": "cm", "m": "m",
    "ml": "ml", "cl": "cl", "l": "L",
    "w": "W", "v": "V", "h": "h", "hour": "h", "hours": "h", "min": "min",
    "month": "month", "months": "month", "day": "day", "days": "day", "year": "year",
    "years": "year", "%": "%", "": "",
}  # fmt: skip


def number(cell: str) -> Decimal:
    """A number with a decimal point or comma: "1,234.50", "1.234,50", "19,9"."""
    text = re.sub(r"[\s']", "", cell)
    if "," in text and "." in text:
        text = text.replace("." if text.rfind(",") > text.rfind(".") else ",", "")
    if text.count(",") > 1 or re.fullmatch(r"\d{1,3},\d{3}", text):
        text = text.replace(",", "")
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError("write a number such as 19.90") from error
    if not value.is_finite():
        raise ValueError("write a number such as 19.90")
    return value


def money(cell: str, currency: str) -> Decimal:
    """An amount in the shop's one *currency*, which may be written beside it."""
    found = _MONEY.fullmatch(cell.strip())
    if not found or (found[1] and found[3]):
        raise ValueError(f"write an amount such as 19.90 or 19.90 {currency}")
    named = found[1] or found[3]
    if named and SYMBOLS.get(named, named) != currency:
        raise ValueError(f"the shop's prices are in {currency}: convert it, or load another shop")
    value = number(found[2])
    if value != value.quantize(Decimal("0.0001")):
        raise ValueError("write at most four decimals")
    if value >= Decimal(10) ** 10:
        raise ValueError("write a price below ten thousand million")
    return value


def positive(cell: str, currency: str) -> Decimal:
    value = money(cell, currency)
    if value <= 0:
        raise ValueError("a price is above zero; withdraw the product if it is not for sale")
    return value


def whole(cell: str) -> int:
    if not re.fullmatch(r"\d{1,9}", cell.strip()):
        raise ValueError("write a whole number, 0 or more")
    return int(cell)


def quantity(cell: str) -> tuple[Decimal, str]:
    """ "1.2 kg" as amount and SI unit."""
    found = _QUANTITY.fullmatch(cell.strip())
    unit = UNITS.get((found[2] or "").strip().lower()) if found else None
    if not found or unit is None:
        raise ValueError("write a number and its unit, such as 350 g, 24 cm or 75 ml")
    return number(found[1]), unit


def moment(cell: str, zone: str) -> datetime:
    """ISO 8601; a time without a zone is the shop's."""
    try:
        at = datetime.fromisoformat(cell.strip())
    except ValueError as error:
        raise ValueError("write a time such as 2026-11-30T23:59 or 2026-11-30T23:59+01:00") from (
            error
        )
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def items(cell: str) -> tuple[str, ...]:
    """A list in one cell, split at semicolons."""
    return tuple(item.strip() for item in cell.split(";") if item.strip())


def plain(cell: str) -> str:
    """Words as one line without markup. Raises for what is not plain words."""
    text = " ".join(cell.split())
    if re.search(r"<\s*/?\s*[a-zA-Z!][^>]*>", text):
        raise ValueError("write plain words, without HTML")
    if text[:1] in "=@" or re.match(r"[+-]\s*[A-Za-z(]", text):
        raise ValueError("this looks like a spreadsheet formula: export its values")
    if len(text) > 600:
        raise ValueError("write at most 600 characters: it is spoken aloud")
    return text
