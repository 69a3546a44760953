"""What is told at first sight: cheering and advertising are not read, what matters always is."""

import pytest

from agent.sieve import Sight, sight
from evals.alike import questions


@pytest.mark.parametrize(
    "text",
    [
        *("lol", "LOOOOL", "wow!!!", "so pretty", "nice nice nice", "hahaha", "let's go", "W"),
        *("666666", "哈哈哈哈", "好看", "yyds", "trop beau", "mdr", "génial !!"),
    ],
)
def test_cheering_is_known_at_sight(text: str) -> None:
    assert sight(text) is Sight.HYPE


@pytest.mark.parametrize("text", ["🔥🔥🔥", "❤️", "👏 👏", "😍!!"])
def test_pictures_alone_are_known_at_sight(text: str) -> None:
    assert sight(text) is Sight.EMOJI_ONLY


@pytest.mark.parametrize(
    "text",
    [
        *("follow me for free coins", "www.cheap.example", "sub4sub", "dm me", "加我微信 abc12345"),
        *(
            "earn $500 a day from home",
            "abonne-toi",
            "https://spam.example/x",
            "aaaaaaaaaaaaaaaaaaa",
        ),
    ],
)
def test_advertising_is_known_at_sight(text: str) -> None:
    assert sight(text) is Sight.SPAM


@pytest.mark.parametrize(
    "text",
    [
        *("are you real?", "r u a bot", "you're so pretty are you real", "t'es une vraie personne"),
        *("你是真人吗", "I want to die", "je veux mourir", "不想活了", "my order never came lol"),
        *("follow me, where is my order", "refund!!", "lol is this AI", "🔥 bot 🔥", "wow help"),
    ],
)
def test_what_matters_is_always_read(text: str) -> None:
    assert sight(text) is Sight.GRAVE


@pytest.mark.parametrize(
    "text", ["follow me, how much is it?", "is it on amazon.com too?", "nice, how much?", "??"]
)
def test_a_question_beside_other_words_is_read(text: str) -> None:
    assert sight(text).read


def test_no_question_of_the_cases_is_passed_over() -> None:
    assert [one.text for one in questions() if not sight(one.text).read] == []
