"""The run of show as a merchant writes it: what is wrong is named with line, key and remedy."""

import asyncio
import re
from collections import Counter
from pathlib import Path

import pytest

import prompts
from agent.showplan import PlanError, load, parse
from agent.showplan_vet import faults
from agent.slots import slot_names
from agent.types import LANGUAGES
from catalog import sample
from catalog.store import Store

HEAD = '[[segment]]\nkind = "opening"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"segment is missing; add \[\[segment\]\]"),
        ("loop = 3", "line 1: loop"),
        (HEAD + "pionts = []", "line 3: segment 1: pionts is not a key; did you mean points"),
        (HEAD + '[[segment]]\nkind = "product"', "line 4: segment 2: .*add sku"),
        (HEAD + 'sku = "X"', "line 3: segment 1: .*take sku out"),
        (HEAD + "seconds = 4", "line 3: .*take seconds out"),
        (HEAD + 'points = ["price"]', "line 3: .*price is a field"),
        ('[[segment]]\nkind = "song"', "line 2: segment 1: kind: .*'song'"),
        (
            '[[segment]]\nkind = "demonstration"\nsku = "X"\npicture = "no.jpg"',
            "line 4: .*no picture",
        ),
        ('[[segment]]\nkind = "demonstration"\nsku = "X"', "line 2: .*add picture"),
        ("[[segment", "not TOML"),
    ],
)
def test_a_fault_names_file_line_key_and_remedy(text: str, says: str) -> None:
    with pytest.raises(PlanError, match=says) as caught:
        parse(text, Path("showplan.toml"))
    assert str(caught.value).startswith("showplan.toml")


def test_a_point_of_several_sentences_is_said_sentence_by_sentence() -> None:
    plan = parse(HEAD + 'points = ["Hello and welcome. Good to see you."]', Path("p.toml"))
    assert [point.line for point in plan.segments[0].points] == [
        "Hello and welcome.",
        "Good to see you.",
    ]


def test_what_would_not_pass_on_air_is_refused_before_the_show(tmp_path: Path) -> None:
    text = """
[[segment]]
kind = "product"
sku = "HP-LAMP"
points = ["material", "It cures headaches.", "voltage", "The best lamp in the world!"]
[[segment]]
kind = "product"
sku = "HP-NONE"
"""

    async def judged() -> tuple[list[str], list[str]]:
        path = tmp_path / "shop.duckdb"
        sample.build(path)
        store = await Store.open(path)
        try:
            wrong = await faults(parse(text, tmp_path / "p.toml"), store, "en", "en")
            right = await faults(load(sample.PLAN), store, "en", "en")
        finally:
            await store.close()
        return [str(one) for one in wrong], [str(one) for one in right]

    wrong, right = asyncio.run(judged())
    assert not right
    assert len(wrong) == 4
    assert "line 2" in wrong[0]
    assert "cures" in wrong[0]
    assert "unknown_field" in wrong[1]
    assert "known:" in wrong[3]
    assert "HP-LAMP" in wrong[3]


def test_every_moment_has_several_wordings_and_as_many_in_each_language() -> None:
    counts = {
        language: {key: len(lines) for key, lines in prompts.lines("plan", language).items()}
        for language in LANGUAGES
    }
    assert counts["en"] == counts["fr"] == counts["zh"]
    assert min(counts["en"].values()) >= 3
    for language in LANGUAGES:
        for lines in prompts.lines("plan", language).values():
            assert len(set(lines)) == len(lines)
            for n, line in enumerate(lines):
                assert not re.search(r"\d", line), (language, n, line)
                assert max(Counter(slot_names(line)).values(), default=1) == 1
