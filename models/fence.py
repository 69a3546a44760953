"""What a viewer wrote, made into a quotation that a prompt can hold.

Viewers' words are data. What could end the quotation, speak in another role or hide from a
reader's eye is taken out; what is left is one line that says what the viewer said.
"""

import re
import unicodedata

LIMIT = 300
"""Characters of a viewer's line that the model sees."""

_SPECIAL = re.compile(
    r"""<\|[^<>|]*\|>            # ChatML and its kin: <|im_start|>
      | <\uff5c[^<>\uff5c]*\uff5c>   # the same with full-width bars
      | \[/?\s*(?:inst|system|sys)\s*\]
      | <</?\s*sys\s*>>
      | </?\s*(?:s|bos|eos|pad|unk|think|tool_call|start_of_turn|end_of_turn)\s*>
      | </?\s*(?:system|user|assistant)\s*>
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ROLE = re.compile(
    r"(?:^|(?<=[\s.!?;,\"'#*>-]))\s*[#*_>\s]*"
    r"(?:system|assistant|user|developer|human|viewer|host|notes|instructions?)\s*[*_]*\s*[:：]+",
    re.IGNORECASE,
)
_BRACES = str.maketrans({"{": "(", "}": ")", "<": " ", ">": " ", "|": " ", "`": "'", '"': "'"})


def fence(text: str) -> str:
    """*text* as one line of at most LIMIT characters: NFKC, nothing invisible or turning the
    direction of writing, no special tokens or role markers of chat templates, no braces (slots
    are the show's own). Whole again under itself: ``fence(fence(x)) == fence(x)``."""
    for _ in range(len(text) + 8):
        cleaner = _once(text)
        if cleaner == text:
            break
        text = cleaner
    return text


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[: LIMIT * 4])
    text = "".join(_visible(character) for character in text)
    while (less := _ROLE.sub(" ", _SPECIAL.sub(" ", text))) != text:
        text = less
    text = " ".join(text.translate(_BRACES).split())
    return text[:LIMIT].rstrip()


def _visible(character: str) -> str:
    """The character; a space for line breaks and controls; nothing for the invisible: format
    characters (bidi, zero width, tags), surrogates, private use, unassigned, and variation
    selectors."""
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    if category in {"Cf", "Cs", "Co", "Cn"} or _selector(character):
        return ""
    return character


def _selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
