"""What a sentence is made of: plain talk, and words that the product's own facts hold."""

import re
from collections.abc import Iterable
from functools import lru_cache

from agent.plaintext import fold
from agent.rules.case import Case
from agent.rules.lexicon import words
from agent.types import Fact, Language, Words

MAX_UNKNOWN = 0.2
"""Share of content words that may be unknown (rules.md, section 2: at 0.2 all of 60 unseen
deceptive lines were stopped)."""
LONG = 8
"""Content words from which a sentence may hold an unknown one at all; in a shorter one the
unknown word is the claim."""
_MARKS = re.compile(r"<[a-z0-9_]+>")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_CLITIC = re.compile(r"^(?:l|d|j|t|c|n|m|s|qu|lorsqu|puisqu|jusqu|quelqu|aujourd)'(?=\w)")
_HAN = re.compile(r"[㐀-鿿a-z]+")
_ENDINGS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?<=\w{2})(?:'s|e?s|e?d|ing|e)$"),
    "fr": re.compile(r"(?<=\w{3})(?:ees?|es?|ez|er|ent|s|x)$"),
    "zh": re.compile(r"$^"),
}
_LONGEST = 6
"""Characters of the longest Chinese word looked up."""


def unknown_words(case: Case) -> str | None:
    """At most one word in five that neither plain talk nor the facts know; none in a short one."""
    if not case.strict:
        return None
    unknown, content = (_chinese if case.language == "zh" else _latin)(case)
    allowed = int(MAX_UNKNOWN * content / 2) if content >= LONG else 0
    if len(unknown) > allowed:
        return f"neither plain talk nor a fact: {', '.join(unknown[:4])}"
    return None


def witnesses(case: Case) -> set[str]:
    """Fields of the facts that lent the sentence words which are not plain talk."""
    plain = _plain(case.language)
    fields: set[str] = set()
    bare = _MARKS.sub(" ", case.bare)
    tokens = set(_WORD.findall(bare)) - plain if case.language != "zh" else set()
    for field, fact in case.facts.items():
        if isinstance(fact.value, Words):
            known = _fact_words(fact, case.language)
            if case.language == "zh":
                if any(part in bare for part in known - plain if len(part) > 1):
                    fields.add(field)
            elif (tokens | {stem(token, case.language) for token in tokens}) & known:
                fields.add(field)
    return fields


@lru_cache(8)
def _plain(language: Language) -> frozenset[str]:
    return words("function", language) | words("plain", language)


@lru_cache(512)
def _fact_words(fact: Fact, language: Language) -> frozenset[str]:
    """The words of a fact, folded; in Chinese every run of two to six characters of it."""
    assert isinstance(fact.value, Words)
    text = fold(" ".join(fact.value.items))
    if language == "zh":
        runs: Iterable[str] = _HAN.findall(text)
        return frozenset(
            run[start : start + size]
            for run in runs
            for size in range(2, _LONGEST + 1)
            for start in range(len(run) - size + 1)
        )
    found = set(_WORD.findall(text))
    found |= {part for word in found for part in re.split(r"['-]", word)}
    return frozenset(found | {stem(word, language) for word in found})


def stem(word: str, language: Language) -> str:
    """*word* without the ending of its number, tense or gender: "dimmed" is "dim"."""
    if len(word) < 4:
        return word
    ending = _ENDINGS[language].search(word)
    bare = word[: ending.start()] if ending else word
    twice = (
        language == "en" and len(bare) > 2 and bare[-1] == bare[-2] and bare[-1] not in "aeiouls"
    )
    return bare[:-1] if twice else bare


def _known(case: Case) -> frozenset[str]:
    facts = case.facts.values()
    lent = (_fact_words(f, case.language) for f in facts if isinstance(f.value, Words))
    return _plain(case.language).union(*lent)


def _latin(case: Case) -> tuple[list[str], int]:
    """Unknown words, and how many words have content; a mark counts as content."""
    known, function = _known(case), words("function", case.language)
    lent = known - _plain(case.language)
    marks = len(_MARKS.findall(case.bare))
    unknown: list[str] = []
    content = marks
    for word in _WORD.findall(_MARKS.sub(" ", case.bare)):
        if word in function:
            continue
        parts = [word]
        if word not in known:
            bare = _CLITIC.sub("", word) if case.language == "fr" else word.removesuffix("'s")
            parts = [bare] if bare in known else [p for p in re.split(r"['-]", bare) if p]
        for part in parts:
            if part in function:
                continue
            content += 1
            if part not in known and stem(part, case.language) not in lent:
                unknown.append(part)
    return unknown, content


def _chinese(case: Case) -> tuple[list[str], int]:
    """Unknown characters, in runs, and how many words (of two characters) have content."""
    known, function = _known(case), words("function", "zh")
    unknown: list[str] = []
    content = 2 * len(_MARKS.findall(case.bare))
    for run in _HAN.findall(_MARKS.sub(" ", case.bare)):
        at, stray = 0, ""
        while at < len(run):
            sizes = range(min(_LONGEST, len(run) - at), 0, -1)
            size = next((size for size in sizes if run[at : at + size] in known), 0)
            if size:
                if stray:
                    unknown.append(stray)
                    stray = ""
                if run[at : at + size] not in function:
                    content += size
                at += size
            else:
                stray += run[at]
                content += 1
                at += 1
        if stray:
            unknown.append(stray)
    return unknown, content // 2
