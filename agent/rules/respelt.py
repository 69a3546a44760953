"""Whether a merchant's line "written = spoken" only says how a name sounds.

It is applied after the gate, so it may not change what is said: it touches no number and no word of
the host's own texts, puts no everyday word where the name has none, and has the name's consonants.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import prompts
from agent.plaintext import fold
from agent.rules import numbers
from agent.rules.lexicon import words
from agent.types import LANGUAGES

_LONGEST: Final = 24
"""Letters that any name may take to say."""
_PART: Final = 4
"""Letters from which on an everyday word in a name is a part of it: "wool" in "lambswool"."""
_OWN_TEXTS: Final = ("notice", "answers", "plan")
_KINDS: Final = str.maketrans("bpfvckqgjxszdtlrmn", "bbbbkkkkkkkkddllmm")
"""Consonants by where the mouth makes them, as Soundex sorts them (R. C. Russell, US 1,261,167),
but for its two classes of liquids, which are one here."""
_ALIKE: Final = 0.6
_NUMBER: Final = re.compile(r"[\d$€£¥%+]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_BESIDE: Final = (
    *("oh", "nought", "point", "minus", "half", "quarter", "dozen", "percent", "pence"),
    *("first", "second", "third", "virgule", "moins", "pour", "demi"),
)
"""Words of numbers that are none by themselves."""


def unfit(written: str, spoken: str) -> str | None:
    """Why the line may not be used, with what to do; None where it may."""
    if _NUMBER.search(spoken) or re.search(r"\d", written):
        return "numbers, prices and shares are spoken as the catalog has them; leave them out"
    if len(spoken) > max(_LONGEST, 4 * len(written)):
        return "it is longer than the name it stands for; write how the name sounds, no more"
    told = _words(written)
    if kept := sorted(set(told) & _kept()):
        return f"{kept[0]!r} is one of the host's own words; give the whole name, or leave it out"
    for word in _words(re.sub(r"(?<=\w)-(?=\w)", "", spoken)):  # "low-ay-vuh" is one word
        within = len(word) >= _PART and word in "".join(told)
        if len(word) > 1 and word in _everyday() and word not in told and not within:
            return f"{word!r} means something that the name does not say; write it by its sounds"
    name, sound = _consonants(written), _consonants(spoken)
    if _common(name, sound) < _ALIKE * len(sound):
        return "it does not sound like what is written; write it by its sounds"
    return None


def objections(lines: Mapping[str, str]) -> list[str]:
    """One for each line that may not be used."""
    found = ((pair, unfit(*pair)) for pair in lines.items())
    return [f"{written} = {spoken}: {why}" for (written, spoken), why in found if why]


def _consonants(text: str) -> str:
    """Their kinds, in order, the same ones in a row once; nothing of other scripts."""
    kinds = re.sub("[^bcdfgjklmnpqrstvxz]", "", fold(text)).translate(_KINDS)
    return re.sub(r"(.)\1+", r"\1", kinds)


def _common(one: str, other: str) -> int:
    """Letters of the longest row that both have in this order."""
    best = [0] * (len(other) + 1)
    for letter in one:
        before = 0
        for at, against in enumerate(other, 1):
            before, best[at] = (
                best[at],
                before + 1 if letter == against else max(best[at - 1 : at + 1]),
            )
    return best[-1]


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


@cache
def _kept() -> frozenset[str]:
    """The words that no line may be about: those of numbers, money, notices and answers."""
    texts = [prompts.load(name, language).text for name in _OWN_TEXTS for language in LANGUAGES]
    return numbers.WORDS.union(_BESIDE, _words(" ".join(texts)))


@cache
def _everyday() -> frozenset[str]:
    """Words that say something, in a language that a voice speaks."""
    lists = ("function", "plain", "scene")
    known = [words(name, language) for name in lists for language in LANGUAGES]
    return _kept().union(*known)
