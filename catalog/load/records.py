"""From a file to the catalog: records as the file has them, then rows with their place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from catalog.rows import Row

Shape = Literal["table", "json", "xml", "html"]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table, or one item of a feed."""

    file: str
    line: int
    """As an editor counts; the item's number where a format has no lines."""
    cells: Mapping[str, object]
    """Of a table: stripped text by column. Of JSON: values (numbers as Decimal) by key. Of XML: by
    element name without its namespace; text, a mapping of child elements, or a list of those where
    an element stands there more than once."""


@dataclass(slots=True)
class Opened:
    """A file that could be opened; its records are read as they are iterated, once."""

    file: str
    shape: Shape
    records: Iterator[Record]
    columns: tuple[str, ...] = ()
    """Of a table, as its heading has them, stripped."""
    head: Mapping[str, object] = field(default_factory=dict)
    """What stands around the records: a channel's title, other keys of a JSON object."""


class Entry(NamedTuple):
    """A row for the catalog, and where it stands."""

    row: Row
    file: str
    line: int
    field: str = ""
    """The column that the row's weightiest cell came from, for what is said of it later."""

    @property
    def where(self) -> str:
        return f"{self.file} line {self.line}" if self.line else self.file
