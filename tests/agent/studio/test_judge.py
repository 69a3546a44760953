"""An answer that the host would never say is refused when it is given, with the remedy."""

import pytest

from agent.studio.judge import objection
from agent.types import Language
from tests.fakes import MATERIAL, PRICE, TITLE, Shelf


def judged(answer: str, language: Language = "en") -> str | None:
    return objection(answer, language, Shelf().product("LAMP-01"), [TITLE, PRICE, MATERIAL])


@pytest.mark.parametrize(
    ("answer", "language"),
    [
        ("Yes, it fits in most car cup holders.", "en"),
        ("It holds up to 30 kg.", "en"),
        ("No, the lid is not leakproof.", "en"),
        ("Oui, le couvercle passe au lave-vaisselle.", "fr"),
        ("可以放进洗碗机。", "zh"),
    ],
)
def test_a_plain_answer_will_be_said(answer: str, language: Language) -> None:
    assert judged(answer, language) is None


@pytest.mark.parametrize(
    ("answer", "language", "why"),
    [
        ("It cures eczema.", "en", "claims 'cures'"),
        ("It is the best lamp.", "en", "claims 'best'"),
        ("I use it myself every day.", "en", "i use it"),
        ("We sold ten thousand of them to happy customers.", "en", "claims"),
        ("It costs $5.", "en", "set the price"),
        ("It is 12 dollars today.", "en", "set the price"),
        ("现在只要 99 元。", "zh", "set the price"),
        ("It is certified by TUV.", "en", "load the certificate"),
        ("Only a few left!", "en", "set the stock"),
        ("You save a lot: it is a bargain.", "en", "set an offer"),
        ("<b>Yes</b>", "en", "plain words"),
        ("Yes {price}", "en", "plain words"),
        ("是的，可以。", "en", "is in en"),
        ("y" * 301, "en", "at most 300"),
        ("C'est le meilleur du monde.", "fr", "claims"),
    ],
)
def test_what_the_gate_would_hold_back_is_refused_at_once(
    answer: str, language: Language, why: str
) -> None:
    assert why in (judged(answer, language) or "")
