"""What the model is told of one turn, and the grammar that holds its reply."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import prompts
from agent.types import Fact, Facts, Language, Words
from models.fence import fence
from models.grammar import SLOT, capitalised, framed_draft, open_draft


class Style(StrEnum):
    """How much a model is left to write."""

    FRAMED = "framed"
    """It chooses one or two whole clauses about the facts. For the packaged model, which can be
    left no word of its own: see the ledger."""
    OPEN = "open"
    """It writes its own sentences of letters and slots."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """One turn, as it goes to the model."""

    messages: tuple[tuple[str, str], ...]
    """(role, text); all but the last are the same from turn to turn, so the server has them."""
    grammar: str
    """A regular expression that the whole reply matches."""


def brief(question: str, facts: Facts, language: Language, style: Style) -> Briefing | None:
    """The briefing for *question*; None where there is nothing that the model could add.

    What plainly answers the question is said by a template before the model's first word, so
    the model gets what else there is, and only where there is nothing else what was asked.
    """
    clauses = frames(language)
    more, asked = _sayable(facts.context), _sayable(facts.asked)
    if style is Style.FRAMED:
        more = [name for name in more if name in clauses]
        asked = [name for name in asked if name in clauses]
    names = more or asked if style is Style.FRAMED else [*more, *asked]
    if not names:
        return None
    turn = prompts.load("writer_turn", language)
    values = facts.slots() if style is Style.OPEN else {}
    notes = _notes(names, clauses, language, values)
    last = ("user", turn.fill(notes=notes, viewer=fence(question)))
    if style is Style.OPEN:
        grammar = open_draft(names, language)
    else:
        grammar = framed_draft({name: clauses[name] for name in names}, language)
    return Briefing((*prefix(language), last), grammar)


def _sayable(facts: Iterable[Fact]) -> list[str]:
    """The slots that can stand in a sentence: no yes or no, and a plain name."""
    return [
        fact.field
        for fact in facts
        if not isinstance(fact.value, bool) and SLOT.fullmatch(fact.field)
    ]


def prefix(language: Language) -> tuple[tuple[str, str], ...]:
    """What every briefing in *language* begins with."""
    clauses, turn = frames(language), prompts.load("writer_turn", language)
    told = [("system", prompts.load("writer", language).fill())]
    for viewer, fields, reply in prompts.lines("writer_examples", language).values():
        notes = _notes(fields.split(), clauses, language)
        told += [("user", turn.fill(notes=notes, viewer=viewer)), ("assistant", reply)]
    return tuple(told)


def frames(language: Language) -> Mapping[str, str]:
    """How each known slot stands in a clause."""
    return {slot: found[0] for slot, found in prompts.lines("writer_frames", language).items()}


def version(language: Language) -> str:
    """Twelve hex digits that change with any of the writer's prompts."""
    return hashlib.sha256(repr(prefix(language)).encode()).hexdigest()[:12]


def _notes(
    names: Sequence[str],
    clauses: Mapping[str, str],
    language: Language,
    values: Mapping[str, Fact] | None = None,
) -> str:
    """A line for each slot; with *values*, words that the slot stands for, so that a model that
    writes knows what it writes about. Numbers are kept from it."""
    end = "。" if language == "zh" else "."
    lines = []
    for name in names:
        line = capitalised(clauses.get(name) or _plain(name)) + end
        fact = (values or {}).get(name)
        if fact is not None and isinstance(fact.value, Words):
            line += f" ({fence('; '.join(fact.value.items))})"
        lines.append(line)
    return "\n".join(lines)


def _plain(name: str) -> str:
    """How a slot that has no frame is noted."""
    return f"{name.replace('_', ' ')}: {{{name}}}"
