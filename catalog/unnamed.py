"""A question without the names in it: what is asked of a product is told better by the rest.

"Are the mugs sold in sets?" is near to every text about a mug; "are it sold in sets" only to those
about sets. Of 136 questions the nearest text was the right one in 121 instead of 111.
"""

import re
from collections.abc import Collection, Sequence

from agent.types import Language
from catalog.lexicon import Span
from catalog.text import fold, is_cjk

_IT = {"en": "it", "fr": "il", "zh": "它"}
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]+")
_BEFORE = frozenset(
    ("the", "a", "an", "your", "this", "that", "these", "those", "le", "la", "les", "un", "une",
     "des", "du", "ce", "cet", "cette", "ces", "votre", "vos")
)  # fmt: skip
_GLUED = re.compile(r"^(?:l|d|j|c|s|n|m|t|qu)['’]", re.I)
"""Before a name: "l'enceinte"."""


def called(words: Sequence[str], spans: Sequence[Span]) -> tuple[str, ...]:
    """The words of a line's names; of Chinese the runs of characters."""
    found: list[str] = []
    run = ""
    for span in spans:
        named = span.sense is not None and span.sense.kind in ("name", "part")
        for word in words[span.start : span.end] if named else ():
            if is_cjk(word):
                run += word
            elif word.isalnum():
                found.append(word)
        if not named and run:
            found.append(run)
            run = ""
    return tuple(dict.fromkeys((*found, run) if run else found))


def unnamed(question: str, names: Collection[str], language: Language) -> str:
    """*question* with a pronoun for each of its *names*, an article before it left out."""
    for name in sorted((n for n in names if is_cjk(n)), key=len, reverse=True):
        question = question.replace(name, _IT["zh"])
    plain = {name for name in names if not is_cjk(name)}
    if not plain:
        return question
    said: list[str] = []
    for word in _WORD.findall(question):
        if fold(_GLUED.sub("", word)) not in plain:
            said.append(word)
            continue
        if said and said[-1].lower() in _BEFORE:
            said.pop()
        if not said or said[-1] != _IT[language]:
            said.append(_IT[language])
    return " ".join(said)
