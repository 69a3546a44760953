"""What a sentence is made of: plain talk, which claims nothing, and words that facts lend it."""

import re
from functools import lru_cache

from agent.plaintext import fold
from agent.rules.case import FREE_TEXT, Case
from agent.rules.lexicon import words
from agent.types import Fact, Language, Words

_MARKS = re.compile(r"<[a-z0-9_]+>")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_CLITIC = re.compile(r"^(?:l|d|j|t|c|n|m|s|qu|lorsqu|puisqu|jusqu|quelqu)'(?=\w)")
_HAN = re.compile(r"[㐀-鿿a-z]+")
_ENDINGS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?<=\w{2})(?:e?s|e?d|ing|e)$"),
    "fr": re.compile(r"(?<=\w{3})(?:ees?|es?|ez|er|ent|s|x)$"),
}
_LONGEST = 6
"""Characters of the longest Chinese word looked up."""

Item = tuple[str, tuple[str, ...]]
"""A merchant's phrase, folded, and its content words in order."""


def unknown_words(case: Case) -> str | None:
    """No word that neither plain talk nor the facts know: the unknown word is the claim."""
    if not case.strict:
        return None
    lent = {word for field in case.facts for _, item in lent_items(case, field) for word in item}
    if unknown := [word for word in content_words(case.bare, case) if word not in lent]:
        return f"neither plain talk nor a fact: {', '.join(unknown[:4])}"
    return None


def witnesses(case: Case) -> set[str]:
    """Fields of the facts that lent the sentence words."""
    used = set(content_words(case.bare, case))
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
    return tuple((item, _content(item, language)) for item in items)


def content_words(text: str, case: Case) -> list[str]:
    """The words of *text*, folded, that are not plain talk and no part of the product's name."""
    title = case.facts.get("title")
    items = fact_items(title, case.language) if title else ()
    named = {word for _, item in items for word in item}
    return [word for word in _content(_MARKS.sub(" ", text), case.language) if word not in named]


@lru_cache(4096)
def _content(text: str, language: Language) -> tuple[str, ...]:
    """The words that are not plain talk, as stems; in Chinese, in pairs of characters."""
    if language == "zh":
        return tuple(pair for run in _HAN.findall(text) for pair in _pairs(run))
    known, stems = _plain(language), _stems(language)
    found: list[str] = []
    for word in _WORD.findall(text):
        for part in _parts(word, language, known):
            if part not in known and stem(part, language) not in stems:
                found.append(stem(part, language))
    return tuple(found)


def _parts(word: str, language: Language, known: frozenset[str]) -> list[str]:
    if word in known:
        return []
    bare = _CLITIC.sub("", word) if language == "fr" else word.removesuffix("'s")
    return [bare] if bare in known else [part for part in re.split(r"['-]", bare) if part]


def _pairs(run: str) -> list[str]:
    """A run of Chinese without its plain words, longest first, the rest in pairs."""
    plain, rest, at = _plain("zh"), "", 0
    while at < len(run):
        sizes = range(min(_LONGEST, len(run) - at), 0, -1)
        size = next((size for size in sizes if run[at : at + size] in plain), 0)
        rest += " " if size else run[at]
        at += size or 1
    return [part[i : i + 2] for part in rest.split() for i in range(max(1, len(part) - 1))]


@lru_cache(8)
def _plain(language: Language) -> frozenset[str]:
    return words("function", language) | words("plain", language)


@lru_cache(8)
def _stems(language: Language) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words("plain", language))


def stem(word: str, language: Language) -> str:
    """*word* without the ending of its number, tense or gender: "dimmed" is "dim"."""
    ending = _ENDINGS[language].search(word)
    bare = word[: ending.start()] if ending else word
    twice = language == "en" and len(bare) > 2 and bare[-1] == bare[-2]
    return bare[:-1] if twice and bare[-1] not in "aeiouls" else bare
