"""The title that the versions of a product have in common."""

import re
from collections.abc import Sequence

_ENDS = re.compile(r"[\s,;:/|()\[\]–—-]+$")
_BEGINS = re.compile(r"^[\s,;:/|()\[\]–—-]+")
_LINKS = frozenset(
    (
        "in",
        "with",
        "of",
        "for",
        "and",
        "the",
        "a",
        "en",
        "avec",
        "de",
        "et",
        "mit",
        "und",
        "con",
        "y",
    )
)
"""Words that no title ends with."""
_LEAST = 0.4
"""How much of a title its common beginning must be, to stand for it."""


def common_title(named: Sequence[tuple[str, str, str]]) -> tuple[str, bool]:
    """Out of title, colour and size of each version: the title without what tells them apart
    ("Kettle, red (1 L)" and "Kettle, blue (1 L)" are "Kettle (1 L)" or "Kettle"), and whether it
    is sure; if not, it is the first one's."""
    titles = [title for title, _, _ in named]
    if len(set(titles)) == 1:
        return titles[0], True
    bare = [_bare(*version) for version in named]
    if len({title.casefold() for title in bare}) == 1:
        return bare[0], True
    common = _beginning(bare)
    if common and len(common) >= _LEAST * len(bare[0]):
        return common, True
    return bare[0], False


def _bare(title: str, colour: str, size: str) -> str:
    """A title without the colour and size that it begins or ends with."""
    text = title
    for _ in range(2):
        for word in filter(None, (colour, size)):
            end = _ENDS.sub("", text)
            if end.casefold().endswith(word.casefold()):
                cut = end[: -len(word)]
                if _ENDS.search(cut) and (shorter := _ENDS.sub("", cut)):
                    text = shorter
            if text.casefold().startswith(word.casefold()):
                rest = text[len(word) :]
                if _BEGINS.match(rest) and (shorter := _BEGINS.sub("", rest)):
                    text = shorter[0].upper() + shorter[1:]
    return text


def _beginning(titles: Sequence[str]) -> str:
    """The words that all titles begin with."""
    rows = [title.split() for title in titles]
    count = 0
    for words in zip(*rows, strict=False):
        if len({word.casefold() for word in words}) > 1:
            break
        count += 1
    while count and rows[0][count - 1].casefold() in _LINKS:
        count -= 1
    return _ENDS.sub("", " ".join(rows[0][:count]))
