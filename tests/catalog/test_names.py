"""Which product a few words of a line name, in a French shop of forty products with alike names."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import Facts, Focus, Language, Topic
from catalog.extremes import Extreme, is_extreme
from catalog.kinds import kinds_of
from catalog.speller import Speller
from catalog.store import Store
from catalog.text import tokens
from evals import shops
from tests.catalog.conftest import WallClock


@pytest.fixture(scope="module")
def brume(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("brume") / "brume.duckdb"
    assert shops.build("brume", path)
    opened = Store.open_now(path, WallClock())
    yield opened
    opened.close_now()


def ask(store: Store, line: str, pinned: str | None = None, language: Language = "fr") -> Facts:
    return asyncio.run(store.facts(line, language, Focus(pinned)))


def named(facts: Facts) -> str | None:
    return facts.product.sku if facts.product else None


@pytest.mark.parametrize(
    ("line", "sku"),
    [
        ("prix de la kumo", "TH-KUMO"),
        ("la théière kumo c combien", "TH-KUMO"),
        ("combien la bouiloire onyx", "BO-ONYX"),
        ("how much is the kumo teapot", "TH-KUMO"),
        ("kumo茶壶多少钱", "TH-KUMO"),
        ("le moulin à poivre granit, prix ?", "PO-GRANIT"),
        ("la théière en verre, quel prix ?", "TH-AUBE"),
        ("le huila il coûte combien", "CF-HUILA"),
        ("prix de la gourde rando", "GO-RANDO"),
    ],
)
def test_a_few_words_name_a_product(brume: Store, line: str, sku: str) -> None:
    facts = ask(brume, line)
    assert (named(facts), facts.topic) == (sku, Topic.PRICE)


@pytest.mark.parametrize(
    "line",
    [
        "la théière onyx est à combien",
        "combien la bouilloire aube",
        "la tasse kumo c combien",
        "prix du filtre de la cafetière matin",
        "la housse de la bouilloire onyx coûte combien",
        "le bol kumo, prix",
        "combien la théière pour mon chien",
        "combien coûte le micro-ondes",
    ],
)
def test_a_word_that_contradicts_names_nothing(brume: Store, line: str) -> None:
    assert ask(brume, line, "BO-ONYX").asked == ()


def test_where_several_fit_the_host_asks_which(brume: Store) -> None:
    facts = ask(brume, "le granit c combien")
    assert facts.topic is Topic.WHICH
    assert {fact.sku for fact in facts.asked} == {"MO-GRANIT", "PO-GRANIT"}
    assert {fact.field for fact in facts.asked} == {"title", "title_2"}
    assert facts.product is None


def test_of_several_the_one_that_is_shown_is_meant(brume: Store) -> None:
    assert named(ask(brume, "la théière c combien", "TH-LUNE")) == "TH-LUNE"
    assert ask(brume, "la théière c combien", "BO-ONYX").topic is Topic.WHICH


def test_a_word_of_another_name_is_not_answered_of_the_one_shown(brume: Store) -> None:
    for line in ("kumo dispo en vert ?", "c'est combien la kumo", "et la kumo, prix ?"):
        assert named(ask(brume, line, "KI-ZEN")) in ("TH-KUMO", None)


def test_a_detail_of_another_is_not_told_of_the_one_that_is_shown(brume: Store) -> None:
    for line in ("combien de crans de mouture sur le granit", "la mouture sur le granit ?"):
        assert named(ask(brume, line, "MO-TOURNE")) != "MO-TOURNE"


def test_a_circumstance_is_no_name(brume: Store) -> None:
    facts = ask(brume, "c'est bien pour la nuit ?", "TH-KUMO")
    assert named(facts) in ("TH-KUMO", None)
    assert all(fact.sku in ("TH-KUMO", "") for fact in facts.asked)


def test_two_are_compared_by_both_prices(brume: Store) -> None:
    facts = ask(brume, "onyx ou merle, laquelle est la moins chère")
    assert facts.topic is Topic.COMPARE
    assert [fact.field for fact in facts.asked] == [
        "title", "price", "other_title", "other_price",
    ]  # fmt: skip
    assert [fact.sku for fact in facts.asked] == ["BO-MERLE"] * 2 + ["BO-ONYX"] * 2
    assert facts.context == ()


def test_facts_of_a_comparison_are_looked_up_by_their_own_ids(brume: Store) -> None:
    for fact in ask(brume, "différence de prix entre la kumo et la théière aube ?").asked:
        current = brume.current(fact.id)
        assert current is not None
        assert (current.version, current.value) == (fact.version, fact.value)


@pytest.mark.parametrize(
    ("line", "language", "sku"),
    [
        ("la moins chère des bouilloires", "fr", "BO-MERLE"),
        ("cheapest teapot?", "en", "TH-AUBE"),
        ("最贵的茶壶", "zh", "TH-LUNE"),
        ("quel est le café le plus cher", "fr", "CF-SIDAMO"),
    ],
)
def test_the_cheapest_of_a_kind_is_of_that_kind(
    brume: Store, line: str, language: Language, sku: str
) -> None:
    facts = ask(brume, line, None, language)
    assert named(facts) == sku
    assert facts.topic in (Topic.CHEAPEST, Topic.DEAREST)


@pytest.mark.parametrize("line", ["chaussures les moins chères", "cheapest boots", "最便宜的手机"])
def test_the_cheapest_of_what_there_is_not_is_unknown(brume: Store, line: str) -> None:
    assert ask(brume, line, "TH-KUMO").asked == ()


def test_the_cheapest_is_no_longer_so_once_another_is(store: Store) -> None:
    facts = asyncio.run(store.facts("what is the cheapest thing?", "en", Focus()))
    title, price = facts.asked
    assert (title.field, title.sku, is_extreme(title.id)) == ("title", "HP-SOAP", True)
    assert store.current(title.id) == title
    asyncio.run(store.set_price("HP-MUG", Decimal("2.00")))
    now = store.current(title.id)
    assert now is not None
    assert now.sku == "HP-MUG"
    assert now.version != title.version
    same = store.current(price.id)
    assert same is not None
    assert same.version == price.version  # the soap's own price has not changed


def test_what_sells_out_is_the_cheapest_no_more(store: Store) -> None:
    title = asyncio.run(store.facts("what is the cheapest thing?", "en", Focus())).asked[0]
    asyncio.run(store.set_stock("HP-SOAP", 0))
    now = store.current(title.id)
    assert now is None or now.version != title.version


@given(st.text(max_size=80))
def test_no_id_breaks_the_look_up(made_up: str) -> None:
    assert isinstance(is_extreme(f"shop/extreme/{made_up}"), bool)


def test_an_id_tells_what_it_is_of() -> None:
    one = Extreme(False, (("hoodie",),), (), (), ("under", Decimal("50")))
    other = Extreme(False, (("hoodie",),), (), (), ("under", Decimal("60")))
    assert one.name("en") != other.name("en") != one.name("fr")


@pytest.mark.parametrize("name", ["shop/extreme/", "shop/extreme/!!!", "shop/extreme/W10", "x"])
def test_a_broken_id_is_no_fact(brume: Store, name: str) -> None:
    assert brume.current(name) is None


def test_a_kind_is_one_across_languages() -> None:
    for text, language in (("hoodie", "en"), ("sweat à capuche", "fr"), ("卫衣", "zh")):
        assert "hoodie" in kinds_of(tokens(text), language).all  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "language", "head"),
    [
        ("Yoga mat", "en", "mat"),
        ("Phone case with strap", "en", "phonecase"),
        ("Théière en fonte Kumo", "fr", "teapot"),
        ("Lot de 6 tasses à expresso", "fr", "cup"),
        ("Lamp shade", "en", "lampshade"),
    ],
)
def test_a_title_tells_what_the_thing_is(title: str, language: Language, head: str) -> None:
    assert head in kinds_of(tokens(title), language).heads


def test_details_with_names_of_the_shop_s_own_are_found(brume: Store) -> None:
    for line, field in (
        ("la kumo va sur induction ?", "compatible_induction"),
        ("c'est quelle marque", "brand"),
        ("temps d'infusion du earl grey ?", "temps_d_infusion"),
        ("le sidamo c'est quelle torréfaction", "torrefaction"),
    ):
        assert [fact.field for fact in ask(brume, line, "TH-KUMO").asked] == [field], line


def test_a_slip_is_put_right_only_where_one_word_is_near() -> None:
    speller = Speller(["kettle", "socks", "onyx", "teapot"], ["kettles", "nice"])
    assert speller.spelt("kettel") == "kettle"
    assert speller.spelt("onix") == "onyx"
    assert speller.spelt("nike") == "nike"
    assert speller.spelt("kettles") == "kettles"
    assert speller.spelt("zebra") == "zebra"


@given(st.text(alphabet="abcdefgh", min_size=1, max_size=12))
def test_spelling_twice_changes_nothing_more(word: str) -> None:
    speller = Speller(["abcdef", "abcdeg", "hgfedcba", "bead", "cabbage"])
    once = speller.spelt(word)
    assert speller.spelt(once) == once
