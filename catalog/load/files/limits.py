"""How much of a file is read before it is taken for something else than a shop's export."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Far above what a shop writes, and low enough that a hostile file costs seconds and little
    memory. Tests set them lower."""

    line: int = 2**20
    """Characters of a line of a table or of JSON lines, and of one row of a table over its lines.
    Twice that in bytes while the encoding is not known."""
    cell: int = 100_000
    """Characters of a cell, or of a text in JSON or XML."""
    columns: int = 1_000
    item: int = 4 * 2**20
    """Characters of one item of JSON or XML, or of one tag."""
    depth: int = 32
    """Of lists and objects, or of elements, in an item."""
    page: int = 16 * 2**20
    """Bytes of an HTML page."""
    expanded: int = 8 * 2**30
    """Bytes that a packed file may come to."""
    ratio: int = 250
    """To which it may expand, once it is large. Tables shrink 5 to 50 times; bombs 1,000 times."""
    large: int = 64 * 2**20
    """Bytes from which the ratio counts."""
    parts: int = 10_000
    """Files within a workbook."""
    rows: int = 20_000_000
    """Of Parquet, where a few bytes can stand for any number of rows."""


LIMITS = Limits()
