"""A case file is read as its merchant wrote it, or refused in words that say what to do."""

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.harness.case import Ask, Case
from evals.harness.convert import CASES
from evals.harness.reading import CaseError, read, written
from evals.run import CASE_SUITES

FILES = sorted([*CASES.glob("*.yaml"), *CASES.glob("*/*.yaml")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_case_file_of_ours_can_be_read(file: Path) -> None:
    assert read(file)


def test_there_are_cases_in_three_languages_over_three_shops_and_some_are_kept_aside() -> None:
    found = [case for suite in ("conversation", "languages") for case in CASE_SUITES[suite]()]
    found += CASE_SUITES["hostile"]()
    assert len(found) >= 300
    assert set(Counter(case.shop for case in found)) == {"sample", "magento", "brume"}
    assert min(Counter(case.language for case in found).values()) > 30
    assert sum(case.aside for case in found) >= len(found) / 10
    assert sum(len(case.chat) > 1 for case in found) >= 100
    ids = Counter(case.id for case in found)
    assert ids.most_common(1)[0][1] == 1


GOOD = """\
- id: lamp
  chat:
    - ask: How much is it?
      facts: HP-LAMP/price
"""

BAD = {
    "a field that is not one": (
        GOOD + "      fact: price\n",
        [":5: chat[1].fact: not a field (did you mean facts?)", "known: ask, user"],
    ),
    "a step that is none": (
        GOOD + "    - wait_s: 3\n",
        [":5: chat[2]: no step; write one of ask, change, operator and rest_s"],
    ),
    "no chat": ("- id: lamp\n", [":1: chat: missing; add a list of steps, each with - before"]),
    "a number that is none": (
        GOOD + "      within_s: soon\n",
        [":5: chat[1].within_s", "(it is 'soon'); write seconds to the first picture"],
    ),
    "an outcome that is none": (
        GOOD + "      outcome: shrug\n",
        [":5: chat[1].outcome: 'shrug' is no outcome; there are answer, unknown"],
    ),
    "two changes at once": (
        GOOD + '    - change: {sku: HP-MUG, price: "1.00", stock: 0}\n',
        [":5: chat[2].change: give exactly one of price, stock", "make two steps"],
    ),
    "an interruption by nothing": (
        GOOD + "      interrupt_at: 0.5\n",
        [":1: interrupt_at is on the last step, and nothing follows", "add a step"],
    ),
    "a time without its zone": (
        GOOD + '  now: "2026-11-25T12:00:00"\n',
        ['now has no zone; write it as "2026-11-25T12:00:00Z"'],
    ),
    "a case twice": (GOOD + GOOD, [":5: id: lamp stands in", "give it another name"]),
    "a field twice": (GOOD + "  id: mug\n", [":5: id: a second time; keep one of them"]),
    "no YAML": ("- id: [lamp\n", [": not YAML: ", "put texts with : or # in quotes"]),
    "no list": ("lamp\n", [":1: not a list of cases; begin each with - id"]),
    "nothing": ("", [":1: no case in it; write - id"]),
    "a head that is not one": (
        "suit: own\ncases: []\n",
        [":1: suit is not a field (did you mean suite?)"],
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_in_a_case_file_is_told_with_file_line_field_and_remedy(
    tmp_path: Path, what: str
) -> None:
    text, told = BAD[what]
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read(file)
    assert str(raised.value).startswith(f"{file}:")
    for part in told:
        assert part in str(raised.value)


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("- id: a\n- id: b\n  chat: [{ask: hi, fact: x}]\n", encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read(file)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [
        f"{file}:1",
        f"{file}:3",
    ]


def test_a_line_of_jsonl_that_is_not_json_is_told_by_its_number(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"id": "a", "chat": [{"ask": "hi"}]}\n{"id": }\n', encoding="utf-8")
    with pytest.raises(CaseError, match=r"mine\.jsonl:2: not JSON at character 8"):
        read(file)


def test_a_file_that_is_not_there_or_of_another_kind_is_told(tmp_path: Path) -> None:
    for name, told in (("none.yaml", "no such file"), ("cases.txt", "call it .yaml or .jsonl")):
        with pytest.raises(CaseError, match=told):
            read(tmp_path / name)
    with pytest.raises(CaseError, match="no case file in it"):
        read(tmp_path)


def test_cases_come_back_as_they_were_written(tmp_path: Path) -> None:
    cases = [case for file in FILES for case in read(file)]
    file = tmp_path / "all.jsonl"
    file.write_text(written(cases), encoding="utf-8")
    assert read(file) == cases


def test_cases_of_a_file_called_aside_are_kept_aside(tmp_path: Path) -> None:
    row = json.dumps({"id": "a", "chat": [{"ask": "hi"}]})
    for name, aside in (("mine.jsonl", False), ("mine.aside.jsonl", True)):
        (tmp_path / name).write_text(row, encoding="utf-8")
        assert read(tmp_path / name)[0].aside is aside


def test_what_the_head_of_a_file_says_holds_where_a_case_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "suite: shop\ndefaults: {language: fr, pinned: A}\ncases:\n"
        "  - {id: a, chat: [{ask: bonjour}]}\n"
        "  - {id: b, language: zh, chat: [{ask: 你好}]}\n",
        encoding="utf-8",
    )
    first, second = read(file)
    assert (first.suite, first.language, first.pinned) == ("shop", "fr", "A")
    assert (second.suite, second.language, second.pinned) == ("shop", "zh", "A")


def test_one_text_stands_for_a_list_of_one() -> None:
    case = Case.model_validate({"id": "a", "chat": [{"ask": "hi", "facts": "price"}]})
    assert isinstance(case.chat[0], Ask)
    assert case.chat[0].facts == ("price",)
