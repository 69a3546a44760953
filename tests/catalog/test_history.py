"""Nothing is overwritten without a trace, in files of this version and of those before it."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from catalog.db import Database
from catalog.errors import CatalogError
from catalog.rows import OfferRow, PolicyRow, ShopRow
from catalog.sql import PARTS, part_of, sql_part
from catalog.store import Store

OLD = Path(__file__).parent / "schema_2.sql"


def old_file(path: Path) -> None:
    """A file as Candor made it before prices had a basis."""
    connection = duckdb.connect(str(path))
    connection.execute("set timezone = 'UTC'")
    connection.execute(OLD.read_text(encoding="utf-8"))
    connection.execute("insert into about values (2, 'candor')")
    connection.execute(
        "insert into sources values (1, 'csv', '/x.csv', 'ab', '2026-01-01 00:00:00Z')"
    )
    tail = "'2026-01-01 00:00:00Z', false, 1, 'x.csv line {}'"
    for statement in (
        "insert into shop values ('Old shop', 'UTC', 'EUR', 'FR', 1, {})",
        "insert into products values ('MUG', 1, 'mugs', '', 2, {})",
        "insert into attributes values ('MUG', 'title', 'en', ['A mug'], null, '', 3, {})",
        "insert into variants values ('MUG-B', 'MUG', 'blue', '', 4, {})",
        "insert into attributes values ('variant:MUG-B', 'colour', 'fr', ['bleu'], null, '', 5,"
        " {})",
        "insert into offers values ('MUG-B/list', 'MUG-B', 'list', 12, 'EUR', null, null, 6, {})",
        "insert into offers values ('MUG-B/list', 'MUG-B', 'list', 13.5, 'EUR', null, null, 7, {})",
        "insert into stock values ('MUG-B', 4, 8, {})",
        "insert into policies values ('returns', '', '', 30, 30, null, null, 'EUR', 9, {})",
    ):
        connection.execute(statement.format(tail.format(2)))
    connection.execute("insert into vectors values ('m', 'ab', 'xyz'::blob)")
    connection.close()


def test_a_file_of_the_version_before_is_brought_up_to_date_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    path = tmp_path / "shop.duckdb"
    old_file(path)
    before = path.read_bytes()
    with Database(path) as database:
        held = database.holding()
        offer = held["offers", "MUG-B/list"]
        assert (offer.row, offer.ver) == (
            OfferRow("MUG-B/list", "MUG-B", "list", Decimal("13.5000"), "EUR", None, None, ""),
            7,
        )
        assert isinstance(held["policies", "returns", "", ""].row, PolicyRow)
        assert held["shop",].row == ShopRow("Old shop", "UTC", "EUR", "FR")
        assert [row[3] for row in database.history("MUG")] == [2, 3, 4, 5, 6, 7, 8]
        assert database.vectors("m") == {"ab": b"xyz"}
        assert database.version == 9
        assert len(database.rows_of(["MUG"])) == 6
    assert (tmp_path / "shop.duckdb.schema-2").read_bytes() == before
    store = Store.open_now(path)
    price = store.current("MUG/price")
    assert price is not None
    assert (price.version, price.source) == (7, "x.csv line 2")
    store.close_now()


def test_a_file_of_a_version_to_come_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    Database(path, create=True).close()
    connection = duckdb.connect(str(path))
    connection.execute("update about set schema_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CatalogError, match="schema 99"):
        Database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("sku", ["", "HP-MUG", "24-MB01", "杯子", "é", "x" * 300])
def test_the_part_of_a_product_is_the_same_in_the_file_and_outside(sku: str) -> None:
    found = duckdb.execute(f"select {sql_part('?')}", [sku]).fetchall()
    assert found == [(part_of(sku),)]
    assert 0 <= part_of(sku) < PARTS


def test_a_product_is_read_alone_as_it_is_among_all(db: Path) -> None:
    with Database(db) as database:
        whole = database.holding()
        skus = [sku for sku, _, _ in database.spine()]
        parts = [database.rows_of([sku]) for sku in [*skus, ""]]
        assert {key: held for part in parts for key, held in part.items()} == whole
        assert database.rows_of([*skus, ""]) == whole
        assert database.rows_of(["NONE"]) == {}
        swept = {key: held for some in database.sweep(3) for key, held in some.items()}
        assert {**swept, **database.rows_of([""])} == whole
        assert skus[0] == "HP-LAMP"


def test_what_was_held_at_a_moment_can_be_asked_for(db: Path) -> None:
    begun = datetime.now(UTC)
    store = Store.open_now(db)
    asyncio.run(store.set_price("HP-SOAP", Decimal("9.10")))
    store.close_now()
    with Database(db) as database:
        before = database.holding(at=begun)["offers", "HP-SOAP-1/list"]
        now = database.holding()["offers", "HP-SOAP-1/list"]
        assert database.holding(at=begun - timedelta(days=9999)) == {}
        assert database.holding(at=begun, skus=["HP-SOAP"])["offers", "HP-SOAP-1/list"] == before
    assert isinstance(before.row, OfferRow)
    assert isinstance(now.row, OfferRow)
    assert (before.row.amount, now.row.amount) == (Decimal("8.4"), Decimal("9.1"))


def test_every_price_that_there_was_is_kept_by_variant(db: Path) -> None:
    store = Store.open_now(db)
    asyncio.run(store.set_price("HP-SOAP", Decimal("9.10")))
    store.close_now()
    with Database(db) as database:
        prices = database.prior_offers(["HP-SOAP", "HP-MUG"])
    soap = [one.row.amount for one in prices["HP-SOAP-1"] if isinstance(one.row, OfferRow)]
    assert soap == [Decimal("8.4"), Decimal("9.1")]
    assert {"HP-MUG-B", "HP-MUG-G", "HP-MUG-S"} <= prices.keys()
