"""What is loaded is whole, once, and traced; what is left out is said."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load import Options, Progress, load, load_into
from catalog.load.forms.mapping import ShopHint
from catalog.load.report import Report
from catalog.rows import AttributeRow, FaqRow, OfferRow, ProductRow, StockRow

HEAD = "sku,title,price,stock,category\n"


class Shop:
    """A shop's exports and its catalog."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "shop.duckdb"

    def file(self, text: str, name: str = "shop.csv") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def load(
        self,
        text: str,
        name: str = "shop.csv",
        *,
        partial: bool = False,
        add: bool = False,
        dry_run: bool = False,
    ) -> Report:
        hint = ShopHint("Test shop", "UTC", "EUR", "FR")
        options = Options(partial=partial, add=add, dry_run=dry_run, shop=hint)
        return load(self.file(HEAD + text, name), self.db, options)

    def skus(self) -> dict[str, int]:
        with Database(self.db) as database:
            return {sku: number for sku, number, _ in database.spine()}

    def price(self, variant: str) -> Decimal | None:
        with Database(self.db) as database:
            held = database.holding().get(("offers", f"{variant}/list"))
        return held.row.amount if held is not None and isinstance(held.row, OfferRow) else None

    def live(self, *rows: OfferRow | StockRow | FaqRow) -> None:
        with Database(self.db) as database:
            database.begin()
            now = datetime.now(UTC)
            source = database.live_source(now)
            database.append([(row, "live") for row in rows], [], source, now)
            database.commit()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


MUG = "MUG,A mug,12,4,mugs\n"
BOWL = "BOWL,A bowl,20,3,bowls\n"
VASE = "VASE,A vase,30,2,vases\n"


