"""The word lists of the rules, read from ``lexicons/<language>`` once."""

import re
from collections.abc import Mapping
from functools import cache

from agent.lexicon import entries
from agent.plaintext import fold
from agent.types import Language


def entries_of(name: str, language: Language) -> Mapping[str, tuple[str, ...]]:
    """The lines of a list by its [section]."""
    return entries("agent.rules", f"lexicons/{language}/{name}.txt")


@cache
def words(name: str, language: Language) -> frozenset[str]:
    """The words of a list, folded."""
    lines = entries_of(name, language)[""]
    return frozenset(fold(word) for line in lines for word in line.split())


@cache
def patterns(name: str, language: Language) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a list by its [section]; words of English and French match whole."""
    found = entries_of(name, language).items()
    return {key: compiled("|".join(lines), language) for key, lines in found}


@cache
def safe(language: Language) -> re.Pattern[str]:
    """Phrases that look like claims and are none."""
    return compiled("|".join(entries_of("safe", language)[""]), language)


def compiled(pattern: str, language: Language) -> re.Pattern[str]:
    """*pattern* as a whole word or words of *language*; Chinese has none."""
    if language == "zh":
        return re.compile(f"(?:{pattern})")
    return re.compile(rf"(?<![\w<])(?:{pattern})(?:(?<=\s)|(?![\w>]))")


def in_full(bare: str, language: Language) -> str:
    """*bare* with what chat shortens written out: "u" is "you"."""
    table = _short(language)
    if language == "zh":
        for short, full in table.items():
            bare = bare.replace(short, full)
        return bare
    return re.sub(r"[\w'/]+", lambda word: table.get(word.group(), word.group()), bare)


@cache
def _short(language: Language) -> Mapping[str, str]:
    pairs = (line.split(" = ") for line in entries_of("short", language)[""])
    return dict(pairs)
