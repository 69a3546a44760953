"""The words that a host may use about anything, and which words of a text are none of them."""

import re
from functools import cache, lru_cache

from agent.rules.lexicon import words
from agent.types import Language

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_CLITIC = re.compile(r"^(?:l|d|j|t|c|n|m|s|qu|lorsqu|puisqu|jusqu|quelqu)'(?=\w)")
_HAN = re.compile(r"[㐀-鿿a-z]+")
_ENDINGS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?<=\w{2})(?:e?s|e?d|ing|e)$"),
    "fr": re.compile(r"(?<=\w{3})(?:ees?|es?|ez|er|ent|s|x)$"),
}
_LONGEST = 6
"""Characters of the longest Chinese word looked up."""


def strange(text: str, language: Language) -> list[str]:
    """The words of *text*, folded, that stand neither in plain.txt nor in scene.txt."""
    if language == "zh":
        known = _plain(language) | words("scene", language)
        return [part for run in _HAN.findall(text) for part in _left(run, known)]
    scene, stems = words("scene", language), _scene_stems(language)
    return [
        part
        for word in _WORD.findall(text)
        if word not in scene
        for part in content(word, language)
        if part not in stems
    ]


@cache
def _scene_stems(language: Language) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words("scene", language))


@lru_cache(4096)
def content(text: str, language: Language) -> tuple[str, ...]:
    """The words that are not plain talk, as stems; in Chinese, in pairs of characters."""
    if language == "zh":
        return tuple(pair for run in _HAN.findall(text) for pair in _pairs(run))
    known, stems = _plain(language), _stems(language)
    found: list[str] = []
    for word in _WORD.findall(text):
        for part in _parts(word, language, known):
            if part not in known and stem(part, language) not in stems:
                found.append(stem(part, language))
    return tuple(found)


def _parts(word: str, language: Language, known: frozenset[str]) -> list[str]:
    if word in known:
        return []
    bare = _CLITIC.sub("", word) if language == "fr" else word.removesuffix("'s")
    return [bare] if bare in known else [part for part in re.split(r"['-]", bare) if part]


def _pairs(run: str) -> list[str]:
    """A run of Chinese without its plain words, the rest in pairs."""
    parts = _left(run, _plain("zh"))
    return [part[i : i + 2] for part in parts for i in range(max(1, len(part) - 1))]


def _left(run: str, plain: frozenset[str]) -> list[str]:
    """What is left of a run of Chinese when its plain words, longest first, are taken out."""
    rest, at = "", 0
    while at < len(run):
        sizes = range(min(_LONGEST, len(run) - at), 0, -1)
        size = next((size for size in sizes if run[at : at + size] in plain), 0)
        rest += " " if size else run[at]
        at += size or 1
    return rest.split()


@lru_cache(8)
def _plain(language: Language) -> frozenset[str]:
    return words("function", language) | words("plain", language)


@lru_cache(8)
def _stems(language: Language) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words("plain", language))


def stem(word: str, language: Language) -> str:
    """*word* without the ending of its number, tense or gender: "dimmed" is "dim"."""
    ending = _ENDINGS[language].search(word)
    bare = word[: ending.start()] if ending else word
    twice = language == "en" and len(bare) > 2 and bare[-1] == bare[-2]
    return bare[:-1] if twice and bare[-1] not in "aeiouls" else bare
