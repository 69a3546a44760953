"""What a shop tells of a product under a name of its own: found by the words of a question."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from agent.types import Fact, Words
from catalog.fields import KNOWN
from catalog.roots import kindred, roots
from catalog.text import fold, is_cjk, stem, tokens

_SMALL = frozenset(
    ("d", "de", "du", "des", "la", "le", "of", "the", "a", "et", "and", "en", "with")
)
_ENOUGH = 0.5
"""Of the words of a field's name, how many a question has to have to ask for it."""


_LONG = 7
"""Letters of a word that may be of the family of another."""


@dataclass(frozen=True, slots=True)
class Asked:
    fact: Fact
    plainly: bool
    """By its whole name."""


@cache
def _meanings() -> Mapping[str, frozenset[str]]:
    """What a word may ask for, by stem; Chinese by its characters."""
    path = Path(__file__).parent / "lexicons" / "details.toml"
    with path.open("rb") as file:
        found: dict[str, list[str]] = tomllib.load(file)
    meanings: dict[str, set[str]] = {}
    for code, words in found.items():
        for word in (*words, code):
            for key in _keys(word):
                meanings.setdefault(key, set()).add(code)
    return {word: frozenset(codes) for word, codes in meanings.items()}


def asking() -> frozenset[str]:
    """The words that ask for details."""
    return frozenset(_meanings())


def names(fact: Fact) -> list[str]:
    """The words of its field's name."""
    return [word for word in fact.field.split("_") if word not in _SMALL and len(word) > 1]


def _keys(word: str) -> frozenset[str]:
    text = fold(word)
    return frozenset((text,)) if is_cjk(text) else roots(text)


def _means(word: str) -> frozenset[str]:
    codes = told_by(word)
    return codes or roots(word)


@lru_cache(maxsize=8192)
def told_by(word: str) -> frozenset[str]:
    """The meanings that a word stands for; none for most."""
    known = _meanings()
    exact = known.get(stem(word))
    if exact is not None:
        return exact
    found = frozenset(code for root in roots(word) for code in known.get(root, ()))
    if found or len(word) < _LONG or is_cjk(word):
        return found
    return frozenset(
        code for other, codes in known.items() if kindred(word, other) for code in codes
    )


_PARTS = frozenset(
    ("closure", "sleeve", "collar", "pocket", "lining", "heel", "sole", "screen", "cord")
)


def parts_of(word: str) -> bool:
    """Whether it is a part of a thing: "hoodie zipper"."""
    return bool(told_by(word) & _PARTS)


def told_in(folded: str) -> frozenset[str]:
    """Those of the Chinese words in a line."""
    return frozenset(
        code
        for word, codes in _meanings().items()
        if is_cjk(word) and word in folded
        for code in codes
    )


def free(facts: Iterable[Fact]) -> list[Fact]:
    """Those of fields that the catalog has no own name for. A row of a size chart is none: without
    the measures that it is for it would be advice on nothing."""
    return [
        fact
        for fact in facts
        if fact.field not in KNOWN and not fact.field.startswith(("certificate", "fits_"))
    ]


def asked_for(question: str, facts: Sequence[Fact], left: Sequence[str]) -> Asked | None:
    """The detail among *facts* that *question* asks for, by a word for it or by what it says;
    *left* are the words of the question that nothing else explains."""
    folded = fold(question)
    said = {meaning for word in tokens(question) for meaning in _means(word)}
    said |= told_in(folded)
    wanted = {stem(word) for word in left if len(word) > 1 or is_cjk(word)}
    best: tuple[float, int, Fact] | None = None
    for fact in facts:
        called = names(fact)
        if not called:
            continue
        hits = sum(bool(_means(word) & said) for word in called)
        share = hits / len(called)
        told = {stem(t) for item in _items(fact) for t in tokens(item)}
        in_value = len(wanted & told)
        if in_value and wanted <= told | {stem(word) for word in called}:
            share = 1.0
        elif share < _ENOUGH:
            continue
        weight = 2 * hits + in_value  # a word for it weighs more than a word in it
        if best is None or (share, weight) > best[:2]:
            best = (share, weight, fact)
    return Asked(best[2], best[0] == 1.0) if best is not None else None


def means(words: Iterable[str], facts: Iterable[Fact]) -> bool:
    """Whether each of *words* is a word for one of the details, or for a part of its name."""
    known = {meaning for fact in facts for word in names(fact) for meaning in _means(word)}
    return all(_means(word) & known for word in words)


def _items(fact: Fact) -> tuple[str, ...]:
    return fact.value.items if isinstance(fact.value, Words) else ()
