"""Talk with viewers that is not about the product: of the chat, the evening, the show and them.

Such a clause is known by what it lacks. Its words are plain or of a host's talk; it names no
product and nothing that a fact is about, makes no claim of any class, praises nothing, denies
nothing, tells nothing of other people; and what the host says of itself is what one does at a
screen.
"""

from collections.abc import Mapping
from functools import lru_cache

from agent.plaintext import fold
from agent.rules.families import FAMILIES
from agent.rules.lexicon import patterns
from agent.rules.numbers import first_number
from agent.rules.vocabulary import content, strange
from agent.types import Fact, Language, Words

_LEAST: Mapping[Language, int] = {"en": 3, "fr": 3, "zh": 4}
"""Words, in Chinese characters: less is the end of another clause, and not a clause."""
_CUES = (*("its", "insinuates", "anaphora", "negation", "praise", "others", "scarce", "offer"),)


def chatters(clause: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether *clause*, folded, is such talk."""
    size = len(clause.strip()) if language == "zh" else len(clause.split())
    cues = patterns("cues", language)
    if cues["names"].fullmatch(clause.strip()):
        return True
    about = cues["talked_of"].sub(" ", clause)
    small = cues["host"].match(clause.strip()) or about != clause
    if "<" in clause or size < (2 if small else _LEAST[language]):
        return False
    if not cues["anchor"].search(clause) and about.strip():
        return False
    if any(cues[name].search(about) for name in _CUES):
        return False
    if any(cues[family].search(about) for family in FAMILIES):
        return False
    if any(claim.search(about) for claim in patterns("claims", language).values()):
        return False
    if first_number(about, language) or strange(about, language):
        return False
    if any(not cues["host_does"].match(found.group()) for found in cues["host"].finditer(about)):
        return False
    return not of_product(about, facts, language)


def of_product(text: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether *text* has a word that a fact of the product has."""
    return not _lent(tuple(facts.values()), language).isdisjoint(content(text, language))


@lru_cache(256)
def _lent(facts: tuple[Fact, ...], language: Language) -> frozenset[str]:
    """The words of the product: one who uses them speaks of it."""
    return frozenset(
        word
        for fact in facts
        if isinstance(fact.value, Words)
        for item in fact.value.items
        for word in content(fold(item), language)
    )
