"""A file goes into a running show by command, and what is open is answered by command between
shows."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from agent.__main__ import main
from agent.rules.texts import never_said
from agent.types import Money
from catalog import push_cli
from catalog.backroom import Backroom
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load.settle import Settling
from catalog.store import Store
from catalog.unanswered import Unanswered
from tests.agent.studio.fakes import TOKEN, Room
from tests.catalog.conftest import WallClock

NEW = "sku,title,price,currency,stock\nHP-NEW,Night light,19.90,USD,4\n"


@pytest.fixture
def show(store: Store, tmp_path: Path) -> Iterator[Room]:
    backroom = Backroom(store, never_said)
    with Room(backroom=backroom, spool=tmp_path / "uploads") as room:
        yield room
    backroom.close()


def push(
    room: Room, file: Path, *options: str, token: str = TOKEN
) -> tuple[int, list[str], list[str]]:
    parser = argparse.ArgumentParser()
    push_cli.add_arguments(parser.add_subparsers())
    args = parser.parse_args(["push", str(file), "--to", room.base, *options])
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANDOR_STUDIO_TOKEN", token)
        status, lines = push_cli.run(args, said.append)
    return status, lines, said


def test_a_file_is_pushed_into_the_show(show: Room, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(NEW, encoding="utf-8")
    page = tmp_path / "report.html"
    status, lines, said = push(show, file, "--add", "--report", str(page))
    assert (status, "1 rows read" in lines[0], "sending 100 %" in said) == (0, True, True), lines
    assert store.product("HP-NEW") is not None
    assert store.product("HP-MUG") is not None
    assert "new.csv" in page.read_text(encoding="utf-8")
    _, lines, _ = push(show, file, "--add")
    assert "0 added" in lines[0]


def test_a_trial_stores_nothing(show: Room, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(NEW, encoding="utf-8")
    before = store.version
    _, lines, _ = push(show, file, "--add", "--dry-run")
    assert "trial" in lines[0]
    assert store.version == before


def test_a_load_is_the_whole_shop_unless_it_adds(show: Room, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(NEW, encoding="utf-8")
    assert push(show, file)[0] == 0
    assert [product.sku for product in store.products()] == ["HP-NEW"]
    assert store.current("HP-MUG/price") is None


def test_a_price_is_changed_while_a_file_is_read(show: Room, store: Store, tmp_path: Path) -> None:
    async def both() -> None:
        file = tmp_path / "many.csv"
        rows = "".join(f"M-{n},Thing {n},5.90,USD,1\n" for n in range(3000))
        file.write_text("sku,title,price,currency,stock\n" + rows, encoding="utf-8")
        load = asyncio.create_task(asyncio.to_thread(push, show, file, "--add"))
        changes = 0
        while not load.done():
            await store.set_stock("HP-MUG-G", changes % 100)
            changes += 1
        assert (await load)[0] == 0
        assert changes > 3

    asyncio.run(both())
    assert store.product("M-2999") is not None
    history = [row for row in store.history("HP-MUG") if row[0] == "stock"]
    versions = [int(str(row[3])) for row in history]
    assert versions == sorted(set(versions))


def test_what_is_changed_while_a_file_is_compared_is_newer_than_the_file(
    show: Room, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(NEW, encoding="utf-8")
    assert push(show, file, "--add")[0] == 0
    compare = Settling.compare
    acknowledged: list[int] = []

    def slowly(settling: Settling) -> None:
        compare(settling)
        acknowledged.append(asyncio.run(store.set_price("HP-NEW", Decimal("18.50"))))
        with pytest.raises(CatalogError):
            asyncio.run(store.set_price("NONE", Decimal("18.50")))

    monkeypatch.setattr(Settling, "compare", slowly)
    file.write_text(NEW.replace("19.90", "17.90"), encoding="utf-8")
    assert push(show, file, "--add")[0] == 0
    fact = store.current("HP-NEW/price")
    assert fact is not None
    assert isinstance(fact.value, Money)
    assert (fact.value.amount, fact.version) == (Decimal("18.50"), acknowledged[0])
    said = [str(row[2]) for row in store.history("HP-NEW") if row[0] == "offers"]
    assert ["17.9" in content for content in said] == [False, True, False]
    asyncio.run(store.set_stock("HP-NEW", 1))
    assert store.version > acknowledged[0]


def test_what_is_refused_is_said_with_its_line(show: Room, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(NEW + "HP-BAD,Bad lamp,cheap,USD,1\n", encoding="utf-8")
    before = store.version
    status, lines, _ = push(show, file, "--add")
    assert status == 1
    assert "bad.csv:3" in lines[0]
    assert store.version == before


def test_a_push_without_token_show_or_file_says_what_to_do(show: Room, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    with pytest.raises(CatalogError, match="there is no such file"):
        push(show, file)
    file.write_text(NEW, encoding="utf-8")
    with pytest.raises(CatalogError, match="set CANDOR_STUDIO_TOKEN"):
        push(show, file, token="")
    with pytest.raises(CatalogError, match="send the studio's token"):
        push(show, file, token="wrong")
    with pytest.raises(CatalogError, match="no show can be reached there"):
        push(show, file, "--to", "http://127.0.0.1:9")


def test_what_was_asked_is_answered_between_shows(
    db: Path, clock: WallClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Database(db) as database:
        book = Unanswered(database, clock)
        book.note("Does it float?", "en", "HP-SOAP", 3)
        book.close()
    assert main(["catalog", "questions", "--db", str(db), "--json"]) == 0
    (asked,) = json.loads(capsys.readouterr().out)
    assert (asked["text"], asked["asked"], asked["sku"]) == ("Does it float?", 3, "HP-SOAP")
    command = ["catalog", "questions", "--db", str(db), "--answer", asked["id"]]
    assert main([*command, "It cures eczema."]) == 2
    assert "the host would not say this" in capsys.readouterr().err
    assert main([*command, "Yes, it floats."]) == 0
    assert main(["catalog", "questions", "--db", str(db)]) == 0
    assert "nothing is open" in capsys.readouterr().out
    store = Store.open_now(db)
    fact = store.current(f"HP-SOAP/answer/asked-{asked['id']}")
    store.close_now()
    assert fact is not None
    assert fact.source == "answered at the command line"
