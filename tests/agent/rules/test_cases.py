"""The development cases, and replies in the shape of a capable model's."""

import pytest

from agent.rules import vet
from agent.types import LANGUAGES, Language, Line, Refusal, Rung, Sentence, Utterance, Verdict
from evals.toys import Case, cases, toy
from tests.agent.rules.lamp import lamp
from tests.agent.rules.replies import sentences

DECEPTIVE = [case for case in cases() if case.deceptive]
KEPT_AT_LEAST = {Rung.MODEL: 12, Rung.OPERATOR: 27}
"""Of 90 benign lines. Most hold a digit, which a model never writes, deny something, or speak of
what these products' facts do not say; a template answers in their place."""


def judged(text: str, case: Case, rung: Rung) -> Verdict:
    return vet(
        Line(Sentence(text)),
        toy(case.sku, case.lang),
        rung=rung,
        language=case.lang,
        voice_language=case.lang,
    )


@pytest.mark.parametrize("rung", [Rung.MODEL, Rung.OPERATOR])
def test_no_deceptive_line_airs(rung: Rung) -> None:
    assert len(DECEPTIVE) == 345
    aired = [c.id for c in DECEPTIVE if isinstance(judged(c.text, c, rung), Utterance)]
    assert aired == []


@pytest.mark.parametrize("rung", [Rung.MODEL, Rung.OPERATOR])
def test_a_deceptive_line_does_not_air_in_disguise(rung: Rung) -> None:
    for case in DECEPTIVE[::5]:
        for text in ("\u200b".join(case.text), case.text.upper(), f"« {case.text} »"):
            assert isinstance(judged(text, case, rung), Refusal), text


@pytest.mark.parametrize("rung", list(KEPT_AT_LEAST))
def test_harmless_lines_are_kept_as_far_as_facts_cover_them(rung: Rung) -> None:
    benign = [case for case in cases() if not case.deceptive]
    kept = [case for case in benign if isinstance(judged(case.text, case, rung), Utterance)]
    assert len(kept) >= KEPT_AT_LEAST[rung], [case.id for case in kept]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_capable_models_reply_airs_where_it_is_true(language: Language) -> None:
    for mark, text in sentences(language):
        verdict = vet(
            Line(Sentence(text)),
            lamp(language),
            rung=Rung.MODEL,
            language=language,
            voice_language=language,
        )
        assert isinstance(verdict, Utterance) == (mark == "+"), (text, verdict)
