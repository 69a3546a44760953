"""A merchant's size chart, and which size a viewer is told by it."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.types import Facts, Focus, Language, Span, Topic, Words
from catalog import sample
from catalog.load import load
from catalog.load.sizes import fits
from catalog.measures import read
from catalog.store import Store

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def asked(store: Store, question: str, language: Language = "en", sku: str = "HP-TEE") -> Facts:
    return store._answerer.facts(question, language, Focus(sku, sku), NOW)


def size(facts: Facts) -> str:
    return " ".join(
        fact.value.items[0]
        for fact in facts.asked
        if fact.field.startswith("fits_size") and isinstance(fact.value, Words)
    )


@pytest.mark.parametrize(
    ("line", "measures"),
    [
        ("I'm 172 cm, 65 kg, which size?", {"height": 172, "weight": 65}),
        ("172/65 which size", {"height": 172, "weight": 65}),
        ("je fais 1m72 pour 65 kg, quelle taille ?", {"height": 172, "weight": 65}),
        ("1,72 m et 65 kilos, quelle taille", {"height": 172, "weight": 65}),
        ("身高172体重65公斤穿什么码", {"height": 172, "weight": 65}),
        ("172 130斤穿多大码", {"height": 172, "weight": 65}),
        ("一米七二 120斤 选什么码", {"height": 172, "weight": 60}),
        ("5'8\" 150 lbs what size", {"height": 173, "weight": 68}),
        ("I'm 5 feet 10 and 170 pounds, what size", {"height": 178, "weight": "77.1"}),
        ("my chest is 98 cm, which size", {"chest": 98}),
        ("I wear shoe size 41, which socks?", {"shoe": 41}),
        ("I wear EU 41, which size?", {"shoe": 41}),
        ("我穿41码的鞋", {"shoe": 41}),
        ("and for 168 cm and 59 kg?", {"height": 168, "weight": 59}),
    ],
)
def test_measures_of_a_body_are_read(line: str, measures: Mapping[str, object]) -> None:
    found = read(line)
    assert found is not None
    assert found.measures == {name: Decimal(str(value)) for name, value in measures.items()}


@pytest.mark.parametrize(
    "line",
    ["is it 172 cm long", "size 130 x 180 cm in stock?", "how much is number 3", "number 5 size M",
     "does it hold 65 kg", "这个2公斤重吗", "how much is 3 kg", "what sizes are there"],
)  # fmt: skip
def test_measures_of_a_thing_are_no_bodys(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize(
    ("question", "language", "wanted"),
    [
        ("I'm 172 cm, 65 kg, which size should I take?", "en", "M"),
        ("je fais 1m72 pour 65 kg, quelle taille ?", "fr", "M"),
        ("身高172体重65公斤穿什么码", "zh", "M"),
        ("which size for 176cm and 71 kg", "en", "M L"),
        ("which size for 120cm and 30 kg", "en", ""),
        ("which size of the socks for shoe size 41", "en", "M"),
        ("which size of the socks, my foot is 26.8 cm", "en", ""),
        ("which size of the socks, I wear EU 41", "en", "M"),
    ],
)
def test_a_viewer_is_told_the_size_whose_row_covers_them_or_that_it_is_not_known(
    store: Store, question: str, language: Language, wanted: str
) -> None:
    facts = asked(store, question, language)
    assert size(facts) == wanted
    if not wanted:
        assert [fact.field for fact in facts.asked] == ["size_unsure"]


@pytest.mark.parametrize("question", ["which socks fit me?", "which size of socks fits best"])
def test_who_gives_no_measures_is_told_no_size(store: Store, question: str) -> None:
    assert size(asked(store, question)) == ""


def test_a_product_without_a_chart_gets_its_sizes_and_no_guess(store: Store) -> None:
    facts = asked(store, "which size of the throw for 172 cm and 65 kg")
    assert [fact.field for fact in facts.asked] == ["size_unsaid"]
    lamp = asked(store, "which size of the lamp for 172 cm and 65 kg")
    assert (lamp.topic, lamp.asked) == (Topic.UNKNOWN, ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.integers(140, 205), st.integers(40, 120))
def test_no_size_is_told_whose_row_does_not_cover_the_viewer(
    store: Store, height: int, weight: int
) -> None:
    facts = asked(store, f"I'm {height} cm and {weight} kg, which size?")
    told = {fact.field: fact.value for fact in facts.asked}
    for name, value in (("fits_height", height), ("fits_weight", weight)):
        span = told.get(name)
        assert span is None or (isinstance(span, Span) and span.low <= value <= span.high)


def test_a_size_is_a_fact_with_a_version_and_a_place(store: Store) -> None:
    fact = asked(store, "I'm 172 cm, 65 kg, which size?").asked[0]
    assert fact.id == "HP-TEE/fits_size/HP-TEE-W-M"
    assert fact.version > 0
    assert "sizes.csv" in fact.source
    assert store.current(fact.id) == fact


@pytest.mark.parametrize(
    ("measure", "cell", "kept"),
    [
        ("height", "166-177 cm", "height 166 177 cm"),
        ("height", "1.66 - 1.77 m", "height 166.00 177.00 cm"),
        ("weight", "58–72", "weight 58 72 kg"),
        ("foot", "24.5-26.5cm", "foot 24.5 26.5 cm"),
        ("shoe", "EU 39-42", "shoe 39 42"),
        ("chest", "98 cm", "chest 98 98 cm"),
    ],
)
def test_a_cell_of_a_chart_is_read(measure: str, cell: str, kept: str) -> None:
    words = fits(measure, cell).split()
    assert [words[0], *map(Decimal, words[1:3]), *words[3:]] == [
        kept.split()[0],
        *map(Decimal, kept.split()[1:3]),
        *kept.split()[3:],
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("HP-TEE,XXL,158-169 cm", "no variant of this size"),
        ("HP-TEE,S,169-158 cm", "smaller number first"),
        ("HP-TEE,S,158-169 kg", "write it in cm"),
        ("HP-TEE,S,", "give a measure"),
    ],
)
def test_a_chart_with_a_mistake_is_refused_by_line_and_field(
    tmp_path: Path, row: str, why: str
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(sample.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "sizes.csv").write_text(f"sku,size,height\n{row}\n", encoding="utf-8")
    report = load(folder, tmp_path / "shop.duckdb")
    assert not report.ok
    assert any("sizes.csv" in str(one) and why in str(one) for one in report.refused)


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_where_one_reaches_the_shop_is_a_fact(store: Store, language: Language) -> None:
    tail = "" if language == "en" else f"/{language}"
    fact = store.current(f"shop/contact{tail}")
    assert fact is not None
    assert fact.value == Words(("help@harbourandpine.example",), language)
