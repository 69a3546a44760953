"""``candor vet`` and ``candor audit``, as a merchant's script calls them."""

import json
from pathlib import Path

import pytest

from agent.__main__ import main
from catalog import sample

LINES = """It costs {price}.
It costs 39.90 dollars.
It costs 19 dollars!
{"text": "It cures headaches."}
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vet")
    sample.build(folder / "shop.duckdb")
    file = folder / "candor.toml"
    file.write_text(f'[show]\ncatalog = "{folder / "shop.duckdb"}"\n')
    (folder / "lines.txt").write_text(LINES)
    return file


def test_each_line_gets_its_verdict(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = str(config.with_name("lines.txt"))
    status = main(["vet", lines, "--sku", "HP-LAMP", "--json", "--config", str(config)])
    rows = json.loads(capsys.readouterr().out)
    assert status == 1
    assert [row["allowed"] for row in rows] == [True, True, False, False]
    assert rows[0]["said"] == "It costs $39.90."
    assert rows[0]["evidence"][0]["fact"] == "HP-LAMP/price"
    assert all(row["rule"] and row["reason"] for row in rows[2:])
    assert [row["line"] for row in rows] == [1, 2, 3, 4]


REFUSED = (
    ("Ten thousand sold already.", "social_proof", None),
    ("Only three left, hurry!", "stock_scarcity", "59"),
    ("It weighs two kilos.", "size", "1.4 kg"),
    ("It cures headaches.", "health", None),
    ("Plus que deux exemplaires, dépêchez-vous !", "stock_scarcity", "59"),
    ("Livraison gratuite demain matin.", "delivery", "4,95"),
    ("Je suis une vraie personne.", "deny_ai", None),
    ("只剩三件了", "stock_scarcity", "59"),
    ("已经卖出一万件了", "social_proof", None),
)


def test_a_refusal_names_the_class_and_what_to_say_in_each_lines_own_language(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config.with_name("refused.txt")
    file.write_text("\n".join(line for line, _, _ in REFUSED), encoding="utf-8")
    words = ["vet", str(file), "--sku", "HP-LAMP", "--config", str(config)]
    assert main([*words, "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row["class"] for row in rows] == [about for _, about, _ in REFUSED]
    for row, (_, _, instead) in zip(rows, REFUSED, strict=True):
        assert (instead in row["instead"]) if instead else row["nothing_instead"]
        assert "slot" not in row["why"], "a shopkeeper knows no slots"
    main(words)
    screen = capsys.readouterr().out
    assert screen.count("instead: ") == len(REFUSED)


REMEDIES = (
    ("It has 2 USB ports.", "“2”: a number is said only where", "among its points"),
    ("Il a 2 ports USB.", "“2”: a number is said only where", "among its points"),
    ("有两个USB接口", "“两”: a number is said only where", "among its points"),
    ("Elle est douce.", "more than plain talk (douce)", "among its points"),
    ("Rated 5 stars by everyone.", "need counted figures", "its rating and the number of reviews"),
    ("Wow 😍 look at it", "smiling face", "take that sign out"),
    ("Yes it is.", "“yes”: what viewers claim", "begin with the fact itself"),
    ("You will.", "nothing in your catalog bears it out", "put a fact of the product into it"),
)


def test_a_merchant_is_told_why_and_what_to_do_in_plain_words(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config.with_name("remedies.txt")
    file.write_text("\n".join(line for line, _, _ in REMEDIES), encoding="utf-8")
    words = ["vet", str(file), "--sku", "HP-LAMP", "--config", str(config), "--json"]
    assert main(words) == 1
    for row, (_, why, remedy) in zip(json.loads(capsys.readouterr().out), REMEDIES, strict=True):
        assert why in row["why"]
        assert remedy in row["nothing_instead"]


def test_what_is_said_instead_is_of_the_product_that_was_named(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config.with_name("other.txt")
    file.write_text("It costs up to 39.90 dollars.\nLivraison offerte dès 20 euros.")
    assert main(["vet", str(file), "--sku", "HP-LAMP", "--config", str(config), "--json"]) == 1
    cheap, delivery = json.loads(capsys.readouterr().out)
    assert cheap["instead"] == "It costs $39.90.", "and not of one that costs less"
    assert "livraison" in delivery["instead"].casefold()


def test_a_product_that_is_not_there_is_named(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = str(config.with_name("lines.txt"))
    assert main(["vet", lines, "--sku", "NOTHING", "--config", str(config)]) == 2
    assert "NOTHING" in capsys.readouterr().err


def test_a_line_that_is_not_json_is_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = config.with_name("bad.jsonl")
    bad.write_text('{"text": \n')
    assert main(["vet", str(bad), "--config", str(config)]) == 2
    assert "bad.jsonl, line 1" in capsys.readouterr().err


def test_a_record_that_was_changed_is_not_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "show.jsonl"
    record.write_text('{"n": 0}\n')
    assert main(["audit", str(record)]) == 1
    assert "BROKEN" in capsys.readouterr().out
    assert main(["audit", str(tmp_path / "nowhere.jsonl")]) == 1
