"""A line that leaves out what it asks, as the one before it said that: "and the mug?" after "how
much is the lamp?", "et la Héron ?", "那耳机呢".

It is asked again as the whole question that it stands for, and the catalog's answer to that is
taken only where it tells the same matter as the answer before: what is meant is never guessed into
another matter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.plaintext import han
from agent.several import Ask
from agent.types import Facts, Focus, Language, Topic, Words

MOST_WORDS, MOST_HAN = 5, 10
"""Of what follows "and"; more is a question of its own."""
_LEADS: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"^\W*(?:(?:ok(?:ay)?|so|oh|hm+)\W+)?(?:and|what about|how about)(?: (?:for|about|of))?\s+",
        re.I,
    ),
    "fr": re.compile(r"^\W*(?:(?:ok|alors|ah)\W+)?(?:et|qu'en est-il)(?: (?:pour|de))?\s+", re.I),
    "zh": re.compile(r"^\W*(?:那么?|还有)?"),
}
_ENDS_ZH = re.compile(r"呢\W*$")
_SAME = {"price_from": "price", "price_to": "price", "delivery_region": "delivery_days"}
"""Fields that tell the same matter."""
_WHOLE: Mapping[str, Mapping[Language, str]] = {
    "price": {"en": "how much is {}", "fr": "combien coûte {}", "zh": "{}多少钱"},
    "stock": {"en": "is {} in stock", "fr": "{} est en stock", "zh": "{}有货吗"},
    "material": {"en": "what is {} made of", "fr": "en quelle matière est {}", "zh": "{}什么材质"},
    "origin": {"en": "where is {} made", "fr": "où est fabriqué {}", "zh": "{}哪里生产的"},
    "colours": {"en": "what colours does {} come in", "fr": "quelles couleurs pour {}",
                "zh": "{}有什么颜色"},
    "sizes": {"en": "what sizes does {} come in", "fr": "quelles tailles pour {}",
              "zh": "{}有什么尺码"},
    "care": {"en": "how do I wash {}", "fr": "comment laver {}", "zh": "{}怎么洗"},
    "weight": {"en": "how heavy is {}", "fr": "combien pèse {}", "zh": "{}多重"},
    "height": {"en": "how tall is {}", "fr": "quelle hauteur fait {}", "zh": "{}多高"},
    "capacity": {"en": "how much does {} hold", "fr": "quelle contenance pour {}",
                 "zh": "{}容量多大"},
    "power": {"en": "how many watts does {} have", "fr": "combien de watts pour {}",
              "zh": "{}功率多大"},
    "battery_hours": {"en": "how long does the battery of {} last",
                      "fr": "quelle autonomie pour {}", "zh": "{}电池能用多久"},
    "warranty_months": {"en": "how long is the warranty of {}",
                        "fr": "{} est garanti combien de temps", "zh": "{}保修多久"},
    "delivery_days": {"en": "do you deliver to {}", "fr": "vous livrez {}", "zh": "寄到{}要几天"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """What the answer before told, without what it was told of."""

    fields: tuple[str, ...] = ()
    facts: frozenset[str] = frozenset()
    """Ids."""
    sku: str | None = None
    colour: str = ""


def matter(facts: Facts) -> Matter:
    """Of an answer on *facts*."""
    colour = next((fact.value for fact in facts.asked if fact.field == "colour"), None)
    return Matter(
        tuple(fact.field for fact in facts.asked),
        frozenset(fact.id for fact in facts.asked),
        facts.product.sku if facts.product else None,
        colour.items[0] if isinstance(colour, Words) and len(colour.items) == 1 else "",
    )


async def completed(
    text: str, facts: Facts, before: Matter, focus: Focus, language: Language, ask: Ask
) -> Facts:
    """What is known of *text* as a whole question, where it leaves out what *before* told; else
    *facts*, which is known of it as it stands. Raises what *ask* raises."""
    here = facts.product.sku if facts.product else None
    fields = {fact.field for fact in facts.asked}
    if before.colour and fields == {"size"} and here == before.sku:
        whole = await ask(f"{text} {before.colour}", focus)
        return whole if {"colour", "size"} <= {fact.field for fact in whole.asked} else facts
    if facts.topic not in (Topic.OVERVIEW, Topic.FREE, Topic.UNKNOWN) or not before.fields:
        return facts
    if facts.asked and facts.topic is not Topic.OVERVIEW:
        return facts
    named = left(text, language)
    if named is None:
        return facts
    field = _SAME.get(before.fields[0], before.fields[0])
    pattern = _WHOLE.get(field, {}).get(language, field.replace("_", " ") + " {}")
    whole = await ask(pattern.format(named), focus)
    new = [fact for fact in whole.asked if fact.id not in before.facts]  # "and where?" is no name
    return whole if any(_SAME.get(fact.field, fact.field) == field for fact in new) else facts


def left(text: str, language: Language) -> str | None:
    """What a line names that leaves out its question: "the mug" of "and the mug?". None where it
    does not."""
    begin = _LEADS[language].match(text)
    if begin is None:
        return None
    rest = text[begin.end() :]
    if language == "zh":
        end = _ENDS_ZH.search(rest)
        if end is None:
            return None
        rest = rest[: end.start()]
    rest = rest.strip(" \t?？!.,。，")
    few = len(rest.split()) <= MOST_WORDS and han(rest) <= MOST_HAN
    return rest if rest and few else None
