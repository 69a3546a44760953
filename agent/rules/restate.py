"""Numbers that somebody wrote, put back onto the facts that hold them: "sixty-four euros" is said
as the price is said, whatever it was written as, and is gone when the price is."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from agent.plaintext import fold
from agent.rules.day import spoken_ends
from agent.rules.families import FAMILIES
from agent.rules.lexicon import patterns
from agent.rules.numbers import Backed, backed
from agent.slots import SLOT
from agent.types import Fact, Language, Quantity

_AROUND = 32
"""Characters before and after a number in which a word tells what it counts."""
_OF_FIVE = re.compile(
    r"(?P<rating>\d(?:[.,]\d)?)\s*(?P<of>(?:out of|/|sur|over)\s*(?:5|five|cinq)(?!\d|[.,]\d))"
)
_SAID_OF_FIVE: Mapping[Language, str] = {"en": " out of five", "fr": " sur cinq", "zh": "分"}
PERIOD = re.compile(
    r"(?:(?:in|over|within|during|for|of|from) )?(?:the |these )?(?:last|past) (?:30|thirty) days"
    r"|(?:(?:sur|pendant|en|dans|au cours) )?(?:des? |ces |les )?(?:30|trente) derniers jours"
    r"|(?:过去|最近|近|这)(?:30|三十)天(?:内|里|以来)?|(?:最近|近|过去)(?:一个月|1个月)(?:内|里)?"
)
"""The month by which prices and sales are counted; no number of the product."""


MONTHLY = re.compile(rf"{PERIOD.pattern}|this month|(?:du|ce) mois|本月|这个月")
"""That month, in any words: what a number of sales is said with."""


def restated(text: str, slots: Mapping[str, Fact], language: Language) -> str:
    """*text*, cleaned, with the numbers that facts hold as slots of those facts. Text that folding
    makes longer or shorter stays as it is, and its numbers are then judged as they stand."""
    bare = fold(text)
    if len(bare) != len(text):
        return text
    bare = SLOT.sub(lambda found: " " * len(found.group()), bare)
    put: list[tuple[int, int, str]] = []
    rating = slots.get("rating")
    for found in _OF_FIVE.finditer(bare):
        if rating and isinstance(rating.value, Quantity):
            if rating.value.amount == _plain(found["rating"]):
                put.append((found.start(), found.end(), "{rating}" + _SAID_OF_FIVE[language]))
            bare = _blank(bare, found.start(), found.end())
    for found in PERIOD.finditer(bare):
        bare = _blank(bare, found.start(), found.end())
    for start, end in spoken_ends(bare, slots.get("offer_ends"), language):
        put.append((start, end, "{offer_ends}"))
        bare = _blank(bare, start, end)
    put += [
        (number.start, number.end, "{" + meant(number, bare, language) + "}")
        for number in backed(bare, slots, language)
        if number.exact
    ]
    for start, end, slot in sorted(put, reverse=True):
        text = text[:start] + slot + text[end:]
    return text


def marked(
    bare: str, slots: Mapping[str, Fact], language: Language, *, digits: bool
) -> tuple[str, set[str]]:
    """*bare* with each number that a fact holds replaced by ``<field>``, and those fields; without
    *digits* only those in words."""
    used: set[str] = set()
    for number in reversed(backed(bare, slots, language)):
        words = bare[number.start : number.end]
        if digits or not any(char.isascii() and char.isdigit() for char in words):
            field = meant(number, bare, language)
            used.add(field)
            bare = f"{bare[: number.start]}<{field}>{bare[number.end :]}"
    return bare, used


def meant(number: Backed, bare: str, language: Language) -> str:
    """Which of the fields that hold *number* the words around it speak of; else the first."""
    if len(number.fields) == 1:
        return number.fields[0]
    cues = patterns("cues", language)
    start, end = max(0, number.start - _AROUND), number.end + _AROUND
    around = bare[start : number.start] + " " + bare[number.end : end]
    for field in number.fields:
        if any(cues[family].search(around) for family in _families_of(field)):
            return field
    return number.fields[0]


def _families_of(field: str) -> Iterable[str]:
    return (family for family, fields in FAMILIES.items() if field in fields)


def _plain(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
