"""What words of English and French have in common beyond their plural: "réglable" and "se règle",
"crystals" and "crystallise", "emballez" and "emballons"."""

from collections.abc import Iterable
from functools import lru_cache

from catalog.search_words import words_of
from catalog.text import fold, is_cjk, stem

_SHORTEST = 4
"""Letters of a root that others may be made of."""
_ALIKE = 6
"""Letters at the beginning of words of one family."""
_FAMILY = frozenset(
    ("", "action", "act", "i", "ie", "ier", "ied", "ication", "ient", "iee", "ies", "iees", "y")
)
_ENDINGS = frozenset(
    (
        "abl", "ag", "al", "ation", "ement", "er", "eri", "eur", "eus", "ful", "ibl", "ier", "if",
        "ion", "iqu", "is", "lis", "ment", "ness", "proof", "tum", "y",
    )
)  # fmt: skip
"""What is left of an ending behind a root, once a stemmer has been there."""


@lru_cache(maxsize=16_384)
def roots(word: str) -> frozenset[str]:
    """Of one word as ``catalog.text.tokens`` has it; a Chinese one is its own."""
    if is_cjk(word):
        return frozenset((word,))
    plain = fold(word)
    return frozenset((stem(plain), *words_of(plain, "en"), *words_of(plain, "fr")))


def all_roots(words: Iterable[str]) -> frozenset[str]:
    return frozenset(root for word in words for root in roots(word))


def akin(word: str, theirs: frozenset[str]) -> bool:
    """Whether *word* has a root among *theirs*, or is made of one, or one is made of it."""
    own = roots(word)
    if own & theirs:
        return True
    return any(_made_of(a, b) or _made_of(b, a) for a in own for b in theirs)


def kindred(word: str, other: str) -> bool:
    """Whether long words begin alike and differ in their endings alone: "torréfié" and
    "torréfaction"."""
    same = 0
    for a, b in zip(word, other, strict=False):
        if a != b:
            break
        same += 1
    rest = word[same:], other[same:]
    return same >= _ALIKE and all(end in _FAMILY for end in rest)


def _made_of(word: str, root: str) -> bool:
    return (
        len(root) >= _SHORTEST
        and len(word) > len(root)
        and word.startswith(root)
        and word[len(root) :] in _ENDINGS
    )
