"""The rows of one product together, and those of the shop as a whole."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from agent.types import LANGUAGES, Language
from catalog.history import Said
from catalog.rows import (
    AttributeRow,
    ClaimRow,
    FaqRow,
    FigureRow,
    Held,
    Holding,
    OfferRow,
    PolicyRow,
    ProductRow,
    R,
    Row,
    ShopRow,
    StockRow,
    VariantRow,
)

_SAID = 500
"""Statements about prices that a shelf keeps at most."""


@dataclass(frozen=True)
class Shelf:
    """Everything that is held about one product; *product* is None for the shop's own shelf."""

    sku: str
    product: Held[ProductRow] | None = None
    variants: tuple[Held[VariantRow], ...] = ()
    offers: tuple[Held[OfferRow], ...] = ()
    stock: dict[str, Held[StockRow]] = field(default_factory=dict)
    """By variant."""
    attributes: dict[tuple[str, str, str], Held[AttributeRow]] = field(default_factory=dict)
    """By owner, name, language."""
    policies: tuple[Held[PolicyRow], ...] = ()
    faq: tuple[Held[FaqRow], ...] = ()
    claims: tuple[Held[ClaimRow], ...] = ()
    figures: tuple[Held[FigureRow], ...] = ()
    withdrawn: int = 0
    """Version of the newest withdrawal of a variant."""
    said: tuple[Said, ...] = ()
    """All that was lately said of prices and offers, oldest first: those that hold, those that were
    changed, those that were withdrawn."""

    @property
    def version(self) -> int:
        """Of its newest row."""
        held: list[Held[Row]] = [*([self.product] if self.product is not None else [])]
        held += [*self.variants, *self.offers, *self.stock.values(), *self.attributes.values()]
        held += [*self.policies, *self.faq, *self.claims, *self.figures]
        return max((one.ver for one in held), default=self.withdrawn)

    def words(
        self, owner: str, name: str, language: Language
    ) -> tuple[Held[AttributeRow], Language] | None:
        """A text in *language*, else in English."""
        for choice in (language, *LANGUAGES):
            held = self.attributes.get((owner, name, choice))
            if held is not None:
                return held, choice
        return None

    def with_row(self, held: Held[Row]) -> "Shelf":
        """The shelf with a row added or put in the place of its older version."""
        row = held.row
        if isinstance(row, OfferRow):
            rest = tuple(o for o in self.offers if o.row.offer_id != row.offer_id)
            said = Said(row, held.ver, held.asserted_at, False, held.source)
            return replace(self, offers=(*rest, _as(held, row)), said=(*self.said, said)[-_SAID:])
        if isinstance(row, StockRow):
            return replace(self, stock={**self.stock, row.variant_id: _as(held, row)})
        if isinstance(row, AttributeRow):
            key = (row.owner, row.name, row.language)
            return replace(self, attributes={**self.attributes, key: _as(held, row)})
        if isinstance(row, FaqRow):
            rest_faq = tuple(
                f for f in self.faq if (f.row.faq_id, f.row.language) != (row.faq_id, row.language)
            )
            return replace(self, faq=(*rest_faq, _as(held, row)))
        raise TypeError(f"{row.TABLE} do not change while the show runs")


def _as(held: Held[Row], row: R) -> Held[R]:
    """*held*, its row known to be of one kind."""
    return Held(row, held.ver, held.asserted_at, held.source)


def shelves(
    holding: Holding, withdrawals: dict[str, int]
) -> tuple[Held[ShopRow] | None, dict[str, Shelf]]:
    """The shop's row, and shelves by sku; the shop's own is ""."""
    shop: Held[ShopRow] | None = None
    by_sku: dict[str, list[Held[Row]]] = defaultdict(list)
    owner = {
        held.row.variant_id: held.row.sku
        for held in holding.values()
        if isinstance(held.row, VariantRow)
    }
    for held in holding.values():
        row = held.row
        if isinstance(row, ShopRow):
            shop = Held(row, held.ver, held.asserted_at, held.source)
        elif isinstance(row, OfferRow | StockRow):
            by_sku[owner.get(row.variant_id, "?")].append(held)
        elif isinstance(row, AttributeRow):
            kind, _, name = row.owner.partition(":")
            sku = owner.get(name, "?") if kind == "variant" else row.owner
            by_sku["" if kind == "category" else sku].append(held)
        else:
            by_sku[row.sku].append(held)
    found = {"": shelf("", by_sku.get("", ()), 0)}
    for sku, rows in by_sku.items():
        one = shelf(sku, rows, withdrawals.get(sku, 0))
        if sku and one.product is not None and one.variants:
            found[sku] = one
    return shop, found


def shelf(sku: str, rows: Iterable[Held[Row]], withdrawn: int, said: Sequence[Said] = ()) -> Shelf:
    """The shelf of one product of its rows, which may come in any order."""
    product: Held[ProductRow] | None = None
    variants: list[Held[VariantRow]] = []
    offers: list[Held[OfferRow]] = []
    stock: dict[str, Held[StockRow]] = {}
    attributes: dict[tuple[str, str, str], Held[AttributeRow]] = {}
    policies: list[Held[PolicyRow]] = []
    faq: list[Held[FaqRow]] = []
    claims: list[Held[ClaimRow]] = []
    figures: list[Held[FigureRow]] = []
    for held in sorted(rows, key=lambda held: held.ver):
        row = held.row
        match row:
            case ProductRow():
                product = _as(held, row)
            case VariantRow():
                variants.append(_as(held, row))
            case OfferRow():
                offers.append(_as(held, row))
            case StockRow():
                stock[row.variant_id] = _as(held, row)
            case AttributeRow():
                attributes[row.owner, row.name, row.language] = _as(held, row)
            case PolicyRow():
                policies.append(_as(held, row))
            case FaqRow():
                faq.append(_as(held, row))
            case ClaimRow():
                claims.append(_as(held, row))
            case FigureRow():
                figures.append(_as(held, row))
            case ShopRow():
                pass
    return Shelf(
        sku,
        product,
        tuple(variants),
        tuple(offers),
        stock,
        attributes,
        tuple(policies),
        tuple(faq),
        tuple(claims),
        tuple(figures),
        withdrawn,
        tuple(sorted(said, key=lambda one: one.ver)),
    )
