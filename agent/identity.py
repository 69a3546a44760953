"""Tell whether a chat line asks if the host is a person, in many forms and languages."""

import re
from functools import cache

from opencc import OpenCC

from agent.lexicon import patterns
from agent.plaintext import fold


@cache
def simplifier() -> OpenCC:
    """Traditional characters to simplified ones."""
    return OpenCC("t2s")


_HAN = re.compile(r"[㐀-鿿]")
_STOPS = re.compile(r"[^\w\s?'|]+|_+")
_RU = re.compile(r"\bru\b")
_STRETCH = re.compile(r"([a-z])\1{2,}")


def asks_identity(text: str) -> bool:
    """Whether *text* asks, doubts, bets or demands that the host is or is not a person."""
    lists = patterns("agent", "lexicons/identity.txt")
    folded = _RU.sub("r u", _STRETCH.sub(r"\1", fold(text).replace("？", "?")))
    if _HAN.search(folded):
        bare = lists["context_zh"].sub("", str(simplifier().convert(folded)))
        bare = _STOPS.sub("|", re.sub(r"\s+", "", bare)).replace("？", "?")
        asked = re.sub(r"\?+", "?", bare)
        if lists["zh"].search(asked):
            return True
    plain = folded.replace("?", " ? | ")
    joined = lists["context"].sub(
        " thing ", " ".join(_STOPS.sub(" | ", plain.replace("-", " ")).split())
    )
    hyphened = " ".join(re.sub(r"[^\w\s'|-]", " ", plain).split())
    unmarked = " ".join(joined.replace("?", " ").split())
    bare = unmarked.replace("'", "")
    return any(
        lists[name].search(form)
        for form in {joined, unmarked, bare, lists["context"].sub(" thing ", hyphened)}
        for name in ("en", "fr", "other")
    )
