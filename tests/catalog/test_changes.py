"""A change is on disk and in memory when its call returns, or nothing of it is."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from agent.types import Fact, Focus, Money, Quantity
from catalog.commits import MOST
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.store import Store
from tests.catalog.conftest import WallClock


def amount(store: Store, name: str) -> Decimal:
    fact = current(store, name)
    assert isinstance(fact.value, Money | Quantity)
    return fact.value.amount


def current(store: Store, name: str) -> Fact:
    fact = store.current(name)
    assert fact is not None, name
    return fact


def do(store: Store, *changes: Change) -> int:
    return asyncio.run(store.change(changes))


def test_a_batch_is_done_whole(store: Store) -> None:
    version = do(
        store,
        SetPrice("HP-MUG", Decimal("15.90")),
        SetStock("HP-MUG-G", 7),
        SetOffer("HP-SOAP", "flash", Decimal("6.90")),
    )
    assert version == store.version
    assert amount(store, "HP-MUG/price") == Decimal("15.90")
    assert amount(store, "HP-MUG/stock/HP-MUG-G") == 7
    assert amount(store, "HP-SOAP/price") == Decimal("6.90")


def test_a_batch_with_one_fault_changes_nothing_and_names_it(store: Store) -> None:
    before = store.version
    with pytest.raises(CatalogError, match=r"change 2 of 2: NONE: no such product"):
        do(store, SetPrice("HP-MUG", Decimal("15.90")), SetStock("NONE", 1))
    assert store.version == before
    assert amount(store, "HP-MUG/price") == Decimal("14.50")


def test_a_later_change_of_a_batch_sees_the_earlier(store: Store) -> None:
    do(store, SetPrice("HP-MUG", Decimal("50")), SetPrice("HP-MUG", Decimal("390")))
    assert amount(store, "HP-MUG/price") == 390
    do(store, SetOffer("HP-MUG", "x", Decimal(60)), EndOffer("HP-MUG", "x"))
    assert amount(store, "HP-MUG/price") == 390


def test_many_at_once_share_transactions_and_each_is_acknowledged(store: Store) -> None:
    async def flood() -> list[int]:
        jobs = [store.set_stock("HP-MUG-G", n) for n in range(250)]
        return await asyncio.gather(*jobs)

    versions = asyncio.run(flood())
    assert versions == sorted(set(versions))
    assert amount(store, "HP-MUG/stock/HP-MUG-G") == 249
    assert store._commits.changes == 250
    assert store._commits.transactions <= 2 + 250 // MOST + 1


def test_one_that_is_refused_does_not_spoil_its_neighbours(store: Store) -> None:
    async def mixed() -> list[int | BaseException]:
        jobs = [
            store.set_stock("HP-MUG-G", 1),
            store.set_stock("NONE", 1),
            store.set_price("HP-MUG", Decimal("-1")),
            store.set_stock("HP-MUG-G", 2),
        ]
        return await asyncio.gather(*jobs, return_exceptions=True)

    first, missing, negative, last = asyncio.run(mixed())
    assert isinstance(first, int)
    assert isinstance(missing, CatalogError)
    assert isinstance(negative, CatalogError)
    assert last == store.version
    assert amount(store, "HP-MUG/stock/HP-MUG-G") == 2


def test_one_that_the_file_refuses_stays_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Database.append

    def picky(self: Database, added, *rest):  # type: ignore[no-untyped-def]
        rows = list(added)
        if any(getattr(row, "quantity", None) == 13 for row, _ in rows):
            raise CatalogError("unlucky")
        return append(self, rows, *rest)

    monkeypatch.setattr(Database, "append", picky)

    async def three() -> list[int | BaseException]:
        jobs = [store.set_stock("HP-MUG-G", n) for n in (12, 13, 14)]
        return await asyncio.gather(*jobs, return_exceptions=True)

    one, two, three_ = asyncio.run(three())
    assert isinstance(one, int)
    assert isinstance(two, CatalogError)
    assert isinstance(three_, int)
    assert amount(store, "HP-MUG/stock/HP-MUG-G") == 14


def test_whoever_hangs_up_does_not_undo_what_has_begun(store: Store) -> None:
    async def impatient() -> None:
        job = asyncio.create_task(store.set_stock("HP-MUG-G", 77))
        await asyncio.sleep(0)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        await store.set_stock("HP-MUG-S", 1)

    asyncio.run(impatient())
    assert amount(store, "HP-MUG/stock/HP-MUG-G") == 77


def test_after_the_end_of_the_show_nothing_is_taken(db: Path, clock: WallClock) -> None:
    store = Store.open_now(db, clock)
    store.close_now()
    with pytest.raises(CatalogError, match="the show has ended"):
        do(store, SetStock("HP-MUG-G", 1))


# --- slips of the hand -----------------------------------------------------------------------


@pytest.mark.parametrize("slip", ["145.00", "1.45", "1450", "116"])
def test_a_price_off_by_a_digit_is_refused_unless_it_is_meant(store: Store, slip: str) -> None:
    with pytest.raises(
        CatalogError, match=r"times (more|less) than its price now, 14\.5\. If that is m"
    ):
        do(store, SetPrice("HP-MUG", Decimal(slip)))
    assert amount(store, "HP-MUG/price") == Decimal("14.50")
    do(store, SetPrice("HP-MUG", Decimal(slip), sure=True))
    assert amount(store, "HP-MUG/price") == Decimal(slip)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (SetPrice("HP-MUG", Decimal("12.345")), "USD has 2 decimals"),
        (SetPrice("HP-MUG", Decimal("12"), "EUR"), "prices are in USD, not in EUR"),
        (SetPrice("HP-MUG", Decimal("0")), "not a price"),
        (SetStock("HP-MUG-G", -1), "not a stock"),
        (SetStock("HP-MUG-G", 2**31), "not a stock"),
        (SetOffer("HP-MUG", "flash", Decimal("14.50")), "not below the regular price, 14.5 USD"),
        (SetOffer("HP-MUG", "flash", Decimal("1.00")), "times less"),
        (SetOffer("HP-MUG", "list", Decimal("12")), "is the regular price"),
        (SetOffer("HP-MUG", "no/slash", Decimal("12")), "not an offer's name"),
        (EndOffer("HP-MUG", "none"), "has no offer none"),
        (EndOffer("HP-MUG", "list"), "has no offer list"),
        (SetText("HP-MUG", "care", "de", ("spülen",)), "no language of the host's"),
        (SetText("HP-MUG", "care", "en", ()), "empty"),
        (SetText("HP-MUG", "care", "en", ("  ",)), "empty"),
        (SetText("HP-MUG", "care", "en", ("a\x00b",)), "control characters"),
        (SetText("HP-MUG", "Care!", "en", ("dry",)), "no name for a text"),
        (SetText("HP-MUG-G", "care", "en", ("dry",)), "is a variant; name its product, HP-MUG"),
        (SetAnswer("HP-MUG", "a/b", "en", "q", "a"), "not an answer's name"),
        (SetAnswer("HP-MUG", "ab", "en", "q", "x" * 2001), "at most 2000"),
        (Withdraw("NONE"), "no such product"),
        (Withdraw("HP-MUG-G"), "is a variant"),
    ],
)
def test_what_cannot_be_so_is_refused_with_the_reason(
    store: Store, change: Change, why: str
) -> None:
    before = store.version
    with pytest.raises(CatalogError, match=why):
        do(store, change)
    assert store.version == before


def test_an_offer_that_ends_before_it_begins_or_is_over_is_refused(
    store: Store, clock: WallClock
) -> None:
    hour = timedelta(hours=1)
    with pytest.raises(CatalogError, match="before it begins"):
        do(store, SetOffer("HP-MUG", "x", Decimal(12), clock.now + hour, clock.now))
    with pytest.raises(CatalogError, match="over already"):
        do(store, SetOffer("HP-MUG", "x", Decimal(12), None, clock.now - hour))
    with pytest.raises(CatalogError, match="zone"):
        do(store, SetOffer("HP-MUG", "x", Decimal(12), None, datetime(2030, 1, 1)))


def test_nothing_at_all_and_too_much_at_once_are_refused(store: Store) -> None:
    with pytest.raises(CatalogError, match="nothing to change"):
        do(store)
    with pytest.raises(CatalogError, match="send several batches, or upload"):
        do(store, *[SetStock("HP-MUG-G", 1)] * 1001)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.decimals(allow_nan=True, allow_infinity=True), st.booleans())
def test_no_number_at_all_breaks_the_catalog(store: Store, number: Decimal, sure: bool) -> None:
    """Whatever is sent as an amount: it is the price afterwards, or nothing has changed."""
    before = amount(store, "HP-MUG/price")
    try:
        do(store, SetPrice("HP-MUG", number, sure=sure))
    except CatalogError:
        assert amount(store, "HP-MUG/price") == before
    else:
        assert amount(store, "HP-MUG/price") == number > 0


# --- offers and products that go ---------------------------------------------------------------


def test_an_offer_is_ended_at_once_and_leaves_a_trace(store: Store) -> None:
    do(store, SetOffer("HP-MUG", "flash", Decimal("12.50")))
    assert amount(store, "HP-MUG/price") == Decimal("12.50")
    asyncio.run(store.end_offer("HP-MUG", "flash"))
    assert amount(store, "HP-MUG/price") == Decimal("14.50")
    assert store.current("HP-MUG/list_price") is None
    with pytest.raises(CatalogError, match="no offer flash"):
        asyncio.run(store.end_offer("HP-MUG", "flash"))
    told = [row for row in store._database.history("HP-MUG") if "flash" in str(row[1])]
    assert len(told) == 2 * len(store._variants("HP-MUG"))


def test_an_offer_that_has_not_begun_never_will(store: Store, clock: WallClock) -> None:
    hour = timedelta(hours=1)
    do(store, SetOffer("HP-MUG", "later", Decimal(12), clock.now + hour, clock.now + 9 * hour))
    asyncio.run(store.end_offer("HP-MUG", "later"))
    clock.later(hours=2)
    assert amount(store, "HP-MUG/price") == Decimal("14.50")


def test_a_product_that_is_withdrawn_is_gone_at_once_and_after_opening_again(
    db: Path, clock: WallClock
) -> None:
    store = Store.open_now(db, clock)
    asyncio.run(store.withdraw("HP-MUG"))
    for opened in (True, False):
        assert store.product("HP-MUG") is None
        assert store.current("HP-MUG/price") is None
        assert "HP-MUG" not in [product.sku for product in store.products()]
        facts = asyncio.run(store.facts("how much is the travel mug?", "en", Focus("HP-MUG")))
        assert not [fact for fact in facts.slots().values() if fact.sku == "HP-MUG"]
        with pytest.raises(CatalogError, match="no such product"):
            do(store, SetPrice("HP-MUG", Decimal(1)))
        store.close_now()
        if opened:
            store = Store.open_now(db, clock)
    with Database(db) as database:
        assert any(row[5] for row in database.history("HP-MUG"))
