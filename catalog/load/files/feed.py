"""XML feeds: the items of RSS, Atom and the like, each as its elements by name, streamed.

Elements are named without their prefix. Where an item has an element both plain and in Google's
namespace (``<title>``, ``<g:title>``), Google's is taken, and plain before any other. Attributes
stand beside their element as ``name@attribute``; an empty element with ``href`` is that. No entity
is ever declared or fetched: a file with a DOCTYPE is refused.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO
from xml.parsers import expat

from catalog.load.files.errors import FileError
from catalog.load.files.heading import too_long
from catalog.load.files.limits import Limits
from catalog.load.files.source import Source
from catalog.load.files.text import Encoding, text
from catalog.load.files.values import Flaw
from catalog.load.records import Opened, Record
from catalog.load.report import Report

ITEMS = frozenset({"item", "entry", "product", "offer", "shopitem"})
"""Elements that are a product each, in Merchant feeds, Atom, and other shops' feeds."""
_GOOGLE = "base.google.com/ns"
_CHUNK = 64 * 1024
_ELEMENTS = 10_000
_OUTER = 100
"""Levels around the items."""
_HEAD = 100
Tree = dict[str, object]


def opened_feed(source: Source, encoding: Encoding, report: Report, limits: Limits) -> Opened:
    """The items of a feed. Raises FileError where all of it is not XML, or has no items."""
    survey = _Survey()
    with text(source, encoding, lines=False) as stream:
        for _ in parsing(_utf8(stream), survey.parser, limits):
            survey.check(limits)
    if survey.at is None:
        names = ", ".join(f"<{name}>" for name in sorted(ITEMS))
        raise FileError(f"has no products: none of {names} is in it", "export the product feed")
    return Opened(
        source.name, "xml", _records(source, encoding, survey.at, report, limits), head=survey.head
    )


def safe_parser() -> expat.XMLParserType:
    """A parser that refuses every DOCTYPE, and so any entity of the file's own."""
    # What the file says of its encoding has been seen to: it comes here in UTF-8.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def refuse(name: str, *_: object) -> None:
        raise FileError(
            "has a DOCTYPE, which could have it read other files or grow without end",
            "take the line <!DOCTYPE ...> out",
            line=parser.CurrentLineNumber,
            value=f"<!DOCTYPE {name}",
        )

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _utf8(stream: TextIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk.encode()


def parsing(chunks: Iterable[bytes], parser: expat.XMLParserType, limits: Limits) -> Iterator[None]:
    """Feed bytes in UTF-8 to *parser*, with a stop after each chunk. Raises FileError where they
    are not XML."""
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            # expat holds a tag until it is whole, and looks through it again with each chunk.
            if fed - parser.CurrentByteIndex > limits.item:
                raise FileError(
                    f"has a tag of more than {limits.item:,} characters",
                    "export it again",
                    line=parser.CurrentLineNumber,
                )
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _wrong(error) from error
    yield


def _wrong(error: expat.ExpatError) -> FileError:
    reason = expat.ErrorString(error.code) or "unreadable"
    if reason in ("no element found", "unclosed token", "unclosed CDATA section"):
        return FileError(
            "ends in the middle: it is cut short", "export it again", line=error.lineno
        )
    return FileError(
        f"is not XML from here (column {error.offset + 1}): {reason}",
        "export it again; &, < and > within a text are written &amp;, &lt; and &gt;",
        line=error.lineno,
    )


def local(name: str) -> str:
    return name.rpartition(":")[2]


class _Survey:
    """Where the items are, and what is said of all of them."""

    def __init__(self) -> None:
        self.at: tuple[str, int] | None = None
        self.head: Tree = {}
        self._depth = self._within = 0
        self._line = self._begin = 0
        """Of the item in hand; where it begins, in bytes."""
        self._text: list[str] = []
        self.parser = safe_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._depth += 1
        if self._within:
            return
        if self._depth > _OUTER:
            line = self.parser.CurrentLineNumber
            raise FileError("is nested too deep", "export the product feed", line=line)
        self._text.clear()
        if local(name).lower() in ITEMS and self._depth > 1:
            here = (name, self._depth)
            self.at = self.at or here
            self._within = self._depth
            self._line = self.parser.CurrentLineNumber
            self._begin = self.parser.CurrentByteIndex
            self.parser.CharacterDataHandler = None

    def check(self, limits: Limits) -> None:
        """Raises FileError within an item that does not end. One that is too long, and ends, is
        refused alone when it is read."""
        if self._within and self.parser.CurrentByteIndex - self._begin > 4 * limits.item:
            raise FileError(
                f"has an item of more than {4 * limits.item:,} bytes",
                "export the product feed again",
                line=self._line,
            )

    def _end(self, name: str) -> None:
        if self._within == self._depth:
            self._within = 0
            self.parser.CharacterDataHandler = self._data
        elif not self._within:
            found = "".join(self._text).strip()
            if found and len(self.head) < _HEAD:
                self.head.setdefault(local(name), found[:1000])
            self._text.clear()
        self._depth -= 1

    def _data(self, data: str) -> None:
        if len(self._text) < _HEAD:
            self._text.append(data[:1000])


def _records(
    source: Source, encoding: Encoding, at: tuple[str, int], report: Report, limits: Limits
) -> Iterator[Record]:
    ready: list[tuple[int, Tree, Flaw | None]] = []
    items = _Items(at, limits, lambda *item: ready.append(item))
    with text(source, encoding, lines=False) as stream:
        for _ in parsing(_utf8(stream), items.parser, limits):
            for line, cells, flaw in ready:
                if flaw:
                    report.read += 1
                    report.refuse(source.name, line, *flaw)
                else:
                    yield Record(source.name, line, cells)
            ready.clear()


@dataclass(slots=True)
class _Element:
    name: str
    rank: int
    """Of its namespace; the highest is taken."""
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)
    """Its own, and those of the elements in it, in order."""
    has_text: bool = False
    """Of its own, more than blanks."""
    children: dict[str, tuple[int, list[object]]] = field(default_factory=dict)

    def add(self, name: str, rank: int, value: object) -> None:
        held = self.children.get(name)
        if held is None or rank > held[0]:
            self.children[name] = (rank, [value])
        elif rank == held[0]:
            held[1].append(value)

    def tree(self) -> Tree:
        return {
            name: values[0] if len(values) == 1 else values
            for name, (_, values) in self.children.items()
        }

    def value(self) -> object:
        if self.children and not self.has_text:
            return self.tree()
        found = "".join(self.texts).strip()
        # A page written as elements: <description>Soft, <b>warm</b>.</description>
        found = " ".join(found.split()) if self.children else found
        return found or self.attributes.get("href", "").strip()


