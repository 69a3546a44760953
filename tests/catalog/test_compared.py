"""By the law of the market, a reduced price stands beside a regular one or does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agent.types import Fact, Money, Words
from catalog.history import Said
from catalog.rows import AttributeRow, Held, OfferRow, ProductRow, ShopRow, VariantRow
from catalog.sheet import Sheet
from catalog.shelf import Shelf

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def price(day_: float, amount: str, basis: str = "") -> Said:
    row = OfferRow("A/list", "A", "list", Decimal(amount), "EUR", None, None, basis)
    return Said(row, int(day_) + 10, day(day_), False, "x")


def cut(day_: float, amount: str, begins: float | None = None) -> Said:
    first = day(begins) if begins is not None else None
    row = OfferRow("A/sale", "A", "sale", Decimal(amount), "EUR", first, day(100))
    return Said(row, int(day_) + 100, day(day_), False, "x")


def facts(market: str, at: float, *said: Said) -> dict[str, Fact]:
    newest = {one.row.offer_id: one for one in said if isinstance(one.row, OfferRow)}
    shelf = Shelf(
        "A",
        Held(ProductRow("A", 1, "c", ""), 1, START, "x"),
        (Held(VariantRow("A", "A", "", ""), 2, START, "x"),),
        tuple(
            Held(one.row, one.ver, one.at, one.source)
            for one in newest.values()
            if isinstance(one.row, OfferRow)
        ),
        attributes={
            ("A", "title", "en"): Held(AttributeRow("A", "title", "en", ("A",)), 3, START, "x")
        },
    )
    shop = Held(ShopRow("Shop", "UTC", "EUR", market), 4, START, "x")
    return Sheet(replace(shelf, said=tuple(said)), shop, day(at)).collect()


def amount(found: dict[str, Fact], field: str) -> Decimal | None:
    fact = found.get(f"A/{field}")
    return fact.value.amount if fact is not None and isinstance(fact.value, Money) else None


def basis(found: dict[str, Fact]) -> str | None:
    fact = found.get("A/list_basis")
    return fact.value.items[0] if fact is not None and isinstance(fact.value, Words) else None


def test_in_the_eu_a_regular_price_asked_for_thirty_days_is_named() -> None:
    found = facts("FR", 45, price(0, "50"), cut(40, "40"))
    assert [amount(found, f) for f in ("price", "list_price", "lowest_30d")] == [40, 50, 50]
    assert basis(found) == "the shop's own earlier price"
    assert found["A/list_basis/zh"].value == Words(("本店此前售价",), "zh")


@pytest.mark.parametrize("market", ["DE", "FR", "EU"])
@pytest.mark.parametrize(
    ("said", "lowest"),
    [
        ((price(30, "50"), cut(40, "40")), None),
        ((price(0, "45"), price(39, "80"), cut(40, "40")), 45),
        ((price(0, "50", "rrp"), price(0.5, "50", "rrp"), cut(20, "40")), None),
        ((price(40, "50", "before"), cut(40, "40")), None),
    ],
)
def test_in_the_eu_a_regular_price_that_nothing_backs_is_not_named(
    market: str, said: tuple[Said, ...], lowest: int | None
) -> None:
    found = facts(market, 45, *said)
    assert amount(found, "price") == 40
    assert amount(found, "list_price") is None
    assert basis(found) is None
    assert amount(found, "lowest_30d") == lowest


def test_in_the_eu_a_shop_s_word_counts_where_the_history_is_short_but_bears_it_out() -> None:
    found = facts("FR", 45, price(30, "50", "before"), cut(40, "40"))
    assert [amount(found, f) for f in ("list_price", "lowest_30d")] == [50, None]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ((price(0, "50"), cut(40, "40")), False),
        ((price(0, "50", "before"), cut(40, "40")), True),
        ((price(0, "40", "before"), price(39, "50", "before"), cut(40, "35")), False),
        ((price(40, "50", "rrp"), cut(40, "40")), True),
    ],
)
def test_in_china_a_regular_price_needs_its_basis(said: tuple[Said, ...], named: bool) -> None:
    found = facts("CN", 45, *said)
    assert (amount(found, "list_price") == 50) is named
    assert (basis(found) is not None) is named


def test_elsewhere_the_shop_s_word_is_taken() -> None:
    found = facts("US", 45, price(40, "50"), cut(40, "40"))
    assert amount(found, "list_price") == 50
    assert basis(found) is None


def test_without_a_sale_there_is_nothing_to_compare() -> None:
    found = facts("FR", 45, price(0, "50"))
    assert found.keys() == {"A/title", "A/price"}


def test_a_sale_to_come_is_judged_by_the_day_it_begins() -> None:
    before = facts("FR", 10, price(0, "50"), cut(1, "40", 60))
    during = facts("FR", 60, price(0, "50"), cut(1, "40", 60))
    assert amount(before, "list_price") is None
    assert [amount(during, f) for f in ("list_price", "lowest_30d")] == [50, 50]
