"""Cells into values; each raises ValueError with a remedy for the merchant."""

import re
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from catalog.load import units

SYMBOLS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"),
    "US$": ("USD",), "USD$": ("USD",), "C$": ("CAD",), "CA$": ("CAD",), "A$": ("AUD",),
    "AU$": ("AUD",), "NZ$": ("NZD",), "S$": ("SGD",), "HK$": ("HKD",), "NT$": ("TWD",),
    "MX$": ("MXN",), "R$": ("BRL",), "€": ("EUR",), "EURO": ("EUR",), "£": ("GBP",),
    "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "CN¥": ("CNY",), "JP¥": ("JPY",),
    "元": ("CNY", "TWD"), "RMB": ("CNY",), "円": ("JPY",), "₩": ("KRW",), "₹": ("INR",),
    "RS": ("INR", "PKR"), "₽": ("RUB",), "₺": ("TRY",), "₫": ("VND",), "฿": ("THB",),
    "₴": ("UAH",), "₪": ("ILS",),
    "KR": ("SEK", "NOK", "DKK"), "ZŁ": ("PLN",), "KČ": ("CZK",), "FT": ("HUF",), "FR": ("CHF",),
    "SFR": ("CHF",), "LEI": ("RON",), "₱": ("PHP",), "RM": ("MYR",), "RP": ("IDR",),
}  # fmt: skip
"""What stands beside a price for which currencies; where there are several, the shop's own."""
_CODES = (
    "AED ARS AUD BDT BGN BHD BOB BRL BYN CAD CHF CLP CNY COP CRC CZK DKK DOP DZD EGP EUR FJD GBP "
    "GEL GHS GTQ HKD HNL HUF IDR ILS INR IQD ISK JMD JOD JPY KES KHR KRW KWD KZT LAK LBP LKR LYD "
    "MAD MDL MKD MMK MNT MOP MUR MXN MYR NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
    "RON RSD RUB RWF SAR SEK SGD THB TND TRY TTD TWD TZS UAH UGX USD UYU UZS VND XAF XOF XPF ZAR "
    "ZMW ALL AMD AZN BAM BBD BND BSD BWP BZD ETB KGS MGA MVR MZN NAD TJS TMT YER ZWL"
)
CODES = frozenset(_CODES.split())
"""Currencies that shops sell in (ISO 4217)."""
WHOLE_ONLY = frozenset(
    ("CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF", "XPF")
)
"""Currencies without decimals (ISO 4217)."""
_MONEY = re.compile(
    r"([^\d\s.,'’()-]{1,4}\.?)?\s*([\d.,'’\s]*\d)(?:[.,][-–—]{1,2})?\s*([^\d\s.,'’()-]{1,4}\.?)?"
)
_GROUPS = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*|\d{1,2}(,\d{2})*,\d{3}")
_SPACES = re.compile(r"[\s'’]")
_FORMULA = re.compile(r"[=@\t\r]|[+-]\s*[A-Za-z(]")
_LONG_FORMULA = re.compile(r"[=@\t\r]|[+-]\s*[A-Za-z_]\w*\s*[(!|]|[+-]\(")
_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!][^>]*>")
PLAIN = 600
"""Characters that one text may have: it is spoken aloud."""
REMEDY_MARK = (
    'write it with its decimals (1234.00), or say decimal = "." or decimal = "," in a mapping file'
)


class AmbiguousError(ValueError):
    """A cell that can be read in two ways."""


# --- numbers ---------------------------------------------------------------------------------


def number(cell: str) -> Decimal:
    """A number with a decimal point or comma: "1,234.50", "1.234,50", "19,9"."""
    text = re.sub(r"[\s']", "", cell)
    if "," in text and "." in text:
        text = text.replace("." if text.rfind(",") > text.rfind(".") else ",", "")
    if text.count(",") > 1 or re.fullmatch(r"\d{1,3},\d{3}", text):
        text = text.replace(",", "")
    return _decimal(text.replace(",", "."))


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("write a number such as 19.90") from error
    if not value.is_finite():
        raise ValueError("write a number such as 19.90")
    return value


def mark_of(text: str) -> str:
    """The decimal mark that a number shows by itself ("." or ","); "" where it shows none, as in
    "1990", or where it could be either, as in "1.990"."""
    point, comma = text.count("."), text.count(",")
    if not point and not comma:
        return ""
    if point and comma:
        return "," if text.rfind(",") > text.rfind(".") else "."
    own, other = (".", ",") if point else (",", ".")
    if point + comma > 1:
        return other  # 1.234.567
    before, _, after = text.partition(own)
    grouped = len(after) == 3 and 1 <= len(before.lstrip("+-")) <= 3 and before.lstrip("+-") != "0"
    return "" if grouped else own


