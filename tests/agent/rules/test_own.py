"""A merchant's own rules add to the built-in ones and never take from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.rules import own, vet
from agent.types import Facts, Line, Refusal, Rung, Sentence, Utterance, Verdict
from tests.agent.rules.lamp import lamp

RULES = """
[[forbidden]]
term = "corner"
reason = "the brand speaks of places"

[[claim]]
name = "award"
text = "It was voted lamp of the year by the Lighting Association."
language = "en"
sku = "LAMP"
evidence = "award.pdf"
source = "Lighting Association"
from = 2020-01-01
until = 2099-12-31
"""
AWARD = "It was voted lamp of the year by the Lighting Association."


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "award.pdf").write_bytes(b"%PDF")
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    yield path
    own.put_in_force(own.OwnRules())


def judged(text: str, facts: Facts | None = None, rung: Rung = Rung.MODEL) -> Verdict:
    known = facts or lamp()
    return vet(Line(Sentence(text)), known, rung=rung, language="en", voice_language="en")


def test_a_claim_with_a_document_is_said_word_for_word_and_cited(file: Path) -> None:
    assert isinstance(judged(AWARD), Refusal)
    own.put_in_force(own.load(file))
    said = judged(AWARD)
    assert isinstance(said, Utterance)
    assert [item.fact for item in said.evidence] == ["own:award"]
    for other in (
        AWARD.replace("lamp", "best lamp"),
        "It was voted lamp of the year.",
        AWARD[:-1] + " again.",
    ):
        assert isinstance(judged(other), Refusal), other


def test_a_claim_is_not_said_when_its_document_or_its_period_is_gone(file: Path) -> None:
    rules = own.load(file)
    own.put_in_force(rules)
    said = judged(AWARD)
    assert isinstance(said, Utterance)
    assert not rules.stale(said.evidence[0])
    file.with_name("award.pdf").unlink()
    assert rules.stale(said.evidence[0])
    assert isinstance(judged(AWARD), Refusal)


@pytest.mark.parametrize("rung", [Rung.MODEL, Rung.OPERATOR, Rung.TEMPLATE])
def test_a_forbidden_term_is_said_by_nobody(file: Path, rung: Rung) -> None:
    own.put_in_force(own.load(file))
    facts = lamp(also={"title": lamp().slots()["title"].value})
    assert isinstance(judged("It costs {price}.", facts, rung), Utterance)
    verdict = judged("Here is the corner: it costs {price}.", facts, rung)
    assert isinstance(verdict, Refusal)
    if rung is Rung.TEMPLATE:
        assert verdict.rule == "own_forbidden"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("term = ", "terms = ", "terms is not a key"),
        ('term = "corner"\n', "", "term is missing"),
        ("[[forbidden]]", "[[forbid]]", "forbid is no table"),
        ('"en"', '"de"', "give one of en, fr, zh"),
        ("award.pdf", "gone.pdf", "put the document there"),
        ("2099-12-31", "2019-12-31", "is before from"),
        ("2099-12-31", '"2099"', "give a day"),
        ("voted lamp of the year", "proven to cure headaches", "no document makes sayable"),
        ("voted lamp of the year", "loved by a real person like me", "no document makes sayable"),
        ('"corner"', '"c"', "too short"),
        ("reason = ", "reason = 3 # ", "give a text"),
        ("[[claim]]", "[[claim]", "cannot be read"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place_and_remedy(
    file: Path, old: str, new: str, said: str
) -> None:
    file.write_text(RULES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(own.OwnRulesError, match=said) as caught:
        own.load(file)
    assert str(file) in str(caught.value)
