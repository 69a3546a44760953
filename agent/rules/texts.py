"""Whether the host will ever say a text that a merchant loads: care, age, a point, an answer."""

from agent.rules.verdict import vet
from agent.types import Fact, Facts, Language, Line, Refusal, Rung, Sentence, Topic, Words


def never_said(text: str, language: Language) -> str | None:
    """Why the gate will not let *text* on the air, said alone as a fact of its product; None where
    it will. Some 0.1 ms."""
    fact = Fact("text/new", 0, "", "point_1", Words((text,), language), "a file")
    verdict = vet(
        Line(Sentence("{point_1}")),
        Facts(Topic.FREE, None, (fact,), ()),
        rung=Rung.FACT,
        language=language,
        voice_language=language,
    )
    return verdict.reason.removeprefix("{point_1} ") if isinstance(verdict, Refusal) else None
