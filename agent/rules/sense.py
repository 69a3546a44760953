"""Whether a sentence leaves its facts as they are: no yes or no first, no denial, no stock or
offer that there is not."""

import re

from agent.rules.case import Case
from agent.rules.lexicon import patterns
from agent.rules.marks import CLAUSE
from agent.types import Fact, Money, Quantity

LOW_STOCK = 5
"""Pieces up to which one may say "only"."""


def opener(case: Case) -> str | None:
    """No yes or no first: the facts answer, not a word that may turn them round."""
    if not case.strict or not case.rest:
        return None
    ends = r"(?=\W|$)" if case.language != "zh" else r"(?=[，,。.!！?？ ～~啊呀哦呢]|$)"
    pattern = patterns("cues", case.language)["yes_no"].pattern
    found = re.match(rf"\W*{pattern}{ends}", case.bare)
    if found is None or (found.group().strip() == "si" and case.bare[found.end()] == " "):
        return None
    after = [part.strip() for part in CLAUSE.split(case.bare[found.end() :]) if part.strip()]
    if after and after[0] not in case.rest:
        return None  # "no, it is not free": what follows says by itself what was denied
    return f"begins with {found.group().strip()!r}"


def negation(case: Case) -> str | None:
    """Denials are left to the templates: "not" beside a true fact makes a false sentence."""
    if not case.strict:
        return None
    cues = patterns("cues", case.language)
    rest = cues["unknowing"].sub(" ", case.rest)
    unknowing = rest != case.rest and case.fields <= {"title"}
    found = cues["negation"].search(rest if unknowing else case.rest)
    return f"denies something: {found.group().strip()!r}" if found else None


def stock(case: Case) -> str | None:
    """In stock, sold out and only so many left are said when they are so."""
    cues = patterns("cues", case.language)
    amount = _amount(case.facts.get("stock"))
    sold_out = cues["sold_out"].search(case.bare)
    if sold_out and amount != 0:
        return f"says {sold_out.group().strip()!r}, and that is not a fact"
    available = cues["in_stock"].search(case.bare)
    if available and not sold_out and case.strict and (amount is None or amount <= 0):
        return f"says {available.group().strip()!r}, and that is not a fact"
    if "stock" in case.fields and amount is not None:
        if amount == 0 and not sold_out:
            return "it is sold out"
        scarce = cues["scarce"].search(case.bare)
        if scarce and amount > LOW_STOCK:
            return f"says {scarce.group().strip()!r} of {amount} pieces"
    return None


def offer(case: Case) -> str | None:
    """An offer is spoken of while there is one: a lower price now than the regular one."""
    if not case.strict:
        return None
    cues = patterns("cues", case.language)
    found = cues["offer"].search(case.rest)
    if found and not {"list_price", "offer_ends"} & set(case.facts):
        return f"says {found.group().strip()!r}, and there is no offer"
    listed, now = case.facts.get("list_price"), case.facts.get("price")
    if "list_price" in case.fields and listed and now:
        one, other = listed.value, now.value
        if isinstance(one, Money) and isinstance(other, Money) and one.amount <= other.amount:
            return "the regular price is not above the price"
    return None


def _amount(fact: Fact | None) -> float | None:
    return float(fact.value.amount) if fact and isinstance(fact.value, Quantity) else None
