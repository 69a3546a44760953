"""The phrases that questions are made of, from lexicons/*.toml, in all languages at once: live
chat switches within a line."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.types import LANGUAGES, Topic
from catalog.regions import regions
from catalog.text import alike, is_cjk, stem, tokens

Phrase = tuple[str, ...]
RANK = (
    "name", "region", "colour", "size", "last", "ask", "have", "purpose", "under", "over", "it",
    "to", "and", "stop",
)  # fmt: skip
"""Which sense wins where two phrases of one length match."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase stands for."""

    kind: str
    """One of RANK."""
    code: str = ""
    """A region, a size or a family of colours."""
    topic: Topic | None = None
    fields: tuple[str, ...] = ()
    weak: bool = False
    skus: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens *start* to *end* (excluded) and what they stand for; no sense for unknown words."""

    start: int
    end: int
    sense: Sense | None


class Lexicon:
    """Phrases and what they stand for. Immutable: *with_phrases* gives another."""

    def __init__(self, phrases: Iterable[tuple[Phrase, Sense]], known: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[Phrase, Sense]]] = defaultdict(list)
        self._phrases = list(phrases)
        self._known = set(known)
        words = set(self._known)
        for phrase, sense in self._phrases:
            self._by_first[phrase[0]].append((phrase, sense))
            words.update(phrase)
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: (-len(entry[0]), RANK.index(entry[1].kind)))
        self._words = frozenset(words)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            if len(word) >= 4 and not is_cjk(word):
                self._by_letter[word[0]].append(word)

    def with_phrases(
        self, phrases: Iterable[tuple[Phrase, Sense]], known: Iterable[str]
    ) -> "Lexicon":
        return Lexicon([*self._phrases, *phrases], self._known | set(known))

    def spelt(self, token: str) -> str:
        """*token* as it was meant: itself if it is known, else the one known word it is a slip of;
        itself if there is none or more than one."""
        if token in self._words or len(token) < 4 or is_cjk(token):
            return token
        near = [
            word
            for letter in {token[0], token[1]}
            for word in self._by_letter.get(letter, ())
            if alike(token, word)
        ]
        closest = {word for word in near if alike(token, word)}
        return closest.pop() if len(closest) == 1 else _shortest(token, closest)

    def read(self, line: list[str]) -> list[Span]:
        """*line* cut into the longest phrases, from the left."""
        spelt = [self.spelt(token) for token in line]
        spans: list[Span] = []
        at = 0
        while at < len(spelt):
            found = self._longest(spelt, at)
            end = at + (len(found[0]) if found else 1)
            spans.append(Span(at, end, found[1] if found else None))
            at = end
        return spans

    def _longest(self, line: list[str], at: int) -> tuple[Phrase, Sense] | None:
        for phrase, sense in self._by_first.get(line[at], ()):
            if tuple(line[at : at + len(phrase)]) == phrase:
                return phrase, sense
        return None


def _shortest(token: str, near: set[str]) -> str:
    """Of several, one that is a mere plural of the others."""
    if not near:
        return token
    first = min(near, key=lambda word: (len(word), word))
    return first if all(word.startswith(first) for word in near) else token


@cache
def base() -> Lexicon:
    """The phrases of all languages and the regions, without any product."""
    phrases: list[tuple[Phrase, Sense]] = []

    def add(texts: Iterable[str], sense: Sense) -> None:
        phrases.extend((phrase, sense) for text in texts if (phrase := tuple(tokens(text))))

    known: set[str] = set()
    for language in LANGUAGES:
        found = _read(language)
        for entry in found["ask"]:
            fields = tuple(entry.get("fields", ()))
            topic, weak = Topic(entry["topic"]), entry.get("weak", False)
            add(entry["say"], Sense("ask", topic=topic, fields=fields, weak=weak))
        for kind, texts in found["words"].items():
            add(texts, Sense(kind))
        for kind in ("size", "colour"):
            for code, texts in found[f"{kind}s"].items():
                add(texts, Sense(kind, code))
        for text in found.get("elsewhere", {}).get("sold", ()):
            known.update(tokens(text))
    for code, texts in regions().aliases.items():
        add([text for text in texts if text != "us"], Sense("region", code))
        add([text.removeprefix("the ") for text in texts[:1]], Sense("region", code))
    return Lexicon(phrases, known)


def _read(language: str) -> dict[str, dict]:  # type: ignore[type-arg]  # as the TOML file has it
    with (Path(__file__).parent / "lexicons" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def elsewhere() -> frozenset[str]:
    """Things that shops sell, as stems."""
    return frozenset(
        stem(token)
        for language in LANGUAGES
        for text in _read(language).get("elsewhere", {}).get("sold", ())
        for token in tokens(text)
    )


@cache
def colour_families() -> Mapping[str, str]:
    """Family by single colour word, such as navy: blue."""
    return {
        " ".join(tokens(text)): code
        for language in LANGUAGES
        for code, texts in _read(language)["colours"].items()
        for text in texts
    }
