"""Link numbers, bounds and slips of the finger."""

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.numbers import chinese, numbers
from catalog.text import alike, fold, slips, tokens

NUMBER = st.integers(1, 99)


LINKS = [
    "number {}", "#{}", "link {} pls", "the price of no. {}", "item #{}", "le numéro {}",
    "lien {} svp", "{}号链接", "{}号多少钱", "第{}个", "链接{}", "how much is number {}?", "n° {}",
]  # fmt: skip
OTHERS = [
    "I bought {} of these", "ready in {} minutes", "{} cm", "il fait {} cm", "le {} janvier",
    "{} dollars?", "{}块钱", "within {} days", "{}天能到吗",
]  # fmt: skip


@given(NUMBER, st.sampled_from(LINKS))
def test_a_link_number_is_found_in_any_form(number: int, form: str) -> None:
    assert numbers(form.format(number)).links == (number,)


@given(NUMBER)
def test_a_bare_number_is_a_link(number: int) -> None:
    assert numbers(f"{number} pls").links == (number,)


@given(NUMBER, st.sampled_from(OTHERS))
def test_a_count_a_measure_or_a_date_is_no_link(number: int, form: str) -> None:
    assert numbers(form.format(number)).links == ()


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("the third one", (3,)),
        ("third one please", (3,)),
        ("la troisième", (3,)),
        ("le 3 svp", (3,)),
        ("le 3e", (3,)),
        ("三号", (3,)),
        ("十二号链接", (12,)),
        ("第二个", (2,)),
        ("３号", (3,)),
        ("number three or number four", (3, 4)),
        ("number 3 or 4", (3, 4)),
        ("2 or 3, which is cheaper?", (2, 3)),
        ("3号前能发货吗", ()),
        ("1号色", ()),
        ("number 1000 times better", (1000,)),
    ],
)
def test_ordinals_and_words_are_link_numbers(line: str, links: tuple[int, ...]) -> None:
    assert numbers(line).links == links


@given(st.integers(1, 199))
def test_a_chinese_number_is_read_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = (digits[hundreds] + "百") if hundreds else ""
    if tens:
        text += (digits[tens] if tens > 1 or hundreds else "") + "十"
    elif hundreds and ones:
        text += "零"
    text += digits[ones] if ones else ""
    assert chinese(text) == number


@given(
    st.decimals(1, 999, places=2),
    st.sampled_from(
        ["anything under ${}?", "moins de {} euros", "{}块以下有什么", "below {} bucks"]
    ),
)
def test_a_bound_is_found(amount: Decimal, form: str) -> None:
    assert numbers(form.format(amount)).bound == ("under", amount)


@given(st.text(max_size=200))
def test_no_line_breaks_the_reading_of_numbers(line: str) -> None:
    found = numbers(line)
    assert len(set(found.links)) == len(found.links)


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(line: str) -> None:
    assert tokens(fold(line)) == tokens(line)


WORDS = st.text(string.ascii_lowercase, min_size=5, max_size=12)


@given(WORDS, st.data())
def test_two_letters_swapped_are_a_slip(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    assert slips(word[:at] + word[at + 1] + word[at] + word[at + 2 :], word, 1) <= 1


@given(WORDS, st.data())
def test_a_letter_left_out_is_a_slip(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    assert slips(word[:at] + word[at + 1 :], word, 1) <= 1


@pytest.mark.parametrize(
    ("typed", "word", "same"),
    [
        ("kettel", "kettle", True),
        ("speeker", "speaker", True),
        ("jaket", "jacket", True),
        ("mugs", "mug", True),
        ("lampp", "lamp", True),
        ("sneaker", "speaker", False),
        ("plain", "plaid", False),
        ("boots", "boat", False),
        ("coat", "boat", False),
        ("bugs", "mug", False),
        ("stocks", "socks", False),
        ("money", "honey", False),
    ],
)
def test_a_slip_is_told_from_another_thing(typed: str, word: str, same: bool) -> None:
    assert alike(typed, word) is same