def exactly(cell: str, decimal: str = "") -> Decimal:
    """A number whose decimal mark it shows by itself, or is *decimal*. Raises AmbiguousError for
    "1.990" where no *decimal* is given."""
    text = _SPACES.sub("", cell)
    if text.isdecimal() and text.isascii():
        return Decimal(text)
    mark = mark_of(text)
    if not mark and ("." in text or "," in text):
        if not decimal:
            whole, part = text.replace(",", "").replace(".", ""), text.replace(",", ".")
            raise AmbiguousError(f"may be {whole} or {part}")
        mark = decimal
    if mark:
        other = "," if mark == "." else "."
        head, _, tail = text.partition(mark)
        if (other in head and not _GROUPS.fullmatch(head.lstrip("+-"))) or other in tail:
            raise ValueError("write a number such as 19.90")
        text = f"{head.replace(other, '')}.{tail}" if tail else head.replace(other, "")
    if not re.fullmatch(r"[+-]?\d*\.?\d+", text, re.ASCII):
        raise ValueError("write a number such as 19.90")
    return _decimal(text)


def whole(cell: str) -> int:
    if not re.fullmatch(r"\d{1,9}", cell.strip()):
        raise ValueError("write a whole number, 0 or more")
    return int(cell)


# --- money -----------------------------------------------------------------------------------


def money(cell: str, currency: str) -> Decimal:
    """An amount in the shop's one *currency*, which may be written beside it."""
    found = _MONEY.fullmatch(cell.strip())
    if not found or (found[1] and found[3]):
        raise ValueError(f"write an amount such as 19.90 or 19.90 {currency}")
    named = found[1] or found[3]
    if named and currency not in currencies(named):
        raise ValueError(f"the shop's prices are in {currency}: convert it, or load another shop")
    return fits(number(found[2]))


def positive(cell: str, currency: str) -> Decimal:
    value = money(cell, currency)
    if value <= 0:
        raise ValueError("a price is above zero; withdraw the product if it is not for sale")
    return value


def fits(value: Decimal) -> Decimal:
    """*value*, if the catalog's decimals can hold it."""
    if value >= Decimal(10) ** 10:
        raise ValueError("write a price below ten thousand million")
    if value != value.quantize(Decimal("0.0001")):
        raise ValueError("write at most four decimals")
    return value


def currencies(named: str) -> tuple[str, ...]:
    """What a code or symbol beside a price may stand for. Raises ValueError where for nothing."""
    text = named.strip().upper()
    if text in CODES:
        return (text,)
    found = SYMBOLS.get(text) or SYMBOLS.get(text.rstrip("."))
    if found is None:
        raise ValueError(f"{named!r} is not a currency: write its ISO code, such as EUR")
    return found


def parts(cell: str) -> tuple[str, str]:
    """An amount and what stands beside it for a currency, "" for nothing; both as written."""
    found = _MONEY.fullmatch(cell.strip())
    if not found or not found[2]:
        raise ValueError("write an amount such as 19.90 or 19.90 EUR")
    before, after = found[1] or "", found[3] or ""
    if before and after and set(currencies(before)).isdisjoint(currencies(after)):
        raise ValueError("write one currency beside the amount")
    return found[2], (before if len(before) > len(after) else after) or before


def price(cell: str, decimal: str = "", currency: str = "") -> tuple[Decimal, str]:
    """An amount above zero and the code or symbol beside it ("" for none): "1.234,56 €", "¥1980",
    "US$19.90", "CHF 1'234.–". *decimal* is the mark that decides "1.234", if any; in a *currency*
    without decimals it needs none. Raises AmbiguousError or ValueError."""
    text, named = parts(cell)
    if (
        not decimal
        and (currency or _sole(named)) in WHOLE_ONLY
        and not mark_of(_SPACES.sub("", text))
    ):
        text = text.replace(".", "").replace(",", "")
    value = fits(exactly(text, decimal))
    if value < 0 or not value:
        raise ValueError("a price is above zero; leave the product out if it is not for sale")
    return value, named


def _sole(named: str) -> str:
    """The one currency that *named* stands for, "" where it may be several."""
    found = currencies(named) if named else ()
    return found[0] if len(found) == 1 else ""


# --- measures --------------------------------------------------------------------------------


def quantity(cell: str) -> tuple[Decimal, str]:
    """ "1.2 kg" as amount and SI unit."""
    found = measure(cell)
    return found.amount, found.unit


def measure(cell: str, decimal: str = "", unit: str = "") -> units.Measure:
    """ "1.2 kg" or "12 oz" as an amount in a unit of the host's; *unit*: that of a bare number."""
    found = units.split(cell)
    known = units.unit_named(found[1] or unit) if found else None
    if not found or known is None:
        raise ValueError("write a number and its unit, such as 350 g, 24 cm or 75 ml")
    value = units.measure(exactly(found[0], decimal) if decimal else number(found[0]), known)
    if value.amount < 0 and value.unit != "°C":
        raise ValueError("a measure is not below zero")
    if abs(value.amount) >= Decimal(10) ** 10:
        raise ValueError("write a smaller number, or a larger unit")
    return value


