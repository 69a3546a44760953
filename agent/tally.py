"""How many asked what is answered now: a number of the show's own, with grounds of its own.

It is said by a template in a slot, as the catalog's numbers are, and looked at again as it airs.
"""

from decimal import Decimal

import prompts
from agent.askers import Askers
from agent.types import Evidence, Fact, Facts, Language, Line, Quantity, Sentence, Topic, Utterance
from agent.wording import Variety, choose

LEAST = 3
"""Fewer are not counted aloud."""
ASKED = "asked:"
"""How the evidence of such a number begins, in place of a product."""


def fact(name: str, count: int) -> Fact:
    """That *count* asked; *name* is ASKED and the message's id."""
    return Fact(name, count, "", "asked_by", Quantity(Decimal(count), ""), "the inbox")


def line(
    asked_by: Askers, message: str, language: Language, voice_language: Language, variety: Variety
) -> tuple[Line, Facts] | None:
    """That so many ask what *message* (its id) asks, and the facts it rests on; None where they
    are few."""
    if len(asked_by) < LEAST:
        return None
    key = "asked_more" if asked_by.more else "asked"
    wordings = prompts.lines("events", language)[key]
    index = choose(wordings, variety)
    other = Sentence(prompts.lines("events", voice_language)[key][index])
    said = Line(Sentence(wordings[index]), other if language != voice_language else None)
    return said, Facts(Topic.FREE, None, (fact(ASKED + message, len(asked_by)),))


def ours(evidence: Evidence) -> bool:
    """Whether *evidence* is of such a number, and not of the catalog."""
    return evidence.fact.startswith(ASKED)


def counts(said: Utterance) -> bool:
    """Whether *said* tells how many asked, and nothing else."""
    return bool(said.evidence) and all(map(ours, said.evidence))


def stale(evidence: Evidence, asked_by: Askers | None, message: str) -> bool:
    """Whether *evidence* is of another message than is answered now, or of more than asked it."""
    if asked_by is None or evidence.fact != ASKED + message:
        return True
    return evidence.version > len(asked_by)
