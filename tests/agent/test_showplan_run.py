"""The run of show through the whole loop, on fakes and virtual time."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from agent.budget import Budget
from agent.show import Show
from agent.showplan import Plan, parse
from agent.showplan_run import Script
from agent.types import Fact, Facts, Focus, Language, Moment, Money, Product, Quantity, Topic, Words
from tests.agent.test_loop import Script as Steps
from tests.agent.test_loop import ask, play
from tests.fakes import Air, fact, show
from tests.virtual_time import run_virtual

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOP = """
pause_s = 1
[[segment]]
kind = "opening"
[[segment]]
kind = "product"
sku = "MUG"
points = ["material", "price"]
[[segment]]
kind = "product"
sku = "LAMP"
points = ["material", "price", "Ask me anything about the products here."]
[[segment]]
kind = "questions"
seconds = 10
[[segment]]
kind = "closing"
"""


def now() -> datetime:
    return START + timedelta(seconds=asyncio.get_running_loop().time())


@dataclass
class Shop:
    """A catalog of a mug and a lamp; the lamp has an offer between two seconds of the show."""

    offer: tuple[float, float] = (0, 0)
    stock: dict[str, int] = field(default_factory=lambda: {"MUG": 9, "LAMP": 9})
    version: int = 1

    def _facts(self, sku: str) -> dict[str, Fact]:
        name, what = {"MUG": ("Tide mug", "stoneware"), "LAMP": ("Desk lamp", "solid oak")}[sku]
        found = {
            "title": fact("title", Words((name,)), sku),
            "material": fact("material", Words((what,)), sku),
            "price": fact("price", Money(Decimal(30), "USD"), sku),
            "stock": fact("stock", Quantity(Decimal(self.stock[sku]), ""), sku),
        }
        begins, ends = self.offer
        if sku == "LAMP" and begins <= (now() - START).total_seconds() < ends:
            until = START + timedelta(seconds=ends)
            found["list_price"] = found["price"]
            found["list_price"] = fact("list_price", Money(Decimal(30), "USD"), sku)
            found["price"] = fact("price", Money(Decimal(20), "USD"), sku, 2)
            found["offer_ends"] = replace(fact("offer_ends", Moment(until), sku), valid_until=until)
        return found

    async def facts(self, question: str, language: Language, focus: Focus) -> Facts:
        sku = {"#1": "MUG", "#2": "LAMP"}.get(question, focus.pinned or "LAMP")
        of = self._facts(sku)
        if "price" in question:
            context = tuple(one for one in of.values() if one.field != "price")
            return Facts(Topic.PRICE, self.product(sku), (of["price"],), context)
        return Facts(Topic.OVERVIEW, self.product(sku), (of["title"],), tuple(of.values())[1:])

    def current(self, fact_id: str) -> Fact | None:
        sku, _, name = fact_id.partition("/")
        return self._facts(sku).get(name)

    def product(self, sku: str) -> Product | None:
        if sku not in self.stock:
            return None
        of = self._facts(sku)
        number = 1 if sku == "MUG" else 2
        ends, before = of.get("offer_ends"), of.get("list_price")
        return Product(sku, number, of["title"], of["price"], before, ends, of["stock"], None)

    def products(self) -> Sequence[Product]:
        return [one for one in (self.product("MUG"), self.product("LAMP")) if one]


def planned(text: str, shop: Shop | None = None, **budget: float) -> tuple[Show, Air, Script]:
    stage, air = show(budget=Budget(**{"rest_s": 40.0, **budget}))
    stage.catalog = shop or Shop()
    stage.script = Script(plan(text), wall=now)
    stage.script.tell = stage.hub.tell
    return stage, air, stage.script


def plan(text: str) -> Plan:
    return parse(text, Path("showplan.toml"))


async def test_the_plan_is_said_in_its_order_and_then_again() -> None:
    stage, air, _ = planned(LOOP)
    told = await play(stage, [], 200)
    begun = [
        event.data["name"]
        for event in told
        if event.kind == "segment" and event.data["what"] == "begun"
    ]
    assert begun[:6] == [
        "opening",
        "product MUG",
        "product LAMP",
        "questions",
        "closing",
        "opening",
    ]
    lines = air.lines()
    assert "AI" in lines[0]
    mug = next(n for n, line in enumerate(lines) if "Tide mug" in line)
    assert "stoneware" in lines[mug + 1]
    assert "thirty dollars" in lines[mug + 2]


def test_a_question_is_answered_at_the_end_of_a_sentence_and_the_plan_goes_on_there() -> None:
    async def lines(script: Steps) -> list[str]:
        stage, _, _ = planned(LOOP)
        told = await play(stage, script, 45)
        assert all(event.data["whole"] for event in told if event.kind == "aired")
        ours = {
            str(e.data["id"]) for e in told if e.kind == "picked" and e.data["source"] == "show"
        }
        said = [e for e in told if e.kind == "said" and e.data["rung"] != "notice"]
        return [str(e.data["text"]) if e.data["id"] in ours else "ANSWER" for e in said]

    undisturbed = run_virtual(lines([]))
    for at in (18.0, 20.5, 21.5, 23.0):
        disturbed = run_virtual(lines([(at, ask("what is the price?"))]))
        place = disturbed.index("ANSWER")
        assert place > 0
        resumed = [line for line in disturbed if line != "ANSWER"]
        assert place < len(resumed)
        assert resumed == undisturbed[: len(resumed)]


def test_after_an_answer_on_another_product_the_plan_names_its_own() -> None:
    """Or "it is made of stoneware" would be heard of the lamp that a viewer asked about."""

    async def lines(at: float) -> list[str]:
        stage, air, _ = planned(LOOP)
        await play(stage, [(at, ask("#2"))], 50)
        return air.lines()

    for at, fact_said in ((14.0, "stoneware"), (16.0, "thirty dollars")):
        said = run_virtual(lines(at))
        answer = next(n for n, line in enumerate(said) if "Desk lamp" in line)
        assert said[answer + 1] == "Back to the Tide mug."
        assert fact_said in said[answer + 2]


async def test_what_is_sold_out_is_passed_over() -> None:
    stage, air, _ = planned(LOOP, Shop(stock={"MUG": 0, "LAMP": 9}))
    await play(stage, [], 60)
    lines = air.lines()
    assert not [line for line in lines if "stoneware" in line]
    gone = next(n for n, line in enumerate(lines) if "sold out" in line)
    assert "Tide mug" in lines[gone], "what was spoken of before would be taken for sold out"
    assert "Desk lamp" in lines[gone + 1]


async def test_what_sells_out_meanwhile_is_left_for_the_next() -> None:
    shop = Shop()
    stage, air, _ = planned(LOOP.replace("pause_s = 1", "pause_s = 5"), shop)
    gone = [False]

    def sell(desk: object) -> None:
        gone[0] = True
        shop.stock["MUG"] = 0

    told = await play(stage, [(18.5, sell)], 60)
    why = [
        event.data["why"]
        for event in told
        if event.kind == "segment"
        and event.data["what"] == "ended"
        and event.data["name"] == "product MUG"
    ]
    assert why == ["sold_out"]
    assert gone[0]
    assert [line for line in air.lines() if "Desk lamp" in line]


OFFER = LOOP + '[[segment]]\nkind = "offer"\nsku = "LAMP"\n'


async def test_an_offer_opens_counts_down_and_closes_by_the_clock_of_the_catalog() -> None:
    stage, air, _ = planned(OFFER, Shop(offer=(30, 230)))
    await play(stage, [], 330)
    heard = air.heard()
    opened = [at for at, line in heard if "offer" in line and "twenty dollars" in line]
    assert opened
    assert opened[0] >= 30
    left = [(at, line) for at, line in heard if "minutes" in line]
    assert left
    for at, line in left:
        shown = {"one minute": 1, "two minutes": 2, "three minutes": 3, "four minutes": 4}
        minutes = next(n for words, n in shown.items() if words in line)
        assert 0 < 230 - at <= minutes * 60
    assert not [line for at, line in heard if at > 230.1 and "twenty dollars" in line]
    over = [at for at, line in heard if "over" in line or "closed" in line]
    assert over
    assert over[0] >= 230


async def test_a_break_rests_and_the_notice_keeps_its_clock() -> None:
    text = '[[segment]]\nkind = "break"\nseconds = 500\n[[segment]]\nkind = "closing"\n'
    stage, air, _ = planned(text, notice_every_s=300.0)
    await play(stage, [(60, ask("what is the price?"))], 480)
    heard = air.heard()
    notices = [at for at, line in heard if "AI" in line]
    assert len(notices) == 2
    assert 300 <= notices[1] <= 320
    assert not [line for at, line in heard if at > 60 and "dollars" in line]


def test_no_sentence_of_the_hosts_own_comes_twice_within_a_round() -> None:
    async def hour() -> list[str]:
        stage, air, _ = planned(LOOP)
        await play(stage, [(t, ask("price?", f"Ann{t}")) for t in range(30, 900, 25)], 900)
        return [line for line in air.lines() if "AI" not in line and "dollars" not in line]

    lines = run_virtual(hour())
    assert len(lines) > 40
    last: dict[str, int] = {}
    nearest = 10**6
    for n, line in enumerate(lines):
        if line in last and "Ask me anything" not in line and "made of" not in line:
            nearest = min(nearest, n - last[line])
        last[line] = n
    assert nearest >= 12


async def test_rests_grow_while_nobody_writes() -> None:
    stage, _, _ = planned('[[segment]]\nkind = "opening"\n')
    told = await play(stage, [], 900)
    at = [event.at for event in told if event.kind == "segment" and event.data["what"] == "begun"]
    gaps = [b - a for a, b in itertools.pairwise(at[1:])]
    assert gaps[0] < gaps[1] < gaps[2]
    assert gaps[0] >= 40


async def test_the_operator_pauses_skips_and_goes_back() -> None:
    stage, air, script = planned(LOOP)
    told = await play(
        stage,
        [
            (15, lambda desk: script.pause(True)),
            (60, lambda desk: script.skip()),
            (61, lambda desk: script.pause(False)),
        ],
        80,
    )
    del told
    heard = [at for at, line in air.heard() if "AI" not in line]
    assert not [at for at in heard if 20 < at < 61]
    assert [at for at in heard if at > 61]


def test_a_show_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "place.json"
    first = Script(plan(LOOP), wall=lambda: START, state=kept)
    shop = FixedShop()
    for _ in range(4):
        first.said(first.next(shop, None), 0.0, 40.0)
        place = first.place()
        assert place
        first.keep(place)
    (tmp_path / "place.new").write_text("half of wh")  # killed while it wrote
    again = Script(plan(LOOP), wall=lambda: START, state=kept)
    beat, expected = again.next(shop, None), first.next(shop, None)
    assert beat is not None
    assert expected is not None
    assert (beat.key, beat.point, beat.segment) == (expected.key, expected.point, expected.segment)
    assert beat.segment is not None
    assert beat.segment.name == "product LAMP"
    other = Script(plan(LOOP + '[[segment]]\nkind = "closing"\n'), wall=lambda: START, state=kept)
    opening = other.next(shop, None)
    assert opening is not None
    assert opening.key == "opening"


class FixedShop:
    """Two products that do not change."""

    def product(self, sku: str) -> Product | None:
        title = fact("title", Words((sku,)), sku)
        return Product(sku, 1, title, None, None, None, None, None)

    def products(self) -> Sequence[Product]:
        return []
