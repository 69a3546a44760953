"""What a chat line is at first sight, in some tens of microseconds, before anyone reads it.

Of a flood most is cheering, and some is advertising; neither is worth a close look. What asks
whether the host is real, what may be distress and what is about an order always gets one.
"""

import re
from enum import Enum
from functools import cache

from agent.lexicon import patterns

_STRETCHED = re.compile(r"(.)\1{2,}", re.S)
_PARTED = re.compile(r"[\s!.~,;:'\"。！，～、…*_-]+")
_CLAUSES = re.compile(r"(?<=[.!?。！？])\s|[,;!。！？，；]+")
_WORD = re.compile(r"[^\W_]")
_PICTURES = "\u2190"
"""From here on a sign without a letter is a picture; before are the invisible ones."""
_ASKED = frozenset("?？")
_CRAMMED, _FEW = 16, 3
"""A line of so many letters with no more than so many different ones says nothing."""
_LONGEST_CHEER = 60


class Sight(Enum):
    """Lower is read first where not all can be."""

    GRAVE = 0
    """Perhaps about the host's being real, distress or an order."""
    ASKS = 1
    PLAIN = 2
    HYPE = 3
    """Cheers, and says nothing else."""
    EMOJI_ONLY = 4
    SPAM = 5

    @property
    def read(self) -> bool:
        """Whether the line is to be read closely."""
        return self.value <= Sight.PLAIN.value


def sight(text: str) -> Sight:
    """What *text* is at first sight."""
    low = text.casefold().strip()
    cues, hype, spam, link, asks = _lists()
    if cues.search(low):
        return Sight.GRAVE
    if not _WORD.search(low):
        pictures = any(char >= _PICTURES for char in low) and not set(low) & _ASKED
        return Sight.EMOJI_ONLY if pictures else Sight.PLAIN
    squeezed = _STRETCHED.sub(r"\1\1", low)
    if len(squeezed) <= _LONGEST_CHEER and _cheers(squeezed, hype):
        return Sight.HYPE
    letters = len(low)
    if letters >= _CRAMMED and len(set(low) - {" "}) <= _FEW:
        return Sight.SPAM
    asked = asks.search(low) is not None
    if spam.search(low):
        return Sight.ASKS if asked and _asks_beside(low) else Sight.SPAM
    if link.search(low) and not asked:
        return Sight.SPAM
    return Sight.ASKS if asked else Sight.PLAIN


def _asks_beside(low: str) -> bool:
    """Whether a clause that advertises nothing asks: "follow me, how much is it?"."""
    _, _, spam, link, asks = _lists()
    return any(
        asks.search(clause) and not (spam.search(clause) or link.search(clause))
        for clause in _CLAUSES.split(low)
    )


def _cheers(squeezed: str, hype: re.Pattern[str]) -> bool:
    """Whether each word of the line, or all of it, is one of cheering."""
    bare = _PARTED.sub(" ", squeezed).strip()
    if hype.fullmatch(bare):
        return True
    return " " in bare and all(hype.fullmatch(word) for word in bare.split(" ", 8))


@cache
def _lists() -> tuple[re.Pattern[str], ...]:
    found = patterns("agent", "lexicons/crowd.txt")
    return tuple(found[name] for name in ("cue", "hype", "spam", "link", "asks"))
