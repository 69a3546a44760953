"""How many asked what is answered now: a number of the show's own, with grounds of its own.

It is said by a template in a slot, as the catalog's numbers are, and looked at again as it airs.
"""

from decimal import Decimal

import prompts
from agent.askers import Askers
from agent.rules import vet
from agent.types import (
    Evidence,
    Fact,
    Facts,
    Language,
    Line,
    Quantity,
    Rung,
    Sentence,
    Topic,
    Utterance,
)

LEAST = 3
"""Fewer are not counted aloud."""
ASKED = "asked:"
"""How the evidence of such a number begins, in place of a product."""


def line(
    asked_by: Askers, message: str, language: Language, voice_language: Language, variety: int
) -> Utterance | None:
    """That so many ask what *message* (its id) asks; None where they are few."""
    if len(asked_by) < LEAST:
        return None
    number = Quantity(Decimal(len(asked_by)), "")
    fact = Fact(ASKED + message, len(asked_by), "", "asked_by", number, "the inbox")
    key = "asked_more" if asked_by.more else "asked"
    texts = [
        wordings[variety % len(wordings)]
        for wordings in (prompts.lines("events", one)[key] for one in (language, voice_language))
    ]
    said = vet(
        Line(Sentence(texts[0]), Sentence(texts[1]) if language != voice_language else None),
        Facts(Topic.FREE, None, (fact,)),
        rung=Rung.FACT,
        language=language,
        voice_language=voice_language,
    )
    return said if isinstance(said, Utterance) else None


def stale(evidence: Evidence, asked_by: Askers | None, message: str) -> bool:
    """Whether *evidence* is of another message than is answered now, or of more than asked it."""
    if asked_by is None or evidence.fact != ASKED + message:
        return True
    return evidence.version > len(asked_by)
