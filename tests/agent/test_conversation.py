"""A chat with the sample shop's host, as its viewers read it: everything up to the voice."""

import asyncio
from collections.abc import Sequence

import pytest

from agent.types import Language
from evals.offair import Booth, booth

Said = dict[tuple[str, str], list[str]]

LINES: Sequence[tuple[str, str]] = (
    ("Ann", "hi everyone"),
    ("admin", "hello"),
    ("Ann", "how much is this?"),
    ("Ben", "is it in stock?"),
    ("Ann", "how much was it again?"),
    ("Cleo", "what colours does the mug come in"),
    ("Cleo", "and the price?"),
    ("Cleo", "dishwasher safe?"),
    ("Dan", "what's the difference between number 1 and number 2"),
    ("Eve", "I'm 172 cm, 65 kg, which size of the t-shirt should I take?"),
    ("Fay", "how much is the mug? and is the lamp dimmable?"),
    ("Gus", "my order never arrived!"),
    ("Hal", "this is terrible quality, mine broke after a day"),
    ("Ivy", "is it better than the IKEA one?"),
    ("Jo", "amazon is cheaper"),
    ("Ken", "¿cuánto cuesta la lámpara?"),
    ("Lea", "Wie viel kostet die Lampe?"),
    ("Yu", "これはいくらですか"),
    ("Max", "does the kettle sing opera"),
    ("Max", "too expensive"),
    ("Max", "how do I contact you?"),
    ("Léa", "bonjour"),
    ("Léa", "la qualité est nulle, je suis déçue"),
    ("Zoé", "je fais 1m72 pour 65 kg, quelle taille pour le t-shirt ?"),
    ("小美", "大家好"),
    ("小美", "杯子有什么颜色？"),
    ("小美", "重吗"),
    ("阿强", "淘宝更便宜"),
)


class Kept:
    """Where questions go that nobody could answer."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def note(self, text: str, language: Language, sku: str, asked: int) -> None:
        self.questions.append(text)


KEPT = Kept()


@pytest.fixture(scope="module")
def said() -> Said:
    async def talk(at: Booth) -> Said:
        at.show.questions = KEPT
        at.show.replies = type(at.show.replies)(at.show.shop, at.show.catalog, kept=True)
        at.desk.pin("HP-LAMP")
        found: Said = {}
        for name, text in LINES:
            reply = await at.answer(name, text)
            assert not reply.refused, reply.refused
            found[name, text] = [one.written for one in reply.said]
        return found

    async def run() -> Said:
        async with booth(model=False) as at:
            return await talk(at)

    return asyncio.run(run())


def reply(said: Said, part: str) -> list[str]:
    """What was said to the one line with *part*."""
    (found,) = [lines for (_, text), lines in said.items() if part in text]
    return found


def test_viewers_are_greeted_by_names_that_are_names(said: Said) -> None:
    assert "Ann" in reply(said, "hi everyone")[0]
    assert not {"admin", "a viewer"} & set(" ".join(said["admin", "hello"]).split())
    assert "Léa" in said["Léa", "bonjour"][0]
    assert "小美" in said["小美", "大家好"][0]


def test_a_price_is_a_short_sentence_and_its_offer_another(said: Said) -> None:
    first, more = reply(said, "how much is this?")
    assert "$39.90" in first
    assert len(first.split()) <= 8
    assert "$49.90" in more
    assert "2029" in more


def test_who_asks_again_hears_it_again_in_short(said: Said) -> None:
    (again,) = reply(said, "how much was it again?")
    assert "$39.90" in again
    assert again not in reply(said, "how much is this?")
    assert len(again.split()) <= 10


def test_it_is_what_the_viewer_asked_about_and_is_named(said: Said) -> None:
    assert "mug" in reply(said, "and the price?")[0]
    assert "$14.50" in reply(said, "and the price?")[0]
    assert "dishwasher" in reply(said, "dishwasher safe?")[0]
    assert "380" in reply(said, "重吗")[0]


def test_each_of_two_questions_is_answered(said: Said) -> None:
    mug, lamp = reply(said, "is the lamp dimmable")
    assert "$14.50" in mug
    assert "dimmed" in lamp
    assert "lamp" in lamp


def test_two_products_are_compared_by_price_and_by_what_they_are_made_of(said: Said) -> None:
    prices, made = reply(said, "difference between")
    assert "$39.90" in prices
    assert "$14.50" in prices
    assert "oak" in made
    assert "stoneware" in made


def test_a_size_is_the_charts(said: Said) -> None:
    assert "size M" in reply(said, "which size of the t-shirt")[0]
    assert "taille M" in reply(said, "je fais 1m72")[0]


@pytest.mark.parametrize("part", ["never arrived", "terrible quality", "contact you", "nulle"])
def test_trouble_goes_to_a_person_at_the_shop(said: Said, part: str) -> None:
    assert "help@harbourandpine.example" in reply(said, part)[-1]


@pytest.mark.parametrize("part", ["IKEA", "amazon", "淘宝"])
def test_nothing_is_said_about_other_sellers(said: Said, part: str) -> None:
    (line,) = reply(said, part)
    assert not {"ikea", "amazon", "淘宝", "better", "cheaper"} & set(line.lower().split())


def test_who_writes_in_another_language_is_answered_politely(said: Said) -> None:
    assert "inglés" in reply(said, "cuánto cuesta")[0]
    assert "Englisch" in reply(said, "Wie viel")[0]
    assert "English" in reply(said, "いくら")[0]


def test_what_is_not_known_is_said_to_go_to_the_shop_and_does(said: Said) -> None:
    (line,) = reply(said, "sing opera")
    assert "shop" in line
    assert "does the kettle sing opera" in KEPT.questions


def test_a_price_is_not_haggled_over(said: Said) -> None:
    first, *price = reply(said, "too expensive")
    assert not any(char.isdigit() for char in first)
    assert all("$" in line for line in price)


def test_no_two_replies_are_alike(said: Said) -> None:
    lines = [line for found in said.values() for line in found if "help@" not in line]
    assert len(set(lines)) == len(lines)
