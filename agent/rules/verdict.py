"""The gate: a sentence and the facts it rests on make an utterance, or a refusal."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from agent.plaintext import clean, fold
from agent.rules import grounds, own, sense, wellformed
from agent.rules.case import Case, read
from agent.rules.claims import claim
from agent.rules.instead import instead
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
    grounds.unbacked,
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
    return judged(line, facts, rung=rung, language=language, voice_language=voice_language)[0]


def judged(
    line: Line,
    facts: Facts,
    *,
    rung: Rung,
    language: Language,
    voice_language: Language,
) -> tuple[Verdict, Case | None]:
    """The verdict of ``vet``, and the case as written where it came to one."""
    if rung is Rung.NOTICE:
        why = "only agent.rules.fixed makes notices"
        return Refusal(line.written, "notice_is_fixed", why), None
    slots = facts.slots()
    try:
        if proven := _proven(line, facts, rung, language, voice_language):
            return proven, None
        written, refusal = _read(line.written, facts, language, rung)
        if refusal:
            told = (
                None if voice_language != language else told_instead(written, refusal.rule, facts)
            )
            return replace(refusal, instead=told), written
        spoken = written
        if line.spoken is not None or voice_language != language:
            said = line.written if line.spoken is None else line.spoken
            spoken, refusal = _read(said, facts, voice_language, rung)
            if refusal:
                return refusal, written
            if not set(spoken.slots) <= set(written.slots):
                why = "spoken and written rest on different facts"
                return Refusal(said, "forms_differ", why), written
        utterance = _utter(written, spoken, slots)
        return _objected(utterance, line.written) or utterance, written
    except _BROKEN as error:
        log.exception("a rule broke", extra={"pii.text": line.written})
        return Refusal(line.written, "broken_rule", f"a rule broke: {type(error).__name__}"), None


def _proven(
    line: Line, facts: Facts, rung: Rung, language: Language, voice_language: Language
) -> Verdict | None:
    """A claim of the merchant's for which there is a document, said word for word."""
    rules, text = own.in_force(), clean(line.written)
    if not rules.claims or rung not in (Rung.MODEL, Rung.OPERATOR) or voice_language != language:
        return None
    sku = next((fact.sku for fact in facts.slots().values() if fact.sku), "")
    claim = rules.claimed(fold(text), sku, language, own.today())
    if claim is None:
        return None
    evidence = (Evidence(own.OWN + claim.name, 1),)
    utterance = Utterance(_sayable(text), text, rung, evidence, language, language)
    return _objected(utterance, line.written) or utterance


def _objected(utterance: Utterance, sentence: Sentence) -> Refusal | None:
    """The merchant's forbidden terms, in what is shown and in what is heard."""
    forms = ((utterance.written, utterance.language), (utterance.spoken, utterance.voice_language))
    for text, language in forms:
        if reason := own.in_force().objection(fold(text), language):
            return Refusal(sentence, "own_forbidden", reason)
    return None


def told_instead(case: Case, rule: str, facts: Facts) -> Utterance | None:
    """What facts say of the matter that *case* spoke of."""
    if not case.strict or (wording := instead(case, rule)) is None:
        return None
    verdict = vet(
        Line(Sentence(wording)),
        facts,
        rung=Rung.TEMPLATE,
        language=case.language,
        voice_language=case.language,
    )
    return verdict if isinstance(verdict, Utterance) else None


def _read(
    sentence: Sentence, facts: Facts, language: Language, rung: Rung
) -> tuple[Case, Refusal | None]:
    """*sentence* by the sayings that are known; where those do not carry it, in words of its own.
    Each reading is sound by itself, so that it passes by either."""
    case = read(sentence, facts, language, rung)
    refusal = _judge(case, sentence)
    if refusal and case.strict:
        other = read(sentence, facts, language, rung, free=True)
        if other.rest != case.rest and not _judge(other, sentence):
            return other, None
    return case, refusal


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
