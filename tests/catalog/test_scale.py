"""A large shop says what the same shop would say if it were small, whatever was read when."""

import asyncio
import json
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ports import SetPrice
from agent.types import Focus, Money
from catalog import opening, vectors
from catalog.book import Book
from catalog.brief import Brief, Tag
from catalog.db import Database
from catalog.library import Library
from catalog.packed import pack, sweep, unpack
from catalog.prices import Prices, micros, payable
from catalog.rows import Row, StockRow
from catalog.shelf import shelves
from catalog.store import Store
from catalog.vectors import Few, Many, Older, RowsFile
from tests.catalog.conftest import WallClock
from tests.catalog.toys import Toy, toys


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample shop is one of more products than are read whole."""
    monkeypatch.setattr(opening, "SMALL", 5)
    monkeypatch.setattr(opening, "MANY", 4)


@pytest.fixture
def store(db: Path, clock: WallClock, large: None) -> Iterator[Store]:
    opened = Store.open_now(db, clock)
    yield opened
    opened.close_now()


def all_facts(store: Store) -> dict[str, object]:
    found = {fact.id: fact for sku in store._book.skus for fact in store.sheet(sku)}
    return {**found, "": list(store._book.pages[""].at(store._clock()).values())}


# --- the same as a small one -------------------------------------------------------------------


def test_a_shelf_is_packed_and_unpacked_without_loss(built: Path) -> None:
    with Database(built) as database:
        _, whole = shelves(database.holding(), database.withdrawals())
        connection = database.beside()
        found = {sku: unpack(sku, text) for sku, text in sweep(connection, ["true"])}
        connection.close()
    assert found.keys() == whole.keys()
    for sku, shelf in found.items():
        assert unpack(sku, pack(shelf)) == shelf
        for field in ("product", "variants", "offers", "stock", "attributes", "policies", "faq"):
            assert getattr(shelf, field) == getattr(whole[sku], field), (sku, field)
        assert shelf.claims == whole[sku].claims
        assert {said.row for said in shelf.said} >= {held.row for held in shelf.offers}


def test_a_large_shop_says_what_a_small_one_does(
    db: Path, clock: WallClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path(shutil.copy(db, tmp_path / "other.duckdb"))
    small = Store.open_now(other, clock)
    monkeypatch.setattr(opening, "SMALL", 5)
    monkeypatch.setattr(opening, "MANY", 4)
    big = Store.open_now(db, clock)
    try:
        assert small._library.whole
        assert not big._library.whole
        assert all_facts(small) == all_facts(big)
        assert list(small.products()) == list(big.products())
        assert small.names() == big.names()
        assert list(small._book.by_number) == list(big._book.by_number)
        assert small._search.title_words == big._search.title_words
        for question in ("how much is the lamp", "what is the cheapest", "number 3", "do you ship"):
            asked = [asyncio.run(s.facts(question, "en", Focus("HP-MUG"))) for s in (small, big)]
            assert asked[0] == asked[1]
    finally:
        small.close_now()
        big.close_now()


def test_an_index_is_made_once_and_what_changed_is_read_on_top(
    db: Path, clock: WallClock, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Store.open_now(db, clock)
    asyncio.run(first.set_price("HP-MUG", Decimal("15.25")))
    asyncio.run(first.set_text("HP-LAMP", "title", "en", "Zanzibar light"))
    asyncio.run(first.withdraw("HP-SOAP"))
    facts, words = all_facts(first), dict(first._search.title_words)
    first.close_now()

    def never(*_: object) -> None:
        raise AssertionError("made anew")

    monkeypatch.setattr(opening, "_made", never)
    again = Store.open_now(db, clock)
    try:
        assert all_facts(again) == facts
        assert dict(again._search.title_words) == words
        assert again._search.candidates(["zanzibar"]) == ["HP-LAMP"]
        assert again.product("HP-SOAP") is None
        assert "HP-SOAP" not in again._search.candidates(["soap"])
        assert "HP-SOAP" not in list(again._book.skus)
    finally:
        again.close_now()


@pytest.mark.parametrize("harm", ["no state", "no words", "other format", "other catalog", "cut"])
def test_an_index_that_is_not_this_catalog_s_is_made_anew(
    db: Path, clock: WallClock, large: None, harm: str
) -> None:
    first = Store.open_now(db, clock)
    facts = all_facts(first)
    first.close_now()
    folder = db.with_name(f"{db.name}.index")
    stamp = json.loads((folder / "stamp.json").read_text())
    within = folder / stamp["name"]
    match harm:
        case "no state":
            (within / "state").unlink()
        case "no words":
            shutil.rmtree(within / "words")
        case "other format":
            (folder / "stamp.json").write_text(json.dumps({**stamp, "format": 0}))
        case "other catalog":
            (folder / "stamp.json").write_text(json.dumps({**stamp, "born": 1}))
        case "cut":
            (folder / "stamp.json").write_text("{")
    again = Store.open_now(db, clock)
    try:
        assert all_facts(again) == facts
        assert again._search.candidates(["lamp"])[0] == "HP-LAMP"
    finally:
        again.close_now()


# --- pages that come and go --------------------------------------------------------------------


def test_a_change_is_not_lost_when_its_page_is_let_go_of(store: Store) -> None:
    for number, product in enumerate(store.products(), 100):
        asyncio.run(store.set_price(product.sku, Decimal(number), sure=True))
    assert len(store._library._pages) <= 4
    for number, product in enumerate(store.products(), 100):
        listed = [held.row.amount for held in store.shelf(product.sku).offers]
        assert number in listed


def test_what_was_just_told_of_stays_at_hand(store: Store) -> None:
    asyncio.run(store.facts("how much is it", "en", Focus("HP-LAMP")))
    page = store._library._pages["HP-LAMP"]
    assert [product.sku for product in store.products()]
    assert store._library._pages["HP-LAMP"] is page


def test_whoever_reads_one_version_sees_nothing_of_the_next(store: Store) -> None:
    before = store._book
    now = store._clock()
    old = before.fact("HP-MUG", "price", now)
    asyncio.run(store.set_price("HP-MUG", Decimal("15.25")))
    asyncio.run(store.set_price("HP-MUG", Decimal("16.25")))
    asyncio.run(store.withdraw("HP-TEE"))
    assert before.fact("HP-MUG", "price", now) == old
    assert before.product("HP-TEE", now) is not None
    assert "HP-TEE" in before.pages
    assert store._book.fact("HP-MUG", "price", now) != old
    assert store._book.product("HP-TEE", now) is None


def test_no_reader_sees_half_a_change(store: Store) -> None:
    """A price set for all of a product's variants is one price for whoever looks, at any time."""
    done = threading.Event()
    halves: list[object] = []
    looks = 0

    def look() -> None:
        nonlocal looks
        while not done.is_set():
            book, now = store._book, store._clock()
            prices = {
                book.fact("HP-TEE", "price", now, variant=held.row.variant_id)
                for held in book.pages["HP-TEE"].shelf.variants
            }
            amounts = {fact.value for fact in prices if fact is not None}
            if len(amounts) != 1:
                halves.append(amounts)
            for sku in ("HP-MUG", "HP-LAMP", "HP-THROW"):  # others come and go
                book.product(sku, now)
            looks += 1
            time.sleep(0.001)  # nobody reads without end: the writer would hardly get a turn

    async def change() -> None:
        for number in range(40):
            await store.set_price("HP-TEE", Decimal(20 + number))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        asyncio.run(change())
    finally:
        done.set()
        reader.join()
    assert looks
    assert halves == []


