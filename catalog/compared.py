"""What a reduced price may be compared with, by the law of the shop's market."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from agent.types import EU, Language
from catalog.history import Said
from catalog.prior import CN_DAYS, EU_DAYS, asked, began, lowest, steps
from catalog.rows import Held, OfferRow
from catalog.shelf import Shelf

Basis = Literal["before", "rrp"]
BASES: dict[Basis, dict[Language, str]] = {
    "before": {
        "en": "the shop's own earlier price",
        "fr": "le prix antérieur de la boutique",
        "zh": "本店此前售价",
    },
    "rrp": {
        "en": "the maker's recommended price",
        "fr": "le prix conseillé par le fabricant",
        "zh": "厂商建议零售价",
    },
}
"""What a regular price is, in the host's words."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Of one variant, while it is reduced."""

    lowest: Decimal | None
    """Of the 30 days before the reduction; None where that is not known."""
    backed: bool
    """The regular price may be named beside the reduced one."""
    basis: Basis | None
    """What the regular price is."""


def compared(
    shelf: Shelf, pays: Held[OfferRow], regular: Held[OfferRow], market: str, at: datetime
) -> Compared:
    """What *pays*, a sale that holds at a moment, may be compared with. In the EU the regular price
    is named only if nothing was cheaper in the 30 days before, or, as far as is known, it was asked
    for then and the shop says that this is what it is; in China only with a basis that the last 7
    days do not belie; elsewhere as the shop gives it."""
    history = steps(_said(shelf, pays.row.variant_id))
    # a sale that does not say when it began did so when it was told of
    begin = began(history, max(at, pays.asserted_at))
    basis: Basis | None = _basis(regular.row.basis)
    if begin is None:
        return Compared(None, not _strict(market), basis)
    low, amount = lowest(history, begin), regular.row.amount
    if market == "EU" or market in EU:
        was = asked(history, amount, begin, EU_DAYS)
        if low is not None:
            backed = amount <= low
            return Compared(low, backed, "before" if backed and was else basis)
        return Compared(low, basis == "before" and was, basis)
    if market == "CN":
        true = basis == "rrp" or (basis == "before" and asked(history, amount, begin, CN_DAYS))
        return Compared(low, true, basis)
    return Compared(low, True, basis)


def _strict(market: str) -> bool:
    return market in ("EU", "CN") or market in EU


def _basis(text: str) -> Basis | None:
    return "before" if text == "before" else "rrp" if text == "rrp" else None


def _said(shelf: Shelf, variant: str) -> Sequence[Said]:
    """All that is known to have been said of a variant's prices; at least what is said now."""
    found = [
        one for one in shelf.said if isinstance(one.row, OfferRow) and one.row.variant_id == variant
    ]
    known = {one.ver for one in found}
    found += [
        Said(held.row, held.ver, held.asserted_at, False, held.source)
        for held in shelf.offers
        if held.row.variant_id == variant and held.ver not in known
    ]
    return found
