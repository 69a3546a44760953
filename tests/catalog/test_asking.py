"""A line as live chat writes it: which version is meant, what is asked, what it goes on from."""

import asyncio

import pytest

from agent.types import Facts, Focus, Language, Topic
from catalog.speller import Speller
from catalog.store import Store


def ask(store: Store, line: str, language: Language, focus: Focus) -> Facts:
    return asyncio.run(store.facts(line, language, focus))


def ids(facts: Facts) -> list[str]:
    return [fact.id for fact in facts.asked]


@pytest.mark.parametrize(
    ("line", "language", "price"),
    [
        ("how much is it in navy, size M", "en", "HP-TEE/price/HP-TEE-N-M"),
        ("whats the price of M in white", "en", "HP-TEE/price/HP-TEE-W-M"),
        ("is the navy M still 24.95?", "en", "HP-TEE/price/HP-TEE-N-M"),
        ("size M in rust $$", "en", "HP-TEE/price/HP-TEE-R-M"),
        ("combien la M en blanc", "fr", "HP-TEE/price/HP-TEE-W-M"),
        ("la taille M en blanc vaut combien", "fr", "HP-TEE/price/HP-TEE-W-M"),
        ("白色M码多少钱", "zh", "HP-TEE/price/HP-TEE-W-M"),
        ("白色M码还是24.95吗", "zh", "HP-TEE/price/HP-TEE-W-M"),
    ],
)
def test_a_size_and_a_colour_say_whose_price_is_asked(
    store: Store, line: str, language: Language, price: str
) -> None:
    facts = ask(store, line, language, Focus("HP-TEE"))
    assert facts.topic is Topic.PRICE
    assert price in ids(facts)
    assert not [one for one in ids(facts) if "/stock" in one]


def test_a_size_that_is_asked_for_beside_the_price_is_told(store: Store) -> None:
    facts = ask(store, "what sizes and how much", "en", Focus("HP-TEE"))
    assert {"sizes", "price"} <= {fact.field for fact in facts.asked}


@pytest.mark.parametrize(
    ("line", "language"),
    [("and in blue?", "en"), ("what about blue", "en"), ("et en bleu ?", "fr"), ("蓝色的呢", "zh")],
)
def test_a_colour_goes_on_from_what_was_just_spoken_of(
    store: Store, line: str, language: Language
) -> None:
    facts = ask(store, line, language, Focus("HP-LAMP", "HP-MUG"))  # no lamp is blue
    assert facts.product is not None
    assert facts.product.sku == "HP-MUG"
    assert facts.aside
    assert ids(facts)[0].startswith("HP-MUG/colour/HP-MUG-B")


def test_a_colour_of_the_one_that_is_shown_is_that_one_s(store: Store) -> None:
    facts = ask(store, "and in navy?", "en", Focus("HP-TEE", "HP-JACKET"))
    assert facts.product is not None
    assert facts.product.sku == "HP-TEE"


def test_a_colour_without_a_follow_up_is_asked_of_the_one_that_is_shown(store: Store) -> None:
    facts = ask(store, "do you have it in blue", "en", Focus("HP-LAMP", "HP-MUG"))
    assert facts.product is not None
    assert facts.product.sku == "HP-LAMP"


@pytest.mark.parametrize(
    ("line", "language"),
    [("the second one", "en"), ("and number 2?", "en"), ("le deuxième", "fr"), ("2号链接", "zh")],
)
def test_a_number_alone_is_that_product(store: Store, line: str, language: Language) -> None:
    facts = ask(store, line, language, Focus("HP-LAMP"))
    assert facts.product is not None
    assert facts.product.sku == "HP-MUG"


def test_words_without_their_vowels_are_read() -> None:
    speller = Speller(["jacket", "jackets", "kettle", "black"])
    assert speller.spelt("jckt") == "jacket"
    assert speller.spelt("kttl") == "kttl"  # a pair is one here: "ktl"
    assert speller.spelt("blck") == "black"
    assert Speller(["jacket", "jockeyt"]).spelt("jckt") == "jckt"  # two may be meant
