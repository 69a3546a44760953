"""A merchant learns when loading what the host will never say."""

import pytest

from agent.rules.texts import never_said
from agent.types import Language


@pytest.mark.parametrize(
    ("language", "text", "claims"),
    [
        ("en", "It cures eczema.", "cures"),
        ("en", "The best mug in the world.", "best"),
        ("fr", "Le meilleur bol du monde.", "meilleur"),
        ("zh", "天然棉，治疗湿疹。", "治"),
    ],
)
def test_a_text_with_a_claim_is_told_with_what_it_claims(
    language: Language, text: str, claims: str
) -> None:
    reason = never_said(text, language)
    assert reason is not None
    assert claims in reason
    assert "{" not in reason


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Wash at 30 degrees."),
        ("en", "Holds 350 ml and goes in the dishwasher"),
        ("fr", "Tient au chaud pendant 6 heures."),
        ("zh", "可放入洗碗机"),
    ],
)
def test_a_plain_text_is_let_through(language: Language, text: str) -> None:
    assert never_said(text, language) is None
