"""Facts and products as plain values, for the API and the studio's pages."""

from collections.abc import Mapping
from datetime import datetime

from agent.ports import OpenQuestion
from agent.slots import SlotError, eye
from agent.types import Fact, Language, Moment, Money, Quantity, Span, Value, Words


def value(of: Value) -> Mapping[str, object]:
    """With its kind; amounts are texts, so that nobody rounds them."""
    match of:
        case bool():
            return {"kind": "yes_no", "yes": of}
        case Money(amount, currency):
            return {"kind": "money", "amount": f"{amount:f}", "currency": currency}
        case Quantity(amount, unit):
            return {"kind": "quantity", "amount": f"{amount.normalize():f}", "unit": unit}
        case Span(low, high, unit):
            return {"kind": "span", "low": f"{low:f}", "high": f"{high:f}", "unit": unit}
        case Moment(at, zone):
            return {"kind": "moment", "at": at.isoformat(), "zone": zone}
        case Words(items, language):
            return {"kind": "words", "items": list(items), "language": language}


def fact(of: Fact, language: Language) -> dict[str, object]:
    """A fact with its text for the eye, its version, its validity and where it comes from."""
    try:
        text = eye(of, language)
    except SlotError:
        text = "yes" if of.value is True else "no"
    return {
        "id": of.id,
        "field": of.field,
        "text": text,
        "value": value(of.value),
        "version": of.version,
        "valid_from": _moment(of.valid_from),
        "valid_until": _moment(of.valid_until),
        "source": of.source,
    }


def question(of: OpenQuestion) -> dict[str, object]:
    return {
        "id": of.id,
        "text": of.text,
        "language": of.language,
        "sku": of.sku,
        "asked": of.asked,
        "first_at": _moment(of.first_at),
        "last_at": _moment(of.last_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
