"""How names and short forms are said, where an engine would say them wrong."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("lexicon.txt")


@cache
def shop_words() -> Mapping[str, str]:
    """The built-in lexicon: written form to spoken form."""
    return read(_FILE)


def read(path: Path) -> Mapping[str, str]:
    """A lexicon file: ``written = spoken`` a line, ``#`` begins a comment. Raises ValueError for a
    line that is neither."""
    words: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        written, equals, spoken = (part.strip() for part in entry.partition("="))
        if not (written and equals and spoken):
            raise ValueError(f"{path}:{number}: expected 'written = spoken'")
        words[written] = spoken
    return words


def pronounceable(text: str, words: Mapping[str, str]) -> str:
    """*text* with each whole word of *words* as it is said. Letter case counts ("US", "us")."""
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    return re.sub(pattern, lambda match: words[match[0]], text)
