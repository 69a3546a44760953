"""A reduction is compared with what was really asked for, or with nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from catalog.history import Said
from catalog.prior import ALWAYS, CN_DAYS, EU_DAYS, Step, asked, began, lowest, steps
from catalog.rows import OfferRow

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def listed(at: float, amount: str, *, gone: bool = False) -> Said:
    row = OfferRow("A/list", "A", "list", Decimal(amount), "EUR", None, None)
    return Said(row, int(at * 10) + 1, day(at), gone, "x")


def sale(
    at: float, amount: str, begins: float | None, ends: float | None, name: str = "sale"
) -> Said:
    row = OfferRow(
        f"A/{name}",
        "A",
        "sale",
        Decimal(amount),
        "EUR",
        day(begins) if begins is not None else None,
        day(ends) if ends is not None else None,
    )
    return Said(row, int(at * 10) + 2, day(at), False, "x")


def test_the_price_through_time_is_that_which_was_to_be_paid() -> None:
    found = steps([listed(0, "50"), sale(5, "40", 10, 20), listed(15, "60"), listed(30, "55")])
    assert found == [
        Step(day(0), day(10), Decimal(50), False),
        Step(day(10), day(20), Decimal(40), True),
        Step(day(20), day(30), Decimal(60), False),
        Step(day(30), ALWAYS, Decimal(55), False),
    ]


def test_the_lowest_of_thirty_days_is_of_those_before_the_reduction() -> None:
    history = steps([listed(0, "50"), listed(20, "45"), listed(25, "60"), sale(40, "30", 40, 60)])
    start = began(history, day(45))
    assert start == day(40)
    assert lowest(history, day(40)) == Decimal(45)
    assert lowest(history, day(29.9)) is None, "what is known does not go back thirty days"
    assert not asked(history, Decimal(60), day(40), EU_DAYS)
    assert asked(history, Decimal(60), day(40), CN_DAYS)


def test_a_sale_lowered_step_by_step_is_one_reduction_and_one_made_dearer_is_another() -> None:
    down = steps([listed(0, "50"), sale(40, "40", 40, 50), sale(50, "30", 50, 60, "more")])
    assert began(down, day(55)) == day(40)
    up = steps([listed(0, "50"), sale(40, "30", 40, 50), sale(50, "40", 50, 60, "less")])
    assert began(up, day(55)) == day(50)
    assert lowest(up, day(50)) == Decimal(30)


def test_a_price_put_up_for_a_day_is_no_price_to_compare_with() -> None:
    history = steps([listed(0, "50"), listed(39, "80"), sale(40, "45", 40, None)])
    assert lowest(history, day(40)) == Decimal(50)
    assert not asked(history, Decimal(80), day(40), CN_DAYS)


def test_a_sale_told_of_late_is_believed_to_have_begun_when_it_says() -> None:
    history = steps([listed(0, "50"), sale(40, "30", 35, None)])
    assert began(history, day(41)) == day(35)
    assert lowest(history, day(35)) == Decimal(50)


def test_what_was_withdrawn_was_not_for_sale() -> None:
    history = steps([listed(0, "50"), listed(10, "50", gone=True), listed(20, "70")])
    assert [(step.begins, step.ends) for step in history] == [
        (day(0), day(10)),
        (day(20), ALWAYS),
    ]
    assert lowest(history, day(39)) == Decimal(50)
    assert lowest(history, day(55)) == Decimal(70)


AMOUNTS = st.integers(1, 9).map(str)
SAID = st.lists(
    st.one_of(
        st.tuples(st.just("list"), AMOUNTS, st.integers(0, 60)),
        st.tuples(st.just("sale"), AMOUNTS, st.integers(0, 60), st.integers(1, 30)),
    ),
    max_size=12,
)


def made(drawn: list[tuple[object, ...]]) -> list[Said]:
    found = []
    for ver, (kind, amount, at, *rest) in enumerate(
        sorted(drawn, key=lambda one: int(str(one[2])))
    ):
        begins = int(str(at))
        row = OfferRow(
            f"A/{kind}", "A", str(kind), Decimal(str(amount)), "EUR",
            day(begins) if rest else None, day(begins + int(str(rest[0]))) if rest else None,
        )  # fmt: skip
        found.append(Said(row, ver, day(begins), False, "x"))
    return found


@given(SAID)
def test_steps_never_overlap_and_each_has_the_price_of_its_moment(
    drawn: list[tuple[object, ...]],
) -> None:
    said = made(drawn)
    history = steps(said)
    for one, after in pairwise(history):
        assert one.begins < one.ends <= after.begins
    for number in range(0, 95):
        at = day(number + 0.5)
        newest = {row.offer_id: row for one in said if one.at <= at if (row := offer(one))}
        regular, cut = newest.get("A/list"), newest.get("A/sale")
        step = next((step for step in history if step.begins <= at < step.ends), None)
        if regular is None:
            continue
        assert step is not None
        if cut is not None and holds(cut, at):
            assert step.amount == min(regular.amount, cut.amount)
        else:
            assert (step.amount, step.reduced) == (regular.amount, False)


def offer(one: Said) -> OfferRow:
    assert isinstance(one.row, OfferRow)
    return one.row


def holds(row: OfferRow, at: datetime) -> bool:
    assert row.valid_from is not None
    assert row.valid_until is not None
    return row.valid_from <= at < row.valid_until


@given(SAID, st.integers(0, 95))
def test_the_lowest_price_is_one_that_was_asked_for_and_none_was_lower(
    drawn: list[tuple[object, ...]], number: int
) -> None:
    history = steps(made(drawn))
    found = lowest(history, day(number))
    before = [s.amount for s in history if s.begins < day(number) and s.ends > day(number - 30)]
    if found is None:
        assert not history or history[0].begins > day(number - 30) or not before
    else:
        assert found == min(before)
