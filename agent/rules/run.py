"""One reply: its sentences judged in turn, each beside what was said before it.

A claim can be cut in two, so that neither half is one: "Guess who makes it? The French!", "It was
ninety. Now it is half that." So the sentence after a question, and every sentence after one that
was refused, needs more than plain words: a fact, or a saying that claims nothing.
"""

import re
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from agent.hostile import flag
from agent.rules.case import Case
from agent.rules.lexicon import patterns
from agent.rules.sayings import answers, talk
from agent.rules.verdict import judged, told_instead
from agent.types import (
    Facts,
    Language,
    Line,
    Refusal,
    Rung,
    Stream,
    Utterance,
    Verdict,
)

_WRITTEN = frozenset({Rung.MODEL, Rung.OPERATOR})
"""Whose words are not ours: not even a question is said again that asks for politics, harm, abuse,
or that tells the host what to say."""


@dataclass(slots=True)
class Run:
    """Judges the sentences of one reply one after another."""

    facts: Facts
    rung: Rung
    language: Language
    voice_language: Language
    _asked: bool = field(default=False, init=False)
    """Whether the last sentence left something to be answered."""
    _refused: bool = field(default=False, init=False)
    """Whether a sentence of this reply was refused."""

    def vet(self, line: Line) -> Verdict:
        """Judge *line* by itself, and by what this reply has said so far."""
        verdict, case = judged(
            line,
            self.facts,
            rung=self.rung,
            language=self.language,
            voice_language=self.voice_language,
        )
        passed = case if isinstance(verdict, Utterance) else None
        if passed is not None and passed.strict and (reason := self._hangs(passed)):
            same = self.voice_language == self.language
            told = told_instead(passed, "hanging", self.facts) if same else None
            verdict = Refusal(line.written, "hanging", reason, told)
        if (
            isinstance(verdict, Utterance)
            and self.rung in _WRITTEN
            and (tried := flag(verdict.written))
        ):
            reason = f"is what viewers bait the host with: {tried.value}"
            verdict = Refusal(line.written, "bait", reason)
        self._refused |= isinstance(verdict, Refusal)
        self._asked = case is None or (
            _asks(case) and not talk(case.bare, case.facts, case.language)
        )
        return verdict

    def _hangs(self, case: Case) -> str | None:
        """Why *case*, true or harmless by itself, must not follow what was said."""
        if not (self._asked or self._refused) or _stands(case):
            return None
        if self._asked:
            return "answers a question, and no fact does"
        return "goes on from a sentence that was refused, and rests on no fact"


def _stands(case: Case) -> bool:
    """Whether it says a fact of its own, or only what claims nothing whatever came before."""
    facts = case.fields - {"title"}
    anaphora = patterns("cues", case.language)["anaphora"].search(case.rest)
    if not case.rest:
        return bool(facts) or answers(case.bare, case.text, case.facts, case.language)
    unknowing = patterns("cues", case.language)["unknowing"].search(case.rest)
    return (bool(facts) and not anaphora) or _invites(case) or bool(unknowing and not facts)


def _invites(case: Case) -> bool:
    return bool(patterns("cues", case.language)["asking"].search(case.rest))


def _asks(case: Case) -> bool:
    """Whether it leaves something to be answered: a question, "guess", a colon at its end."""
    leads = patterns("cues", case.language)["leads"].search(case.bare)
    return bool(leads) or bool(re.search(r"[?？:：…]\W*$", case.text))


async def gate(
    lines: Stream[Line],
    facts: Facts,
    refused: Callable[[Refusal], None],
    *,
    rung: Rung,
    language: Language,
    voice_language: Language,
) -> Stream[Utterance]:
    """Let through what of one reply may be spoken; hand the rest to *refused*. In place of the
    model's words, not of the operator's, what facts say of the matter goes out, once."""
    run = Run(facts, rung, language, voice_language)
    told: set[str] = set()
    async with aclosing(lines):
        async for line in lines:
            verdict = run.vet(line)
            if isinstance(verdict, Utterance):
                told.add(verdict.written)
                yield verdict
                continue
            refused(verdict)
            if verdict.instead and rung is Rung.MODEL and verdict.instead.written not in told:
                told.add(verdict.instead.written)
                yield verdict.instead
