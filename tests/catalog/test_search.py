"""Products and facts are found by what they say now, in the viewer's language or another."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from agent.types import LANGUAGES, Focus, Language
from catalog.brief import brief_of
from catalog.library import Library
from catalog.search import Search
from catalog.search_meaning import Models
from catalog.search_texts import KINDS, kinds_of, name_words
from catalog.search_words import bm25, words_of
from catalog.shelf import Shelf
from catalog.store import Store
from tests.catalog.toys import Toy, toys


def skus(search: Search, question: str, language: Language = "en") -> list[str]:
    return [hit.sku for hit in search.find(question, language, "product")]


def embedded(db: Path, models: Models) -> Store:
    async def opened() -> Store:
        store = await Store.open(db, embedders=lambda: models)
        assert await store.embedded()
        return store

    return asyncio.run(opened())


def shelf(library: Library, sku: str) -> Shelf:
    found = library.shelf(sku)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "language", "sku"),
    [
        ("a lamp of oak", "en", "HP-LAMP"),
        ("une lampe en chêne", "fr", "HP-LAMP"),
        ("台灯", "zh", "HP-LAMP"),
        ("scented soaps", "en", "HP-SOAP"),
    ],
)
def test_a_product_is_found_in_the_language_of_its_texts(
    store: Store, question: str, language: Language, sku: str
) -> None:
    assert skus(store._search, question, language)[0] == sku


def test_a_changed_title_is_found_and_the_old_one_is_not(store: Store) -> None:
    assert "HP-MUG" in store._search.candidates(["mug"])
    asyncio.run(store.set_text("HP-MUG", "title", "en", "Zanzibar beaker"))
    asyncio.run(store.set_text("HP-MUG", "also_called", "en", "tumbler"))
    store._search.settle()
    assert store._search.candidates(["zanzibars"]) == ["HP-MUG"]
    assert skus(store._search, "a zanzibar")[0] == "HP-MUG"
    assert "HP-MUG" not in skus(store._search, "tide")
    assert store._search.title_words["zanzibar"] == 1


def test_a_withdrawn_product_is_found_no_longer(store: Store) -> None:
    asyncio.run(store.withdraw("HP-LAMP"))
    store._search.settle()
    assert "HP-LAMP" not in store._search.candidates(["lamp"])
    assert "HP-LAMP" not in skus(store._search, "a lamp")
    assert "HP-LAMP" not in skus(store._search, "une lampe", "fr")


def test_candidates_share_a_word_of_any_language_with_the_line(store: Store) -> None:
    for word in ("lamps", "LAMP", "lampe", "台灯"):
        assert store._search.candidates([word])[0] == "HP-LAMP"
    assert store._search.candidates(["nothingatall"]) == []
    assert store._search.candidates([]) == []
    assert len(store._search.candidates(["de", "en", "the"], 3)) <= 3


def test_the_words_of_names_are_counted_as_they_stand_after_any_changes(store: Store) -> None:
    library = store._library
    for number, sku in enumerate(("HP-LAMP", "HP-MUG", "HP-LAMP", "HP-TEE")):
        asyncio.run(store.set_text(sku, "title", "en", f"thing {number} of oak"))
    asyncio.run(store.withdraw("HP-TEE"))
    kinds = kinds_of(shelf(library, ""))
    counted: Counter[str] = Counter()
    for sku in store._book.skus:
        counted.update(name_words(brief_of(shelf(library, sku)), kinds))
    assert dict(store._search.title_words) == dict(counted)


def test_facts_are_searched_among_the_product_s_own_and_the_shop_s(store: Store) -> None:
    hits = store._search.find("machine wash", "en", "fact", ["HP-TEE", ""])
    assert hits[0].field == "care"
    assert {hit.sku for hit in hits} <= {"HP-TEE", ""}
    assert store._search.find("how do i wash it", "en", "fact", []) == []
    assert store._search.find("how do i wash it", "en", "fact", ["NONE"]) == []


def test_products_are_found_among_those_that_are_named_however_far_they_are(db: Path) -> None:
    store = embedded(db, toys())
    try:
        hits = store._search.find("a lamp of oak", "en", "product", ["HP-SOAP", "HP-TEE", "NONE"])
        assert {hit.sku for hit in hits} <= {"HP-SOAP", "HP-TEE"}
        assert hits
    finally:
        store.close_now()


def test_a_free_detail_is_a_fact_that_is_found_by_its_name(store: Store) -> None:
    asyncio.run(store.set_text("HP-LAMP", "compatible_bulbs", "en", "E14, up to 40 W"))
    hits = store._search.find("which bulbs are compatible", "en", "fact", ["HP-LAMP"])
    assert hits[0].field == "compatible_bulbs"


def test_what_is_not_spoken_is_no_fact(store: Store) -> None:
    asyncio.run(store.set_text("HP-LAMP", "description", "en", "Lights up any winter evening"))
    store._search.settle()
    hits = store._search.find("light for the winter evening", "en", "fact", ["HP-LAMP"])
    assert all(hit.field != "description" for hit in hits)
    assert skus(store._search, "light for the winter evening")[0] == "HP-LAMP"


# --- meaning -----------------------------------------------------------------------------------


def test_a_product_is_found_by_a_word_that_none_of_its_texts_has(db: Path) -> None:
    store = embedded(db, toys())
    try:
        asyncio.run(store.set_text("HP-THROW", "title", "en", "settee"))
        asyncio.run(store.set_text("HP-THROW", "also_called", "en", "settee"))
        store._search.settle()
        assert skus(store._search, "a couch")[0] == "HP-THROW"
        asyncio.run(store.set_text("HP-THROW", "title", "en", "blanket"))
        asyncio.run(store.set_text("HP-THROW", "also_called", "en", "blanket"))
        store._search.settle()
        assert skus(store._search, "a couch")[0] != "HP-THROW"
    finally:
        store.close_now()


def test_a_new_answer_is_found_by_its_meaning(db: Path) -> None:
    store = embedded(db, toys())
    try:
        question = "does it go with a sofa"
        asyncio.run(store.set_answer("HP-LAMP", "a1", "en", "Next to a couch?", "Yes."))
        store._search.settle()
        hits = store._search.find(question, "en", "fact", ["HP-LAMP"])
        assert hits[0].field == "HP-LAMP/answer/a1"
        assert hits[0].meaning > 0.3
    finally:
        store.close_now()


def test_vectors_are_kept_for_the_next_show(db: Path) -> None:
    embedded(db, toys()).close_now()
    models = toys()
    embedded(db, models).close_now()
    for language in LANGUAGES:
        model = models[language]
        assert isinstance(model, Toy)
        assert model.encoded == []


def test_a_show_that_ends_does_not_wait_for_texts_to_be_embedded(db: Path) -> None:
    models = toys()
    english = models["en"]
    assert isinstance(english, Toy)

    async def cut_short() -> None:
        english.may_go_on.clear()
        store = await Store.open(db, embedders=lambda: models)
        assert (await store.facts("how much is the lamp", "en", Focus())).asked
        assert not store._search.ready
        store._search.stop()
        english.may_go_on.set()
        await store.close()

    asyncio.run(cut_short())
    assert len(english.encoded) <= 16


def test_a_question_is_embedded_once_for_all_that_is_searched_with_it(db: Path) -> None:
    models = toys()
    store = embedded(db, models)
    try:
        english = models["en"]
        assert isinstance(english, Toy)
        english.encoded.clear()
        for kind in KINDS:
            store._search.find("is it soft", "en", kind, ["HP-THROW", ""])
        assert english.encoded == ["is it soft"]
    finally:
        store.close_now()


# --- words -------------------------------------------------------------------------------------


def test_words_are_compared_by_their_stems_and_chinese_by_pairs() -> None:
    assert words_of("The LAMPS", "en") == words_of("the lamp", "en")
    assert words_of("lampes", "fr") == words_of("lampe", "fr")
    assert words_of("蓝色台灯", "zh") == ["蓝色", "色台", "台灯"]
    assert words_of("A4纸", "zh") == ["a4", "纸"]


def test_of_few_documents_the_one_with_the_rarer_word_comes_first() -> None:
    texts = [{"body": ["the", "lamp"]}, {"body": ["the", "oak"]}, {"body": ["the", "lamp", "it"]}]
    scores = bm25(["the", "oak"], texts)
    assert max(scores) == scores[1] > scores[0] > 0
    assert bm25([], texts) == [0, 0, 0]
    assert bm25(["x"], []) == []
