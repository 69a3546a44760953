"""Turns an engine's own symbols and lengths into timed IPA phones that a mouth can follow.

Whatever the engine, only the symbols of ``PHONES`` come out: plain IPA without stress or length
marks. Pauses are no phones; they are gaps between them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from agent.types import Phone

PHONES: Final = frozenset(
    {"p", "b", "m", "f", "v", "θ", "ð", "t", "d", "n", "l", "s", "z", "ʃ", "ʒ", "tʃ", "dʒ"}
    | {"k", "ɡ", "ŋ", "h", "ɹ", "w", "j"}
    | {"i", "ɪ", "eɪ", "ɛ", "æ", "a", "ɑ", "ɒ", "ʌ", "ə", "ɔ", "oʊ", "ʊ", "u", "aɪ", "aʊ", "ɔɪ"}
    | {"ɝ", "ɚ"}
)
"""Every symbol that a voice of ours may emit."""

HIBARI: Final[Mapping[str, str]] = {
    # misaki's capitals for diphthongs and ligatures, read from its documentation
    "A": "eɪ",
    "I": "aɪ",
    "O": "oʊ",
    "Q": "oʊ",
    "W": "aʊ",
    "Y": "ɔɪ",
    "T": "d",
    "ʤ": "dʒ",
    "ʧ": "tʃ",
    "ᵊ": "ə",
    "ᵻ": "ɪ",
    "ɐ": "ə",
    "ɜ": "ɝ",
}
ESPEAK: Final[Mapping[str, str]] = {
    "ɾ": "d",
    "ᵻ": "ɪ",
    "ɨ": "ɪ",
    "ɐ": "ə",
    "ɜ": "ɝ",
    "e": "eɪ",
    "o": "oʊ",
    "g": "ɡ",
    "r": "ɹ",
    "x": "k",
    "ç": "h",
    "y": "u",
    "ɬ": "l",
    "ʔ": "t",
}
"""espeak-ng's English symbols that are not in PHONES already."""

_PAIRS: Final = {
    "eɪɪ": "eɪ",
    "aɪ": "aɪ",
    "ɔɪ": "ɔɪ",
    "oʊʊ": "oʊ",
    "aʊ": "aʊ",
    "tʃ": "tʃ",
    "dʒ": "dʒ",
}
_STRESS: Final = frozenset("ˈˌ")
_SHORT_PAUSE_S: Final = 0.08
"""A comma shorter than this is no pause: the mouth stays with the phone before it."""


def timed(sounds: Iterable[tuple[str, float]], table: Mapping[str, str]) -> tuple[Phone, ...]:
    """Phones from (symbol, seconds) in order, timed from 0 and not overlapping.

    A stress mark's time belongs to the sound after it; a blank's ("") or a space's, or any
    unknown sign's, to the sound before it. A boundary ("#") or a long punctuation mark is a gap.
    """
    phones: list[Phone] = []
    at = 0.0
    pending = 0.0
    fresh = True  # no merging with what came before, and nothing to lengthen
    gap = True
    for symbol, seconds in sounds:
        end = at + seconds
        sound = table.get(symbol, symbol)
        if sound in PHONES:
            joined = _PAIRS.get(phones[-1].symbol + sound) if phones and not fresh else None
            if joined:
                phones[-1] = Phone(joined, phones[-1].start, end)
            else:
                phones.append(Phone(sound, at - pending, end))
            pending, fresh, gap = 0.0, False, False
        elif symbol in _STRESS:
            pending, fresh = pending + seconds, True
        elif symbol == "#" or (symbol in ",;:.!?…—" and symbol and seconds >= _SHORT_PAUSE_S):
            pending, fresh, gap = 0.0, True, True
        elif pending:  # the blank that follows a stress mark
            pending += seconds
        elif not gap:
            phones[-1] = Phone(phones[-1].symbol, phones[-1].start, end)
            fresh = fresh or symbol != ""
        at = end
    return tuple(phones)


def moved(phones: Iterable[Phone], by: float, end: float) -> tuple[Phone, ...]:
    """*phones* moved by *by* seconds and kept within [0, *end*]; those outside are left out."""
    kept = (Phone(p.symbol, max(0.0, p.start + by), min(end, p.end + by)) for p in phones)
    return tuple(phone for phone in kept if phone.end > phone.start)