def test_products_are_a_list_that_reads_what_is_looked_at(store: Store) -> None:
    products = store.products()
    assert len(products) == 14
    assert [product.number for product in products[:3]] == [1, 2, 3]
    assert products[13].number == 14
    assert store.find_products("HP-MUG-G", 5)[0].sku == "HP-MUG"
    assert [p.number for p in store.find_products("#3", 1)] == [3]
    assert store.find_products("lamp", 5)[0].sku == "HP-LAMP"
    assert len(store.find_products("", 2)) == 2


# --- what was written by other ways ------------------------------------------------------------


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("size", [5, 5000])
def test_what_was_written_into_the_file_is_taken_in(
    db: Path, clock: WallClock, monkeypatch: pytest.MonkeyPatch, named: bool, size: int
) -> None:
    monkeypatch.setattr(opening, "SMALL", size)
    store = Store.open_now(db, clock)
    try:
        shelf = store.shelf("HP-SOAP")
        assert shelf.product is not None
        gone: list[Row] = [shelf.product.row]
        gone += [held.row for held in shelf.variants]
        gone += [held.row for held in shelf.offers]

        def write() -> None:
            database, now = store.database, datetime.now(UTC)
            database.begin()
            source = database.source("csv", "x", "", now)
            database.append(
                [(StockRow("HP-MUG-G", 77), "x line 1")],
                [(row, "x") for row in gone],
                source,
                now,
            )
            database.commit()
            store.reload(["HP-MUG", "HP-SOAP"] if named else None)

        store.exclusively(write)
        fact = store.current("HP-MUG/stock/HP-MUG-G")
        assert fact is not None
        assert fact.source == "x line 1"
        assert store.product("HP-SOAP") is None
        assert store.version == store.database.version
        store._search.settle()
        assert "HP-SOAP" not in store._search.candidates(["soap"])
    finally:
        store.close_now()


