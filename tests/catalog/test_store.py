"""A fact is what the catalog holds at this moment, and each change leaves a trace."""

import asyncio
import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from agent.ports import Catalog
from agent.types import Fact, Focus, Moment, Money, Quantity, Words
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load import load
from catalog.sample import FOLDER
from catalog.sql import schema
from catalog.store import Store
from tests.catalog.conftest import WallClock


def amount(fact: Fact | None) -> Decimal:
    assert fact is not None
    assert isinstance(fact.value, Money | Quantity)
    return fact.value.amount


def current(store: Store, name: str) -> Fact:
    fact = store.current(name)
    assert fact is not None, name
    return fact


def test_a_store_is_a_catalog(store: Store) -> None:
    catalog: Catalog = store
    assert [product.number for product in catalog.products()] == list(range(1, 15))


def test_an_offer_is_over_at_its_end_and_the_price_is_another_version(
    store: Store, clock: WallClock
) -> None:
    during, ends = current(store, "HP-LAMP/price"), current(store, "HP-LAMP/offer_ends")
    assert amount(during) == Decimal("39.90")
    assert isinstance(ends.value, Moment)
    clock.now = ends.value.at - timedelta(microseconds=1)
    assert store.current("HP-LAMP/price") == during
    clock.now = ends.value.at
    after = current(store, "HP-LAMP/price")
    assert amount(after) == Decimal("49.90")
    assert after.version != during.version
    assert store.current("HP-LAMP/offer_ends") is None
    assert store.current("HP-LAMP/list_price") is None
    product = store.product("HP-LAMP")
    assert product is not None
    assert product.offer_ends is None


def test_an_offer_holds_from_its_beginning_only(store: Store, clock: WallClock) -> None:
    before = current(store, "HP-JACKET/price")
    clock.to("2030-03-01T04:59:59+00:00")
    assert store.current("HP-JACKET/price") == before
    clock.to("2030-03-01T05:00:00+00:00")  # midnight in New York
    during = current(store, "HP-JACKET/price")
    assert (amount(before), amount(during)) == (Decimal("89.00"), Decimal("74.50"))
    assert during.version != before.version
    assert amount(current(store, "HP-JACKET/list_price")) == Decimal("89.00")


def test_an_offer_that_was_over_before_the_show_is_never_seen(store: Store) -> None:
    assert amount(current(store, "HP-TEE/price")) == Decimal("24.95")
    assert store.current("HP-TEE/list_price") is None


def test_a_certificate_lapses(store: Store, clock: WallClock) -> None:
    assert current(store, "HP-TEE/certificate").value == Words(("GOTS organic cotton",))
    clock.to("2031-03-01T00:00:00+00:00")
    assert store.current("HP-TEE/certificate") is None


def test_prices_that_differ_by_size_are_a_from_price(store: Store) -> None:
    assert store.current("HP-THROW/price") is None
    assert amount(current(store, "HP-THROW/price_from")) == Decimal("79.90")
    assert amount(current(store, "HP-THROW/price_to")) == Decimal("104.90")
    assert amount(current(store, "HP-THROW/price/HP-THROW-G-L")) == Decimal("104.90")


def test_sold_out_is_zero_and_uncounted_is_no_fact(store: Store) -> None:
    assert amount(current(store, "HP-BUDS/stock")) == 0
    assert store.current("HP-HONEY/stock") is None


def test_every_fact_says_where_it_is_from(store: Store) -> None:
    for product in store.products():
        for fact in store.sheet(product.sku):
            assert store.current(fact.id) == fact
            assert "line " in fact.source or fact.source == "shop.json"
            assert fact.version > 0


def test_unknown_ids_are_no_facts(store: Store) -> None:
    for name in ("", "/", "HP-LAMP", "HP-LAMP/none", "NONE/price", "shop/none", "//"):
        assert store.current(name) is None
    assert store.product("") is None


def test_a_changed_price_is_current_at_once_and_after_opening_again(
    db: Path, clock: WallClock
) -> None:
    async def change() -> Fact:
        store = await Store.open(db, clock)
        try:
            before = current(store, "HP-MUG/price")
            await store.set_price("HP-MUG", Decimal("15.25"))
            after = current(store, "HP-MUG/price")
            assert after.version > before.version
            assert amount(after) == Decimal("15.25")
            facts = await store.facts("how much is the mug", "en", Focus())
            assert facts.asked == (after,)
            assert facts.version == store.version == after.version
            return after
        finally:
            await store.close()

    after = asyncio.run(change())
    store = Store.open_now(db, clock)
    assert store.current("HP-MUG/price") == after
    store.close_now()


def test_one_variant_dearer_makes_a_from_price(store: Store) -> None:
    before = current(store, "HP-MUG/price")
    asyncio.run(store.set_price("HP-MUG-G", Decimal("16.00")))
    assert store.current("HP-MUG/price") is None
    assert amount(current(store, "HP-MUG/price_from")) == Decimal("14.50")
    asyncio.run(store.set_price("HP-MUG-G", Decimal("14.50")))
    assert current(store, "HP-MUG/price").version > before.version


