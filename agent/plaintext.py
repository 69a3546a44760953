"""Make text that anyone typed safe to read: one form of each character, nothing invisible."""

import re
import unicodedata

MAX_CHARS = 500

_SPACES = re.compile(r"\s+")
_LOOKALIKES = str.maketrans(
    "аеіорсухѕјһԁԛԝвнкмтАЕІОРСУХЅЈВНКМТΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορνι",
    "aeiopcyxsjhdqwbhkmtaeiopcyxsjbhkmtabezhikmnoptyxaopvi",
)
"""Cyrillic and Greek letters that look like Latin ones."""


def clean(text: str) -> str:
    """*text* in NFKC, without control, direction, joining, tag and private characters, its spaces
    made single ones."""
    composed = unicodedata.normalize("NFKC", text)
    kept = (
        " " if char.isspace() else "" if unicodedata.category(char)[0] == "C" else char
        for char in composed
    )
    return _SPACES.sub(" ", "".join(kept)).strip()


def fold(text: str) -> str:
    """*text*, cleaned, in small letters without accents, look-alike letters made Latin where the
    word they stand in is Latin otherwise, for matching against word lists."""
    words = []
    for word in clean(text).split(" "):
        if any("a" <= char.lower() <= "z" for char in word):
            word = word.translate(_LOOKALIKES)
        words.append(word)
    apart = unicodedata.normalize("NFD", " ".join(words).casefold())
    return "".join(char for char in apart if unicodedata.category(char) != "Mn").replace("’", "'")
