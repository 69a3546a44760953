"""What a chat line is: its clean text, its language, and what kind of line it is."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from agent.hostile import Flag, asks, flag, question_in
from agent.identity import asks_identity, simplifier
from agent.lexicon import entries, patterns
from agent.plaintext import MAX_CHARS, clean, fold
from agent.types import Language


class Kind(StrEnum):
    """What a line wants."""

    IDENTITY = "identity"
    """Whether the host is a person: answered at once, from fixed text."""
    GREETING = "greeting"
    THANKS = "thanks"
    HEALTH = "health"
    """Asks for medical advice: sent to a doctor."""
    ORDER_TROUBLE = "order_trouble"
    """About an order made: sent to a person at the shop."""
    COMPLAINT = "complaint"
    """Is unhappy with what was bought, or with the shop: met kindly, and sent to a person there."""
    CONTACT = "contact"
    """How one reaches a person at the shop."""
    HAGGLE = "haggle"
    """Finds it dear, or wants a price of its own: prices are the shop's."""
    HOSTILE = "hostile"
    """Abuse, or an attempt to steer the host, that asks nothing. Not answered."""
    DISTRESS = "distress"
    """Someone may hurt themselves: answered soon, from fixed text, and the operator is told."""
    OFF_TOPIC = "off_topic"
    PERSONAL = "personal"
    RIVALS = "rivals"
    """Bait, as ``hostile.Flag`` has it: turned down in a fixed line."""
    EMOJI_ONLY = "emoji_only"
    QUESTION = "question"
    CHATTER = "chatter"


@dataclass(frozen=True, slots=True)
class Understanding:
    """A chat line, understood."""

    text: str
    """Cleaned: NFKC, nothing invisible, single spaces."""
    language: Language | None
    """None: a language that the host does not serve."""
    kind: Kind
    flag: Flag | None = None
    """What it tries on the host, whatever else it wants: such a line goes behind the others."""


def understand(text: str, previous: Language) -> Understanding:
    """Understand *text*; lines too short to tell are in the *previous* language.

    Raises ValueError, with a text for the viewer, for an empty line and for one longer than 500
    characters.
    """
    if len(text) > 8 * MAX_CHARS:  # nothing that long is worth cleaning
        raise ValueError(f"Please keep it under {MAX_CHARS} characters.")
    cleaned = clean(text)
    if not cleaned:
        raise ValueError("There is nothing to read in that message.")
    if len(cleaned) > MAX_CHARS:
        raise ValueError(f"Please keep it under {MAX_CHARS} characters.")
    language = language_of(cleaned, previous)
    return Understanding(cleaned, language, kind_of(cleaned), flag(cleaned))


# --- kind ------------------------------------------------------------------------------------


def kind_of(text: str) -> Kind:
    """The kind of a cleaned line; whether the host is a person outranks all else."""
    if not any(unicodedata.category(char)[0] in "LN" for char in text):
        return Kind.QUESTION if set(text) & set("?？") and len(text) < 4 else Kind.EMOJI_ONLY
    if asks_identity(text):
        return Kind.IDENTITY
    return _flagged(text, tried) if (tried := flag(text)) else _wanted(text)


def _flagged(text: str, tried: Flag) -> Kind:
    """The kind of a line that tries something: that of the question in it, if there is one."""
    if tried is Flag.DISTRESS:
        return Kind.DISTRESS
    if rest := question_in(text):
        wanted = _wanted(rest)
        return wanted if wanted in _SERIOUS else Kind.QUESTION
    if tried in _BAIT:
        return _BAIT[tried]
    wanted = _wanted(text)
    if wanted is Kind.ORDER_TROUBLE and asks(text):
        return wanted
    if tried is Flag.STEER and asks(text):
        return wanted if wanted in _SERIOUS else Kind.QUESTION
    return Kind.HOSTILE


_BAIT = {
    Flag.OFF_TOPIC: Kind.OFF_TOPIC,
    Flag.PERSONAL: Kind.PERSONAL,
    Flag.RIVALS: Kind.RIVALS,
}
_SERIOUS = frozenset({Kind.CONTACT, Kind.ORDER_TROUBLE, Kind.HEALTH, Kind.COMPLAINT})


