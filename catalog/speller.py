"""Slips of the finger put right: a word of a line as the one known word that it was meant to be."""

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from catalog.text import alike, is_cjk, slips, stem

_KEPT = 20_000
"""Answers remembered; then forgotten all at once."""


def _mask(word: str) -> int:
    """Which letters are in it, a bit each."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 31)
    return mask & 0xFFFFFFFF


_VOWELS = np.uint32(_mask("aeiouy"))


def _bones(word: str) -> str:
    """Its consonants, one of each pair."""
    kept = [letter for letter in word if letter not in "aeiouy"]
    return "".join(b for a, b in zip(["", *kept], kept, strict=False) if a != b)


class _Bucket:
    """Words of one first letter, with their letters and lengths in columns."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.masks: NDArray[np.uint32] = np.array([_mask(w) for w in words], np.uint32)
        self.sizes: NDArray[np.int16] = np.array([len(w) for w in words], np.int16)

    def shortened(self, word: str) -> list[str]:
        """Those that it is without their vowels: "jckt"."""
        apart = np.flatnonzero((self.masks & ~_VOWELS) == np.uint32(_mask(word)))
        return [self.words[at] for at in apart if _bones(self.words[at]) == word]

    def near(self, word: str) -> list[str]:
        """Those of about its length with about its letters."""
        most = 2 if len(word) >= 9 else 1
        apart = np.bitwise_count(self.masks ^ np.uint32(_mask(word)))
        close = (apart <= 2 * most + 1) & (np.abs(self.sizes - len(word)) <= most + 2)
        return [self.words[at] for at in np.flatnonzero(close)]


class Speller:
    """Known words, found by what is typed for them in well under a millisecond."""

    def __init__(self, words: Iterable[str], kept: Iterable[str] = ()) -> None:
        """*words* may be meant by a slip; *kept* are right as they stand, and meant by none."""
        wanted = set(words)
        self._known = wanted | set(kept)
        self._buckets = {letter: _Bucket(own) for letter, own in _by_letter(wanted).items()}
        self._answers: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def follow(self, words: Iterable[str], *, meant: bool = True) -> None:
        """Learn the words that are new; without *meant*, as right, and meant by no slip."""
        fresh = set(words) - self._known
        if not fresh:
            return
        self._known |= fresh
        self._answers.clear()
        if not meant:
            return
        for letter, own in _by_letter(fresh).items():
            held = self._buckets.get(letter)
            self._buckets[letter] = _Bucket([*(held.words if held else ()), *own])

    def spelt(self, token: str, also: Callable[[str], bool] = lambda _: False) -> str:
        """*token* as it was meant: itself where it (or its singular) is known, else the one known
        word it is a slip of; itself if there is none, or several."""
        if token in self._known or len(token) < 4 or is_cjk(token) or also(token):
            return token
        if not token.isalpha():
            return token
        if stem(token) in self._known:
            return stem(token)
        if token not in self._answers:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            self._answers[token] = self._closest(token)
        return self._answers[token]

    def _closest(self, token: str) -> str:
        near = {
            word
            for letter in {token[0], token[1]}
            if (bucket := self._buckets.get(letter)) is not None
            for word in bucket.near(token)
            if alike(token, word)
        }
        if len(near) > 1:
            fewest = min(slips(token, word, 2) for word in near)
            near = {word for word in near if slips(token, word, 2) == fewest}
        if not near and _bones(token) == token and token[0] in self._buckets:
            near = set(self._buckets[token[0]].shortened(token))
        if not near:
            return token
        first = min(near, key=lambda word: (len(word), word))
        return first if all(stem(word) == stem(first) for word in near) else token


def _by_letter(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if len(word) >= 4 and word.isalpha() and word.isascii():
            found[word[0]].append(word)
    return found
