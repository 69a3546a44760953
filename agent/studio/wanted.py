"""What the API is asked to change, read strictly; each fault named with its field."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from agent.ports import (
    Change,
    EndOffer,
    SetAnswer,
    SetOffer,
    SetPrice,
    SetStock,
    SetText,
    Withdraw,
)
from agent.studio.commands import MalformedError
from agent.types import Language

T = TypeVar("T")
MOST_CHANGES = 1000

_Name = Annotated[str, Meta(min_length=1, max_length=200)]
_Amount = Annotated[str, Meta(max_length=20)]
_Text = Annotated[str, Meta(max_length=2000)]
_Moment = Annotated[datetime, Meta(tz=True)]
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")


class Price(Struct, tag_field="do", tag="price", forbid_unknown_fields=True):
    name: _Name
    amount: _Amount
    currency: Annotated[str, Meta(max_length=3)] = ""
    sure: bool = False

    def change(self) -> Change:
        return SetPrice(self.name, _amount(self.amount), self.currency, self.sure)


class Stock(Struct, tag_field="do", tag="stock", forbid_unknown_fields=True):
    name: _Name
    quantity: int | None

    def change(self) -> Change:
        return SetStock(self.name, self.quantity)


class Offer(
    Struct,
    tag_field="do",
    tag="offer",
    forbid_unknown_fields=True,
    rename={"begins": "from", "ends": "until"},
):
    name: _Name
    offer: _Name
    amount: _Amount
    begins: _Moment | None = None
    ends: _Moment | None = None
    currency: Annotated[str, Meta(max_length=3)] = ""
    sure: bool = False

    def change(self) -> Change:
        amount = _amount(self.amount)
        return SetOffer(
            self.name, self.offer, amount, self.begins, self.ends, self.currency, self.sure
        )


class OfferEnd(Struct, tag_field="do", tag="end_offer", forbid_unknown_fields=True):
    name: _Name
    offer: _Name

    def change(self) -> Change:
        return EndOffer(self.name, self.offer)


class Text(Struct, tag_field="do", tag="text", forbid_unknown_fields=True):
    name: _Name
    text: _Name
    language: Language
    words: Annotated[tuple[_Text, ...], Meta(min_length=1, max_length=50)]

    def change(self) -> Change:
        return SetText(self.name, self.text, self.language, self.words)


class Answer(Struct, tag_field="do", tag="answer", forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=200)]
    """"" for the shop."""
    answer_id: _Name
    language: Language
    question: _Text
    answer: _Text

    def change(self) -> Change:
        return SetAnswer(self.name, self.answer_id, self.language, self.question, self.answer)


class Withdrawal(Struct, tag_field="do", tag="withdraw", forbid_unknown_fields=True):
    name: _Name

    def change(self) -> Change:
        return Withdraw(self.name)


Wanted = Price | Stock | Offer | OfferEnd | Text | Answer | Withdrawal


class Batch(Struct, forbid_unknown_fields=True):
    changes: Annotated[list[Wanted], Meta(min_length=1, max_length=MOST_CHANGES)]


class Reply(Struct, forbid_unknown_fields=True):
    """What the staff answer to a question that was left open."""

    answer: _Text
    language: Language = "en"
    sku: Annotated[str, Meta(max_length=200)] | None = None
    """About which product; None: the one that it was asked of, "" for the shop."""


def one(do: str, path: Mapping[str, str], body: bytes) -> Wanted:
    """The one change that a request asks for: *do* it to what the *path* names, with the fields of
    the *body*. Raises MalformedError."""
    fields: object = _decoded(body, object) if body else {}
    if not isinstance(fields, dict):
        raise MalformedError('send a JSON object, as {"amount": "19.90"}')
    if found := {"do", *path} & fields.keys():
        raise MalformedError(f"{sorted(found)[0]} stands in the address, not in the body")
    try:
        wanted: Wanted = msgspec.convert({**fields, **path, "do": do}, Wanted)
        return wanted
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MalformedError(_reason(error)) from error


def batch(body: bytes) -> list[Change]:
    """Raises MalformedError."""
    changes = []
    for number, wanted in enumerate(_decoded(body, Batch).changes):
        try:
            changes.append(wanted.change())
        except MalformedError as error:
            raise MalformedError(f"changes[{number}]: {error}") from error
    return changes


def reply(body: bytes) -> Reply:
    """Raises MalformedError."""
    return _decoded(body, Reply)


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        found: T = msgspec.json.decode(body, type=kind)
        return found
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise MalformedError(_reason(error)) from error


def _amount(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise MalformedError(f'amount: {text!r} is no number; write it as "19.90"')
    return Decimal(text)


def _reason(error: Exception) -> str:
    """msgspec names the field and what was expected of it, never the value."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    text = str(error)
    if "amount`" in text and ("`float`" in text or "`int`" in text):
        return f'{text}: a price is sent as text, "19.90", since a number would be rounded'
    if "timezone" in text:
        return f'{text}: as "2026-11-27T20:00:00+01:00"'
    return text
