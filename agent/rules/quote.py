"""A merchant's own sentence in somebody's mouth: runs of its words, marked as that fact."""

import re
from collections.abc import Mapping
from functools import lru_cache

from agent.plaintext import fold
from agent.rules.lexicon import patterns, words
from agent.rules.marks import CLAUSE, FREE_TEXT, MARK
from agent.rules.vocabulary import content
from agent.types import Fact, Language, Words

_TOKEN = re.compile(r"<[a-z0-9_]+>|[^\W_]+(?:['-][^\W_]+)*")
_ZH_TOKEN = re.compile(r"<[a-z0-9_]+>|[a-z0-9]+|[^\W_]")
_LEAST = 3
"""Words of a run."""
_LEAST_ZH = 4
_LEAST_SHARE = 0.4
"""Of the words of the merchant's sentence that say something."""

Token = tuple[str, int, int]


def quotations(
    bare: str, facts: Mapping[str, Fact], language: Language
) -> tuple[str, frozenset[str]]:
    """*bare* with the runs that are a merchant's sentence, or most of one, marked ``<point_1>``,
    and the fields they stand in. What the sentence denies must be in the run as well."""
    used: set[str] = set()
    for field, fact in facts.items():
        if isinstance(fact.value, Words) and FREE_TEXT.fullmatch(field):
            for item in fact.value.items:
                found = _run(_tokens(bare, language), fold(item), language)
                if found is None:
                    continue
                put = f"{bare[: found[0]]}<{field}>{bare[found[1] :]}"
                if _alone(put, field, facts, language):
                    bare = put
                    used.add(field)
    return bare, frozenset(used)


def _alone(bare: str, field: str, facts: Mapping[str, Fact], language: Language) -> bool:
    """Whether nothing but plain talk and the product's name stands beside the quotation."""
    title = facts.get("title")
    name = fold(" ".join(title.value.items)) if title and isinstance(title.value, Words) else ""
    known = set(content(name, language))
    for clause in CLAUSE.split(bare):
        if f"<{field}>" in clause:
            beside = content(MARK.sub(" ", clause), language)
            return known.issuperset(beside)
    return False


def _run(said: list[Token], item: str, language: Language) -> tuple[int, int] | None:
    """Where the longest run of *item* stands in *said*, if it is long enough to be it."""
    meant = [token for token, _, _ in _tokens(item, language)]
    best, at = 0, 0
    before: dict[int, int] = {}
    for end, (token, _, _) in enumerate(said):
        row: dict[int, int] = {}
        for place, other in enumerate(meant):
            if token == other:
                row[place] = before.get(place - 1, 0) + 1
                if row[place] > best:
                    best, at, last = row[place], end, place
        before = row
    if best < min(len(meant), _LEAST_ZH if language == "zh" else _LEAST):
        return None
    run = meant[last - best + 1 : last + 1]
    empty = words("function", language)
    telling = [token for token in meant if token not in empty]
    told = [token for token in run if token not in empty]
    if len(told) < _LEAST_SHARE * len(telling):
        return None
    negation = patterns("cues", language)["negation"]
    glue = "" if language == "zh" else " "
    if len(negation.findall(item)) > len(negation.findall(glue.join(run))):
        return None
    return said[at - best + 1][1], said[at][2]


@lru_cache(256)
def _cut(text: str, language: Language) -> tuple[Token, ...]:
    token = _ZH_TOKEN if language == "zh" else _TOKEN
    return tuple((found.group(), found.start(), found.end()) for found in token.finditer(text))


def _tokens(text: str, language: Language) -> list[Token]:
    return list(_cut(text, language))
