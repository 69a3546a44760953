"""What the Chinese guide of 2023 lets superlatives be: service, one's own range, a tip of use, a
grade of a standard, a name, an award, an order of time; each provable."""

from decimal import Decimal

import pytest

from agent.rules import vet
from agent.types import Line, Money, Quantity, Refusal, Rung, Sentence, Utterance, Verdict, Words
from tests.agent.rules.lamp import lamp


def judged(text: str, *, rung: Rung = Rung.MODEL, **more: Words | Quantity) -> Verdict:
    facts = lamp("zh", also=more)
    return vet(Line(Sentence(text)), facts, rung=rung, language="zh", voice_language="zh")


def words(text: str) -> Words:
    return Words((text,), "zh")


def test_aims_of_service() -> None:
    assert isinstance(judged("我们争取给大家提供最好的服务。"), Utterance)
    assert isinstance(judged("我们提供最好的台灯。"), Refusal)


def test_ones_own_range_where_the_merchant_says_so() -> None:
    point = words("这是本系列最轻的一款台灯。")
    assert isinstance(judged("{point_1}", rung=Rung.FACT, point_1=point), Utterance)
    assert isinstance(judged("这是本系列最轻的一款台灯。", point_1=point), Utterance)
    assert isinstance(judged("这是本系列最轻的一款台灯。"), Refusal)
    assert isinstance(
        judged("{point_1}", rung=Rung.FACT, point_1=words("全网最轻的台灯。")), Refusal
    )


def test_a_tip_of_use() -> None:
    for text in ("最好晚上使用。", "您最好选大一号。"):
        assert isinstance(judged(text), Utterance), text


def test_a_grade_of_a_standard() -> None:
    point = words("能效等级为一级。")
    assert isinstance(judged("{point_1}", rung=Rung.FACT, point_1=point), Utterance)
    assert isinstance(judged("能效是顶级的。", point_1=point), Refusal)


def test_a_name() -> None:
    title = words("最美时光台灯")
    assert isinstance(judged("最美时光台灯的价格是{price}。", title=title), Utterance)
    assert isinstance(judged("最美时光台灯的价格是{price}。"), Refusal)


def test_an_award_that_the_catalog_holds() -> None:
    point = words("2025年获得红点设计奖。")
    assert isinstance(judged("{point_1}", rung=Rung.FACT, point_1=point), Utterance)
    assert isinstance(judged("获得红点设计奖。"), Refusal)


@pytest.mark.parametrize("text", ["最近一个月卖了{sold}件。", "近30天最低价是{lowest_30d}。"])
def test_an_order_of_time_with_its_number(text: str) -> None:
    sold, lowest = Quantity(Decimal(340), ""), Money(Decimal("59.90"), "EUR")
    facts = lamp("zh", sold=sold, lowest_30d=lowest)
    line = Line(Sentence(text))
    said = vet(line, facts, rung=Rung.MODEL, language="zh", voice_language="zh")
    assert isinstance(said, Utterance)
    bare = vet(line, lamp("zh"), rung=Rung.MODEL, language="zh", voice_language="zh")
    assert isinstance(bare, Refusal)
