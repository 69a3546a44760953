"""Prior prices: what was to be paid for a variant in the past, and so what a reduction may be
compared with.

The law behind it: in the EU every announced reduction states the lowest price of the 30 days before
it (Directive 98/6/EC, article 6a, and C-330/23: the percentage is computed on it). In China a
compared price needs a true basis (SAMR order 56, articles 15 and 16); that the price before was the
lowest deal price of the last 7 days is an older reading that is still used, and the stricter one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from catalog.history import Said
from catalog.rows import OfferRow

EU_DAYS = timedelta(days=30)
CN_DAYS = timedelta(days=7)
ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch [begins, ends) in which one price was to be paid."""

    begins: datetime
    ends: datetime
    amount: Decimal
    reduced: bool
    """It was a sale, below the regular price."""


@dataclass(frozen=True, slots=True)
class _Window:
    row: OfferRow
    ver: int
    begins: datetime
    ends: datetime


def steps(said: Iterable[Said]) -> list[Step]:
    """The price of one variant through time, of all that was ever *said* of it; what is said now
    holds on. Nothing is known of a time before the first statement; but where a sale says that it
    began before it was told of, that is believed, as it can only make the past cheaper."""
    windows = list(_windows(said))
    edges = sorted({edge for one in windows for edge in (one.begins, one.ends)})
    ordered = sorted(windows, key=lambda one: one.begins)
    active: list[_Window] = []
    found: list[Step] = []
    place = 0
    for begins, ends in pairwise(edges):
        active = [one for one in active if one.ends > begins]
        while place < len(ordered) and ordered[place].begins <= begins:
            active.append(ordered[place])
            place += 1
        price = _price(active)
        if price is None:
            continue
        last = found[-1] if found else None
        if last and last.ends == begins and (last.amount, last.reduced) == price:
            found[-1] = Step(last.begins, ends, *price)
        else:
            found.append(Step(begins, ends, *price))
    return found


def _windows(said: Iterable[Said]) -> Iterable[_Window]:
    """When each statement held: until the next one about the same offer."""
    versions: dict[str, list[Said]] = {}
    for one in sorted(said, key=lambda one: one.ver):
        if isinstance(one.row, OfferRow):
            versions.setdefault(one.row.offer_id, []).append(one)
    for own in versions.values():
        for one, after in zip(own, [*own[1:], None], strict=True):
            row = one.row
            if one.withdrawn or not isinstance(row, OfferRow):
                continue
            begins = row.valid_from or one.at
            if row.kind == "list":
                begins = max(begins, one.at)
            ends = min(after.at if after is not None else ALWAYS, row.valid_until or ALWAYS)
            if begins < ends:
                yield _Window(row, one.ver, begins, ends)


def _price(active: Sequence[_Window]) -> tuple[Decimal, bool] | None:
    listed = [one for one in active if one.row.kind == "list"]
    regular = max(listed, key=lambda one: one.ver).row.amount if listed else None
    sales = [
        one.row.amount
        for one in active
        if one.row.kind == "sale" and (regular is None or one.row.amount < regular)
    ]
    if sales:
        return min(sales), True
    return (regular, False) if regular is not None else None


def began(history: Sequence[Step], at: datetime) -> datetime | None:
    """When the reduction that runs at a moment began; None where none runs. A price lowered step by
    step is one reduction (article 6a (5)); a sale made dearer is another one."""
    place = next((n for n, step in enumerate(history) if step.begins <= at < step.ends), None)
    if place is None or not history[place].reduced:
        return None
    while place and _goes_on(history[place - 1], history[place]):
        place -= 1
    return history[place].begins


def _goes_on(before: Step, after: Step) -> bool:
    return before.reduced and before.ends == after.begins and before.amount >= after.amount


def within(history: Iterable[Step], begin: datetime, end: datetime) -> list[Step]:
    return [step for step in history if step.begins < end and begin < step.ends]


def lowest(history: Sequence[Step], before: datetime, days: timedelta = EU_DAYS) -> Decimal | None:
    """The lowest price of the *days* before a moment; None where what is known does not go back so
    far. A time in which it was not for sale is no price."""
    if not history or history[0].begins > _earlier(before, days):
        return None
    prices = [step.amount for step in within(history, _earlier(before, days), before)]
    return min(prices, default=None)


def asked(history: Sequence[Step], amount: Decimal, before: datetime, days: timedelta) -> bool:
    """Whether *amount* was the price at some time in the *days* before a moment, and none in them
    was lower, as far as is known."""
    prices = [step.amount for step in within(history, _earlier(before, days), before)]
    return amount in prices and min(prices) >= amount


def _earlier(moment: datetime, days: timedelta) -> datetime:
    start = datetime.min.replace(tzinfo=UTC)
    return moment - days if moment - start > days else start
