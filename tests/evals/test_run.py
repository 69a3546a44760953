"""``candor eval`` from a file of cases to exit code, pages and a row: the real show runs."""

import argparse
import copy
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.__main__ import parser
from evals.harness import about, page, results
from evals.harness.convert import CASES
from evals.run import run

MINE = """\
suite: mine
cases:
  - id: right
    tags: [price, talk]
    chat:
      - {ask: "How much is the mug?", user: <i>Eve</i>, facts: HP-MUG/price, says: "14.50"}
  - id: wrong
    tags: [price]
    chat: [{ask: "How much is the lamp?", says: "19.90", outcome: notice}]
"""
STRICT = "[all]\ngrounded = 1.0\nno_denial = 1.0\n[mine]\nsays = 1.0\n"


def arguments(*words: object) -> argparse.Namespace:
    return parser().parse_args(["eval", *map(str, words), "--untimed"])


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """One run of the example for merchants and of two cases, one of which must fail."""
    folder = tmp_path_factory.mktemp("eval")
    shutil.copy(CASES / "example.yaml", folder)
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "strict.toml").write_text(STRICT, encoding="utf-8")
    code = run(
        arguments(
            *(folder / "mine.yaml", folder / "example.yaml", "--report", folder / "report"),
            *("--row", folder / "rows.jsonl", "--thresholds", folder / "strict.toml"),
        )
    )
    return {"code": code, "folder": folder, "report": results.read(folder / "report")}


def case(ran: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(one for one in ran["report"]["cases"] if one["id"] == name)


def test_a_case_that_must_fail_fails_and_breaks_the_gate(ran: Mapping[str, Any]) -> None:
    assert ran["code"] == 1
    assert ran["report"]["suites"]["mine"]["failing"] == ["wrong"]
    assert ran["report"]["suites"]["mine"]["broken"] == [
        "mine (tuned): says is 0.5, and has to be >= 1"
    ]
    failed = [check for check in case(ran, "wrong")["checks"] if not check["ok"]]
    wrong = [(check["name"], check["what"]) for check in failed]
    assert wrong == [("outcome", "answer, and not notice"), ("says", "not said: 19.90")]


def test_the_example_for_merchants_holds(ran: Mapping[str, Any]) -> None:
    assert ran["report"]["suites"]["own"]["failing"] == []
    assert ran["report"]["suites"]["own"]["gate"] == "held"


def test_a_case_goes_through_the_real_show_and_its_changes_through_the_catalog(
    ran: Mapping[str, Any],
) -> None:
    before, after = case(ran, "price-changes")["turns"]
    assert "14.50" in before["said"][0]["text"]
    assert "12.90" in after["said"][0]["text"]
    assert before["said"][0]["evidence"] != after["said"][0]["evidence"]
    assert case(ran, "right")["frames"] > 25
    interrupted = case(ran, "interrupted")["turns"]
    assert not interrupted[0]["said"][-1]["whole"]
    assert interrupted[1]["done"]


def test_the_report_is_one_folder_that_asks_nobody_for_anything(ran: Mapping[str, Any]) -> None:
    folder = ran["folder"] / "report"
    text = (folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert links
    for link in links:
        assert link.startswith("#") or (folder / link).is_file(), link
    assert "default-src 'none'" in text
    assert "://" not in re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    assert "fetch(" not in text


def test_what_viewers_write_is_text_on_the_page(ran: Mapping[str, Any]) -> None:
    text = (ran["folder"] / "report" / "index.html").read_text(encoding="utf-8")
    assert "&lt;i&gt;Eve&lt;/i&gt;" in text
    assert "<i>Eve</i>" not in text


def test_a_case_has_its_sound_beside_the_page(ran: Mapping[str, Any]) -> None:
    sound = ran["folder"] / "report" / case(ran, "right")["sound"]
    assert sound.read_bytes()[:4] == b"OggS"


def test_a_row_of_results_names_commit_model_and_prompts(ran: Mapping[str, Any]) -> None:
    (row,) = map(
        json.loads, (ran["folder"] / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    )
    assert set(row) == {"date", "commit", "model", "prompts", "command", "gate", "suites"}
    assert (row["model"], row["gate"]) == ("none", "broken")
    assert row["prompts"] == about.prompts_version()
    assert row["suites"]["mine"]["tuned"]["cases"] == "1/2"
    assert row["suites"]["own"]["tuned"]["cases"] == "4/4"
    about.append_row(ran["folder"] / "more.jsonl", ran["report"])
    about.append_row(ran["folder"] / "more.jsonl", ran["report"])
    assert len((ran["folder"] / "more.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_a_run_is_held_against_an_earlier_one_case_by_case(ran: Mapping[str, Any]) -> None:
    before = ran["report"]
    after = copy.deepcopy(before)
    right, wrong = after["cases"][:2]
    right["ok"] = right["checks"][0]["ok"] = False
    right["checks"][0]["what"] = "number '9'"
    right["turns"][0]["said"][0]["text"] = "It costs $9."
    wrong["ok"] = True
    after["cases"] = [
        one | ({"id": "new"} if one["id"] == "not-known" else {}) for one in after["cases"]
    ]
    found = results.compared(before, after)
    assert [one["id"] for one in found["broken"]] == ["right"]
    assert found["broken"][0]["wrong"] == [f"{right['checks'][0]['name']}: number '9'"]
    assert found["mended"] == ["wrong"]
    assert [one["id"] for one in found["worded_anew"]] == ["right"]
    assert (found["added"], found["gone"]) == (["new"], ["not-known"])
    assert {row["name"] for row in found["moved"]} == {right["checks"][0]["name"]}
    text = page.page(after | {"difference": found})
    assert "number &#x27;9&#x27;" in text
    assert results.compared(before, before)["moved"] == []


def test_what_cannot_be_run_is_told_and_is_no_broken_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("- id: a\n  chat: [{ask: hi, fact: x}]\n", encoding="utf-8")
    for words, told in (
        ((file,), f"{file}:2: chat[1].fact: not a field"),
        (("nonsense",), "no suite nonsense; there are facts, honesty, conversation"),
        (("latency", "--diff", tmp_path), "results.json: no such file; give the folder"),
        (("latency", "--thresholds", tmp_path / "no.toml"), "no.toml: cannot be read"),
    ):
        assert run(arguments(*words)) == 2
        assert told in capsys.readouterr().err
