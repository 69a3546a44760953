"""What kind of file it is: by its first bytes, and by its name only where they leave it open."""

import re
import zipfile
from pathlib import Path
from typing import Literal

from catalog.load.files.errors import FileError
from catalog.load.files.source import GZIP, Source

Kind = Literal["table", "json", "jsonl", "xml", "html", "xlsx", "parquet"]
_LOOK = 64 * 1024
_XLSX = "save it as .xlsx or as “CSV UTF-8”"
_EXPORT = "export the products as CSV, XLSX, JSON, XML or Parquet"
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "is an old Excel file (.xls), or one with a password", _XLSX),
    (GZIP, "is packed twice", "unpack it once"),
    (b"%PDF", "is a PDF, which has no columns", _EXPORT),
    (b"\x89PNG", "is a picture", _EXPORT),
    (b"\xff\xd8\xff", "is a picture", _EXPORT),
    (b"GIF8", "is a picture", _EXPORT),
    (b"Rar!", "is a packed folder", "unpack it"),
    (b"7z\xbc\xaf", "is a packed folder", "unpack it"),
    (b"\xfd7zXZ\0", "is packed with xz", "unpack it"),
    (b"\x28\xb5\x2f\xfd", "is packed with zstd", "unpack it"),
    (b"BZh", "is packed with bzip2", "unpack it"),
    (b"SQLite format 3", "is a database", _EXPORT),
    (b"\x7fELF", "is a program", _EXPORT),
)
_BEGINNING = re.compile(
    r"\s*(<\?xml.*?\?>|<!--.*?-->|\s+)*\s*(<!doctype\s+)?<?([\w:.-]*)", re.S | re.I
)
_ROW = re.compile(r"\{.*\}\s*[\r\n]+\s*\{")
"""A line that is an object, and another one after it."""
DECLARED = re.compile(
    r"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{1,40})""",
    re.I,
)


def kind_of(path: Path) -> Kind | None:
    """The kind of the file at *path*; None where it is none that can be read, or not a file."""
    try:
        return kind(Source(path))
    except FileError:
        return None


def kind(source: Source) -> Kind:
    """The kind of a file. Raises FileError, saying what it seems to be, where it is none."""
    with source.stream() as stream:
        head = stream.read(_LOOK)
    if not head:
        raise FileError("is empty", "export it again")
    if head.startswith(b"PK"):
        return _zipped(source)
    if head.startswith(b"PAR1"):
        return _plain("parquet", source)
    for magic, reason, remedy in _OTHERS:
        if head.startswith(magic):
            raise FileError(reason, remedy)
    if head[4:8] == b"ftyp":
        raise FileError("is a film", _EXPORT)
    return _of_text(beginning(head), source.stem)


def beginning(head: bytes) -> str:
    """The first characters of a text in any encoding, letters beyond ASCII being unsure."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def declared(head: str) -> str:
    """The encoding that an XML or HTML file says it is in."""
    found = DECLARED.search(head[:4096])
    return (found[1] or found[2]) if found else ""


def _of_text(text: str, name: str) -> Kind:
    start = text.lstrip()
    if not start:
        raise FileError("has nothing but blanks", "export it again")
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    if start[0] == "<":
        return _markup(start, name)
    as_table = name.endswith((".csv", ".tsv", ".txt", ".tab"))
    if start[0] == "{" and re.match(r'\{\s*("|\}|$)', start):
        return "jsonl" if _ROW.match(start) else "json"
    if re.match(r'\[\s*([\[{"\]\d-]|$)' if not as_table else r"\[\s*[\[{]", start):
        return "json"
    if name.endswith(".json"):
        raise FileError("is not JSON: it begins with neither { nor [", _EXPORT, value=start[:60])
    return "table"


def _markup(start: str, name: str) -> Kind:
    found = _BEGINNING.match(start)
    root = found[3].lower() if found else ""
    if root == "html" or name.endswith((".html", ".htm")):
        return "html"
    if start.lower().startswith("<?xml") or name.endswith((".xml", ".rss", ".atom")):
        return "xml"
    pages = ("head", "body", "table", "script", "div", "meta", "title")
    return "html" if root in pages else "xml"


def _zipped(source: Source) -> Kind:
    if source.is_packed:
        raise FileError("is a zip file packed with gzip", "unpack it")
    try:
        with source.packed_stream() as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist()[: source.limits.parts])
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise FileError(
            f"is a damaged workbook or zip file, or cut short: {error}", "save or send it again"
        ) from error
    if "xl/workbook.bin" in names:
        raise FileError("is a binary workbook (.xlsb)", _XLSX)
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        raise FileError("is an OpenDocument file", _XLSX)
    if "word/document.xml" in names:
        raise FileError("is a text document, not a table", _EXPORT)
    raise FileError("is a zip file and not a workbook", "unpack it and load what is in it")


def _plain(found: Kind, source: Source) -> Kind:
    if source.is_packed:
        raise FileError(f"is {found} packed with gzip", "unpack it")
    return found
