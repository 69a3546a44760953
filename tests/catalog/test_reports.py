"""A report says what was understood, what was done and what is wrong, for people and programs."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from catalog.load import load
from catalog.load.options import Options
from catalog.load.report import KEPT, Report
from catalog.sample import FOLDER

NASTY = '<img src=x onerror="alert(1)"><script>alert(2)</script>&"\''


class Tags(HTMLParser):
    """Collects the elements of a page, and where their attributes point."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.targets += [
            f"{name}={value}"
            for name, value in attrs
            if name in ("src", "href", "srcset", "action") or name.startswith("on")
        ]


def loaded(tmp_path: Path, text: str, *, partial: bool = False) -> Report:
    path = tmp_path / "shop.csv"
    path.write_text(text, encoding="utf-8")
    return load(path, tmp_path / "shop.duckdb", Options(partial=partial))


def test_a_page_shows_what_a_file_says_and_runs_nothing_of_it() -> None:
    report = Report(f"{NASTY}.csv")
    report.form, report.columns, report.unused = NASTY, {NASTY: NASTY}, [NASTY]
    report.refuse(NASTY, 1, NASTY, NASTY, NASTY, NASTY)
    report.suspect(NASTY, 2, NASTY, NASTY, NASTY, NASTY)
    report.notes.append(NASTY)
    report.done(NASTY, 2)
    tags = Tags(report.as_html())
    assert not tags.names & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert not tags.targets
    assert "default-src &#x27;none&#x27;" in report.as_html() or (
        "default-src 'none'" in report.as_html()
    )


def test_a_page_needs_nothing_from_outside(tmp_path: Path) -> None:
    page = load(FOLDER, tmp_path / "shop.duckdb").as_html()
    assert not re.search(r"https?://|url\(|@import", page)
    assert "Tide stoneware mug" in page
    assert "14.50 USD" in page


def test_a_report_says_how_the_file_was_read_and_what_of_it_was_not(tmp_path: Path) -> None:
    report = loaded(tmp_path, "Art-Nr,Name,Price,Zxqv\nA,Blue vase,12.50 EUR,7\n")
    found = report.as_dict()
    assert json.loads(json.dumps(found)) == found
    assert report.files[0].columns["Price"] == "price"
    assert [report.files[0].form, report.files[0].read] == ["table of products", 1]
    assert report.understood[0].sku == "A"
    assert ("title", "Blue vase") in report.understood[0].facts
    assert ("price", "12.50 EUR") in report.understood[0].facts
    assert report.understood[0].place == "shop.csv line 2"


def test_a_report_names_file_line_field_value_reason_and_remedy(tmp_path: Path) -> None:
    report = loaded(tmp_path, "sku,title,price\nA,Vase,12\nB,<b>Bowl</b>,x\n")
    assert not report.ok
    found = [finding for finding in report.refused if finding.field == "price"]
    assert [(one.file, one.line, one.value) for one in found] == [("shop.csv", 3, "x")]
    assert found[0].reason
    assert found[0].remedy
    assert "Nothing was loaded" in report.outcome
    assert report.understood, "also of a refused load one sees what was understood"


def test_of_very_many_findings_all_are_counted_and_some_are_kept() -> None:
    report = Report("x.csv")
    for line in range(KEPT + 5):
        report.refuse("x.csv", line, "price", "x", "is not a price", sku=f"S{line}")
        report.suspect("x.csv", line, "price", "1", "was 10 before")
    assert (report.refusals, len(report.refused)) == (KEPT + 5, KEPT)
    assert (report.suspicions, len(report.suspicious)) == (KEPT + 5, KEPT)
    assert len(report.spoilt) == KEPT + 5
    assert f"and {KEPT + 5 - 50} more" in str(report)
    assert len(report.as_html()) < 2_000_000


@pytest.mark.parametrize("partial", [False, True])
def test_a_report_says_whether_anything_was_stored(tmp_path: Path, partial: bool) -> None:
    report = loaded(tmp_path, "sku,title,price\nA,Vase,12\nB,Bowl,x\n", partial=partial)
    assert report.stored is partial
    assert ("left out" in str(report)) is partial
