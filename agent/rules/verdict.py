"""The gate: a sentence and the facts it rests on make an utterance, or a refusal."""

import logging
import re
from collections.abc import Callable, Mapping
from contextlib import aclosing
from functools import partial

from agent.plaintext import clean
from agent.rules import grounds, sense, wellformed
from agent.rules.case import Case, read
from agent.rules.claims import claim
from agent.rules.plain_talk import unknown_words, witnesses
from agent.slots import ear, eye, fill
from agent.types import (
    Evidence,
    Fact,
    Facts,
    Language,
    Line,
    Refusal,
    Rung,
    Sentence,
    Stream,
    Utterance,
    Verdict,
)

log = logging.getLogger(__name__)

Rule = Callable[[Case], str | None]
"""Says why a sentence must not be spoken, or None."""

_FORM: tuple[Rule, ...] = (
    wellformed.empty,
    wellformed.malformed_slot,
    wellformed.unknown_slot,
    wellformed.unspeakable_slot,
    wellformed.number_outside_slot,
    wellformed.strange_character,
)
_SENSE: tuple[Rule, ...] = (
    sense.opener,
    sense.stock,
    sense.offer,
    sense.negation,
    unknown_words,
    grounds.wrong_slot,
    grounds.bent,
    grounds.mixed_facts,
)
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    re.error,
)


def vet(
    line: Line,
    facts: Facts,
    *,
    rung: Rung,
    language: Language,
    voice_language: Language,
) -> Verdict:
    """Judge *line* against *facts*: what may be spoken and shown, its slots filled, or why not.

    A line spoken in another language than it is written in is judged in both; what is spoken may
    rest on no fact that is not written. A rule that breaks refuses.
    """
    if rung is Rung.NOTICE:
        return Refusal(line.written, "notice_is_fixed", "only agent.rules.fixed makes notices")
    slots = facts.slots()
    try:
        written = read(line.written, facts, language, rung)
        if refusal := _judge(written, line.written):
            return refusal
        spoken = written
        if line.spoken is not None or voice_language != language:
            said = line.written if line.spoken is None else line.spoken
            spoken = read(said, facts, voice_language, rung)
            if refusal := _judge(spoken, said):
                return refusal
            if not set(spoken.slots) <= set(written.slots):
                return Refusal(said, "forms_differ", "spoken and written rest on different facts")
        return _utter(written, spoken, slots)
    except _BROKEN as error:
        log.exception("a rule broke", extra={"pii.text": line.written})
        return Refusal(line.written, "broken_rule", f"a rule broke: {type(error).__name__}")


async def gate(
    lines: Stream[Line],
    facts: Facts,
    refused: Callable[[Refusal], None],
    *,
    rung: Rung,
    language: Language,
    voice_language: Language,
) -> Stream[Utterance]:
    """Let through what may be spoken; hand the rest to *refused*."""
    async with aclosing(lines):
        async for line in lines:
            verdict = vet(line, facts, rung=rung, language=language, voice_language=voice_language)
            if isinstance(verdict, Utterance):
                yield verdict
            else:
                refused(verdict)


def _judge(case: Case, sentence: Sentence) -> Refusal | None:
    """The first rule to object; form first, then classes of claims, then the sense."""
    for rule in _FORM:
        if reason := rule(case):
            return Refusal(sentence, rule.__name__, reason)
    if found := claim(case):
        return Refusal(sentence, *found)
    for rule in _SENSE:
        if reason := rule(case):
            return Refusal(sentence, rule.__name__, reason)
    return None


def _utter(written: Case, spoken: Case, slots: Mapping[str, Fact]) -> Utterance:
    fields = dict.fromkeys((*written.slots, *spoken.slots))
    extra = written.named | spoken.named
    if written.strict:
        extra |= witnesses(written)
    for field in sorted(extra):
        fields.setdefault(field)
    return Utterance(
        spoken=fill(_sayable(spoken.text), slots, partial(ear, language=spoken.language)),
        written=fill(clean(written.text), slots, partial(eye, language=written.language)),
        rung=written.rung,
        evidence=tuple(Evidence(slots[field].id, slots[field].version) for field in fields),
        language=written.language,
        voice_language=spoken.language,
    )


def _sayable(text: str) -> str:
    """*text* for the ear: without quotation marks and brackets."""
    return re.sub(r"[\"“”«»()（）《》「」]", "", text)
