"""Cells are read as shops write them, and what can be read in two ways is not guessed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.load import units, values
from catalog.load.forms.markup import lines, plain_text

UNTIMED = settings(deadline=None)
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2)


def written(amount: Decimal, group: str, mark: str) -> str:
    """*amount* as a shop groups and marks it."""
    whole, _, part = f"{amount:.2f}".partition(".")
    groups = [whole[max(0, i - 3) : i] for i in range(len(whole), 0, -3)][::-1]
    return f"{group.join(groups)}{mark}{part}"


@UNTIMED
@given(AMOUNTS, st.sampled_from([",.", ".,", " ,", " .", "'.", "\u00a0,", "\u202f,", "’."]))
def test_a_price_is_the_same_however_it_is_grouped(amount: Decimal, marks: str) -> None:
    assert values.price(written(amount, marks[0], marks[1])) == (amount, "")


@UNTIMED
@given(
    AMOUNTS,
    st.sampled_from(["EUR", "€", "$", "US$", "¥", "CHF", "£", "kr", "zł", "元", "Rs."]),
    st.booleans(),
    st.sampled_from(["", " "]),
)
def test_a_currency_may_stand_before_or_after(
    amount: Decimal, named: str, before: bool, space: str
) -> None:
    text = written(amount, "", ".")
    cell = f"{named}{space}{text}" if before else f"{text}{space}{named}"
    assert values.price(cell) == (amount, named)


@UNTIMED
@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))
def test_what_may_be_thousands_or_decimals_is_not_guessed(front: int, back: int, mark: str) -> None:
    cell = f"{front}{mark}{back:03}"
    whole, part = Decimal(f"{front}{back:03}"), Decimal(f"{front}.{back:03}")
    with pytest.raises(values.AmbiguousError):
        values.price(cell)
    other = "," if mark == "." else "."
    assert values.exactly(cell, mark) == part
    assert values.exactly(cell, other) == whole
    assert values.price(cell, currency="JPY")[0] == whole  # yen have no decimals


@UNTIMED
@given(st.text(alphabet="0123456789.,' -+€$¥EURx元", max_size=14))
def test_no_cell_breaks_the_reader(cell: str) -> None:
    for read in (values.price, values.measure, values.number, values.exactly):
        try:
            read(cell)
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("cell", "amount", "named"),
    [
        ("1.234,56 €", "1234.56", "€"), ("¥1980", "1980", "¥"), ("US$19.90", "19.90", "US$"),
        ("19,90", "19.90", ""), ("CHF 1'234.–", "1234", "CHF"), ("1980 JPY", "1980", "JPY"),
        ("20.-", "20", ""), ("1.234.567", "1234567", ""), ("0.500", "0.500", ""),
        ("52.0000", "52.0000", ""), ("12,34,567.50", "1234567.50", ""), ("€ 5", "5", "€"),
        ("1234.567", "1234.567", ""),
    ],
)  # fmt: skip
def test_prices_are_read(cell: str, amount: str, named: str) -> None:
    assert values.price(cell) == (Decimal(amount), named)


@pytest.mark.parametrize(
    "cell", ["-3", "0", "x", "3 XXX", "12..3", "1.23.456", "3 $ 4", "", "1,2,3", "99999999999"]
)
def test_what_is_no_price_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        values.price(cell)


# --- measures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "amount", "unit"),
    [
        ("12 oz", "340", "g"), ("2.2 lb", "998", "g"), ("3 lbs", "1.36", "kg"),
        ("6 ft", "1.83", "m"), ('24"', "61", "cm"), ("15.6 in", "39.6", "cm"),
        ("8 fl oz", "237", "ml"), ("282 GRM", "282", "g"), ("1,5 kg", "1.5", "kg"),
        ("30 °C", "30", "°C"), ("1200W", "1200", "W"), ("0.5 l", "0.5", "L"),
        ("24 months", "24", "month"), ("500 mAh", "500", "mAh"), ("2 m²", "2", "m2"),
        ("750 毫升", "750", "ml"),
    ],
)  # fmt: skip
def test_measures_come_in_units_that_the_host_can_say(cell: str, amount: str, unit: str) -> None:
    found = values.measure(cell)
    assert (found.amount, found.unit) == (Decimal(amount), unit)


@UNTIMED
@given(st.decimals(Decimal("0.01"), Decimal("9999"), places=2), st.sampled_from(["oz", "lb", "in"]))
def test_a_converted_measure_is_off_by_less_than_half_a_percent(amount: Decimal, unit: str) -> None:
    known = units.unit_named(unit)
    assert known is not None
    found = units.measure(amount, known)
    scale = {"g": Decimal("0.001"), "cm": Decimal(1), "m": Decimal(100), "kg": Decimal(1)}
    exact = amount * known.factor * (Decimal(1) if known.unit == "kg" else scale[known.unit])
    got = found.amount * scale[found.unit]
    assert abs(got - exact) <= exact * Decimal("0.005") + Decimal("0.0001")
    assert "E" not in str(found.amount)


def test_a_unit_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="its unit"):
        values.measure("12 stones")


# --- times -----------------------------------------------------------------------------------


@UNTIMED
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo", "UTC"]),
)
def test_a_time_is_the_same_however_it_is_written(at: datetime, zone: str) -> None:
    at = at.replace(second=0, microsecond=0)
    here = at.replace(tzinfo=ZoneInfo(zone))
    offset = timedelta(hours=5, minutes=30)
    for cell in (
        f"{at:%Y-%m-%dT%H:%M}", f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%Y/%m/%d %H:%M}",
        f"{at:%d.%m.%Y %H:%M}", f"{at.year:04}年{at.month}月{at.day}日 {at:%H:%M}",
        f"{at:%Y-%m-%d %I:%M %p}",
    ):  # fmt: skip
        assert values.instant(cell, zone) == here
    google = values.instant(f"{at:%Y-%m-%dT%H:%M}+0530", zone)
    assert google == at.replace(tzinfo=UTC) - offset
    for order, cell in (("DMY", f"{at:%d/%m/%Y}"), ("MDY", f"{at:%m/%d/%Y}")):
        assert values.instant(cell, zone, order=order).date() == at.date()


def test_a_day_that_ends_something_holds_to_its_last_second() -> None:
    at = values.instant("2026-12-24", "America/Toronto", ends=True)
    assert at.isoformat() == "2026-12-24T23:59:59-05:00"
    assert values.instant("2026-12-24", "America/Toronto").isoformat().startswith("2026-12-24T00")


def test_a_day_that_may_be_a_month_is_refused_with_the_remedy() -> None:
    assert values.instant("11/30/2026", "UTC").day == 30
    assert values.instant("30/11/2026", "UTC").month == 11
    with pytest.raises(values.AmbiguousError, match="dates ="):
        values.instant("11/12/2026", "UTC")


@UNTIMED
@given(st.text(alphabet="0123456789/-.:T +Z年月日APM", max_size=24))
def test_no_time_breaks_the_reader(cell: str) -> None:
    try:
        values.instant(cell, "Europe/Paris")
    except ValueError:
        return


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|x", "-cmd(1)", "\t=1", "+(1)"])
def test_a_formula_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        values.plain(cell)


def test_a_dash_may_begin_a_list_and_a_negative_number_a_cell() -> None:
    assert values.no_formula("- soft cotton\n- warm") == "- soft cotton\n- warm"
    assert values.plain("-20") == "-20"
    with pytest.raises(ValueError, match="formula"):
        values.no_formula("-cmd|' /C calc'!A0")


@UNTIMED
@given(st.integers(0, 10**12 - 1))
def test_a_check_digit_finds_one_wrong_digit(number: int) -> None:
    body = f"{number:012}"
    total = sum(int(d) * (1 if i % 2 == 0 else 3) for i, d in enumerate(body))
    code = f"{body}{-total % 10}"
    assert values.gtin_is_right(code)
    wrong = f"{(int(code[0]) + 1) % 10}{code[1:]}"
    assert not values.gtin_is_right(wrong)


# --- HTML ------------------------------------------------------------------------------------

PLAIN = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<>&"), max_size=40)


@UNTIMED
@given(st.lists(PLAIN, max_size=5))
def test_every_item_of_a_list_is_a_line_of_its_own(items: list[str]) -> None:
    html = "<ul>" + "".join(f"<li><b>{item}</b></li>" for item in items) + "</ul>"
    found = [line for line in lines(html) if line.text]
    assert all(line.point for line in found)
    assert len(found) <= len(items)


@UNTIMED
@given(st.text(max_size=200))
def test_no_html_breaks_the_reader(text: str) -> None:
    for line in lines(text):
        assert line.text == " ".join(line.text.split())


@UNTIMED
@given(st.text(alphabet="<>/abp!-= '\"&;script", max_size=80))
def test_no_markup_breaks_the_reader(text: str) -> None:
    lines(text)


def test_scripts_go_entities_are_read_and_bullets_are_points() -> None:
    html = (
        "<style>p{}</style><p>Warm &amp; soft.<br>Max 9&nbsp;W</p><script>alert(1)</script>"
        "<p>&bull; Two pockets.<br />&bull; Machine wash.</p>"
    )
    assert [tuple(line) for line in lines(html)] == [
        ("Warm & soft.", False), ("Max 9 W", False), ("Two pockets.", True),
        ("Machine wash.", True),
    ]  # fmt: skip
    assert plain_text("&lt;p&gt;Twice &lt;b&gt;escaped&lt;/b&gt;&lt;/p&gt;") == "Twice escaped"