class _Items:
    """Builds the items that a parser comes upon, giving each to *done* when it is whole."""

    def __init__(
        self,
        at: tuple[str, int],
        limits: Limits,
        done: Callable[[int, Tree, Flaw | None], None],
    ) -> None:
        self._at = at
        self._limits = limits
        self._done = done
        self._google = {"g"}
        """Prefixes of Google's namespace."""
        self._depth = 0
        self._stack: list[_Element] = []
        self._line = self._size = self._count = 0
        self._flaw: Flaw | None = None
        self.parser = safe_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        prefix, _, plain = name.rpartition(":")
        if not self._stack:
            for key, value in attributes.items():
                if key.startswith("xmlns:") and _GOOGLE in value:
                    self._google.add(key[6:])
            if (name, self._depth) == self._at:
                self._line = self.parser.CurrentLineNumber
                self._size = self._count = 0
                self._flaw = None
                element = _Element(plain, 0, {})
                for key, value in _told(attributes):
                    element.add(f"@{key}", 0, value)
                self._stack.append(element)
                self.parser.CharacterDataHandler = self._data
            return
        self._count += 1
        if self._count > _ELEMENTS:
            self._refuse(plain, "", f"has more than {_ELEMENTS:,} elements")
        if len(self._stack) > self._limits.depth:
            self._refuse(plain, "", f"is nested more than {self._limits.depth} times")
        rank = 2 if prefix in self._google else 0 if prefix else 1
        self._stack.append(_Element(plain, rank, attributes))

    def _end(self, _: str) -> None:
        self._depth -= 1
        if not self._stack:
            return
        element = self._stack.pop()
        if not self._stack:
            self.parser.CharacterDataHandler = None
            self._done(self._line, element.tree(), self._flaw)
            return
        above = self._stack[-1]
        if self._flaw:
            return
        value = element.value()
        if isinstance(value, str) and len(value) > self._limits.cell:
            self._refuse(element.name, value, *too_long(len(value), self._limits.cell))
        above.texts += element.texts
        above.add(element.name, element.rank, value)
        for key, told in _told(element.attributes) if element.attributes else ():
            if told != value:
                above.add(f"{element.name}@{key}", element.rank, told)

    def _data(self, data: str) -> None:
        self._size += len(data)
        if self._size > self._limits.item:
            self._refuse(self._stack[-1].name, "", "has an item that is too long")
        elif not self._flaw:
            self._stack[-1].texts.append(data)
            self._stack[-1].has_text = self._stack[-1].has_text or not data.isspace()

    def _refuse(self, name: str, value: str, reason: str, remedy: str = "") -> None:
        self._flaw = self._flaw or Flaw(name, value[:200], reason, remedy or "export it again")
        for element in self._stack:  # nothing of it is needed any more
            element.texts.clear()
            element.children.clear()


def _told(attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The attributes that say something of a product, by their plain name."""
    for key, value in attributes.items():
        if not key.startswith("xml") and key != "type" and value.strip():
            yield local(key), value.strip()
