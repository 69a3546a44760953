"""A slip of the finger still finds the product."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.spelling import SHORTEST, Spelling, slips

WORDS = {"hoodie": 9, "jacket": 7, "jackets": 2, "kettle": 1, "sweatshirt": 3, "wool": 2}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hodie", ["hoodie"]),
        ("hoodei", ["hoodie"]),
        ("hoofie", ["hoodie"]),
        ("jcaket", ["jacket"]),
        ("sweathsirt", ["sweatshirt"]),
        ("kettel", ["kettle"]),
    ],
)
def test_one_slip_finds_the_word_that_was_meant(typed: str, meant: list[str]) -> None:
    assert Spelling(WORDS).near(typed, WORDS) == meant


@pytest.mark.parametrize("typed", ["hoodie", "xyz", "cat", "ackets", "蓝色", "50ml", ""])
def test_what_is_no_slip_of_a_name_is_left_as_it_is(typed: str) -> None:
    assert Spelling(WORDS).near(typed, WORDS) == []


@given(st.text("abcdefgh", min_size=SHORTEST, max_size=10), st.data())
def test_any_word_with_one_letter_less_is_found_again(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    typed = word[:at] + word[at + 1 :]
    spelling = Spelling([word])
    assert slips(typed, word) == 1
    if len(typed) >= SHORTEST:
        assert spelling.near(typed, {}) == [word]
