import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clauses import MAX_WORDS, MIN_WORDS, clauses, pause_after

TEXTS = st.lists(
    st.tuples(
        st.text("abcxyz'", min_size=1, max_size=9), st.sampled_from(["", "", ",", ".", "!?"])
    ),
    max_size=60,
).map(lambda words: " ".join(f"a{word}{sign}" for word, sign in words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is blue.", ["It is blue."]),
        ("Yes, it ships today, for free.", ["Yes, it ships today, for free."]),
        (
            "Yes, we ship to Canada, and delivery takes five days.",
            ["Yes, we ship to Canada,", "and delivery takes five days."],
        ),
        ("Ask Dr. Lee about it; she knows.", ["Ask Dr. Lee about it; she knows."]),
        ("It costs 24.90 dollars: not more!", ["It costs 24.90 dollars: not more!"]),
        ("That is it , really !", ["That is it, really!"]),
        ("Hello 😀 there, friends.", ["Hello there, friends."]),
        ("\x00 \n 😀 ... !", []),
        ("", []),
    ],
)
def test_the_host_breathes_at_punctuation(text: str, expected: list[str]) -> None:
    assert list(clauses(text)) == expected


@given(TEXTS)
def test_no_word_is_lost_and_none_is_added(text: str) -> None:
    assert " ".join(clauses(text)).split() == text.split()


@given(TEXTS)
def test_every_clause_can_be_spoken_in_one_breath(text: str) -> None:
    lengths = [len(clause.split()) for clause in clauses(text)]
    assert all(length < MAX_WORDS + MIN_WORDS for length in lengths)
    assert all(length >= MIN_WORDS for length in lengths[:-1])


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_cut(text: str) -> None:
    kept = "".join("".join(clauses(text)).split())
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_word_without_end_is_cut() -> None:
    assert max(len(word) for clause in clauses("a" * 10_000) for word in clause.split()) <= 40


@pytest.mark.parametrize(
    ("shorter", "longer"), [("cut in two", "one,"), ("one,", "one;"), ("one:", 'one."')]
)
def test_the_pause_grows_with_the_sign(shorter: str, longer: str) -> None:
    assert pause_after(shorter) < pause_after(longer)
