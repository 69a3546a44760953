"""The word lists of the rules, read from ``lexicons/<language>`` once."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from agent.plaintext import fold
from agent.types import Language


def _lines(name: str, language: Language) -> list[str]:
    path = files("agent.rules").joinpath("lexicons", language, f"{name}.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@cache
def words(name: str, language: Language) -> frozenset[str]:
    """The words of a list, folded."""
    return frozenset(fold(word) for line in _lines(name, language) for word in line.split())


@cache
def safe(language: Language) -> re.Pattern[str]:
    """Phrases that look like claims and are none."""
    return compiled("|".join(_lines("safe", language)), language)


@cache
def patterns(name: str, language: Language) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a list by its [section]; words of English and French match whole."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in _lines(name, language):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            found[section] = []
        else:
            found[section].append(line)
    return {key: compiled("|".join(parts), language) for key, parts in found.items()}


def compiled(pattern: str, language: Language) -> re.Pattern[str]:
    """*pattern* as a whole word or words of *language*; Chinese has none."""
    if language == "zh":
        return re.compile(f"(?:{pattern})")
    return re.compile(rf"(?<![\w<])(?:{pattern})(?:(?<=\s)|(?![\w>]))")
