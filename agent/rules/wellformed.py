"""The form of a sentence: slots that facts fill, characters that one can say, no number outside."""

import re
import unicodedata

from agent.rules.case import Case
from agent.rules.marks import MARK
from agent.rules.numbers import first_number
from agent.slots import SLOT
from agent.types import Words

MAX_CHARS = 300
"""A sentence for the ear; longer ones are nobody's sentence."""
_PUNCTUATION = set(" .,;:!?'\"’‘“”«»()-–—…、。，；：！？（）《》「」·")
_HAN = re.compile(r"[㐀-鿿]")


def empty(case: Case) -> str | None:
    """It says something, and not too much at once."""
    if not any(char.isalpha() for char in case.text) and not case.slots:
        return "there are no words in it"
    bare = MARK.sub("", case.bare)
    apart = r"(?: ?[,;、，；。.] ?| )" if case.language == "zh" else r" ?[,;、，；。.] ?"
    listed = re.fullmatch(rf"\W*<\w+>(?:{apart}<\w+>)+\W*", case.bare)
    wordless = not any(char.isalpha() for char in bare)
    if case.strict and len(case.slots) > 1 and wordless and not listed:
        return "slots in a row are no sentence"
    if len(case.text) > MAX_CHARS:
        return f"{len(case.text)} characters in one sentence; at most {MAX_CHARS}"
    return None


def malformed_slot(case: Case) -> str | None:
    """Braces stand around the names of slots and nowhere else."""
    if set(SLOT.sub("", case.text)) & set("{}"):
        return "braces that are no slot"
    return None


def unknown_slot(case: Case) -> str | None:
    """A fact fills each slot."""
    for name in case.slots:
        if name not in case.facts:
            return f"no fact fills {{{name}}}"
    return None


def unspeakable_slot(case: Case) -> str | None:
    """The fact of each slot can be said in the sentence's language."""
    for name in case.slots:
        value = case.facts[name].value
        if isinstance(value, bool):
            return f"{{{name}}} is a yes or no"
        if isinstance(value, Words):
            han = any(_HAN.search(item) for item in value.items)
            if not value.items or (han and case.language != "zh"):
                return f"{{{name}}} is in {value.language}, the sentence in {case.language}"
    return None


def strange_character(case: Case) -> str | None:
    """Letters of the language and plain punctuation: no symbol, emoji or other script; and no
    angle brackets, which mark a fact in ``case.bare``."""
    if set(case.text) & set("<>"):
        return "an angle bracket"
    for char in MARK.sub("", case.bare):
        if char in _PUNCTUATION or unicodedata.category(char)[0] == "N":
            continue
        latin = char.isalpha() and unicodedata.name(char, "").startswith("LATIN")
        if not latin and not (case.language == "zh" and _HAN.match(char)):
            return f"the character {unicodedata.name(char, repr(char))}"
    return None


def number_outside_slot(case: Case) -> str | None:
    """Numbers come from facts, by slots (or, from the operator, as a fact has them)."""
    found = first_number(MARK.sub(" ", case.rest), case.language)
    return f"{found!r} is a number and stands in no slot" if found else None