# --- times -----------------------------------------------------------------------------------

_DATE = re.compile(
    r"(\d{1,4})\s*([-/.年])\s*(\d{1,2})\s*(?:\2|月)\s*(\d{1,4})日?"
    r"(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
)  # fmt: skip
END_OF_DAY = time(23, 59, 59)
"""Until when a day holds: its last second, so that what is said of it names that day."""


def moment(cell: str, zone: str) -> datetime:
    """ISO 8601; a time without a zone is the shop's."""
    try:
        at = datetime.fromisoformat(cell.strip())
    except ValueError as error:
        raise ValueError("write a time such as 2026-11-30T23:59 or 2026-11-30T23:59+01:00") from (
            error
        )
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def instant(cell: str, zone: str, *, order: str = "", ends: bool = False) -> datetime:
    """A time as shops write it: ISO 8601, Google's (2026-11-30T23:59+0100), "30.11.2026 23:59",
    "11/30/2026 11:59 PM", "2026年11月30日"; without a zone it is in the shop's *zone*. A day alone
    is its first moment, its last second if it *ends* something. *order* is "DMY", "MDY" or "" where
    neither is known: then "11/12/2026" raises Ambiguous."""
    found = _DATE.fullmatch(cell.strip())
    if not found:
        raise ValueError("write a time such as 2026-11-30T23:59 or 2026-11-30T23:59+01:00")
    first, mark, second, third, hour, minute, seconds, noon, offset = found.groups()
    year, month, day = _calendar(first, mark, second, third, order)
    try:
        if hour is None:
            clock = END_OF_DAY if ends else time(0)
        else:
            hours = int(hour) % 12 + 12 * (noon.lower() == "pm") if noon else int(hour)
            clock = time(hours, int(minute), int(seconds or 0))
        at = datetime(year, month, day, clock.hour, clock.minute, clock.second)
        if offset:
            sign = "+00:00" if offset in ("Z", "UTC", "GMT") else offset
            return datetime.fromisoformat(at.isoformat() + sign)
    except ValueError as error:
        raise ValueError("there is no such day or time: write one such as 2026-11-30T23:59") from (
            error
        )
    return at.replace(tzinfo=ZoneInfo(zone))


def _calendar(first: str, mark: str, second: str, third: str, order: str) -> tuple[int, int, int]:
    """Year, month and day. Day first where points stand between, as nobody writes months so."""
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4:
        return a, b, c
    if len(third) not in (2, 4) or len(first) > 2:
        raise ValueError("write a time such as 2026-11-30T23:59")
    year = c if len(third) == 4 else 2000 + c
    if mark == "." or order == "DMY" or a > 12:
        return year, b, a
    if order == "MDY" or b > 12:
        return year, a, b
    if a == b:
        return year, a, b
    raise AmbiguousError(
        f"may be day {a} of month {b} or day {b} of month {a}: write the year first ({year}-...), "
        'or say dates = "DMY" or dates = "MDY" in a mapping file'
    )


# --- words -----------------------------------------------------------------------------------


def items(cell: str) -> tuple[str, ...]:
    """A list in one cell, split at semicolons."""
    return tuple(item.strip() for item in cell.split(";") if item.strip())


def plain(cell: str) -> str:
    """Words as one line without markup. Raises for what is not plain words."""
    text = " ".join(cell.split())
    if "<" in text and _TAG.search(text):
        raise ValueError("write plain words, without HTML")
    if cell[:1] in "=@+-\t\r" and cell[:1] and _FORMULA.match(cell):
        raise ValueError("this looks like a spreadsheet formula: export its values")
    if text[:1] in "=@+-" and text[:1] and _FORMULA.match(text):
        raise ValueError("this looks like a spreadsheet formula: export its values")
    if len(text) > PLAIN:
        raise ValueError("write at most 600 characters: it is spoken aloud")
    return text


def no_formula(cell: str) -> str:
    """A longer text, which may begin with a dash as a list does, if it is no formula."""
    if _LONG_FORMULA.match(cell):
        raise ValueError("this looks like a spreadsheet formula: export its values")
    return cell


def gtin_is_right(cell: str) -> bool:
    """Whether the check digit of a GTIN (8, 12, 13 or 14 digits; also ISBN-13) is right."""
    digits = re.sub(r"[\s-]", "", cell)
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in (8, 12, 13, 14):
        return False
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return total % 10 == 0


def has_zone(cell: str) -> bool:
    """Whether a time says how far it is from UTC."""
    found = _DATE.fullmatch(cell.strip())
    return found is not None and found[9] is not None
