"""The studio's catalog in a real browser, over a real catalog."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agent.rules.texts import never_said
from agent.status import card
from agent.types import Money, Quantity
from catalog import sample
from catalog.backroom import Backroom
from catalog.store import Store
from tests.agent.publish.synthetic import SMALL
from tests.agent.studio.fakes import Room
from tests.browser.chromium import Browser, chromium

pytestmark = pytest.mark.real

SIZES = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def program() -> Iterator[Browser]:
    with chromium() as open_browser:
        yield open_browser


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "shop.duckdb"
    sample.build(path)
    opened = Store.open_now(path)
    yield opened
    opened.close_now()


@pytest.fixture
def room(store: Store, tmp_path: Path) -> Iterator[Room]:
    made = Room(encoding=SMALL, backroom=Backroom(store, never_said), spool=tmp_path / "uploads")
    made.catalog = store
    with made as server:
        server.desk.products = [card(product, "en") for product in store.products()]
        yield server


@pytest.fixture
def browser(program: Browser, room: Room) -> Iterator[Browser]:
    program.faults.clear()
    yield program
    # what the API refuses, Chromium calls a resource that failed to load
    assert [f for f in program.faults if "status of 4" not in f] == []
    program.close_pages()


@pytest.fixture(params=SIZES)
def studio(browser: Browser, room: Room, request: pytest.FixtureRequest) -> Page:
    return browser.open(room.studio_url, *SIZES[request.param])


def view(page: Page, name: str) -> None:
    buttons = page.locator(f".views button:has-text('{name}'), nav button:has-text('{name}')")
    buttons.locator("visible=true").first.click()


def choose(page: Page, words: str, title: str) -> None:
    view(page, "Catalog")
    page.fill("input[name=find]", words)
    expect(page.locator(".finder .ware")).to_have_count(1)
    page.click(".finder .ware")
    expect(page.locator(".product-head h3")).to_have_text(title)


def amount(store: Store, name: str) -> Decimal:
    fact = store.current(name)
    assert fact is not None
    assert isinstance(fact.value, Money | Quantity)
    return fact.value.amount


def enter(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Enter")


def test_a_price_and_a_stock_are_changed_on_the_air(studio: Page, store: Store) -> None:
    choose(studio, "HP-SOAP", "Cedar soap bar")
    expect(studio.locator(".facts tr").first).to_contain_text("texts.en.csv line")
    variant = store.shelf("HP-SOAP").variants[0].row.variant_id
    enter(studio, f"Price of {variant}", "8,90")
    expect(studio.locator(".outcome.true")).to_contain_text("On the air")
    assert amount(store, "HP-SOAP/price") == Decimal("8.90")
    expect(studio.locator(".product-head strong")).to_have_text("$8.90")
    enter(studio, f"Stock of {variant}", "3")
    expect(studio.locator(".outcome.true")).to_contain_text("3 in stock")
    assert amount(store, "HP-SOAP/stock") == 3


def test_a_slip_is_asked_back_and_a_wrong_number_said(studio: Page, store: Store) -> None:
    choose(studio, "HP-SOAP", "Cedar soap bar")
    before = amount(store, "HP-SOAP/price")
    variant = store.shelf("HP-SOAP").variants[0].row.variant_id
    enter(studio, f"Price of {variant}", "eight")
    expect(studio.locator(".outcome.bad")).to_contain_text('write it as "19.90"')
    enter(studio, f"Price of {variant}", str(before * 10))
    expect(studio.locator(".outcome.bad")).to_contain_text("10 times more")
    assert amount(store, "HP-SOAP/price") == before
    studio.click("text=Yes, it is meant")
    expect(studio.locator(".outcome.true")).to_contain_text("On the air")
    assert amount(store, "HP-SOAP/price") == before * 10


def test_an_offer_is_begun_and_ended(studio: Page, store: Store) -> None:
    choose(studio, "HP-SOAP", "Cedar soap bar")
    before = amount(store, "HP-SOAP/price")
    studio.get_by_label("Offer price").fill("6.90")
    studio.click("text=Start offer")
    expect(studio.locator(".offer .badge")).to_have_text("offer")
    assert amount(store, "HP-SOAP/price") == Decimal("6.90")
    studio.click("text=End now")
    expect(studio.locator(".offer .badge")).to_have_count(0)
    assert amount(store, "HP-SOAP/price") == before


def test_a_change_made_elsewhere_shows_at_once(studio: Page, room: Room, store: Store) -> None:
    choose(studio, "HP-SOAP", "Cedar soap bar")
    product = store.product("HP-SOAP")
    assert product is not None
    changed = card(product, "en") | {"price": "$7.77"}
    room.tell("cards", version=99, cards=[changed], gone=[])
    expect(studio.locator(".finder .ware")).to_contain_text("$7.77")


def test_what_was_ever_said_is_shown(studio: Page, store: Store) -> None:
    choose(studio, "HP-SOAP", "Cedar soap bar")
    studio.click("text=History")
    expect(studio.locator(".history li").first).to_contain_text("HP-SOAP")


def test_a_product_is_withdrawn_only_when_it_is_said_twice(studio: Page, store: Store) -> None:
    choose(studio, "HP-SOAP", "Cedar soap bar")
    studio.click("text=Withdraw this product")
    assert store.product("HP-SOAP") is not None
    studio.click("text=Yes, take it off the show")
    expect(studio.locator(".product-head")).to_have_count(0)
    assert store.product("HP-SOAP") is None


def test_an_open_question_is_answered_or_dismissed(
    browser: Browser, room: Room, store: Store
) -> None:
    store.unanswered.note("Does it float?", "en", "HP-SOAP", 5)
    store.unanswered.note("Marry me?", "en", "", 1)
    store.unanswered.settle()
    page = browser.open(room.studio_url, 390, 844)
    expect(page.locator("nav .count")).to_have_text("2")
    view(page, "Questions")
    first = page.locator(".questions .turn").first
    expect(first).to_contain_text("×5")
    first.locator("input[name=answer]").fill("It is the best soap in the world.")
    page.keyboard.press("Enter")
    expect(first.locator(".refusal")).to_contain_text("the host would not say this")
    first.locator("input[name=answer]").fill("Yes, it floats.")
    page.keyboard.press("Enter")
    expect(page.locator(".questions .turn")).to_have_count(1)
    expect(page.locator(".outcome.true")).to_contain_text("Does it float?")
    (name,) = [
        fact.id for fact in store.sheet("HP-SOAP") if fact.id.startswith("HP-SOAP/answer/asked")
    ]
    assert store.current(name)
    page.click("button[aria-label=Dismiss]")
    expect(page.locator(".questions .empty")).to_be_visible()


def test_markup_in_a_question_or_a_fact_is_text(browser: Browser, room: Room, store: Store) -> None:
    evil = '<img src=x onerror="document.title=1">'
    store.unanswered.note(f"Is {evil} fine?", "en", "HP-SOAP", 1)
    store.unanswered.settle()
    page = browser.open(room.studio_url)
    view(page, "Questions")
    expect(page.locator(".questions .question")).to_contain_text("<img src=x")
    assert page.locator(".questions img").count() == 0
    assert page.title() == "Candor studio"


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_loaded_while_the_show_runs(
    browser: Browser, room: Room, store: Store, tmp_path: Path, size: str
) -> None:
    file = tmp_path / "new prices.csv"
    file.write_text("sku,title,price,currency\nHP-NEW,Night light,19.90,USD\n", encoding="utf-8")
    page = browser.open(room.studio_url, *SIZES[size])
    view(page, "Catalog")
    page.click("text=Options")
    page.click("text=Keep products that this file does not name")
    page.set_input_files("input[type=file]", file)
    expect(page.locator(".report")).to_contain_text("new prices.csv")
    expect(page.locator(".report .counts")).to_contain_text("added")
    product = store.product("HP-NEW")
    assert product is not None
    assert amount(store, "HP-NEW/price") == Decimal("19.90")
    assert store.product("HP-SOAP") is not None
    with page.context.expect_page() as opened:
        page.click("text=The whole report")
    expect(opened.value.locator("body")).to_contain_text("new prices.csv")


def test_a_file_that_cannot_be_loaded_says_why(
    browser: Browser, room: Room, tmp_path: Path
) -> None:
    file = tmp_path / "photo.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 500)
    page = browser.open(room.studio_url, 390, 844)
    view(page, "Catalog")
    page.set_input_files("input[type=file]", file)
    expect(page.locator(".upload .refusal").first).to_be_visible()
