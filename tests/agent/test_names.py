"""Who is called by name, and who is not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.names import MAX_NAME, VIEWERS, safe_name, spoken_name
from agent.types import LANGUAGES, Language

TAKEN = ("Harbour & Pine", "Fjord oak table lamp", "Meadow wildflower honey")


@pytest.mark.parametrize(
    ("author", "said"),
    [
        ("Ann", "Ann"),
        ("ann_92", "Ann"),
        ("BOB", "Bob"),
        ("Jean-Luc", "Jean-Luc"),
        ("O'Brien", "O'Brien"),
        ("Élodie", "Élodie"),
        ("😀 Tom", "Tom"),
        ("Anna Maria", "Anna Maria"),
    ],
)
def test_a_name_is_said_as_one_says_it(author: str, said: str) -> None:
    assert spoken_name(author, "en", TAKEN) == said


@pytest.mark.parametrize(
    "author",
    [
        *("admin", "Official Support", "Harbour Pine", "HarbourPine", "The Real Harbour"),
        *("Elon Musk", "Taylor_Swift", "MrBeast", "马云", "李佳琦"),
        *("Viewer", "guest 12", "Anonymous", "spectateur", "游客12"),
        *("f u c k", "only 3 left", "Cures Acne", "free shipping", "best price", "官方客服"),
        *(
            "😀",
            "1234567",
            "4815162342 Ann",
            "xX_gm42_Xx",
            "qwrtpsd",
            "aaaanna",
            "a",
            "http://a.co",
        ),
        *("table lamp", "Honey", "a viewer", "un spectateur", "Anna Maria del Carmen Lopez"),
    ],
)
def test_rude_borrowed_claiming_and_unspeakable_names_are_not_said(author: str) -> None:
    for language in LANGUAGES:
        assert spoken_name(author, language, TAKEN) is None


def test_a_voice_says_only_names_of_its_letters() -> None:
    assert spoken_name("小美", "zh", TAKEN) == "小美"
    assert spoken_name("小美", "en", TAKEN) is None
    assert spoken_name("Ann", "zh", TAKEN) == "Ann"
    assert spoken_name("Иван", "en", TAKEN) is None


def test_marks_heaped_on_letters_are_not_shown() -> None:
    assert safe_name("Z\u0337\u034ea\u0336l\u0335\u0321g\u0337o\u0334") == "Zalgo"


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_whatever_someone_is_called_what_is_said_is_short_and_of_letters(
    author: str, language: Language
) -> None:
    said = spoken_name(author, language, TAKEN)
    if said is not None:
        assert len(said) <= MAX_NAME
        assert all(char.isalpha() or char in " -'" for char in said)
        assert not any(unicodedata.category(char) in {"Mn", "Cf", "Co"} for char in said)
        assert said not in VIEWERS.values()


@given(st.sampled_from(["Ann", "Zoë", "小美"]), st.sampled_from("\u200b\u202e\u2066\ufe0f\u0301"))
def test_what_cannot_be_seen_changes_no_name(name: str, mark: str) -> None:
    language: Language = "zh" if name == "小美" else "en"
    plain = "".join(c for c in name + mark if unicodedata.category(c) != "Cf")
    assert spoken_name(name + mark, language) in (name, spoken_name(plain, language))
