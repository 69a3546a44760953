"""JSON as records: a list of objects, or an object with such a list near its top; JSON lines.

Objects of JSON-LD with ``@graph`` are given as one record for each of its nodes. GraphQL's
``edges`` are given as their nodes. Where products stand under their SKUs, as in
``{"A1": {...}, "B2": {...}}``, each is a record with its key as its ``sku``. An object that has
none of these, and a name, a SKU or an ``@type`` of its own, is one record. Which list it is, and
what stands around it, is found in a first reading of the whole file, so the head is complete before
the first record.
"""

from collections.abc import Iterator, Mapping
from typing import TextIO

from catalog.load.files.errors import FileError
from catalog.load.files.limits import Limits
from catalog.load.files.source import Source
from catalog.load.files.stream import Item, Stream
from catalog.load.files.text import Encoding, lines, text
from catalog.load.files.values import Decoder
from catalog.load.records import Opened, Record
from catalog.load.report import Report

LISTS = frozenset(
    {"products", "product", "items", "item", "entries", "entry", "data", "results", "records"}
    | {"rows", "list", "nodes", "edges", "@graph", "catalog", "catalogue", "feed", "objects"}
    | {"goods", "articles", "hits", "content", "response"}
)
"""Keys under which shops and their systems list products."""
NAMES = frozenset({"sku", "id", "name", "title", "handle", "gtin", "barcode", "@type", "@id"})
"""Keys of a thing, not of what is around a list of things."""
_PRICED = frozenset({"price", "prices", "offers", "variants"})
"""Every product that stands under its SKU has one of these keys."""
_LEVELS = 4
_KEYS = 10_000
_KEEP = 100
"""What a key that is kept costs, in characters of it."""
_REMEDY = 'export a list of products: [{...}, {...}], or {"products": [{...}, {...}]}'
Place = tuple[str, ...]


def opened_json(source: Source, encoding: Encoding, report: Report, limits: Limits) -> Opened:
    """Records of a JSON file. Raises FileError where all of it is not JSON, or has no records."""
    with text(source, encoding, lines=False) as stream:
        survey = _Survey(stream, limits)
    place = survey.place
    if place is not None:
        keyed = survey.keyed
        found = _records(source, encoding, place, report, limits, keyed=keyed)
        return Opened(source.name, "json", found, head=survey.head)
    with text(source, encoding, lines=False) as stream:
        whole = Stream(stream, limits).item()
    return Opened(source.name, "json", recorded(source.name, whole, report))


def opened_lines(source: Source, encoding: Encoding, report: Report, limits: Limits) -> Opened:
    """Records of JSON lines, of which a bad one is refused alone; not the last, where the file is
    cut short in it: then raises FileError."""
    number, last = 0, ""
    with text(source, encoding) as stream:
        for line in lines(stream, limits.line):
            number, last = number + 1, line
    if not last.endswith(("\n", "\r")) and last.strip():
        try:
            Decoder(limits).decode(last.strip())
        except RecursionError:
            pass
        except ValueError as error:
            raise FileError(
                "ends in the middle of its last line: it is cut short",
                "export it again",
                line=number,
                value=last.strip()[-60:],
            ) from error
    return Opened(source.name, "json", _lines(source, encoding, report, limits))


def _lines(source: Source, encoding: Encoding, report: Report, limits: Limits) -> Iterator[Record]:
    decoder = Decoder(limits)
    with text(source, encoding) as stream:
        for number, line in enumerate(lines(stream, limits.line), 1):
            row = line.strip()
            if not row:
                continue
            wrong = ""
            try:
                value, end = decoder.decode(row)
                if end < len(row):
                    wrong = f"is not JSON: more follows its end (column {end + 1})"
            except RecursionError:
                wrong = "is nested hundreds of times"
            except ValueError as error:
                wrong = f"is not JSON: {error}"
            if wrong:
                remedy = "write one JSON object a line"
                refuse(report, source.name, number, "", row[:60], wrong, remedy)
            else:
                item = Item(number, value, decoder.flaw(row, 0, end, value))
                yield from recorded(source.name, item, report)


def _records(
    source: Source,
    encoding: Encoding,
    place: Place,
    report: Report,
    limits: Limits,
    *,
    keyed: bool,
) -> Iterator[Record]:
    with text(source, encoding, lines=False) as stream:
        for item in _at(Stream(stream, limits), place, keyed=keyed):
            yield from recorded(source.name, item, report)


def recorded(file: str, item: Item, report: Report) -> Iterator[Record]:
    """The record of an item; its nodes' where it is a ``@graph``; none where it is refused."""
    if item.flaw:
        refuse(report, file, item.line, *item.flaw)
        return
    value = item.value
    while isinstance(value, Mapping) and len(value) == 1 and (inner := _wrapped(value)):
        value = inner
    if isinstance(value, Mapping) and "node" in value and value.keys() <= {"node", "cursor"}:
        value = value["node"]
    if isinstance(value, Mapping) and isinstance(value.get("@graph"), list):
        for node in value["@graph"]:
            yield from recorded(file, Item(item.line, node, None), report)
    elif isinstance(value, Mapping):
        yield Record(file, item.line, value)
    else:
        what = "is no object with names and values"
        refuse(report, file, item.line, "", str(value)[:60], what, _REMEDY)


