"""Make text that anyone typed safe to read: one form of each character, nothing invisible."""

import re
import unicodedata

MAX_CHARS = 500

_WIDE = "，：；！？（）"
"""Chinese punctuation, which NFKC would make Latin."""
_WIDE_MARKS = re.compile(f"([{_WIDE}])")
_SPACES = re.compile(r"\s+")
_ALIKE_LETTERS = "аеіорсухѕјһԁԛԝвнкмтАЕІОРСУХЅЈВНКМТΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορνι"
"""Cyrillic and Greek letters that look like Latin ones."""
_LOOKALIKES = str.maketrans(_ALIKE_LETTERS, "aeiopcyxsjhdqwbhkmtaeiopcyxsjbhkmtabezhikmnoptyxaopvi")
_ALIKE = re.compile(f"[{_ALIKE_LETTERS}]+")
_LATIN = re.compile(r"[a-zA-Z]")


def clean(text: str) -> str:
    """*text* in NFKC but for Chinese punctuation; without control, direction, joining, tag and
    private characters; its spaces made single ones."""
    composed = "".join(
        part if part in _WIDE else unicodedata.normalize("NFKC", part)
        for part in _WIDE_MARKS.split(text)
    )
    kept = (
        " " if char.isspace() else "" if unicodedata.category(char)[0] == "C" else char
        for char in composed
    )
    return _SPACES.sub(" ", "".join(kept)).strip()


def fold(text: str) -> str:
    """*text*, cleaned, in small letters without accents, letters that only look Latin made so
    where other letters of the text are Latin, for matching against word lists."""
    cleaned = _unaccented(_unaccented(clean(text)).casefold())
    if _LATIN.search(cleaned):
        words = cleaned.split(" ")
        cleaned = " ".join(
            word.translate(_LOOKALIKES) if _LATIN.search(word) or _ALIKE.fullmatch(word) else word
            for word in words
        )
    return " ".join(cleaned.replace("’", "'").split())


def han(text: str) -> int:
    """How many Chinese characters *text* has."""
    return sum("\u3400" <= char <= "\u9fff" for char in text)


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(char for char in apart if unicodedata.category(char) != "Mn")