_LISTED = (
    *(Kind.CONTACT, Kind.ORDER_TROUBLE, Kind.HEALTH, Kind.COMPLAINT, Kind.RIVALS),
    Kind.HAGGLE,
)
"""By lists of phrases, the first that matches."""


def _wanted(text: str) -> Kind:
    folded = str(simplifier().convert(fold(text)))
    lists = patterns("agent", "lexicons/kinds.txt")
    for kind in _LISTED:
        if lists[kind.value].search(folded):
            return kind
    if not lists["question"].search(folded):
        if lists["greeting"].fullmatch(folded.strip(" !.,~。！，")):
            return Kind.GREETING
        if lists["thanks"].search(folded):
            return Kind.THANKS
        return Kind.CHATTER
    return Kind.QUESTION


# --- language --------------------------------------------------------------------------------

_HAN = re.compile(r"[㐀-鿿]")
_OTHER_SCRIPT = re.compile(r"[぀-ヿ가-힯ᄀ-ᇿЀ-ӿͰ-Ͽ֐-׿؀-ۿ܀-ݏऀ-෿฀-໿က-ᄀఀ-೿԰-֏Ⴀ-ჿ]")
_LATIN = re.compile(r"[a-zA-ZÀ-ɏ']+")
_ELIDED = re.compile(r"(?:[ldjtcnms]|qu|lorsqu|puisqu|jusqu)'\w")
"""French words that lost their last letter before the next."""
_NEIGHBOURS = ["en", "fr", "es", "de", "it", "pt", "nl", "pl", "tr", "vi", "id", "sv"]
_SURE = 0.9
"""Probability from which py3langid's word is taken for a language that is not served."""
_TOO_SHORT = 3
"""Words below which a line is in the stream's language unless a word of it says otherwise."""


@cache
def _marks() -> dict[str, frozenset[str]]:
    lists = entries("agent", "lexicons/languages.txt").items()
    return {name: frozenset(" ".join(lines).split()) for name, lines in lists}


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_NEIGHBOURS)
    return identifier


def language_of(text: str, previous: Language) -> Language | None:
    """The language of a cleaned line, by its script, then its words, then py3langid; None for one
    that the host does not serve."""
    han, words = len(_HAN.findall(text)), [w.lower() for w in _LATIN.findall(text)]
    other = len(_OTHER_SCRIPT.findall(text))
    if other > max(1, han / 4) and other >= sum(map(len, words)) / 2:
        return None
    if han and han * 2 >= len(words):
        return "zh"
    if not words:
        return previous
    scores = {name: sum(word in marks for word in words) for name, marks in _marks().items()}
    scores["fr"] += sum(bool(_ELIDED.match(word)) for word in words)
    best = max(scores.values())
    leaders = [name for name, score in scores.items() if score == best and best]
    if previous in leaders:
        return previous
    for served in ("en", "fr"):
        if served in leaders and (best > 1 or len(leaders) == 1 or len(words) < _TOO_SHORT):
            return "en" if served == "en" else "fr"
    if len(words) < _TOO_SHORT and not (leaders and best == len(words)):
        return previous
    found, sure = _identifier().classify(text)
    if found in ("en", "fr"):
        return "en" if found == "en" else "fr"
    if leaders and found in leaders:
        return None
    if float(sure) >= _SURE and scores.get("en", 0) + scores.get("fr", 0) <= best / 2:
        return None
    return previous if previous != "zh" else "en"


def tongue_of(text: str) -> str:
    """Which of the neighbours' languages (ISO 639-1) a line that is not served is in; "" for one
    in another script, or where nobody can tell."""
    words = [word.lower() for word in _LATIN.findall(text)]
    if not words or _OTHER_SCRIPT.search(text):
        return ""
    scores = {name: sum(word in marks for word in words) for name, marks in _marks().items()}
    best = max(scores, key=lambda name: scores[name])
    found, sure = _identifier().classify(text)
    if scores[best] > 1 and best not in ("en", "fr"):
        return best
    return (
        str(found)
        if found not in ("en", "fr") and (float(sure) >= 0.6 or scores.get(found))
        else ""
    )