def _wrapped(value: Mapping[str, object]) -> Mapping[str, object] | None:
    """The object in an object of nothing but it: ``{"product": {...}}``."""
    (key, inner), *_ = value.items()
    return inner if key.lower() in LISTS and isinstance(inner, Mapping) else None


def refuse(
    report: Report, file: str, line: int, field: str, value: str, reason: str, remedy: str
) -> None:
    """One item is refused, and counts as read."""
    report.read += 1
    report.refuse(file, line, field, value, reason, remedy)


def _at(json: Stream, place: Place, *, keyed: bool) -> Iterator[Item]:
    """The items of the list at *place*; *keyed*: of the object there, each with its key."""
    if not place and keyed:
        for key in json.members():
            item = json.item()
            if isinstance(item.value, Mapping) and not any(k.lower() == "sku" for k in item.value):
                item = Item(item.line, {"sku": key, **item.value}, item.flaw)
            yield item
        return
    if not place:
        yield from json.elements()
        return
    for key in json.members():
        if key == place[0]:
            yield from _at(json, place[1:], keyed=keyed)
            return
        _skip(json, _LEVELS)


def _skip(json: Stream, levels: int) -> None:
    """Take a value of any size off."""
    sign = json.next()
    if sign == "[":
        for _ in json.elements():
            pass
    elif sign == "{" and levels:
        for _ in json.members():
            _skip(json, levels - 1)
    else:
        json.item()


class _Survey:
    """What is where in a JSON file, all of which is read for it."""

    def __init__(self, stream: TextIO, limits: Limits) -> None:
        self._json = Stream(stream, limits)
        self._left = limits.item
        """Characters that may still be kept of what stands around the records."""
        self._keys: set[str] = set()
        """Of the outermost object."""
        self._listed: Place | None = None
        self._others: list[Place] = []
        """Lists of objects under other keys."""
        self._keyed: Place | None = None
        """The object of nothing but products under their SKUs."""
        self._product = False
        """Whether the last object looks like a product."""
        self.head: dict[str, object] = {}
        first = self._json.next()
        if first == "[":
            found = self._list()
            if not found:
                raise FileError("has no items: the list is empty", "export it again")
            if found < 0:
                raise FileError("is a list, but not of objects", _REMEDY)
            self._listed = ()
        elif first == "{":
            self.head = self._object(())
        else:
            raise FileError("is not JSON: it begins with neither { nor [", _REMEDY)
        self._json.end()

    @property
    def place(self) -> Place | None:
        """Where the list of records is; None where the whole is one record. Raises FileError where
        it is neither."""
        if "@type" in self._keys and self._listed != ("@graph",):
            return None
        if self._listed is not None:
            return self._listed
        if self._keys & NAMES:
            return None
        if self._keyed is not None:
            return self._keyed
        if len(self._others) == 1:
            return self._others[0]
        if len(self._keys) == 1 and isinstance(next(iter(self.head.values()), None), dict):
            return None
        raise FileError("has no list of products", _REMEDY)

    @property
    def keyed(self) -> bool:
        """Whether at the place is an object with products under their SKUs."""
        return self._keyed is not None and self.place == self._keyed

    def _object(self, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        keys: set[str] = set()
        others: list[Place] = []
        members = products = 0
        for key in self._json.members():
            members += 1
            here = (*place, key)
            if key in keys and (key.lower() in LISTS or not place):
                raise FileError(
                    "stands there twice", "take one out", line=self._json.line, field=key
                )
            if len(keys) < _KEYS:
                keys.add(key)
            if not place:
                self._keys = keys
            sign = self._json.next()
            if sign == "[":
                count = self._list()
                if count > 0 and key.lower() in LISTS and self._listed is None:
                    self._listed = here
                elif count > 0 and len(here) < _LEVELS:
                    others.append(here)
                continue
            value: object
            if sign == "{" and len(here) < _LEVELS:
                value = self._object(here)
                products += self._product
            else:
                value = self._json.item().value
                self._left -= self._json.size
            self._left -= len(key) + _KEEP
            if self._left > 0:
                found[key] = value
        if len(self._others) < 2 and not keys & NAMES:  # else they are its pictures, its variants
            self._others += others[:2]
        under = place[-1].lower() in LISTS if place else members > 1
        if under and members and products == members and self._keyed is None:
            self._keyed = place
        self._product = any(key.lower() in _PRICED for key in keys)
        return found

    def _list(self) -> int:
        """How many items a list has; negative where the first is no object."""
        count, sign = 0, 1
        for item in self._json.elements():
            if not count and not isinstance(item.value, Mapping):
                sign = -1
            count += 1
        return sign * count
