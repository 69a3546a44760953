"""The phrases that questions are made of, from lexicons/*.toml, in all languages at once: live
chat switches within a line."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.types import LANGUAGES, Topic
from catalog.kinds import stemmed, trade
from catalog.regions import regions
from catalog.roots import roots
from catalog.text import stem, tokens

Phrase = tuple[str, ...]
RANK = (
    "name", "region", "colour", "size", "last", "ask", "have", "purpose", "under", "over", "it",
    "to", "and", "stop", "kind",
)  # fmt: skip
"""Which sense wins where two phrases of one length match."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase stands for."""

    kind: str
    """One of RANK; "part" of a name whose first word has the name; "lost" for a name or a kind that
    nothing here is called by."""
    code: str = ""
    """A region, a size, a family of colours; kinds of goods, between bars."""
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


@dataclass(frozen=True, slots=True)
class Parted:
    """A phrase with something in between: "how much … hold"."""

    first: Phrase
    then: Phrase
    sense: Sense

    def __len__(self) -> int:
        return len(self.first) + len(self.then)


_STAR = " * "
_INFINITIVE = ("er", "ir", "re")
_ROOT = 3
_FORM = 4
"""Letters of a word that has other forms, and of its root."""
_BETWEEN = 5
"""Words that may stand in the middle of a parted phrase."""
_MARKS = frozenset(",;.!?，。、；！？")
Overlay = Mapping[str, Sequence[tuple[Phrase, Sense]]]
"""Phrases of one question's products, by first word, the longest first."""


class Lexicon:
    """Phrases and what they stand for. Immutable."""

    def __init__(
        self,
        phrases: Iterable[tuple[Phrase, Sense]],
        kept: Iterable[str] = (),
        parted: Iterable[Parted] = (),
    ) -> None:
        self._by_first: dict[str, list[tuple[Phrase, Sense]]] = defaultdict(list)
        words: set[str] = set()
        for phrase, sense in phrases:
            self._by_first[phrase[0]].append((phrase, sense))
            words.update(phrase)
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: (-len(entry[0]), RANK.index(entry[1].kind)))
        self._parted: dict[str, list[Parted]] = defaultdict(list)
        for whole in parted:
            self._parted[whole.first[0]].append(whole)
            words.update((*whole.first, *whole.then))
        words |= {word for own in trade().words.values() for word in own}
        self.words = frozenset(words)
        forms: dict[str, set[str]] = defaultdict(set)
        alone = {
            phrase[0]
            for entries in self._by_first.values()
            for phrase, sense in entries
            if sense.kind == "ask" and len(phrase) == 1 and len(phrase[0]) >= _FORM
        }
        for word in alone:
            for root in roots(word):
                forms[root].add(word)
        self.forms: Mapping[str, frozenset[str]] = {
            root: frozenset(own) for root, own in forms.items() if len(root) >= _FORM
        }
        """Words that ask for something, by root."""
        self.kept = frozenset(kept)
        self.ordinary = frozenset(
            root
            for word in self.kept
            if len(word) > _FORM and word.endswith(_INFINITIVE)
            for root in roots(word)
            if len(root) >= _ROOT
        )
        """Roots of French verbs among them."""
        """Words that stand for nothing and are right as they are."""

    def sense(self, phrase: Phrase) -> Sense | None:
        """What exactly *phrase* stands for."""
        for known, sense in self._by_first.get(phrase[0], ()):
            if known == phrase:
                return sense
        return None

    def read(self, line: Sequence[str], overlay: Overlay) -> list[Span]:
        """*line* cut into the longest phrases, from the left; of two as long, that of *overlay*.
        The second half of a parted phrase is a small word."""
        spans: list[Span] = []
        at = 0
        then: tuple[int, int] | None = None
        while at < len(line):
            if then is not None and at == then[0]:
                spans.append(Span(*then, Sense("stop")))
                at, then = then[1], None
                continue
            left = line if then is None else line[: then[0]]
            found = _longest(left, at, self._by_first.get(line[at], ()))
            own = _longest(left, at, overlay.get(line[at], ()))
            if own is not None and (found is None or len(own[0]) >= len(found[0])):
                found = own
            kind = _kind(left, at)
            if kind is not None and (found is None or len(kind[0]) > len(found[0])):
                found = kind
            whole = self._whole(line, at) if then is None else None
            if whole is not None and (found is None or len(whole[0]) > len(found[0])):
                found, then = (whole[0].first, whole[0].sense), whole[1]
            end = at + (len(found[0]) if found else 1)
            spans.append(Span(at, end, found[1] if found else None))
            at = end
        return spans

    def _whole(self, line: Sequence[str], at: int) -> tuple[Parted, tuple[int, int]] | None:
        """The longest parted phrase that begins *at*, and where its second half stands."""
        best: tuple[Parted, tuple[int, int]] | None = None
        for known in self._parted.get(line[at], ()):
            end = at + len(known.first)
            if tuple(line[at:end]) != known.first:
                continue
            for start in range(end + 1, min(end + _BETWEEN, len(line) - 1) + 1):
                if line[start - 1] in _MARKS:
                    break
                if tuple(line[start : start + len(known.then)]) == known.then:
                    place = (start, start + len(known.then))
                    nearer = best is not None and len(known) == len(best[0])
                    if best is None or len(known) > len(best[0]) or (nearer and place < best[1]):
                        best = known, place
                    break
        return best


def _longest(
    line: Sequence[str], at: int, entries: Sequence[tuple[Phrase, Sense]]
) -> tuple[Phrase, Sense] | None:
    for phrase, sense in entries:
        if tuple(line[at : at + len(phrase)]) == phrase:
            return phrase, sense
    return None


def _kind(line: Sequence[str], at: int) -> tuple[Phrase, Sense] | None:
    """The longest word for a kind of goods."""
    for size in range(trade().longest, 0, -1):
        phrase = stemmed(line[at : at + size])
        codes = trade().by_phrase.get(phrase) if len(phrase) == size else None
        if codes:
            return phrase, Sense("kind", "|".join(sorted(codes)))
    return None


@cache
def base() -> Lexicon:
    """The phrases of all languages and the regions, without any product."""
    phrases: list[tuple[Phrase, Sense]] = []
    parted: list[Parted] = []

    def add(texts: Iterable[str], sense: Sense) -> None:
        for text in texts:
            first, _, then = (tuple(tokens(part)) for part in text.partition(_STAR))
            if then:
                parted.append(Parted(first, then, sense))
            elif first:
                phrases.append((first, sense))

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
        for name, kept in (("elsewhere", "sold"), ("common", "kept")):
            for text in found.get(name, {}).get(kept, ()):
                known.update(tokens(text))
    for code, texts in regions().aliases.items():
        add([text for text in texts if text != "us"], Sense("region", code))
        add([text.removeprefix("the ") for text in texts[:1]], Sense("region", code))
    for words in (trade().plain, trade().materials, trade().generic):
        known |= words
    return Lexicon(phrases, known, parted)


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
