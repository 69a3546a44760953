"""The claims that need evidence or may never be made, by class: word lists as data."""

import re

from agent.plaintext import fold
from agent.rules.case import Case
from agent.rules.lexicon import patterns
from agent.rules.plain_talk import lent_items
from agent.types import Language, Topic, Words

IN_FREE_TEXT = (
    "absolute",
    "deny_ai",
    "disparage",
    "financial",
    "guarantee",
    "hidden_ad",
    "human_experience",
    "impersonate",
    "social_proof",
    "urgency",
)
"""Classes that a merchant's own words are held to as well; what they say of material, care or
origin is the merchant's fact."""
_LENT = frozenset({"material", "origin", "unsafe_use"})
"""Classes whose words may be those of a merchant's own sentence."""
_NAMES = re.compile(r"(?:other_)?title(?:_\d+)?|name|brand|model")
"""Fields of names, which stand as they are: the Chinese guide exempts them."""
_LOWEST = re.compile(r"\blowest price|\bprix le plus bas|最低价")
"""What a template says of the lowest price before, which the law asks for beside a reduced one."""
_ILLNESS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:cure|heal|treat|prevent)s?\b|\bcancer|\beczema|\bacne|\bweight loss"),
    "fr": re.compile(r"\b(?:guerit|soigne|traite|previent)\b|\bcancer|\beczema|\bacne|\bmaigrir"),
    "zh": re.compile(r"治|癌|湿疹|痘|减肥|燃脂|降压|消炎"),
}


def claim(case: Case) -> tuple[str, str] | None:
    """The class of the first claim in the sentence, and its words."""
    lawful = not case.strict and "lowest_30d" in case.slots
    rest = _LOWEST.sub(" ", case.rest) if lawful else case.rest
    for name, pattern in patterns("claims", case.language).items():
        for found in pattern.finditer(rest):
            if not _backed(name, found.group(), case):
                return name, f"claims {found.group().strip()!r}"
    for field in sorted({*case.slots, *case.fields} & case.facts.keys()):
        value = case.facts[field].value
        if isinstance(value, Words) and not _NAMES.fullmatch(field):
            text = fold(" ".join(value.items))
            if illness := _ILLNESS[case.language].search(text):
                return "health", f"{{{field}}} claims {illness.group()!r}"
            for name in IN_FREE_TEXT:
                if claimed := patterns("claims", case.language)[name].search(text):
                    return name, f"{{{field}}} claims {claimed.group()!r}"
    return None


def _backed(name: str, words: str, case: Case) -> bool:
    """Whether facts bear out a claim of class *name*; where they do the sense rules look closer."""
    cues = patterns("cues", case.language)
    compared = not case.strict and case.topic in (Topic.CHEAPEST, Topic.DEAREST)
    if compared and name in ("absolute", "discount"):
        return True  # by the catalog
    if not case.strict and name == "social_proof" and "reviews" in case.slots:
        return True  # counted by the shop, and told with the count
    offered = "list_price" in case.facts
    if name in ("discount", "was_price"):
        return offered and bool(cues["offer"].search(words) or cues["was"].search(words))
    if name == "price":
        return _free(case) and bool(cues["free"].search(words))
    if name in _LENT and case.strict and _lent(words.strip(), case):
        return True
    if name == "stock_scarcity":
        return "stock" in case.fields and bool(cues["scarce"].search(words))
    return False


def _lent(words: str, case: Case) -> bool:
    """Whether a sentence of the merchant's, that denies nothing, has these words: "pale gold",
    "by hand". Whether it is that sentence which is said, and enough of it, the sense rules tell."""
    negation = patterns("cues", case.language)["negation"]
    return any(
        words in text and not negation.search(text)
        for field in case.facts
        for text, _ in lent_items(case, field)
    )


def _free(case: Case) -> bool:
    """Whether a fact says that delivery costs nothing, or from what amount on."""
    delivery = patterns("cues", case.language)["delivery"].search(case.bare)
    fee = case.facts.get("delivery_fee")
    costs_nothing = fee is not None and getattr(fee.value, "amount", None) == 0
    return bool(delivery) and (costs_nothing or "free_delivery_from" in case.slots)