def test_the_same_content_changes_nothing_and_keeps_what_was_set_live(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    shop.live(OfferRow("MUG/list", "MUG", "list", Decimal(9), "EUR", None, None))
    again = shop.load(MUG + BOWL)
    assert again.did_nothing
    assert shop.price("MUG") == Decimal(9)


def test_an_older_file_that_comes_back_is_loaded_again(shop: Shop) -> None:
    shop.load(MUG)
    shop.load(MUG.replace("12", "13"))
    report = shop.load(MUG)
    assert dict(report.changed) == {"offers": 1}
    assert shop.price("MUG") == Decimal(12)


def test_a_load_is_the_whole_shop(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    report = shop.load(VASE + BOWL, "other.csv")
    assert (report.added["products"], report.withdrawn["products"]) == (1, 1)
    assert report.withdrawn["stock"] == 1
    assert shop.skus().keys() == {"BOWL", "VASE"}


def test_a_load_that_adds_stands_beside_what_other_files_said(shop: Shop) -> None:
    shop.load(MUG, "a.csv")
    shop.load(BOWL + VASE, "b.csv", add=True)
    assert shop.skus().keys() == {"MUG", "BOWL", "VASE"}
    report = shop.load(BOWL, "b.csv", add=True)
    assert report.withdrawn["products"] == 1
    assert shop.skus().keys() == {"MUG", "BOWL"}
    assert shop.load(BOWL, "b.csv", add=True).did_nothing
    with Database(shop.db) as database:
        held = database.holding()
    assert ("attributes", "category:vases", "category", "en") not in held
    assert ("attributes", "category:mugs", "category", "en") in held
    shop_row = held["shop",].row
    assert getattr(shop_row, "name", "") == "Test shop"


def test_what_was_changed_live_goes_with_its_product(shop: Shop) -> None:
    shop.load(MUG, "a.csv")
    shop.load(BOWL + VASE, "b.csv", add=True)
    shop.live(OfferRow("VASE/list", "VASE", "list", Decimal(9), "EUR", None, None))
    shop.load(BOWL, "b.csv", add=True)
    assert shop.price("VASE") is None


def test_an_answer_of_the_staff_outlives_the_exports_while_its_product_is_sold(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    shop.live(FaqRow("q1", "MUG", "en", "Dishwasher?", "Yes."))
    shop.live(FaqRow("q2", "BOWL", "en", "Oven?", "No."), FaqRow("q3", "", "en", "Gift?", "Yes."))
    shop.load(MUG + VASE)
    with Database(shop.db) as database:
        answers = [row.faq_id for one in database.holding().values()
                   if isinstance(row := one.row, FaqRow)]  # fmt: skip
    assert answers == ["q1", "q3"]


def test_a_product_keeps_its_link_number_and_a_new_one_gets_the_next(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    assert shop.skus() == {"MUG": 1, "BOWL": 2}
    shop.load(VASE + BOWL)
    assert shop.skus() == {"BOWL": 2, "VASE": 3}, "a number is not given away in the same load"
    shop.load(VASE + BOWL + MUG)
    assert shop.skus() == {"MUG": 1, "BOWL": 2, "VASE": 3}


def test_what_is_good_is_loaded_if_one_says_so_and_the_rest_stays_as_it_was(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    bad = MUG.replace("12", "15") + BOWL.replace("20", "free") + VASE
    whole = shop.load(bad)
    assert (whole.ok, whole.stored) == (False, False)
    assert shop.price("MUG") == Decimal(12)
    report = shop.load(bad, partial=True)
    assert (report.ok, report.stored, report.left_out) == (False, True, 1)
    assert not report.withdrawn
    assert [shop.price(name) for name in ("MUG", "BOWL", "VASE")] == [15, 20, 30]


def test_a_partial_load_of_nothing_good_takes_nothing_away(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    report = shop.load(MUG.replace("12", "x"), partial=True)
    assert (report.stored, "Nothing was loaded" in report.outcome) == (False, True)
    assert shop.skus().keys() == {"MUG", "BOWL"}
    wrong = shop.file("a,b\n1,2\n")
    assert not load(wrong, shop.db, Options(partial=True)).stored
    assert shop.skus().keys() == {"MUG", "BOWL"}


def test_a_part_loaded_as_the_whole_is_told_of(shop: Shop) -> None:
    shop.load(MUG + BOWL + VASE)
    report = shop.load(MUG)
    assert "2 of 3 products are withdrawn" in report.notes[0]


def test_a_product_of_which_one_version_is_wrong_is_left_out_whole(shop: Shop) -> None:
    path = shop.file(
        "sku,group,title,price,colour\nM-R,MUG,A mug,12,red\nM-B,MUG,A mug,x,blue\nV,V,A vase,30,\n"
    )
    report = load(path, shop.db, Options(partial=True))
    assert report.left_out == 1
    assert shop.skus().keys() == {"V"}


def test_of_two_rows_by_one_name_neither_is_loaded(shop: Shop) -> None:
    report = shop.load(MUG + BOWL + MUG.replace("12", "13"), partial=True)
    reasons = [(one.line, one.reason) for one in report.refused]
    assert (4, "stands there already (shop.csv line 2)") in reasons
    assert shop.skus().keys() == {"BOWL"}


def test_a_trial_stores_nothing(shop: Shop) -> None:
    shop.load(MUG)
    before = shop.db.stat().st_mtime_ns
    report = shop.load(MUG.replace("12", "13") + BOWL, dry_run=True)
    assert (report.changed["offers"], report.added["products"]) == (1, 1)
    assert shop.price("MUG") == Decimal(12)
    assert shop.skus().keys() == {"MUG"}
    assert shop.db.stat().st_mtime_ns >= before
    other = Shop(shop.folder / "new")
    other.folder.mkdir()
    assert other.load(MUG, dry_run=True).added["products"] == 1
    assert not other.db.exists()


def test_a_folder_of_exports_is_read_file_by_file(shop: Shop) -> None:
    folder = shop.folder / "exports"
    folder.mkdir()
    (folder / "a.csv").write_text(HEAD + MUG)
    (folder / "b.jsonl").write_text('{"sku": "BOWL", "title": "A bowl", "price": 20}\n')
    (folder / "notes.pdf").write_text("x")
    report = load(folder, shop.db)
    assert [one.file for one in report.files] == ["a.csv", "b.jsonl"]
    assert "notes.pdf" in report.notes[0]
    assert shop.skus().keys() == {"MUG", "BOWL"}


def test_several_files_are_one_shop(shop: Shop) -> None:
    paths = [shop.file(HEAD + MUG, "a.csv"), shop.file(HEAD + BOWL, "b.csv")]
    load(paths, shop.db)
    assert load(paths, shop.db).did_nothing
    with Database(shop.db) as database:
        assert [Path(uri).name for uri, *_ in database.loads()] == ["b.csv", "a.csv"]
    assert shop.skus().keys() == {"MUG", "BOWL"}


def test_a_shop_has_one_currency(shop: Shop) -> None:
    euro = shop.file("sku,title,price\nA,Vase,12 EUR\n", "a.csv")
    dollar = shop.file("sku,title,price\nB,Bowl,12 USD\n", "b.csv")
    assert not load([euro, dollar], shop.db).ok
    assert not shop.db.exists()
    load(euro, shop.db)
    assert not load(dollar, shop.db, Options(add=True)).ok


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("MUG,A mug,12,4,mugs", "MUG,A mug,120,4,mugs", "was 12.0000 before"),
        ("MUG,A mug,12,4,mugs", "MUG,A mug,1.2,4,mugs", "was 12.0000 before"),
        ("BOWL,A bowl", "BOWL,A mug", "has the same title"),
    ],
)
def test_what_looks_like_a_slip_is_loaded_and_said(
    shop: Shop, before: str, after: str, reason: str
) -> None:
    shop.load(MUG + BOWL)
    report = shop.load((MUG + BOWL).replace(before, after))
    assert report.ok
    assert any(reason in one.reason for one in report.suspicious)


def test_texts_that_the_host_will_never_say_are_said_to_be_so(shop: Shop) -> None:
    path = shop.file("sku,title,price,care\nMUG,A mug,12,The best care\nBOWL,A bowl,20,Rinse\n")
    asked = []

    def judge(text: str, language: str) -> str | None:
        asked.append((text, language))
        return "claims 'best'" if "best" in text else None

    report = load(path, shop.db, judge=judge)
    assert ("Rinse", "en") in asked
    found = [one for one in report.suspicious if "never say" in one.reason]
    assert [(one.line, one.field, one.value) for one in found] == [(2, "care", "The best care")]


def test_progress_is_told_from_reading_to_storing(shop: Shop) -> None:
    told: list[Progress] = []
    load(shop.file(HEAD + MUG), shop.db, tell=told.append)
    assert [stage for n, (stage, *_) in enumerate(told) if stage != told[n - 1].stage][-3:] == [
        "checking", "comparing", "storing",
    ]  # fmt: skip
    assert told[-1].done == told[-1].total


def test_an_open_catalog_is_loaded_into_and_says_what_changed(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    path = shop.file(HEAD + MUG.replace("12", "15") + BOWL)
    shop_row = ShopHint("Test shop", "UTC", "EUR", "FR")
    with Database(shop.db) as database:
        before = database.version
        report, changed = load_into(database, path, Options(shop=shop_row, uri="upload/shop.csv"))
        assert changed == ["MUG"]
        assert database.version == report.version == before + 1
        held = database.rows_of(["MUG"])["offers", "MUG/list"]
        assert held.source == "shop.csv line 2"
        assert database.loads()[0][0] == "upload/shop.csv"
        database.begin()
        source = database.live_source(datetime.now(UTC))
        database.append([(StockRow("MUG", 1), "live")], [], source, datetime.now(UTC))
        database.commit()
        assert database.version == before + 2


def test_a_variant_that_moves_to_another_product_is_found_there_only(shop: Shop) -> None:
    head = "sku,group,title,price\n"
    load(shop.file(head + "X,A,A mug,12\nY,B,A bowl,20\nZ,A,A mug,12\n"), shop.db)
    load(shop.file(head + "X,A,A mug,12\nY,B,A bowl,20\nZ,B,A bowl,12\n"), shop.db)
    with Database(shop.db) as database:
        a, b = database.rows_of(["A"]), database.rows_of(["B"])
        assert {**a, **b, **database.rows_of([""])} == database.holding()
    assert ("offers", "Z/list") in b
    assert ("variants", "Z") not in a


def test_odd_characters_are_kept_as_they_are(shop: Shop) -> None:
    title = 'A "mug", é ’ 🙂'
    shop.load('MUG,"' + title.replace('"', '""') + '",12,4,"a, b"\n')
    with Database(shop.db) as database:
        row = database.holding()["attributes", "MUG", "title", "en"].row
    assert isinstance(row, AttributeRow)
    assert row.words == (title,)


def test_a_product_is_read_from_where_it_stands(shop: Shop) -> None:
    shop.load(MUG + BOWL)
    with Database(shop.db) as database:
        held = database.holding()
    assert held["products", "BOWL"].source == "shop.csv line 3"
    assert isinstance(held["products", "BOWL"].row, ProductRow)
    versions = sorted(one.ver for one in held.values())
    assert len(set(versions)) == len(versions)


LOAD = """
import sys
from pathlib import Path
from catalog.load import Options, load
def tell(progress):
    print(progress.stage, progress.done, flush=True)
load(Path(sys.argv[1]), Path(sys.argv[2]), Options(), tell)
"""


def many(count: int, price: int) -> Iterable[str]:
    yield HEAD
    for number in range(count):
        yield f"SKU-{number:06d},Thing number {number},{price},4,things\n"


@pytest.mark.real
@pytest.mark.parametrize("stage", ["reading", "checking", "storing"])
def test_a_load_that_is_killed_leaves_the_catalog_as_it_was(shop: Shop, stage: str) -> None:
    shop.load(MUG + BOWL)
    big = shop.file("".join(many(20_000, 5)), "big.csv")
    with subprocess.Popen(
        [sys.executable, "-c", LOAD, str(big), str(shop.db)], stdout=subprocess.PIPE, text=True
    ) as loading:
        assert loading.stdout is not None
        for line in loading.stdout:
            if line.startswith(stage):
                break
        time.sleep(0.05)
        os.kill(loading.pid, signal.SIGKILL)
    assert shop.skus() == {"MUG": 1, "BOWL": 2}
    assert shop.price("MUG") == Decimal(12)
    assert shop.load(MUG + BOWL + VASE).ok
    assert shop.skus().keys() == {"MUG", "BOWL", "VASE"}
    left = {path.name for path in shop.folder.iterdir()}
    assert left == {"shop.duckdb", "shop.csv", "big.csv"}, "nothing of the killed load is left"


@pytest.mark.real
def test_a_first_load_that_is_killed_leaves_no_catalog(shop: Shop) -> None:
    big = shop.file("".join(many(20_000, 5)), "big.csv")
    with subprocess.Popen(
        [sys.executable, "-c", LOAD, str(big), str(shop.db)], stdout=subprocess.PIPE, text=True
    ) as loading:
        assert loading.stdout is not None
        for line in loading.stdout:
            if line.startswith("storing"):
                break
        with pytest.raises(CatalogError, match="has this catalog open"):
            shop.load(MUG)
        os.kill(loading.pid, signal.SIGKILL)
    assert not shop.db.exists()
    assert shop.load(MUG).ok
    assert shop.skus().keys() == {"MUG"}
