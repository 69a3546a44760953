"""What the host says word for word: that it is an AI, and that an answer takes a moment."""

import re
import string
import unicodedata
from typing import Literal

import prompts
from agent.plaintext import clean
from agent.types import Language, Rung, Utterance

Moment = Literal["start", "reminder", "identity"]
LONGEST_NAME = 48
"""Characters of a shop's name in a notice: one breath. A longer one is cut between words."""
_SHORT = "".join(rf"(?<!\b{word})" for word in ("Dr", "St", "Mr", "Mrs", "Ms", "Ste", "No", "Co"))
_ENDS = re.compile(rf"(?<=\w\w){_SHORT}[.!?](?=\s)|[。！？…;；]|\s[|–—]\s|\s-\s")
"""After these a name is no name any more but a slogan, or a sentence that the host would say."""
_AND: dict[Language, str] = {"en": " and ", "fr": " et ", "zh": "和"}


def host_notice(
    moment: str, language: Language, voice_language: Language, shop: str, count: int = 0
) -> Utterance:
    """The notice for *moment* ("start", "reminder" or "identity"), in the wording that has its turn
    after *count* notices. Raises ValueError for another moment or a shop without a name."""
    if moment not in ("start", "reminder", "identity"):
        raise ValueError(f"{moment!r} is no moment for a notice")
    name = spoken_for(shop)
    aloud = re.sub(r"\s*&\s*", _AND[voice_language], name)
    return Utterance(
        spoken=_text(moment, voice_language, count, shop=aloud),
        written=_text(moment, language, count, shop=name),
        rung=Rung.NOTICE,
        language=language,
        voice_language=voice_language,
    )


def spoken_for(shop: str) -> str:
    """The name of *shop* as a notice says it: its first sentence or part, no longer than a breath,
    without signs at its ends. Raises ValueError where nothing is left to say."""
    plain = re.sub(r"<[^<>]*>|[<>{}$*_#\"]", " ", clean(shop))
    name = "".join(char for char in plain if unicodedata.category(char) != "So")
    name = " ".join(_ENDS.split(name, maxsplit=1)[0].split())
    if len(name) > LONGEST_NAME:
        at = max(name.rfind(mark, 0, LONGEST_NAME + 1) for mark in (",", "，", " "))
        name = name[: at if at > 0 else LONGEST_NAME]
    name = name.strip(" .,!?:;-–—&/'’，、")
    if not any(char.isalnum() for char in name):
        raise ValueError(
            "the notice says for which shop the host speaks, and it has no name; give it one: "
            'candor catalog load ... --shop-name "..."'
        )
    return name


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
