"""Which wording of a line is said, and what stands around it: an address, "as I said"."""

import re
import string
from collections.abc import Sequence
from typing import TypeAlias

import prompts
from agent.memory import Wordings
from agent.slots import slot_names
from agent.types import Language, Line, Sentence

Variety: TypeAlias = int | Wordings
"""How one of several wordings is chosen: by count, or by what was said longest ago."""
_FIRST = re.compile(r"([^.。?？]+)([.。].*)")
"""A sentence that tells, and what comes after it."""
_STANDS = re.compile(r"I\b|\{|\$")
"""What keeps its capital within a sentence."""


def choose(wordings: Sequence[str], variety: Variety) -> int:
    """The index of the wording to use."""
    if isinstance(variety, int):
        return variety % len(wordings)
    return variety.choose(wordings)


def pick(wordings: Sequence[str], variety: Variety) -> str:
    return wordings[choose(wordings, variety)]


def known(key: str, language: Language) -> tuple[str, ...]:
    """The wordings of *key*; none where there are none."""
    return prompts.lines("answers", language).get(key, ())


def plain(
    key: str, language: Language, voice_language: Language, variety: Variety, **variables: str
) -> list[Line]:
    """A line without facts. All languages have as many wordings of it, in the same order."""
    wordings = known(key, language)
    index = choose(wordings, variety)
    texts = [
        string.Template(text).substitute(variables)
        for text in (wordings[index], known(key, voice_language)[index])
    ]
    other = Sentence(texts[1]) if language != voice_language else None
    return [Line(Sentence(texts[0]), other)]


def around(
    key: str,
    line: Line,
    language: Language,
    voice_language: Language,
    variety: Variety,
    *,
    spoken: bool = True,
) -> Line:
    """*line* within a wording of *key*, in which ``$rest`` stands for it; its *spoken* form, too,
    where it has one that says facts."""
    index = choose(known(key, language), variety)
    written = Sentence(_within(known(key, language)[index], line.written, language))
    heard = line.spoken
    if heard is not None and spoken and slot_names(heard):
        other = known(key, voice_language)
        heard = Sentence(_within(other[index % len(other)], heard, voice_language))
    return Line(written, heard)


def _within(wording: str, sentence: str, language: Language) -> str:
    rest = sentence
    before = wording.partition("$rest")[0].rstrip()
    if before and not _STANDS.match(sentence):
        rest = sentence[:1].lower() + sentence[1:]
    if any(colon in rest for colon in ":："):  # one colon a sentence
        wording = re.sub(r"\s*[:：](?=\s*\$rest)", "，" if language == "zh" else ",", wording)
    elif rest.startswith("{") and before and before[-1] in ",，":  # a merchant's whole sentence
        wording = re.sub(r"\s*[,，](?=\s*\$rest)", _COLON[language], wording)
    return string.Template(wording).safe_substitute(rest=rest)


_COLON: dict[Language, str] = {"en": ":", "fr": " :", "zh": "："}


def addressed(line: Line, name: str, language: Language, variety: Variety) -> Line | None:
    """*line*, its first sentence said to *name*: "It's {price}, Ann."; None where that does not
    end as one could."""
    found = _FIRST.match(line.written)
    if line.spoken is not None or found is None:
        return None
    wording = pick(known("named", language), variety)
    rest = string.Template(wording).safe_substitute(rest=found[1], name=name)
    return Line(Sentence(rest.rstrip(".。") + found[2]))
