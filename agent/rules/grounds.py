"""Whether every part of a sentence stands on the fact that it speaks of, clause by clause."""

import re
from collections.abc import Iterable, Mapping, Sequence

from agent.plaintext import fold
from agent.rules.case import Case
from agent.rules.families import FAMILIES
from agent.rules.lexicon import patterns
from agent.rules.marks import CLAUSE, FREE_TEXT, MARK
from agent.rules.plain_talk import Item, content_words, lent_items
from agent.rules.restate import MONTHLY
from agent.types import Money

_TELLING = frozenset({"weight", "capacity", "pieces"})
"""Fields whose unit tells what they are: grams, millilitres, pieces."""
_OWN: Mapping[str, tuple[str, ...]] = {
    field: tuple(family for family, fields in FAMILIES.items() if field in fields)
    for field in frozenset[str]().union(*FAMILIES.values()) - _TELLING - FAMILIES["price"]
    | {"lowest_30d"}
}
"""The families of which a slot needs a word beside it; a price needs none."""
_APART = frozenset({"delivery_fee", "free_delivery_from"})
"""Slots whose word may stand in another clause: "delivery takes … and costs …"."""
_LEAST_WORDS = 2
_LEAST_SHARE = 0.4
"""Of the words of a merchant's sentence, what a sentence of ours must use to rest on it."""


def wrong_slot(case: Case) -> str | None:
    """Words of delivery go with facts of delivery, words of warranty with those of warranty; and a
    number stands with words that say what it is."""
    if not case.strict:
        return None
    cues = patterns("cues", case.language)
    if cues["asking"].search(case.rest) and not case.slots:
        return None
    if "<sold>" in case.rest and not MONTHLY.search(fold(case.text)):
        return "a number of sales without its period"
    for clause in clauses(case.rest):
        present = set(MARK.findall(clause))
        money = any(isinstance(case.facts[f].value, Money) for f in present if f in case.facts)
        for family, fields in FAMILIES.items():
            satisfied = present & fields or (family == "price" and money)
            if not satisfied and (found := cues[family].search(clause)):
                return f"says {found.group().strip()!r} without the fact"
        only = not MARK.sub("", clause).strip()
        for field in present:
            where = case.bare if only or field in _APART else clause
            own = _OWN.get(field)
            if own and not any(cues[family].search(where) for family in own):
                return f"nothing says what {{{field}}} is"
    return None


def bent(case: Case) -> str | None:
    """Nothing bends a fact: not "up to", "less than", "per week" or "each"."""
    if not case.strict:
        return None
    cues = patterns("bends", case.language)
    for clause in clauses(case.rest):
        for name in ("before", "after"):
            for beside in cues[name].finditer(clause):
                field = MARK.search(beside.group())
                open_ended = field and field[1] in (
                    *("price_from", "free_delivery_from", "price_to", "offer_ends"),
                )
                if not open_ended:
                    return f"bends a fact: {beside.group().strip()!r}"
        fields = set(MARK.findall(clause))
        money = any(isinstance(case.facts[f].value, Money) for f in fields if f in case.facts)
        if money and (found := cues["beside_money"].search(clause)):
            return f"bends a price: {found.group().strip()!r}"
    return None


def mixed_facts(case: Case) -> str | None:
    """What a merchant's sentence says is said of what it was said of: a clause takes its words from
    one such sentence, most of it, in its order, and never from one that denies something."""
    if not case.strict:
        return None
    subject = patterns("cues", case.language)["subject"]
    borrowed = bool(content_words(case.rest, case))
    used: dict[Item, list[str]] = {}
    for clause in clauses(case.rest):
        lent = content_words(clause, case)
        present = set(MARK.findall(clause))
        if any(FREE_TEXT.fullmatch(field) for field in present):
            if lent:
                return f"{lent[0]!r} beside a merchant's sentence"
            if others := {f for f in present if not FREE_TEXT.fullmatch(f)} - {"title"}:
                return f"<{min(others)}> beside a merchant's sentence"
            continue
        if not lent:
            if borrowed and MARK.search(clause) and not subject.search(clause):
                return "a fact is said of something else than the product"
            continue
        if present - {"title"}:
            return f"{lent[0]!r} beside another fact"
        items = [item for item in _lending(case) if _in_order(lent, item[1])]
        if not items:
            return f"no one fact says {' … '.join(lent)}"
        items = [item for item in items if not _nears(clause, lent, item, case)]
        if not items:
            return f"does not keep off what is to be kept off: {' … '.join(lent)}"
        used.setdefault(min(items, key=lambda item: len(item[1])), []).extend(lent)
    quoted = {item for field in case.fields for item in lent_items(case, field)}
    for entry, lent in used.items():
        if entry in quoted:
            continue
        item = entry[1]
        size = len(set(item))
        if len(set(lent)) < min(_LEAST_WORDS, size) or len(set(lent)) / size < _LEAST_SHARE:
            return f"too little of a fact: {' … '.join(lent)}"
    return None


def _nears(clause: str, lent: Sequence[str], item: Item, case: Case) -> bool:
    """Whether *clause* says of what *item* keeps away from, "away from the eyes", no such thing."""
    avoid = patterns("cues", case.language)["avoid"]
    kept_off = avoid.search(item[0])
    if kept_off is None or avoid.search(clause):
        return False
    return bool(set(lent) & set(content_words(item[0][kept_off.end() :], case)))


def unbacked(case: Case) -> str | None:
    """Plain words make claims as well: "it is good for you". A clause that rests on no fact is one
    that says.txt knows, or part of a sentence that does."""
    if not case.strict:
        return None
    for clause in clauses(case.rest):
        said = re.search(r"[^\W_]", clause)
        if said and not set(MARK.findall(clause)) - {"title"} and not content_words(clause, case):
            return f"rests on no fact: {' '.join(clause.split())!r}"
    return None


def clauses(bare: str) -> list[str]:
    return [clause for clause in CLAUSE.split(bare) if clause.strip()]


def _lending(case: Case) -> Iterable[Item]:
    """The merchant's sentences that deny nothing."""
    negation = patterns("cues", case.language)["negation"]
    for field in case.facts:
        for item in lent_items(case, field):
            if item[1] and not negation.search(item[0]):
                yield item


def _in_order(words: Sequence[str], item: Sequence[str]) -> bool:
    rest = iter(item)
    return all(word in rest for word in words)
