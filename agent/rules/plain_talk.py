"""What a sentence is made of: plain talk, which claims nothing, and words that facts lend it."""

import re
from functools import lru_cache

from agent.plaintext import fold
from agent.rules.case import Case
from agent.rules.marks import FREE_TEXT
from agent.rules.vocabulary import content
from agent.types import Fact, Language, Words

_MARKS = re.compile(r"<[a-z0-9_]+>")

Item = tuple[str, tuple[str, ...]]
"""A merchant's phrase, folded, and its content words in order."""


def unknown_words(case: Case) -> str | None:
    """No word that neither plain talk nor the facts know: the unknown word is the claim."""
    if not case.strict:
        return None
    lent = {word for field in case.facts for _, item in lent_items(case, field) for word in item}
    if unknown := [word for word in content_words(case.rest, case) if word not in lent]:
        return f"neither plain talk nor a fact: {', '.join(unknown[:4])}"
    return None


def witnesses(case: Case) -> set[str]:
    """Fields of the facts that lent the sentence words."""
    used = set(content_words(case.rest, case))
    return {
        field
        for field in case.facts
        if any(used & set(item) for _, item in lent_items(case, field))
    }


def lent_items(case: Case, field: str) -> tuple[Item, ...]:
    """The merchant's sentences under *field*; other facts lend no single words: they are named
    whole or by their slot."""
    return fact_items(case.facts[field], case.language) if FREE_TEXT.fullmatch(field) else ()


@lru_cache(2048)
def fact_items(fact: Fact, language: Language) -> tuple[Item, ...]:
    if not isinstance(fact.value, Words):
        return ()
    items = (fold(item) for item in fact.value.items)
    return tuple((item, content(item, language)) for item in items)


def content_words(text: str, case: Case) -> list[str]:
    """The words of *text*, folded, that are not plain talk and no part of the product's name."""
    title = case.facts.get("title")
    items = fact_items(title, case.language) if title else ()
    named = {word for _, item in items for word in item}
    return [word for word in content(_MARKS.sub(" ", text), case.language) if word not in named]
