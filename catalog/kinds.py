"""Kinds of goods across languages, from lexicons/kinds.toml: 卫衣, "sweat" and "hoodie" are one."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.types import Language
from catalog.text import stem, tokens

Phrase = tuple[str, ...]
_AFTER = frozenset(("with", "for", "in", ",", "avec", "pour", "/"))
"""Words after which a title tells what belongs to the thing, and no more what it is."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a text tells of the kind of a thing."""

    all: frozenset[str]
    whole: frozenset[str]
    """Those that are named by words of their own, and not within a longer name: coffee machines
    are no coffee."""
    heads: frozenset[str]
    """What the thing is: the mat of "yoga mat", the théière of "théière en fonte"."""


@dataclass(frozen=True, slots=True)
class _Trade:
    by_phrase: Mapping[Phrase, frozenset[str]]
    longest: int
    words: Mapping[str, tuple[str, ...]]
    """All words of a kind, in all languages."""
    wide: frozenset[str]
    """Kinds of many kinds, such as toys."""
    plain: frozenset[str]
    materials: frozenset[str]
    generic: frozenset[str]
    users: frozenset[str]
    """Whom a thing may be for, so that it is another than the one without."""


@cache
def trade() -> _Trade:
    path = Path(__file__).parent / "lexicons" / "kinds.toml"
    with path.open("rb") as file:
        found = tomllib.load(file)
    by_phrase: dict[Phrase, set[str]] = {}
    words: dict[str, tuple[str, ...]] = {}
    for code, texts in found["kinds"].items():
        own: list[str] = []
        for text in ",".join(texts).split(","):
            phrase = tuple(token for token in tokens(text) if token.isalnum())
            if phrase:
                by_phrase.setdefault(stemmed(phrase), set()).add(code)
                own += phrase
        words[code] = tuple(dict.fromkeys(own))
    flat = {
        name: frozenset(stem(token) for texts in found[name].values() for t in texts
                        for token in tokens(t))
        for name in ("plain", "materials", "generic", "users")
    }  # fmt: skip
    return _Trade(
        {phrase: frozenset(codes) for phrase, codes in by_phrase.items()},
        max(map(len, by_phrase)),
        words,
        frozenset(found["wide"]["codes"]),
        flat["plain"],
        flat["materials"],
        flat["generic"],
        flat["users"],
    )


def stemmed(phrase: Sequence[str]) -> Phrase:
    return tuple(stem(word) for word in phrase)


def kinds_of(text: Sequence[str], language: Language) -> Kinds:
    """The kinds that a title or a name, as tokens, speaks of."""
    known = trade()
    line = stemmed(text)
    cut = next((at for at, word in enumerate(line) if word in _AFTER and at), len(line))
    found: list[tuple[int, int, frozenset[str]]] = []
    for start in range(len(line)):
        for size in range(1, known.longest + 1):
            codes = known.by_phrase.get(line[start : start + size])
            if codes and start + size <= len(line):
                found.append((start, start + size, codes))
    every = frozenset(code for *_, codes in found for code in codes)
    inside = [entry for entry in found if entry[1] <= cut] or found
    whole = frozenset(
        code
        for start, end, codes in found
        if not any(s <= start and end <= e and e - s > end - start for s, e, _ in found)
        for code in codes
    )
    if not inside:
        return Kinds(every, whole, every)
    if language == "fr":
        first = min(start for start, *_ in inside)
        heads = (codes for start, _, codes in inside if start == first)
    else:
        last = max(end for _, end, _ in inside)
        heads = (codes for _, end, codes in inside if end == last)
    return Kinds(every, whole, frozenset(code for codes in heads for code in codes))
