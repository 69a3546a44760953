"""The questions of ``candor eval facts`` are judged by what must not be said, too."""

from decimal import Decimal

from agent.types import Fact, Facts, Money, Topic
from evals.asked import Case, cases, judged


def case(variant: str = "", style: str = "structured") -> Case:
    return Case(
        False, "magento", "en", "MH01", "how much is the black M", frozenset(("MH01",)),
        frozenset(("price",)), style, True, variant,
    )  # fmt: skip


def price(sku: str, variant: str = "") -> Facts:
    name = f"{sku}/price/{variant}".rstrip("/")
    fact = Fact(name, 1, sku, "price", Money(Decimal(52), "USD"), "export.csv line 2")
    return Facts(Topic.PRICE, None, (fact,))


def test_a_fact_of_another_product_or_another_variant_is_wrong() -> None:
    assert judged(case(), price("MH02")) == "wrong"
    assert judged(case("MH01-M-Black"), price("MH01", "MH01-M-Gray")) == "wrong"
    assert judged(case("MH01-M-Black"), price("MH01", "MH01-M-Black")) != "wrong"
    assert judged(case("MH01-M-Black"), price("MH01")) != "wrong"  # of all variants


def test_every_question_stands_once_in_each_set() -> None:
    found = [(one.kept_aside, one.shop, one.pinned, one.question) for one in cases()]
    assert [one for one in found if found.count(one) > 1] == []
    assert sum(one.kept_aside and one.style == "free" for one in cases()) >= 33