# --- what everything costs ---------------------------------------------------------------------


def cheapest(book: Book, now: datetime, dearest: bool) -> list[str]:
    """As the facts have it, product by product."""
    priced: list[tuple[Decimal, str]] = []
    for sku in book.skus:
        facts = book.pages[sku].at(now)
        stock = facts.get(f"{sku}/stock")
        if stock is not None and getattr(stock.value, "amount", None) == 0:
            continue
        ends = ("price", "price_to" if dearest else "price_from")
        price = next((facts[f"{sku}/{f}"] for f in ends if f"{sku}/{f}" in facts), None)
        if price is not None and isinstance(price.value, Money):
            priced.append((price.value.amount, sku))
    best = (max if dearest else min)(amount for amount, _ in priced)
    return [sku for amount, sku in priced if amount == best]


def test_the_cheapest_and_the_dearest_are_those_of_the_facts_at_any_time(
    store: Store, clock: WallClock
) -> None:
    def agree() -> None:
        for _ in range(3):
            for dearest in (False, True):
                found = store._book.extremes(clock.now, dearest=dearest)
                assert found == cheapest(store._book, clock.now, dearest)
            clock.later(days=200)
        clock.later(days=-600)

    agree()
    asyncio.run(store.set_price("HP-THROW-G-L", Decimal("300.00")))
    agree()
    ends = clock.now + timedelta(days=100)
    asyncio.run(store.set_offer("HP-LAMP", "flash", Decimal("5.50"), clock.now, ends, sure=True))
    agree()
    asyncio.run(store.set_stock("HP-SOAP", 0))
    agree()
    asyncio.run(store.withdraw("HP-MUG"))
    agree()


def test_the_cheapest_is_looked_for_among_some_of_a_kind_and_within_a_bound(store: Store) -> None:
    book, now = store._book, store._clock()
    everything = set(book.skus)
    assert book.extremes(now, dearest=False, among=["HP-LAMP", "HP-MUG"]) == ["HP-MUG"]
    assert book.extremes(now, dearest=False, among=[]) == []
    assert book.extremes(now, dearest=False, kinds=[]) == []
    assert book.extremes(now, dearest=False, kinds=["none"]) == []
    lamp = store.shelf("HP-LAMP").product
    assert lamp is not None
    kind = [sku for sku in everything if _kind(store, sku) == lamp.row.category]
    some = book.extremes(now, dearest=True, kinds=[lamp.row.category])
    assert set(some) <= set(kind)
    price = Decimal("39.90")
    assert "HP-LAMP" in book.extremes(now, dearest=False, among=["HP-LAMP"], bound=("over", price))
    assert book.extremes(now, dearest=False, among=["HP-LAMP"], bound=("under", price)) == []
    assert book.extremes(now, dearest=False, bound=("under", Decimal("1e30")))
    assert book.extremes(now, dearest=False, bound=("over", Decimal("1e30"))) == []


def _kind(store: Store, sku: str) -> str:
    product = store.shelf(sku).product
    return product.row.category if product is not None else ""


