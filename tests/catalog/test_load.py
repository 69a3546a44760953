"""A load is all or nothing, and says what it did and what is wrong, cell by cell."""

import argparse
import shutil
from pathlib import Path

import pytest

from catalog import cli
from catalog.load import Options, load
from catalog.load.forms.mapping import ShopHint
from catalog.load.report import Report
from catalog.load.understood import value
from catalog.load.values import items, moment, money, number, plain, quantity
from catalog.sample import FOLDER, build
from catalog.sql import parse, queries
from catalog.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample shop's tables."""
    return Path(shutil.copytree(FOLDER, tmp_path / "shop", ignore=shutil.ignore_patterns("*.py*")))


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_the_sample_shop_loads_and_loading_it_again_changes_nothing(tmp_path: Path) -> None:
    db = tmp_path / "shop.duckdb"
    first, second = build(db), build(db)
    assert first.ok
    assert first.added["products"] == 14
    assert second.did_nothing
    assert second.version == first.version


def test_policies_and_answers_stand_beside_an_export(tmp_path: Path) -> None:
    db, beside = tmp_path / "shop.duckdb", tmp_path / "beside"
    (tmp_path / "export.csv").write_text("sku,title,price\nCUP,Cup,9.00\n", "utf-8")
    beside.mkdir()
    shop = '{"name": "Shore", "zone": "UTC", "currency": "USD", "market": "US"}'
    (beside / "shop.json").write_text(shop, "utf-8")
    policies = "kind,sku,region,low,high,fee,free_from\nwarranty,{},,12,,,\nreturns,,,30,,,\n"
    hint = ShopHint("Shore", "UTC", "USD", "US")
    assert load(tmp_path / "export.csv", db, Options(shop=hint)).ok

    (beside / "policies.csv").write_text(policies.format("JUG"), "utf-8")
    refused = load(beside, db, Options(add=True))
    assert [one.reason for one in refused.refused] == ["there is no such product"]
    (beside / "policies.csv").write_text(policies.format("CUP"), "utf-8")
    assert load(beside, db, Options(add=True)).added == {"policies": 2}
    assert not load(beside, db).ok  # alone it is no shop


