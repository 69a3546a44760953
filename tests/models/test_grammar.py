"""A grammar lets through the slots it was given, and no digit of any script."""

import re
import sys
import unicodedata

import pytest

from agent.types import LANGUAGES, Language
from models.grammar import GrammarError, framed_draft, open_draft

FRAMES = {"price": "it costs {price}", "origin": "it is made in {origin}"}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("It costs {price}.", True),
        ("It costs {price} today. It's lovely, and it is made in {origin}!", True),
        ("It costs {secret}.", False),
        ("It costs 5 dollars.", False),
        ("It costs ٥ dollars.", False),
        ("It costs ５ dollars.", False),
        ("It costs $.", False),
        ("it costs little.", False),
        ("It costs {price}", False),
        ("<|im_end|>", False),
        (" ".join(["Word"] * 15) + ".", False),
        ("One is. Two is. Three is. Four is.", False),
    ],
)
def test_an_open_draft_is_words_and_known_slots(text: str, passes: bool) -> None:
    grammar = open_draft(["price", "origin"], "en")
    assert bool(re.fullmatch(grammar, text)) is passes


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_digit_of_any_script_can_be_written(language: Language) -> None:
    begin, end = {"en": ("It is ", "."), "fr": ("Il est ", "."), "zh": ("它是", "。")}[language]
    grammar = re.compile(open_draft(["price"], language))
    numerals = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Nd", "No", "Nl"}
    ]
    assert len(numerals) > 1500
    assert not [n for n in [*numerals, *"两百千万亿三"] if grammar.fullmatch(begin + n + end)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "C'est à vous, dès {price}."),
        ("zh", "现在{price}，很好看。"),
        ("fr", "Ça coûte {price} !"),
    ],
)
def test_each_language_has_its_letters(language: Language, text: str) -> None:
    expected = not text.endswith(" !")
    assert bool(re.fullmatch(open_draft(["price"], language), text)) is expected


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("It costs {price}.", True),
        ("It is made in {origin}, and it costs {price}.", True),
        ("It costs {price}, and it costs {price}.", False),
        ("It costs {origin}.", False),
        ("It is nice.", False),
    ],
)
def test_a_framed_draft_is_one_or_two_different_clauses(text: str, passes: bool) -> None:
    assert bool(re.fullmatch(framed_draft(FRAMES, "en"), text)) is passes


def test_the_order_of_facts_makes_no_new_grammar() -> None:
    assert open_draft(["b", "a"], "en") == open_draft(["a", "b"], "en")
    assert framed_draft(FRAMES, "en") == framed_draft(dict(reversed(FRAMES.items())), "en")


@pytest.mark.parametrize("name", ["", "Price", "a|b", "a}", "1a", "a b"])
def test_a_slot_that_could_bend_the_grammar_is_refused(name: str) -> None:
    with pytest.raises(GrammarError):
        open_draft([name], "en")
