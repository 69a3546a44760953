"""What a description gives the host to say: a few short points, without anything that would need
a proof, a number that no column has, or a colour that only one version has."""

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from catalog.load.forms.markup import Line

MOST = 4
POINT = 160
"""Characters of a point out of a list."""
SENTENCE = 90
"""Characters of a sentence, where a description has no list."""
DESCRIPTION = 2_000
"""Characters of a description that are kept to search in."""
SERIOUS = ("health", "the_best", "guarantee", "crowd", "urgency", "certificate")
"""Claims that a merchant is told of; the others are only left out."""
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s*(?=\S)|\n")
_WORDS = re.compile(r"[\w%]+")
_CAPITALS = re.compile(r"\b[A-Z]{4,}\b.*\b[A-Z]{4,}\b")


class Claim(NamedTuple):
    kind: str
    words: str
    sentence: str


@cache
def words_of(section: str) -> dict[str, list[str]]:
    """A table of words.toml whose values are lists."""
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        found: dict[str, list[str]] = tomllib.load(file)[section]
    return found


@cache
def _claims() -> list[tuple[str, str]]:
    """Kind, and what stands in a text of plain words (see *_plainly*) that claims it."""
    found: list[tuple[str, str]] = []
    for kind, words in words_of("claims").items():
        for word in words:
            if word[0] >= "\u3000":
                found.append((kind, word))
            else:
                found.append((kind, f" {word[:-1]}" if word[-1] == "*" else f" {word} "))
    return found


@cache
def _claim_words() -> tuple[str, ...]:
    return tuple(word for _, word in _claims())


def _plainly(text: str) -> str:
    """Words in small letters with one space around each: some hundred of them are looked for in
    every description, and nothing finds a word faster than that."""
    return f" {' '.join(_WORDS.findall(text.casefold()))} "


def _claims_anything(text: str) -> bool:
    plain = _plainly(text)
    return any(map(plain.__contains__, _claim_words())) or any(map(text.__contains__, "!?！？"))


@cache
def _colours() -> re.Pattern[str]:
    words = words_of("colours")["words"]
    latin = "|".join(re.escape(word) for word in words if word[0] < "\u3000")
    others = "|".join(re.escape(word) for word in words if word[0] >= "\u3000")
    return re.compile(rf"\b(?:{latin})\b|{others}")


def claims_in(lines: Iterable[Line]) -> list[Claim] | None:
    """The claims of a description that a merchant is to know of, one of each kind; None where it
    claims nothing at all."""
    text = "\n".join(line.text for line in lines)
    if not _claims_anything(text):
        return None
    found: dict[str, Claim] = {}
    for sentence in _SENTENCES.split(text):
        plain = _plainly(sentence)
        for kind, word in _claims():
            if kind in SERIOUS and kind not in found and word in plain:
                found[kind] = Claim(kind, word.strip(), sentence)
    return list(found.values())


def points(
    lines: Sequence[Line], backing: str, colours: Collection[str], *, clean: bool = False
) -> list[str]:
    """At most four points out of *lines*: of its lists, else its short sentences. Numbers stand
    only where *backing*, the product's other texts, has them; of a product that comes in colours,
    only the one it comes in. In *clean* lines nobody has found a claim."""
    listed = [line.text for line in lines if line.point and len(line.text) <= POINT]
    if not listed:
        listed = [
            sentence
            for line in lines
            for sentence in _SENTENCES.split(line.text)
            if len(sentence) <= SENTENCE and sentence[-1:] in ".。"
        ]
    numbers = set(_NUMBERS.findall(backing))
    only = next(iter(colours)).casefold() if len(colours) == 1 else "" if colours else None
    found: list[str] = []
    for text in listed:
        if len(found) == MOST:
            break
        if text not in found and _may_be_said(text, numbers, only):
            if not clean and _claims_anything(text):
                continue
            found.append(text)
    return found


def _may_be_said(text: str, numbers: set[str], colour: str | None) -> bool:
    few = len(text.split()) < 2 and len(text) < (3 if text[:1] > "\u3000" else 8)
    if few or "http" in text or "@" in text or _CAPITALS.search(text):
        return False
    if not set(_NUMBERS.findall(text)) <= numbers:
        return False
    return colour is None or all(found in colour for found in _colours().findall(text.casefold()))


def shortened(text: str) -> str:
    """A description as it is kept: whole words, at most DESCRIPTION characters."""
    if len(text) <= DESCRIPTION:
        return text
    cut = text.rfind(" ", 0, DESCRIPTION)
    return text[: cut if cut > DESCRIPTION // 2 else DESCRIPTION]
