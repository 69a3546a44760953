"""Which encoding a text is in that is not UTF-8: Windows-1252, GB18030, or none of these.

Only these two are read, for what their letters look like tells them apart safely, and a Chinese or
a Western shop's spreadsheet writes them. Of the others charset-normalizer names the likeliest, for
the merchant to convert; it is not asked to decide, as it takes short French for Polish.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO

import charset_normalizer

from catalog.load.files.errors import FileError

_WINDOW = 64 * 1024
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]+")
# Letters with a sign in the middle, four accents in a row, a capital after a small letter: Polish,
# Cyrillic, DOS or Macintosh text read as Windows-1252.
_NOT_WESTERN = re.compile(
    r"[^\W\d_][¡-©«¬®-¶¸¹»-¿×÷‚ƒ„†‡ˆ‰‹˜›](?=[a-zà-ÿ])|[À-ÖØ-öø-ÿŠŒŽšœžŸ]{4,}|[a-z][À-ÖØ-ÞŠŽŸ](?![A-ZÀ-Þ])"
)
_COMMON = range(0xB0, 0xD8)
"""First bytes of the 3,755 everyday Chinese characters of GB 2312, ordered by their sound."""


@dataclass(frozen=True, slots=True)
class Guess:
    codec: str
    name: str
    line: int
    sample: str
    """Words that show whether the guess is right."""


def guessed(stream: BinaryIO, offset: int, before: int) -> Guess | None:
    """The encoding of a text whose byte at *offset* is not UTF-8, after about *before* characters
    that were more than ASCII. None: it is UTF-8 that is broken there. Raises FileError where it
    looks like neither."""
    sample, line = _around(stream, offset)
    good = len(_MULTIBYTE.findall(sample)) + before
    bad = len(_HIGH.findall(_MULTIBYTE.sub(b"", sample)))
    if chinese := _chinese(sample):
        return None if good > 3 * bad else Guess("gb18030", "GB18030", line, _shown(chinese))
    if good and good * 10 >= bad:
        return None
    western = _western(sample)
    if western is not None:
        return Guess("cp1252", "Windows-1252", line, _shown(western))
    best = charset_normalizer.from_bytes(sample).best()
    looks = f"looks like {best.encoding}" if best else "is in an encoding not known here"
    raise FileError(
        f"{looks}, which is not read, for it cannot be told for certain",
        "save it with the encoding UTF-8",
        line=line,
    )


def _around(stream: BinaryIO, offset: int) -> tuple[bytes, int]:
    """From the beginning of the line of *offset*, and the number of that line."""
    line, tail, at = 1, b"", 0
    while at < offset:
        chunk = stream.read(min(_WINDOW, offset - at))
        if not chunk:
            break
        at += len(chunk)
        line += chunk.count(b"\n")
        tail = (tail + chunk)[-1000:]
    return tail[tail.rfind(b"\n") + 1 :] + stream.read(_WINDOW), line


def _chinese(sample: bytes) -> str:
    """The text, where it is everyday Chinese in GB18030."""
    text = _decoded(sample, "gb18030")
    if text is None:
        return ""
    beyond = [character for character in text if character > "\x7f"]
    pairs = [character.encode("gb18030") for character in beyond[:5000]]
    signs = sum(pair[0] in range(0xA1, 0xA4) or pair in (b"\xa8\xa4", b"\x80") for pair in pairs)
    kana = sum(pair[0] in (0xA4, 0xA5) for pair in pairs)
    han = [pair[0] for pair in pairs if len(pair) == 2 and pair[1] >= 0xA1 and pair[0] in _COMMON]
    if len(han) + signs < 0.8 * len(pairs) or not han or kana > 0.1 * len(pairs):
        return ""
    # Korean in EUC-KR has the same pairs, but only up to 0xC8: half of what Chinese uses.
    if len(han) >= 12 and max(han) <= 0xC8:
        return ""
    return text


def _western(sample: bytes) -> str | None:
    """The text, where it reads as a Western language in Windows-1252."""
    text = _decoded(sample, "cp1252")
    if text is None or re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
        return None
    beyond = sum(character > "\x7f" for character in text)
    return text if len(_NOT_WESTERN.findall(text)) <= 0.02 * beyond else None


def _decoded(sample: bytes, codec: str) -> str | None:
    for cut in range(4):  # the sample may end in the middle of a character
        try:
            return sample[: len(sample) - cut].decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 4:
                return None
    return None


def _shown(text: str) -> str:
    words = re.findall(r"\S*[^\x00-\x7f]\S*", text)
    return " ".join(words[:5])[:80]