def test_a_changed_cell_changes_one_fact(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "shop.duckdb"
    first = load(folder, db)
    change(folder / "variants.csv", "14.50,64", "14.50,63")
    again = load(folder, db)
    assert dict(again.changed) == {"stock": 1}
    assert not again.added
    assert again.version == first.version + 1


def test_what_the_files_no_longer_say_is_withdrawn(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "shop.duckdb"
    load(folder, db)
    store = Store.open_now(db)
    before = store.current("HP-MUG/stock")
    store.close_now()
    change(folder / "variants.csv", "HP-MUG-G,HP-MUG,moss green,vert mousse,苔绿色,,14.50,3\n", "")
    report = load(folder, db)
    assert report.withdrawn["variants"] == 1
    store = Store.open_now(db)
    after = store.current("HP-MUG/stock")
    assert store.current("HP-MUG/stock/HP-MUG-G") is None
    store.close_now()
    assert before is not None
    assert after is not None
    assert after.version > before.version


def test_prices_set_live_outlive_a_load_of_the_same_files(folder: Path, tmp_path: Path) -> None:
    import asyncio
    from decimal import Decimal

    db = tmp_path / "shop.duckdb"
    load(folder, db)
    store = Store.open_now(db)
    asyncio.run(store.set_price("HP-SOAP", Decimal("7.77")))
    store.close_now()
    assert load(folder, db).did_nothing


@pytest.mark.parametrize(
    ("file", "before", "after", "field", "reason"),
    [
        ("variants.csv", "14.50,64", "-3,64", "price", "amount such as"),
        ("variants.csv", "14.50,64", "0,64", "price", "above zero"),
        ("variants.csv", "14.50,64", "€14.50,64", "price", "prices are in USD"),
        ("variants.csv", "14.50,64", "14.50,-2", "stock", "0 or more"),
        ("variants.csv", "14.50,64", "14.50", "", "7 cells where the heading has 8"),
        ("variants.csv", "HP-MUG-B,HP-MUG", "HP-MUG-B,HP-MUGS", "sku", "no such product"),
        ("variants.csv", "HP-MUG-S", "HP-MUG-B", "", "stands there already"),
        ("variants.csv", "variant,sku,colour,", "variant,sku,hue,", "hue", "is not a column"),
        ("products.csv", "HP-MUG,2", "HP-MUG,1", "number", "another product"),
        ("products.csv", "380 g", "380 stones", "weight", "number and its unit"),
        ("products.csv", "images/HP-MUG.png", "images/none.png", "image", "no such file"),
        ("texts.en.csv", "Tide stoneware mug", "<b>Tide</b> mug", "title", "without HTML"),
        ("texts.en.csv", "Tide stoneware mug", "=HYPERLINK(1)", "title", "formula"),
        ("texts.en.csv", "HP-MUG,Tide stoneware mug", "HP-MUG,", "title", "has to be there"),
        ("offers.csv", "39.90", "49.90", "price", "not below the regular price"),
        ("offers.csv", "2029-12-31T23:59", "2025-12-31T23:59", "until", "not after its beginning"),
        ("offers.csv", "2029-12-31T23:59", "New Year", "until", "a time such as"),
        ("policies.csv", "delivery,,US,2,4", "delivery,,US,4,2", "high", "below low"),
        ("policies.csv", "returns,", "refunds,", "kind", "delivery, returns or warranty"),
        ("faq.csv", "lamp-bulb,HP-LAMP,en", "lamp-bulb,HP-LAMP,de", "language", "one of en, fr"),
        ("certificates.csv", "Example Textile Control (invented),SAMPLE-GOTS", ",SAMPLE-GOTS",
         "issuer", "has to be there"),
        ("shop.json", "America/New_York", "Mars/Olympus", "zone", "Europe/Paris"),
        ("shop.json", '"currency": "USD"', '"currency": 5', "currency", "a text"),
        ("shop.json", "{", "[", "", "not JSON"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_and_nothing_is_loaded(
    folder: Path, tmp_path: Path, file: str, before: str, after: str, field: str, reason: str
) -> None:
    db = tmp_path / "shop.duckdb"
    change(folder / file, before, after)
    report = load(folder, db)
    assert not report.ok
    assert not db.exists()
    found = [r for r in report.refused if r.file == file and r.field == field]
    assert found
    assert any(reason in r.reason for r in found)
    if file.endswith(".csv"):
        assert all(refused.line > 0 for refused in found)


def test_a_refused_load_leaves_the_catalog_as_it_was(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "shop.duckdb"
    first = load(folder, db)
    change(folder / "variants.csv", "14.50,64", "x,64")
    assert not load(folder, db).ok
    store = Store.open_now(db)
    assert store.version == first.version
    store.close_now()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"sku,title,price\nA,\0,3\n", "not text"),
        (b"", "is empty"),
        (b"sku,title,price\n", "no rows"),
        (b"sku,words,price\nA,B,3\n", "no such column"),
        (b"sku,title,price\nA,B,3\nA,C,4\n", "stands there already (shop.csv line 2)"),
        (b'sku,title,price\nA,"B,3\n', "cut short"),
        (b"sku,title,price\nA," + b"x" * 200_000 + b",3\n", "characters long"),
        (b"sku,title,price,currency\nA,B,3,USD\nC,D,4,EUR\n", "one currency"),
    ],
)
def test_a_bad_csv_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(content)
    report = load(path, tmp_path / "shop.duckdb")
    assert not report.ok
    assert reason in str(report)


def test_one_plain_csv_is_a_shop(tmp_path: Path) -> None:
    path, db = tmp_path / "corner.csv", tmp_path / "shop.duckdb"
    path.write_text(
        'sku;title;price;stock;material\nA-1;Blue vase;"1.234,50";4;glass; \n'.replace("; \n", "\n")
    )
    assert load(path, db).ok
    store = Store.open_now(db)
    product = store.product("A-1")
    store.close_now()
    assert product is not None
    assert product.price is not None
    assert value(product.price) == "1234.50 USD"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("19.90", "19.90"), ("19,9", "19.9"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"),
     ("1 234,5", "1234.5"), ("1,234", "1234"), ("1'000", "1000")],
)  # fmt: skip
def test_numbers_are_read_with_point_or_comma(cell: str, value: str) -> None:
    assert str(number(cell)) == value


def test_cells_are_read() -> None:
    assert str(money("$ 19.90", "USD")) == "19.90"
    assert tuple(map(str, quantity("1.2 kg"))) == ("1.2", "kg")
    assert items("oak; linen ;") == ("oak", "linen")
    assert plain("  a\n b ") == "a b"
    assert moment("2026-01-01T00:00", "Europe/Paris").isoformat() == "2026-01-01T00:00:00+01:00"


def test_queries_are_named_and_said_what_they_give() -> None:
    assert len(queries()) > 10
    for bad in ("select 1;", "-- name: a\nselect 1;", "-- name: a\n-- x\nselect 1; select 2;",
                "-- name: A\n-- x\nselect 1;",
                "-- name: a\n-- x\nselect 1;\n-- name: a\n-- x\nselect 1;"):  # fmt: skip
        with pytest.raises(Exception, match=r"queries\.sql"):
            parse(bad)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser.add_subparsers(dest="command"))
    return cli.run(parser.parse_args(["catalog", *words]))


def test_the_command_loads_searches_and_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = str(tmp_path / "shop.duckdb")
    assert run("load", "--db", db) == 0
    assert run("search", "how much is the mug", "--db", db, "--explain") == 0
    assert run("show", "HP-LAMP", "--db", db) == 0
    assert run("show", "HP-LAMP", "--db", db, "--history") == 0
    said = capsys.readouterr().out
    assert "HP-MUG/price  14.50 USD" in said
    assert "HP-LAMP/offer_ends" in said
    assert run("show", "NONE", "--db", db) == 2
    assert run("show", "NONE", "--db", str(tmp_path / "none.duckdb")) == 2
    assert "make one with" in capsys.readouterr().err


def test_a_report_counts_what_it_did() -> None:
    assert "0 added" in str(Report("x"))
