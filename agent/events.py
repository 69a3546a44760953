"""What viewers do without words, and how the host thanks for it: seldom, and for nothing untrue.

Nothing is counted aloud and nobody's purchase is told to others: an order is no proof of anything
to the next viewer. One thanks stands for all who did the same in a while.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import prompts
from agent.names import VIEWERS, spoken_name
from agent.types import LANGUAGES, Language, Line, Sentence

MOST = 1_000_000
"""Likes, gifts or people that one event may stand for."""


class What(StrEnum):
    ENTRY = "entry"
    LIKE = "like"
    FOLLOW = "follow"
    GIFT = "gift"
    ORDER = "order"


GIVEN: Final = frozenset({What.GIFT, What.ORDER})
"""These go before talk; the others wait behind every question."""
EVERY_S: Final[Mapping[What, float]] = {
    What.ENTRY: 120.0,
    What.LIKE: 180.0,
    What.FOLLOW: 90.0,
    What.GIFT: 20.0,
    What.ORDER: 45.0,
}
"""Seconds between two thanks for the same kind of thing."""
FRESH_S: Final = 20.0
"""An event older than this is not spoken of any more."""
_BY_NAME = frozenset({What.FOLLOW, What.GIFT})
"""Thanks that may call the viewer by name. Never an order's: what one buys is one's own matter."""


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """One thing that a viewer, or several, did."""

    what: What
    viewer: str = ""
    """As the platform calls them; "" where it does not say."""
    count: int = 1


class Thanked:
    """When the host last thanked for what."""

    def __init__(self) -> None:
        self._at: dict[What, float] = {}

    def lately(self, what: What, now: float) -> bool:
        return now - self._at.get(what, float("-inf")) < EVERY_S[what]

    def note(self, what: What, now: float) -> None:
        self._at[what] = now


def thanks(
    what: What, viewer: str, language: Language, voice_language: Language, variety: int
) -> list[Line]:
    """What the host says to it. *viewer*: as shown; called by name where that can be said."""
    name = None
    if what in _BY_NAME and viewer and viewer not in VIEWERS.values():
        name = spoken_name(viewer, language) if language == voice_language else None
    key = f"{what.value}_name" if name else what.value
    texts = [
        string.Template(_pick(one, key, variety)).substitute(name=name or "")
        for one in (language, voice_language)
    ]
    other = Sentence(texts[1]) if language != voice_language else None
    return [Line(Sentence(texts[0]), other)]


def _pick(language: Language, key: str, variety: int) -> str:
    wordings = prompts.lines("events", language)[key]
    return wordings[variety % len(wordings)]


def check() -> None:
    """That every text is there. Raises prompts.PromptError."""
    wanted = {what.value for what in What} | {f"{what.value}_name" for what in _BY_NAME}
    for language in LANGUAGES:
        if missing := sorted(wanted - prompts.lines("events", language).keys()):
            raise prompts.PromptError(
                f"prompts/{language}/events.txt: [{missing[0]}] is missing; add it"
            )
