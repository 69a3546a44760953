"""A clause that says a fact in a host's own words: the fact, and beside it only what frames it.

Patterns of whole clauses know few ways of saying a thing. A frame knows words, in any order: those
that go with any fact, and those that go with facts of one kind. Whatever else stands in the clause,
what bends a fact, a denial, a second number or a fact of another kind makes it no frame.
"""

import re
from collections.abc import Mapping
from functools import cache

from agent.rules.families import FAMILIES
from agent.rules.lexicon import entries_of, patterns
from agent.rules.marks import MARK
from agent.rules.numbers import first_number
from agent.types import Fact, Language, Money, Quantity, Span, Words

_TOGETHER = (
    frozenset({"rating", "reviews"}),
    frozenset({"certificate", "certificate_issuer"}),
    frozenset({"price", "weight"}),
    frozenset({"price", "capacity"}),
    frozenset({"price", "pieces"}),
    frozenset({"price", "offer_ends"}),
)
"""Facts that may stand in one clause: beside another, the words of one could be taken for the
other's."""
_LENGTHS = frozenset({"diameter", "height", "width", "length", "dimensions"})
_WEIGHTS = frozenset({"weight"})
_HOLDS = frozenset({"capacity"})
_OF_FIVE = re.compile(r"<rating>(?: out of five| sur cinq)")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_HAN = re.compile(r"[㐀-鿿a-z]+")


def framed(clause: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether *clause*, folded and with its marks, is a fact in a frame."""
    if "<reviews>" in clause or "<pieces>" in clause:
        clause = clause.replace("一共", "").replace("总共", "")  # a count of them all
    said = [field for field in MARK.findall(clause) if field != "title"]
    kinds = frozenset(said)
    if not said or not kinds <= facts.keys() or not kinds <= _known(language):
        return False
    if len(kinds) > 1 and kinds not in _TOGETHER:
        return False
    if len(said) > len(kinds) and not kinds <= {"colours", "sizes", "material"}:
        return False
    rest = MARK.sub(" ", _OF_FIVE.sub("<rating>", clause))
    if first_number(rest, language) or _bends(clause, kinds, facts, language):
        return False
    known = _words("any", language).union(*(_words(field, language) for field in kinds))
    if language != "zh":
        rest = _phrases(language).sub(" ", rest)
    return _only(rest, known, language) and all(
        _told(field, clause, facts, language) for field in kinds
    )


def asks_fact(clause: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether *clause*, of a question, asks for a fact that the product has: "how tall?"."""
    if MARK.sub("", clause) != clause and "<title>" not in clause:
        return False
    rest = MARK.sub(" ", clause)
    cues = patterns("cues", language)
    if cues["negation"].search(rest) or first_number(rest, language):
        return False
    known = _words("any", language) | _words("asking", language)
    return any(
        _only(rest, known | _words(field, language), language)
        for field in facts.keys() & _known(language)
    ) and bool(_words("asking", language) & frozenset(_tokens(rest, language)))


def _tokens(rest: str, language: Language) -> list[str]:
    if language != "zh":
        return _WORD.findall(rest)
    return [word for word in _words("asking", language) if word in rest]


def _bends(
    clause: str, kinds: frozenset[str], facts: Mapping[str, Fact], language: Language
) -> bool:
    cues, bends = patterns("cues", language), patterns("bends", language)
    if cues["negation"].search(clause) or cues["anaphora"].search(clause):
        return True
    values = [facts[field].value for field in kinds]
    if "age" in kinds or any(isinstance(value, Quantity | Money | Span) for value in values):
        for name in ("before", "after"):
            for found in bends[name].finditer(clause):
                beside = MARK.search(found.group())
                if beside is None or beside[1] != "title":
                    return True
    money = any(isinstance(value, Money) for value in values)
    return money and bool(bends["beside_money"].search(clause))


def _told(field: str, clause: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether one hears of what *field* is: by a word of its family, by itself, or because nothing
    else of the product is counted in that way."""
    if field == "price" or isinstance(facts[field].value, Words):
        return True
    cues = patterns("cues", language)
    families = [family for family, fields in FAMILIES.items() if field in fields]
    if any(cues[family].search(clause) for family in families):
        return True
    for alike in (_LENGTHS, _WEIGHTS, _HOLDS):
        if field in alike:
            return not (alike & facts.keys()) - {field}
    return field in ("pieces", "battery_hours", "offer_ends")


def _only(rest: str, known: frozenset[str], language: Language) -> bool:
    """Whether *rest* is made of *known* words."""
    if language != "zh":
        return all(word in known for word in _WORD.findall(rest))
    return all(_parts(run, known) for run in _HAN.findall(rest))


def _parts(run: str, known: frozenset[str]) -> bool:
    """Whether a run of Chinese can be cut into *known* words."""
    reached = {0}
    for end in range(1, len(run) + 1):
        if any(start in reached and run[start:end] in known for start in range(end)):
            reached.add(end)
    return len(run) in reached


@cache
def _known(language: Language) -> frozenset[str]:
    return frozenset(entries_of("frames", language)) - {"", "any", "asking"}


@cache
def _phrases(language: Language) -> re.Pattern[str]:
    """What goes with any fact only as it stands: "we have", and not "we"."""
    phrases = (word.replace("_", " ") for word in _words("any", language) if "_" in word)
    any_of = "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))
    return re.compile(rf"(?<![\w'])(?:{any_of})(?![\w'])")


@cache
def _words(section: str, language: Language) -> frozenset[str]:
    lines = entries_of("frames", language).get(section, ())
    return frozenset(word for line in lines for word in line.split())
