"""What viewers do without words, and how the host thanks for it: seldom, and for nothing untrue.

Nothing is counted aloud and nobody's purchase is told to others: an order is no proof of anything
to the next viewer. One thanks stands for all who did the same in a while.
"""

import string
from collections.abc import Mapping
from typing import Final

import prompts
from agent.names import VIEWERS, spoken_name
from agent.rules import vet
from agent.types import LANGUAGES, Facts, Language, Line, Rung, Sentence, Topic, Utterance
from agent.types import RoomEvent as RoomEvent
from agent.types import What as What
from agent.wording import Variety, choose

MOST = 1_000_000
"""Likes, gifts or people that one event may stand for."""


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
COUNTED: Final = frozenset({"asked", "asked_more"})
"""The texts of ``agent.tally``."""
_BY_NAME = frozenset({What.FOLLOW, What.GIFT})
"""Thanks that may call the viewer by name. Never an order's: what one buys is one's own matter."""


class Thanked:
    """When the host last thanked for what."""

    def __init__(self) -> None:
        self._at: dict[What, float] = {}

    def lately(self, what: What, now: float) -> bool:
        return now - self._at.get(what, float("-inf")) < EVERY_S[what]

    def note(self, what: What, now: float) -> None:
        self._at[what] = now


def thanks(
    what: What, viewer: str, language: Language, voice_language: Language, variety: Variety
) -> list[Line]:
    """What the host says to it. *viewer*: as shown; called by name where that can be said."""
    if what in _BY_NAME and viewer not in VIEWERS.values() and language == voice_language:
        name = spoken_name(viewer, language)
        line = _line(f"{what.value}_name", language, language, variety, name) if name else None
        if line is not None and _airs(line, language):
            return [line]
    return [_line(what.value, language, voice_language, variety)]


def _line(
    key: str, language: Language, voice_language: Language, variety: Variety, name: str = ""
) -> Line:
    wordings = prompts.lines("events", language)[key]
    index = choose(wordings, variety)
    texts = [
        string.Template(one).substitute(name=name)
        for one in (wordings[index], prompts.lines("events", voice_language)[key][index])
    ]
    other = Sentence(texts[1]) if language != voice_language else None
    return Line(Sentence(texts[0]), other)


def _airs(line: Line, language: Language) -> bool:
    verdict = vet(
        line,
        Facts(Topic.UNKNOWN, None),
        rung=Rung.TEMPLATE,
        language=language,
        voice_language=language,
    )
    return isinstance(verdict, Utterance)


def check() -> None:
    """That every text is there, in as many wordings in each language. Raises
    prompts.PromptError."""
    wanted = {what.value for what in What} | {f"{what.value}_name" for what in _BY_NAME} | COUNTED
    first = prompts.lines("events", LANGUAGES[0])
    for language in LANGUAGES:
        here = prompts.lines("events", language)
        if missing := sorted(wanted - here.keys()):
            raise prompts.PromptError(
                f"prompts/{language}/events.txt: [{missing[0]}] is missing; add it"
            )
        for key in sorted(wanted):
            if len(here[key]) != len(first[key]):
                raise prompts.PromptError(
                    f"prompts/{language}/events.txt: [{key}] has {len(here[key])} wordings; give"
                    f" {len(first[key])}, as in prompts/{LANGUAGES[0]}/events.txt"
                )
