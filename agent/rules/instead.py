"""What facts say of the matter that a refused sentence was about: one sentence, by template."""

from collections.abc import Iterable, Mapping

import prompts
from agent.rules.case import Case
from agent.rules.families import FAMILIES
from agent.rules.lexicon import patterns
from agent.rules.marks import FREE_TEXT
from agent.rules.numbers import speaks_of_money
from agent.rules.plain_talk import content_words, fact_items
from agent.slots import slot_names
from agent.types import Fact, Quantity

_CLASSES: Mapping[str, tuple[str, ...]] = {
    "price": ("price", "price_from"),
    "discount": ("price", "price_from"),
    "was_price": ("price", "price_from"),
    "stock_scarcity": ("stock",),
    "origin": ("origin",),
    "material": ("material",),
    "certification": ("certificate",),
    "warranty": ("warranty_months", "return_days"),
    "delivery": ("delivery_days",),
    "unsafe_use": ("care",),
    "minors": ("age",),
}
"""The facts that tell the truth of a class of claims."""


def instead(case: Case, rule: str) -> str | None:
    """A template whose facts answer what *case*, refused by *rule*, spoke of; None where no fact
    does, or nobody can tell of what it spoke."""
    known = prompts.lines("answers", case.language)
    for field in _spoken_of(case, rule):
        key = _key(case.facts[field])
        for wording in known.get(key, ()):
            if all(name in case.facts for name in slot_names(wording)):
                return wording
    return None


def _spoken_of(case: Case, rule: str) -> Iterable[str]:
    """Fields of facts, those that the sentence names first."""
    found = [field for field in (*case.slots, *sorted(case.fields)) if field != "title"]
    cues = patterns("cues", case.language)
    delivery = bool(cues["delivery"].search(case.bare))  # what it costs, and not the product
    found += _CLASSES.get("delivery" if delivery and rule == "price" else rule, ())
    if speaks_of_money(case.bare) and not delivery:
        found += _CLASSES["price"]
    for family, fields in FAMILIES.items():
        if cues[family].search(case.bare):
            found += sorted(fields)
    said = set(content_words(case.bare, case))
    found += [
        field
        for field, fact in case.facts.items()
        if FREE_TEXT.fullmatch(field)
        and any(len(said & set(words)) >= _SHARED for _, words in fact_items(fact, case.language))
    ]
    found += _by_one_word(said, case)
    return (field for field in dict.fromkeys(found) if field in case.facts)


def _by_one_word(said: set[str], case: Case) -> list[str]:
    """Fields that share a word with the sentence which no other field has: "beech", "oven"."""
    having: dict[str, list[str]] = {}
    for field, fact in case.facts.items():
        if field != "title":
            for _, words in fact_items(fact, case.language):
                for word in said.intersection(words):
                    having.setdefault(word, []).append(field)
    return [fields[0] for fields in having.values() if len(set(fields)) == 1]


_SHARED = 2
"""Words that a sentence and a merchant's sentence share when they speak of one thing."""


def _key(fact: Fact) -> str:
    """What a fact is called in the keys of the wordings."""
    if fact.field == "stock" and isinstance(fact.value, Quantity) and fact.value.amount <= 0:
        return "stock_out"
    return fact.field