def test_stock_of_a_variant_and_of_the_whole_follow_a_sale(store: Store) -> None:
    whole = current(store, "HP-MUG/stock")
    asyncio.run(store.set_stock("HP-MUG-G", 0))
    assert amount(current(store, "HP-MUG/stock/HP-MUG-G")) == 0
    assert amount(current(store, "HP-MUG/stock")) == amount(whole) - 3
    assert current(store, "HP-MUG/stock").version > whole.version
    asyncio.run(store.set_stock("HP-MUG-G", None))
    assert store.current("HP-MUG/stock") is None, "a sum with an unknown part is unknown"


def test_a_live_offer_begins_and_can_be_ended(store: Store, clock: WallClock) -> None:
    regular = current(store, "HP-SOAP/price")
    ends = clock.now + timedelta(minutes=10)
    asyncio.run(store.set_offer("HP-SOAP", "flash", Decimal("6.95"), clock.now, ends))
    assert amount(current(store, "HP-SOAP/price")) == Decimal("6.95")
    clock.later(minutes=10)
    assert store.current("HP-SOAP/price") == regular


@pytest.mark.parametrize("bad", ["0", "-1", "NaN", "Infinity", "1E+20"])
def test_what_is_no_price_is_refused_and_changes_nothing(store: Store, bad: str) -> None:
    version = store.version
    with pytest.raises(CatalogError, match="not a price"):
        asyncio.run(store.set_price("HP-MUG", Decimal(bad)))
    assert store.version == version


def test_changes_of_what_there_is_not_are_refused(store: Store) -> None:
    with pytest.raises(CatalogError, match="no such product"):
        asyncio.run(store.set_price("NONE", Decimal(1)))
    with pytest.raises(CatalogError, match="of which variant"):
        asyncio.run(store.set_stock("HP-TEE", 3))
    with pytest.raises(CatalogError, match="zone"):
        asyncio.run(store.set_offer("HP-MUG", "x", Decimal(1), datetime(2026, 1, 1), None))


def test_a_new_answer_is_found_at_once(store: Store) -> None:
    question = "does it need a coaster"
    before = asyncio.run(store.facts(question, "en", Focus("HP-MUG")))
    assert not before.asked
    asyncio.run(
        store.set_answer(
            "HP-MUG", "mug-coaster", "en", "Is a coaster needed?", "No coaster needed."
        )
    )
    after = asyncio.run(store.facts(question, "en", Focus("HP-MUG")))
    assert [fact.id for fact in after.asked] == ["HP-MUG/answer/mug-coaster"]


def test_the_history_keeps_what_was_so(db: Path, clock: WallClock) -> None:
    store = Store.open_now(db, clock)
    asyncio.run(store.set_price("HP-SOAP", Decimal("9.10")))
    store.close_now()
    with Database(db) as database:
        rows = [row for row in database.history("HP-SOAP") if row[0] == "offers"]
    assert ['"amount":"8.4000"' in str(row[2]) for row in rows] == [True, False]
    assert [row[6] for row in rows] == ["variants.csv line 37", "live"]


# --- the file --------------------------------------------------------------------------------


def test_no_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog here; make one"):
        Store.open_now(tmp_path / "none.duckdb")


def test_an_empty_catalog_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.duckdb"
    Database(path, create=True).close()
    with pytest.raises(CatalogError, match="no products; load some"):
        Store.open_now(path)


@pytest.mark.parametrize("tables", ["create table t (x integer)", schema()])
def test_another_database_is_no_catalog(tmp_path: Path, tables: str) -> None:
    """Nor is one with a catalog's tables that nothing was ever marked in."""
    path = tmp_path / "other.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute(tables)
    connection.close()
    with pytest.raises(CatalogError, match="not a catalog of Candor"):
        Store.open_now(path)


@pytest.mark.parametrize("content", [b"", b"\0" * 9000, b"sku,title\nA,B\n"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.duckdb"
    path.write_bytes(content)
    with pytest.raises(CatalogError, match=r"bad\.duckdb"):
        Store.open_now(path)


def test_a_damaged_catalog_is_refused(db: Path) -> None:
    content = bytearray(db.read_bytes())
    content[4096 : len(content) - 4096] = b"\x5a" * (len(content) - 8192)
    db.write_bytes(bytes(content))
    with pytest.raises(CatalogError, match=r"shop\.duckdb"):
        Store.open_now(db)


HOLD = """
import sys
from pathlib import Path
from catalog.store import Store
store = Store.open_now(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_a_catalog_that_a_show_has_open_says_who_and_what_to_do(db: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(CatalogError, match=rf"process {other.pid} has this catalog open"):
            Store.open_now(db)
        with pytest.raises(CatalogError, match=r"studio.*catalog push FILE"):
            load(FOLDER, db)
        other.kill()
