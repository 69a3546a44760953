"""Whether a sentence says of its facts what they are: each slot with words of its own kind."""

import re

from agent.rules.case import MARK, Case
from agent.rules.lexicon import patterns
from agent.types import Fact, Money, Quantity

LOW_STOCK = 5
"""Pieces up to which one may say "only"."""
FAMILY = {
    "price": "price",
    "price_from": "price",
    "price_to": "price",
    "list_price": "was",
    "offer_ends": "ends",
    "stock": "stock",
    "delivery_days": "delivery",
    "delivery_fee": "delivery",
    "free_delivery_from": "delivery",
    "delivery_region": "delivery",
    "delivery_regions": "delivery",
    "return_days": "returns",
    "warranty_months": "warranty",
    "origin": "origin",
    "material": "material",
}
"""What a slot's number or word is about; its words must stand with it."""
_TELLING = ("was", "ends", "stock", "delivery", "returns", "warranty", "origin")
"""Families whose words turn a number of another kind into a false statement."""
_NEEDS_CUE = ("was", "ends", "stock", "delivery", "returns", "warranty")
_CLAUSE = re.compile(
    r"[,;:.!?。，；：！？]|\b(?:and|but|while|plus|et|mais|tandis que)\b|而且|并且|同时|另外"
)


def opener(case: Case) -> str | None:
    """No yes or no first: the facts answer, not a word that may turn them round."""
    if not case.strict:
        return None
    ends = r"(?=\W|$)" if case.language != "zh" else r"(?=[，,。.!！?？ ～~啊呀哦呢]|$)"
    pattern = patterns("cues", case.language)["yes_no"].pattern
    found = re.match(rf"\W*{pattern}{ends}", case.bare)
    return f"begins with {found.group().strip()!r}" if found else None


def negation(case: Case) -> str | None:
    """Denials are left to the templates: "not" beside a true fact makes a false sentence."""
    if not case.strict:
        return None
    cues = patterns("cues", case.language)
    rest = cues["unknowing"].sub(" ", case.bare)
    unknowing = rest != case.bare and case.fields <= {"title"}
    found = cues["negation"].search(rest if unknowing else case.bare)
    return f"denies something: {found.group().strip()!r}" if found else None


def wrong_slot(case: Case) -> str | None:
    """No fact is given out as one of another kind: days of delivery as a warranty."""
    if not case.strict:
        return None
    cues = patterns("cues", case.language)
    for clause in _clauses(case.bare):
        present = {FAMILY.get(field, "") for field in MARK.findall(clause)}
        for field in MARK.findall(clause):
            family = FAMILY.get(field, "")
            own = family and cues[family].search(clause)
            for other in _TELLING:
                if other == family or other in present:
                    continue
                if other == "was" and family in ("stock", "ends", "material", "origin", ""):
                    continue
                if other == "stock" and own:
                    continue
                if found := cues[other].search(clause):
                    return f"{{{field}}} stands with {found.group().strip()!r}"
            if family in _NEEDS_CUE and not own and not cues[family].search(case.bare):
                return f"nothing says what {{{field}}} is"
    return None


def _clauses(bare: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(bare) if clause.strip()]


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
    found = cues["offer"].search(case.bare)
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
