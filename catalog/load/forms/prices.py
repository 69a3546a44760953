"""What a version costs: its regular price, and what it costs for a while."""

from datetime import datetime
from decimal import Decimal

from catalog.load import values
from catalog.load.forms.said import Said
from catalog.load.forms.shop import Shop
from catalog.rows import OfferRow, StockRow

_MARK = "it can be read in two ways"


def amount(said: Said, name: str, shop: Shop) -> Decimal | None:
    """The price in a field; None where there is none, or where it cannot be read (it is refused
    then). A zero is none but for the price itself."""
    cell = said.cells.get(name)
    if cell is None or (name != "price" and _is_zero(cell)):
        return None
    try:
        if isinstance(cell, Decimal):
            found, named = values.fits(cell), ""
            if found <= 0:
                raise ValueError("a price is above zero; leave the product out if it is not sold")
        else:
            known = shop.currency or said.text("currency").upper() or shop.marks.currency
            decimal = shop.marks.decimal(name)
            found, named = values.price(cell, decimal, known)
        named = _agreed(named, said.text("currency"))
        shop.settle(said, named)
        if shop.currency in values.WHOLE_ONLY and found % 1:
            raise ValueError(f"{shop.currency} has no decimals: write a whole amount")
    except values.AmbiguousError as error:
        said.refuse(shop.report, name, str(error), values.REMEDY_MARK)
        return None
    except ValueError as error:
        reason, _, remedy = str(error).partition(": ")
        if remedy:
            said.refuse(shop.report, name, reason, remedy)
        else:
            said.refuse(shop.report, name, "is not a price", reason)
        return None
    return found


def _is_zero(cell: str | Decimal) -> bool:
    return not cell if isinstance(cell, Decimal) else not cell.strip("0., -")


def _agreed(named: str, column: str) -> str:
    """What names the currency: the cell or the currency's own column, if they agree."""
    if not named or not column:
        return named or column
    both = set(values.currencies(named)) & set(values.currencies(column))
    if not both:
        raise ValueError(f"the currency column says {column}: write one currency")
    return column


def offers(said: Said, variant: str, shop: Shop) -> list[tuple[OfferRow, str]]:
    """The rows of a version's prices, with the field of each."""
    if "price" not in said.cells:
        said.refuse(
            shop.report, "price", "is empty, and has to be there",
            "give the price, or leave the product out",
        )  # fmt: skip
        return []
    price = amount(said, "price", shop)
    before, field, basis = amount(said, "was_price", shop), "was_price", ""
    if before is None and (before := amount(said, "rrp", shop)) is not None:
        field, basis = "rrp", "rrp"
    sale = amount(said, "sale_price", shop)
    begins, ends = _window(said, shop, "sale_from", "sale_until")
    until = _time(said, shop, "price_until", ends=True)
    if price is None or said.bad:
        return []
    currency = shop.currency
    rows: list[tuple[OfferRow, str]] = []

    def add(name: str, what: Decimal, column: str, *more: datetime | None, basis: str = "") -> None:
        kind = "list" if name == "list" else "sale"
        start, end = more or (None, None)
        offer = OfferRow(f"{variant}/{name}", variant, kind, what, currency, start, end, basis)
        rows.append((offer, said.column(column)))

    if before is not None and before <= price:
        said.suspect(shop.report, field, f"is not above the price ({price}): left out")
        before, basis = None, ""
    # A file that has the old price beside the new says of its times that they are the new one's.
    if before is not None and sale is None:
        add("list", before, field, basis=basis)
        add("sale", price, "price", begins, ends or until)
        _over(said, shop, "sale_until" if ends else "price_until", ends or until)
        return rows
    add("list", before or price, field if before else "price", None, until, basis=basis)
    _over(said, shop, "price_until", until)
    if before is not None:
        add("now", price, "price")
    if sale is not None:
        if sale >= price:
            said.suspect(
                shop.report, "sale_price", f"is not below the regular price ({price}): left out"
            )
        else:
            add("sale", sale, "sale_price", begins, ends)
            _over(said, shop, "sale_until", ends)
    return rows


def _time(said: Said, shop: Shop, name: str, *, ends: bool = False) -> datetime | None:
    cell = said.text(name)
    if not cell or cell.startswith("0000-00-00"):
        return None
    order = shop.marks.dates
    at = said.read(
        shop.report,
        name,
        lambda text: values.instant(text, shop.zone, order=order, ends=ends),
        "is not a time",
        light=False,
    )
    if at is not None and not values.has_zone(cell):
        shop.local(said, name)
    return at


def _window(
    said: Said, shop: Shop, first: str, last: str
) -> tuple[datetime | None, datetime | None]:
    begins = _time(said, shop, first)
    ends = _time(said, shop, last, ends=True)
    if begins is not None and ends is not None and begins >= ends:
        said.refuse(shop.report, last, "is not after its beginning", "put the two times right")
    return begins, ends


def _over(said: Said, shop: Shop, name: str, ends: datetime | None) -> None:
    if ends is not None and ends <= shop.now:
        said.suspect(shop.report, name, "offer already over", "give it a later end, or take it out")


# --- stock -----------------------------------------------------------------------------------


def stock(said: Said, variant: str, shop: Shop) -> tuple[StockRow, str, str]:
    """How many there are (None: nobody counted), the field it comes from, and what is to be said
    beside it: "preorder" or "backorder"."""
    can_be_had = _availability(said, shop)
    counted = _count(said, shop)
    on_order = bool(said.text("back_order"))
    name = "stock" if counted is not None else "availability"
    late = can_be_had if can_be_had in ("preorder", "backorder") else ""
    if late:
        return StockRow(variant, 0), name, late
    if can_be_had == "out_of_stock":
        if counted is not None and counted > 0:
            said.suspect(
                shop.report, "availability", f"contradicts the stock of {counted}: taken for none"
            )
        return StockRow(variant, 0), name, ""
    if counted is None:
        return StockRow(variant, None), name, ""
    if on_order and counted <= 0:
        said.suspect(
            shop.report, "stock", "there are none, but it can be ordered all the same: taken for "
            "uncounted", "if it is not to be sold, let the shop stop selling it when it is out",
        )  # fmt: skip
        return StockRow(variant, None), name, ""
    if counted < 0:
        said.suspect(shop.report, "stock", "is below zero: taken for none", "count it again")
        return StockRow(variant, 0), name, ""
    if counted == 0 and can_be_had == "in_stock":
        said.suspect(
            shop.report, "stock", "is 0 although it is said to be in stock: taken for none",
            "give the number, or leave it empty where nobody counts",
        )  # fmt: skip
    return StockRow(variant, counted), name, ""


def _availability(said: Said, shop: Shop) -> str:
    cell = said.text("availability")
    if not cell:
        return ""
    found = shop.availability(cell)
    if not found:
        said.refuse(
            shop.report, "availability", "is not known as a word for what can be had",
            f'say what it means in a mapping file: [values] "{cell[:40]}" = "in_stock"',
        )  # fmt: skip
    return found


def _count(said: Said, shop: Shop) -> int | None:
    decimal = shop.marks.decimal("stock")

    def parse(cell: str) -> int:
        try:
            value = values.exactly(cell, decimal)
        except values.AmbiguousError:
            raise
        except ValueError as error:
            raise ValueError("write a whole number, such as 12") from error
        if value % 1:
            raise ValueError("write a whole number, such as 12")
        if abs(value) >= 2**31:
            raise ValueError("write a number of pieces that can be")
        return int(value)

    return said.read(shop.report, "stock", parse, "is not a number of pieces", light=False)
