"""Several questions in one line are each answered, and nothing is told of the wrong thing."""

import asyncio
from dataclasses import replace

import pytest

from agent.beside import beside
from agent.several import Asked, asked, split
from agent.types import Fact, Facts, Focus, Product, Topic, Value, Words
from tests.agent.rules.lamp import lamp

LAMP = lamp(asked=("price",), offer=False).asked[0]


def product(sku: str) -> Product:
    return Product(sku, 1, replace(LAMP, sku=sku), None, None, None, None, None)


def told(sku: str, *fields: str, topic: Topic = Topic.PRICE) -> Facts:
    facts = tuple(replace(LAMP, id=f"{sku}/{field}", sku=sku, field=field) for field in fields)
    return Facts(topic, product(sku), facts, (), 1, aside=sku != "LAMP")


class Answers:
    """A catalog that knows these lines."""

    def __init__(self, **known: Facts) -> None:
        self.known = {line.replace("_", " "): facts for line, facts in known.items()}
        self.asked: list[tuple[str, Focus]] = []

    async def ask(self, line: str, focus: Focus) -> Facts:
        self.asked.append((line, focus))
        return self.known.get(line.rstrip("?"), Facts(Topic.UNKNOWN, None))


def ask(line: str, known: Answers, shown: str = "LAMP") -> list[Asked]:
    return asyncio.run(asked(line, Focus(shown, shown), known.ask, shown=shown))


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("how much is the mug? and is the lamp dimmable?",
         ["how much is the mug?", "and is the lamp dimmable?"]),
        ("price of number 2, number 3 and number 5?",
         ["price of number 2?", "price of number 3?", "price of number 5?"]),
        ("2号、3号和5号多少钱", ["2号多少钱", "3号多少钱", "5号多少钱"]),
        ("what material is it, and can it go in the dishwasher?",
         ["what material is it", "can it go in the dishwasher?"]),
        ("c'est combien et vous livrez ?", ["c'est combien", "vous livrez ?"]),
        ("多少钱，包邮吗", ["多少钱", "包邮吗"]),
        ("the salt and pepper mill?", ["the salt and pepper mill?"]),
        ("a? b? c? d? e? f?", ["a?", "b?", "c?", "d?"]),
    ],
)  # fmt: skip
def test_a_line_is_cut_into_its_questions(line: str, parts: list[str]) -> None:
    assert split(line) == parts


def test_each_question_is_answered_where_the_whole_line_is_not() -> None:
    known = Answers(how_much_is_the_mug=told("MUG", "price"), is_it_washable=told("MUG", "care"))
    found = ask("how much is the mug? is it washable?", known)
    assert [[fact.id for fact in one.facts.asked] for one in found] == [["MUG/price"], ["MUG/care"]]
    assert [one.facts.aside for one in found] == [True, False]  # its name is told once
    assert known.asked[-1][1].pinned == "MUG"  # "it" is what was just named


def test_the_product_on_show_is_named_where_another_was_spoken_of_before() -> None:
    known = Answers(how_much_is_the_mug=told("MUG", "price"), is_it_bright=told("LAMP", "point_1"))
    found = ask("how much is the mug? is it bright?", known)
    assert [one.facts.aside for one in found] == [True, True]


def test_a_line_whose_whole_says_as_much_is_left_whole() -> None:
    both = told("MUG", "price", "care")
    line = "how much is it? is it washable?"
    known = Answers(how_much_is_it=told("MUG", "price"), is_it_washable=told("MUG", "care"))
    known.known[line.rstrip("?")] = both
    assert [one.facts for one in ask(line, known)] == [both]


def test_what_nobody_knows_comes_last_and_thanks_ask_nothing() -> None:
    known = Answers(how_much_is_it=told("LAMP", "price"))
    found = ask("thanks! does it sing? how much is it?", known)
    assert [one.text for one in found] == ["how much is it?", "does it sing?"]


def test_no_fee_is_told_where_the_place_was_not_understood() -> None:
    known = Answers(what_does_it_cost=told("", "delivery_fee", topic=Topic.DELIVERY))
    (one,) = ask("how long to Narnia? what does it cost?", known)
    assert one.facts.asked == ()


def test_a_difference_is_more_than_the_prices() -> None:
    def fact(sku: str, field: str, value: Value) -> Fact:
        return Fact(f"{sku}/material", 1, sku, field, value, "t")

    made = {"LAMP": Words(("oak",)), "MUG": Words(("stoneware",))}
    held = {f"{sku}/material": fact(sku, "material", words) for sku, words in made.items()}
    pair = Facts(
        Topic.COMPARE,
        None,
        (fact("LAMP", "title", Words(("Lamp",))), fact("MUG", "other_title", Words(("Mug",)))),
    )
    found = beside("what's the difference?", pair, held.get, "en")
    assert [one.field for one in found.asked] == [
        "title", "other_title", "material", "other_material",
    ]  # fmt: skip
    assert beside("which is cheaper?", pair, held.get, "en") is pair
    assert beside("what's the difference?", pair, held.get, "fr") == pair
