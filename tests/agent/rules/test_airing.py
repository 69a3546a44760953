"""The second look: what was true when it was judged and is not when it is to air does not air."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

import prompts
from agent.desk import ShowDesk
from agent.rules import vet
from agent.types import (
    LANGUAGES,
    Evidence,
    Facts,
    Language,
    Line,
    Money,
    Quantity,
    Rung,
    Sentence,
    Topic,
    Utterance,
)
from tests.agent.test_loop import after_notice, operator_says, play
from tests.fakes import PRICE, TITLE, Shelf, show

Change = Callable[[Shelf], None]


def for_nothing(shelf: Shelf) -> None:
    shelf.change_price("0")


def on_offer(shelf: Shelf) -> None:
    was = shelf.held[PRICE.id]
    shelf.change_price("19.90")
    shelf.held["LAMP-01/list_price"] = replace(was, id="LAMP-01/list_price", field="list_price")


def the_offer_ends(shelf: Shelf) -> None:
    del shelf.held["LAMP-01/list_price"]


def back_in_stock(shelf: Shelf) -> None:
    stocked(shelf, 5)


def stocked(shelf: Shelf, pieces: int) -> None:
    old = shelf.held["LAMP-01/stock"]
    amount = Quantity(Decimal(pieces), "")
    shelf.held[old.id] = replace(old, value=amount, version=old.version + 1)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("It is not free.", for_nothing),
        ("There is no discount on it.", on_offer),
        ("It costs 29.90 dollars instead of 39.90.", the_offer_ends),
        ("It is sold out.", back_in_stock),
    ],
)
@pytest.mark.parametrize("changes", [False, True])
async def test_a_denial_an_offer_and_a_stock_are_looked_at_again(
    text: str, change: Change, changes: bool
) -> None:
    shelf = Shelf()
    if change is the_offer_ends:
        was = Money(Decimal("39.90"), "USD")
        listed = replace(PRICE, id="LAMP-01/list_price", field="list_price", value=was)
        shelf.held[listed.id] = listed
    if change is back_in_stock:
        stocked(shelf, 0)
    stage, air = show(shelf=shelf)
    stage.voice.first_chunk_s = 0.5  # type: ignore[attr-defined]

    def happens(desk: ShowDesk) -> None:
        if changes:
            change(shelf)

    told = await play(stage, [(20.0, operator_says(text)), (20.3, happens)], 30)
    assert bool(after_notice(air)) is not changes, [
        event for event in told if event.kind == "refused"
    ]
    assert bool([event for event in told if event.kind == "withdrawn"]) is changes


@pytest.mark.parametrize("wordings", ["stock_out", "stock_one"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_template_says_of_the_stock_rests_on_it(wordings: str, language: Language) -> None:
    """So it is withdrawn when the stock changes, also where it shows no number of pieces."""
    pieces = Quantity(Decimal(int(wordings == "stock_one")), "")
    stock = replace(PRICE, id="LAMP-01/stock", field="stock", value=pieces)
    facts = Facts(Topic.STOCK, None, (stock,), (TITLE,))
    for text in prompts.lines("answers", language)[wordings]:
        line = Line(Sentence(text))
        said = vet(line, facts, rung=Rung.FACT, language=language, voice_language=language)
        assert isinstance(said, Utterance)
        assert Evidence("LAMP-01/stock", stock.version) in said.evidence
