"""HTML of a shop's descriptions as plain lines, knowing which stand in a list."""

import html
import re
from html.parser import HTMLParser
from typing import NamedTuple

_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
        "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr",
        "ul",
    )
)  # fmt: skip
_DROPPED = frozenset(("script", "style", "template", "noscript", "iframe", "svg", "object", "head"))
_BULLET = re.compile(r"\s*(?:[•·▪●■◦‣–—*✓✔➤►]+|-(?=\s))\s*")
_ESCAPED = re.compile(r"&lt;\s*/?\s*(?:p|br|ul|ol|li|b|i|strong|em|div|span|h[1-6]|table)\b", re.I)
_TAG = re.compile(r"<[a-zA-Z/!]")


class Line(NamedTuple):
    text: str
    point: bool
    """It stands in a list."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[list[str], bool]] = [([], False)]
        self._dropping: list[str] = []

    def _break(self, *, point: bool = False) -> None:
        if self.lines[-1][0] or point:
            self.lines.append(([], point))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropping.append(tag)
        elif tag in _BLOCKS:
            self._break(point=tag == "li")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._dropping:
            while self._dropping.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.lines[-1][0].append(data)


def lines(text: str) -> list[Line]:
    """*text*, HTML or plain, as lines without markup, entities or bullets. Scripts and styles are
    left out; what was escaped twice is read twice."""
    if _ESCAPED.search(text):
        text = html.unescape(text)
    if "<" in text and _TAG.search(text):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        raw = [("".join(pieces), point) for pieces, point in reader.lines]
    else:
        raw = [(html.unescape(line), False) for line in text.splitlines()]
    found: list[Line] = []
    for line, point in raw:
        bullet = _BULLET.match(line)
        words = " ".join((line[bullet.end() :] if bullet else line).split())
        if words:
            found.append(Line(words, point or bullet is not None))
    return found


def plain_text(text: str) -> str:
    """*text* on one line, without markup and entities."""
    if "<" not in text and "&" not in text:
        return " ".join(text.split())
    return " ".join(line.text for line in lines(text))
