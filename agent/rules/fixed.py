"""What the host says word for word: that it is an AI, and that an answer takes a moment."""

import string
from typing import Literal

import prompts
from agent.plaintext import clean
from agent.types import Language, Rung, Utterance

Moment = Literal["start", "reminder", "identity"]


def host_notice(
    moment: str, language: Language, voice_language: Language, shop: str, count: int = 0
) -> Utterance:
    """The notice for *moment* ("start", "reminder" or "identity"), in the wording that has its turn
    after *count* notices. Raises ValueError for another moment or a shop without a name."""
    if moment not in ("start", "reminder", "identity"):
        raise ValueError(f"{moment!r} is no moment for a notice")
    name = clean(shop)
    if not name:
        raise ValueError("the notice says for which shop the host speaks, and it has no name")
    return Utterance(
        spoken=_text(moment, voice_language, count, shop=name),
        written=_text(moment, language, count, shop=name),
        rung=Rung.NOTICE,
        language=language,
        voice_language=voice_language,
    )


def holding_line(language: Language, voice_language: Language) -> Utterance:
    """A line that claims nothing, for when no answer is ready in time."""
    return Utterance(
        spoken=_text("holding", voice_language, 0),
        written=_text("holding", language, 0),
        rung=Rung.PREPARED,
        language=language,
        voice_language=voice_language,
    )


def _text(key: str, language: Language, count: int, **variables: str) -> str:
    wordings = prompts.lines("notice", language)[key]
    return string.Template(wordings[count % len(wordings)]).substitute(variables)
