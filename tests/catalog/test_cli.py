"""The merchant's commands: load, with its options and reports; show, as it is and as it was."""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import cli


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> "Run":
    return Run(capsys, tmp_path)


class Run:
    """Runs a command; gives its status and what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys = capsys
        self.folder = folder

    def __call__(self, *words: str | Path) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        cli.add_arguments(parser.add_subparsers(dest="command"))
        given = ["catalog", *map(str, words), "--db", str(self.folder / "shop.duckdb")]
        status = cli.run(parser.parse_args(given), judge=lambda text, _: None)
        said = self._capsys.readouterr()
        return status, said.out + said.err

    def file(self, text: str, name: str = "shop.csv") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


def test_the_options_say_whose_shop_it_is(run: Run) -> None:
    path = run.file("sku,title,price\nA,Vase,12\n")
    options = (
        "--shop-name",
        "Vases",
        "--currency",
        "eur",
        "--market",
        "fr",
        "--zone",
        "Europe/Paris",
    )
    status, _ = run("load", path, *options)
    assert status == 0
    assert "A/price  12.00 EUR" in run("show", "A")[1]
    assert "shop/shop_name  Vases" in run("show", "shop")[1]


def test_a_mapping_says_how_columns_are_read(run: Run) -> None:
    mapping = run.file('[columns]\n"Zxqv" = "material"\n', "map.toml")
    path = run.file("sku,title,price,Zxqv\nA,Vase,12,glass\n")
    assert run("load", path, "--mapping", mapping)[0] == 0
    assert "A/material  glass" in run("show", "A")[1]


def test_reports_are_written_as_html_and_json(run: Run) -> None:
    path = run.file("sku,title,price\nA,Vase,12\nB,Bowl,x\n")
    page, plain = run.folder / "r" / "report.html", run.folder / "report.json"
    status, said = run("load", path, "--report", page, "--report", plain)
    assert status == 1
    assert "Vase" in page.read_text("utf-8")
    found = json.loads(plain.read_text("utf-8"))
    assert (found["ok"], found["refused"]["count"]) == (False, 1)
    assert "shop.csv:3" in said
    status, said = run("load", path, "--report", run.folder / "report.doc")
    assert (status, ".html or .json" in said) == (2, True)


def test_a_trial_says_so_and_stores_nothing(run: Run) -> None:
    path = run.file("sku,title,price\nA,Vase,12\n")
    status, said = run("load", path, "--dry-run")
    assert (status, "trial" in said) == (0, True)
    assert not (run.folder / "shop.duckdb").exists()


def test_what_is_good_is_loaded_when_told(run: Run) -> None:
    path = run.file("sku,title,price\nA,Vase,12\nB,Bowl,x\n")
    status, said = run("load", path, "--partial")
    assert (status, "1 products left out" in said) == (1, True)
    assert "A/price" in run("show", "A")[1]


def test_history_and_as_of_tell_what_was_so(run: Run) -> None:
    run("load", run.file("sku,title,price\nA,Vase,12\n"))
    time.sleep(0.01)
    between = datetime.now(UTC).isoformat()
    run("load", run.file("sku,title,price\nA,Vase,15\n"))
    status, said = run("show", "A", "--history")
    assert status == 0
    assert "amount 12.0000" in said
    assert "amount 15.0000" in said
    assert "(shop.csv line 2)" in said
    assert "A/price  12.00" in run("show", "A", "--as-of", between)[1]
    assert "A/price  15.00" in run("show", "A")[1]
    status, said = run("show", "A", "--as-of", "2020-01-01")
    assert (status, "nothing was held" in said) == (2, True)
    assert "shop" in run("show", "shop", "--history")[1]


def test_a_product_is_shown_by_the_name_of_a_variant_too(run: Run) -> None:
    run("load", run.file("sku,group,title,price,colour\nM-R,MUG,Mug,12,red\nM-B,MUG,Mug,13,blue\n"))
    status, said = run("show", "M-R")
    assert (status, "MUG/price/M-B  13.00" in said) == (0, True)


def test_what_is_not_there_is_said(run: Run) -> None:
    status, said = run("load", run.folder / "none.csv")
    assert (status, "no such file" in said) == (2, True)
    run("load", run.file("sku,title,price\nA,Vase,12\n"))
    assert run("show", "NONE")[0] == 2
