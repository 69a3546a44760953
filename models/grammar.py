"""The regular expression that holds a draft to the slots of its facts and to no digit.

A regular expression, because each of vLLM's structured-output backends takes one. It is made from
the sorted names of the slots alone, so turns about the same fields share one, compiled once.
"""

import re
from collections.abc import Iterable, Mapping

from agent.types import Language

SLOT = re.compile(r"[a-z][a-z0-9_]*")

# Letters only, so no digit of any script can be written. Chinese is the basic block without its
# number characters; "一", which most often is no number, is left to the gate.
_NUMERALS = "〇零二两三四五六七八九十百千万亿廿卅"
_LETTERS: Mapping[Language, str] = {
    "en": "A-Za-zé",
    "fr": "A-Za-zàâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜ",
}
_SENTENCES_SHORT, _WORDS_FIRST, _WORDS_LATER = 3, 14, 18
_HAN_FIRST, _HAN_LATER = 24, 32


class GrammarError(ValueError):
    """A slot's name could not stand in a grammar."""


def open_draft(slots: Iterable[str], language: Language, sentences: int = _SENTENCES_SHORT) -> str:
    """At most *sentences* sentences of words and ``{slots}``, the first at most 14 words long (24
    characters in Chinese), for a model that can be left to write. Raises GrammarError."""
    slot = _any_slot(slots)
    if language == "zh":
        unit = f"(?:[{_han()}]|{slot})" if slot else f"[{_han()}]"
        first = f"{unit}{{2,{_HAN_FIRST}}}"
        later = f"{unit}{{2,{_HAN_LATER}}}"
        more = f"(?:(?:{later}，)?{later}[。！])"
        return f"(?:{first}，)?{first}[。！]{more}{{0,{sentences - 1}}}"
    letters = _LETTERS[language]
    upper = "A-Z" if language == "en" else "A-ZÀÂÇÉÈÊËÎÏÔŒÙÛÜ"
    word = f"[{letters}](?:[{letters}'’-]){{0,17}}"
    unit = f"(?:{word}|{slot})" if slot else f"(?:{word})"
    start = (
        f"(?:[{upper}](?:[{letters}'’-]){{0,17}}|{slot})"
        if slot
        else f"[{upper}][{letters}'’-]{{0,17}}"
    )
    first = f"{start}(?:[,;]? {unit}){{1,{_WORDS_FIRST - 1}}}[.!]"
    later = f" {start}(?:[,;]? {unit}){{1,{_WORDS_LATER - 1}}}[.!]"
    return f"{first}(?:{later}){{0,{sentences - 1}}}"


def framed_draft(frames: Mapping[str, str], language: Language) -> str:
    """One sentence of one or two of *frames* (slot to clause: ``{"price": "it costs {price}"}``),
    not the same twice, for a model that cannot be left to write: it only chooses. Raises
    GrammarError."""
    _any_slot(frames)
    joint, end = _JOINTS[language]
    pairs = []
    for slot in sorted(frames):
        others = "|".join(_literal(frames[other]) for other in sorted(frames) if other != slot)
        tail = f"(?:{re.escape(joint)}(?:{others}))?" if others else ""
        pairs.append(f"{_literal(capitalised(frames[slot]))}{tail}")
    return f"(?:{'|'.join(pairs)}){re.escape(end)}".replace(r"\ ", " ")


_JOINTS: Mapping[Language, tuple[str, str]] = {
    "en": (", and ", "."),
    "fr": (", et ", "."),
    "zh": ("，", "。"),
}


def capitalised(clause: str) -> str:
    """*clause* as a sentence begins with it."""
    return clause[:1].upper() + clause[1:]


def _literal(text: str) -> str:
    return re.escape(text).replace(r"\ ", " ")


def _any_slot(slots: Iterable[str]) -> str:
    names = sorted(set(slots))
    for name in names:
        if not SLOT.fullmatch(name):
            raise GrammarError(f"{name!r} cannot be the name of a slot")
    return rf"\{{(?:{'|'.join(names)})\}}" if names else ""


def _han() -> str:
    """The basic Chinese block as ranges that leave the number characters out."""
    marks = sorted(ord(character) for character in _NUMERALS if "\u4e00" <= character <= "\u9fff")
    ranges, start = [], 0x4E00
    for mark in [*marks, 0xA000]:
        if mark > start:
            ranges.append(f"{chr(start)}-{chr(mark - 1)}")
        start = mark + 1
    return "".join(ranges)