TAGS = st.lists(
    st.builds(
        lambda variant, sale, amount, begins, length: Tag(
            variant, sale, amount, begins, begins + length
        ),
        st.integers(0, 2),
        st.booleans(),
        st.integers(1, 9),
        st.integers(0, 6),
        st.integers(0, 6),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(st.lists(TAGS, min_size=1, max_size=4), st.lists(st.integers(-1, 13), min_size=1))
def test_prices_in_a_row_are_those_one_by_one(shop: list[list[Tag]], times: list[int]) -> None:
    prices = Prices()
    for place, tags in enumerate(shop):
        prices.add(place, Brief(f"P{place}", place + 1, "", ["a", "b", "c"], tags))
    for moment in times:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)
        assert micros(at) == moment
        for dearest in (False, True):
            best = max if dearest else min
            ends = {
                place: best(pays.values())
                for place, tags in enumerate(shop)
                if (pays := payable(tags, moment))
            }
            wanted = [place for place in ends if ends[place] == best(ends.values())]
            found = prices.extremes(at, dearest=dearest, among=None, kinds=None, bound=None)
            assert found == wanted


# --- vectors -----------------------------------------------------------------------------------


def rows(count: int, seed: int = 0) -> vectors.Rows:
    found = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    unit: vectors.Rows = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("cells_from", [100_000, 1000])
def test_rows_as_bytes_find_the_nearest_and_follow_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells_from: int
) -> None:
    monkeypatch.setattr(vectors, "CELLS_FROM", cells_from)
    some, asked = rows(3000), rows(50, 1)
    file = RowsFile(tmp_path / "a.rows", 32, 3000)
    file.put(list(range(3000)), some, list(range(1, 3001)))
    exact, many = Few(32), Many(file, tmp_path / "a.faiss")
    exact.put(list(range(3000)), some)
    shared = [len(set(exact.nearest(q, 20)[0]) & set(many.nearest(q, 20)[0])) for q in asked]
    assert sum(shared) >= 0.9 * 20 * 50
    assert np.abs(many.cosines(asked[0], [5, 7]) - some[[5, 7]] @ asked[0]).max() < 0.02
    assert many.cosines(asked[0], [99_999]) == [0]
    file.put([7, 3001], asked[:2], [9001, 9002])
    many.put([7, 3001], asked[:2])
    assert many.nearest(asked[0], 1)[0] == [7]
    assert many.nearest(asked[1], 1)[0] == [3001]
    many.remove([7])
    assert many.nearest(asked[0], 1)[0] != [7]
    file.flush()
    again = Many(RowsFile(tmp_path / "a.rows", 32, 3000), tmp_path / "a.faiss")
    assert again.nearest(asked[1], 1)[0] == [3001]
    assert 7 not in again.nearest(asked[0], 5)[0]
    older = Older(tmp_path / "a.rows")
    row = older.row(9002)
    assert row is not None
    assert np.abs(row[0] - asked[1]).max() < 0.02
    assert older.row(424242) is None


def test_a_large_shop_is_searched_by_meaning_and_goes_on_where_embedding_stopped(
    db: Path, clock: WallClock, large: None
) -> None:
    async def opened(models: object) -> Store:
        store = await Store.open(db, clock, embedders=lambda: models)  # type: ignore[arg-type,return-value]
        assert await store.embedded()
        return store

    store = asyncio.run(opened(toys()))
    asyncio.run(store.set_text("HP-THROW", "title", "en", "settee"))
    asyncio.run(store.set_text("HP-THROW", "also_called", "en", "settee"))
    store._search.settle()
    assert store._search.find("a couch", "en", "product")[0].sku == "HP-THROW"
    asyncio.run(store.facts("is it soft", "en", Focus("HP-THROW")))
    store._search.settle()
    hits = store._search.find("is it soft", "en", "fact", ["HP-THROW"])
    assert any(hit.meaning for hit in hits), "the facts of what is spoken of are embedded"
    store.close_now()
    models = toys()
    asyncio.run(opened(models)).close_now()
    english = models["en"]
    assert isinstance(english, Toy)
    assert english.encoded == []


def test_library_of_nothing_has_no_pages(store: Store) -> None:
    library: Library = store._library
    assert library.page("NONE", store.version) is None
    assert library.shelf("NONE") is None
    assert store.owner("NONE") is None


@pytest.mark.parametrize("size", [5, 5000])
def test_changes_made_together_are_seen_together(
    db: Path, clock: WallClock, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Two prices in one batch: whoever looks has both, or neither."""
    monkeypatch.setattr(opening, "SMALL", size)
    store = Store.open_now(db, clock)
    done = threading.Event()
    seen: set[tuple[object, object]] = set()

    def look() -> None:
        while not done.is_set():
            book, now = store._book, store._clock()
            facts = [book.fact(sku, "price", now) for sku in ("HP-MUG", "HP-TEE")]
            seen.add((facts[0] and facts[0].value, facts[1] and facts[1].value))

    async def change() -> None:
        for number in range(20, 60):
            price = Decimal(number)
            await store.change([SetPrice("HP-MUG", price), SetPrice("HP-TEE", price)])

    reader = threading.Thread(target=look)
    reader.start()
    try:
        asyncio.run(change())
    finally:
        done.set()
        reader.join()
        store.close_now()
    unlike = [pair for pair in seen if pair[0] != pair[1]]
    assert len(unlike) <= 1, "but for what was before the first change"
