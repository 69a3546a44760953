"""Two products beside each other: more than their prices, where the difference is asked for."""

import re
from collections.abc import Callable
from dataclasses import replace

from agent.plaintext import fold
from agent.types import Fact, Facts, Language, Topic, Words

BESIDE = ("material",)
"""What is told of both."""
_DIFFERENCE = re.compile(
    r"\bdifferen\w+|\bdiffer\b|\bcompar\w+|\bvs\b|\bversus\b|区别|不同|不一样|比较一下|对比"
)


def beside(
    text: str, facts: Facts, current: Callable[[str], Fact | None], language: Language
) -> Facts:
    """*facts* of two products that *text* wants the difference of, with what they are made of."""
    if facts.topic is not Topic.COMPARE or not _DIFFERENCE.search(fold(text)):
        return facts
    slots = facts.slots()
    if not {"title", "other_title"} <= slots.keys():
        return facts
    more: list[Fact] = []
    for field in BESIDE:
        pair = [_of(slots[name].sku, field, current, language) for name in ("title", "other_title")]
        if pair[0] is not None and pair[1] is not None and pair[0].value != pair[1].value:
            more += [pair[0], replace(pair[1], field=f"other_{field}")]
    return replace(facts, asked=(*facts.asked, *more))


def _of(
    sku: str, field: str, current: Callable[[str], Fact | None], language: Language
) -> Fact | None:
    """In *language*: there is no telling two products apart in two languages."""
    found = current(f"{sku}/{field}" + ("" if language == "en" else f"/{language}"))
    if found is None or not isinstance(found.value, Words) or found.value.language != language:
        return None
    return found
