"""Viewers' names: which may be shown, and which the host says."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from agent.identity import simplifier
from agent.lexicon import patterns
from agent.plaintext import clean, fold
from agent.rules import vet
from agent.types import (
    LANGUAGES,
    Facts,
    Language,
    Line,
    Rung,
    Sentence,
    Topic,
    Utterance,
)

VIEWERS: dict[Language, str] = {"en": "a viewer", "fr": "un spectateur", "zh": "一位观众"}
"""Who is shown, in the show's language, in place of a name that is not to be shown."""
MAX_NAME = 16
MAX_NAME_WORDS = 5
"""More is no name but a sentence."""
MAX_SPOKEN_WORDS = 2
_LEET = str.maketrans("013457@$!|", "oieastasil")
_HAN = re.compile(r"[㐀-鿿]")
_PARTS = re.compile(r"[\s_.]+")
_TAIL = re.compile(r"(?<=[^\W\d_])[ _.-]?\d{1,4}$")
"""Figures that a site added as the name was taken: "ann92"."""
_VOWEL = re.compile(r"[aeiouy]")
_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}|(.)\1\1")
"""What no mouth can say: "xkcdq", "aaanna"."""
_HELLO: dict[Language, str] = {"en": "Hello, {}.", "fr": "Bonjour, {}.", "zh": "您好，{}。"}


@lru_cache(maxsize=4096)
def safe_name(author: str) -> str | None:
    """*author* as it may be shown, at most 16 characters; None where it is rude, a link, an
    advertisement, a claim, a sentence, someone of the shop, or nothing one could say."""
    name = clean(author[:200])
    kept = "".join(c for c in name if unicodedata.category(c)[0] in "LN" or c in " -_'.")
    kept = " ".join(kept.split()).strip("-_'. ")
    if not any(char.isalpha() for char in kept) or len(kept.split()) > MAX_NAME_WORDS:
        return None
    plain = str(simplifier().convert(fold(name)))
    tight = re.sub(r"[^a-z0-9\u3400-\u9fff]", "", plain)
    spaced = " ".join(re.sub(r"[^a-z0-9'\u3400-\u9fff]+|_", " ", plain).split())
    bare = re.sub(r"\d+", " ", spaced)
    lists = patterns("agent", "lexicons/names.txt")
    if (
        lists["raw"].search(plain)
        or any(
            lists["word"].search(form) for form in (spaced, bare, spaced.translate(_LEET), tight)
        )
        or any(lists["inside"].search(form) for form in (tight, tight.translate(_LEET)))
    ):
        return None
    scripts = {_script(char) for char in kept if char.isalpha()}
    if "other" in scripts or ("han" in scripts and len(scripts) > 2):
        return None
    return kept[:MAX_NAME].strip("-_'. ")


def spoken_name(author: str, language: Language, taken: Iterable[str] = ()) -> str | None:
    """*author* as a voice of *language* may say it: "Ann" of "ann_92". None for whatever may not
    be shown, for who is known to all, for a name of the shop or of its things (*taken*), for
    letters that the voice cannot say, and for a name that the gate takes for a claim."""
    shown = safe_name(author)
    if shown is None or author in VIEWERS.values() or len(clean(author)) > MAX_NAME:
        return None
    words = [word for word in _PARTS.split(_TAIL.sub("", shown)) if word]
    if not words or len(words) > MAX_SPOKEN_WORDS:
        return None
    if any(char.isdigit() for char in "".join(words)):
        return None
    han = [bool(_HAN.search(word)) for word in words]
    if any(han):
        said = "".join(words) if all(han) and language == "zh" else ""
        said = said if 2 <= len(said) <= 6 else ""
    else:
        said = " ".join(_cased(word) for word in words) if all(map(_sayable, words)) else ""
    if not said or _known(said, taken):
        return None
    return said if _harmless(said, LANGUAGES if said.isascii() else (language,)) else None


def _sayable(word: str) -> bool:
    plain = fold(word)
    letters = re.sub(r"[^a-z]", "", plain)
    return (
        2 <= len(letters) <= 12
        and bool(_VOWEL.search(letters))
        and not _CLUSTER.search(letters)
        and re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", word) is not None
    )


def _cased(word: str) -> str:
    """ "ANN" and "ann" as one writes a name; "McCoy" as it is."""
    if word.islower() or (word.isupper() and len(word) > 1):
        return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
    return word


def _known(said: str, taken: Iterable[str]) -> bool:
    """Whether it is somebody famous, nobody's name, or has a word of what the shop or its things
    are called."""
    plain = str(simplifier().convert(fold(said)))
    lists, spaced = patterns("agent", "lexicons/names.txt"), plain.replace("-", " ")
    if lists["famous"].search(spaced) or lists["nobody"].search(spaced):
        return True
    own = {word for name in taken for word in re.findall(r"[^\W\d_]{3,}", fold(name))}
    words = set(re.findall(r"[^\W\d_]+", plain))
    return bool(own & words) or any(len(word) > 3 and word in plain for word in own)


def _harmless(said: str, languages: Sequence[Language]) -> bool:
    """Whether the gate, in each of *languages*, takes a greeting by it for no more than that."""
    nothing = Facts(Topic.UNKNOWN, None)
    return all(
        isinstance(
            vet(
                Line(Sentence(_HELLO[language].format(said))),
                nothing,
                rung=Rung.TEMPLATE,
                language=language,
                voice_language=language,
            ),
            Utterance,
        )
        for language in languages
    )


def _script(char: str) -> str:
    if _HAN.match(char):
        return "han"
    return "latin" if unicodedata.name(char, "").startswith("LATIN") else "other"
