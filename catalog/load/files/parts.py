"""The parts of a workbook, which is a zip file: only those that are asked for, within bounds.

Macros, links to other workbooks, pictures and files within the file are never looked at.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from xml.parsers.expat import XMLParserType

from catalog.load.files.errors import FileError
from catalog.load.files.feed import local, parsing, safe_parser
from catalog.load.files.source import Source

_CHUNK = 64 * 1024
_AGAIN = "save or send it again"
Start = Callable[[str, Mapping[str, str]], None]


class Parts:
    """An open workbook. Raises FileError where it is damaged, protected, or too large to be one:
    by what it declares, and again by what comes out while it is read."""

    def __init__(self, source: Source) -> None:
        self._limits = source.limits
        self._stream = source.packed_stream()
        try:
            self._archive = zipfile.ZipFile(self._stream)
            self._check(source.size)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            self._stream.close()
            raise FileError(f"is damaged, or cut short: {error}", _AGAIN) from error
        except FileError:
            self._stream.close()
            raise

    def __enter__(self) -> "Parts":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()
        self._stream.close()

    def _check(self, size: int) -> None:
        limits, entries = self._limits, self._archive.infolist()
        if len(entries) > limits.parts:
            raise FileError(f"holds {len(entries):,} files: it is no workbook", "save it again")
        whole = sum(entry.file_size for entry in entries)
        if whole > limits.expanded or (whole > limits.large and whole > size * limits.ratio):
            raise FileError(
                f"would unpack from {size / 2**20:,.1f} to {whole // 2**20:,} MiB: it is a zip "
                "bomb, or far too large",
                "export it as CSV",
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise FileError("is protected by a password", "save it without one")

    def has(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part. Raises FileError where it is not there, or damaged, or larger than
        was declared."""
        if not self.has(name):
            raise FileError(f"is damaged: its part {name} is missing", "save it again")
        entry = self._archive.getinfo(name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileError(f"is packed in a way that is not read: {name}", "save it again")
        count = 0
        try:
            with self._archive.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    count += len(chunk)
                    if count > entry.file_size:
                        raise FileError(f"unpacks to more than it declares: {name}", _AGAIN)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
            raise FileError(f"is damaged, or cut short, in {name}: {error}", _AGAIN) from error

    def elements(self, name: str, start: Start) -> None:
        """Call *start* for each element of a part, by its plain name."""
        parser = safe_parser()
        parser.StartElementHandler = lambda element, given: start(local(element), given)
        for _ in self.parsing(name, parser):
            pass

    def parsing(self, name: str, parser: XMLParserType) -> Iterator[None]:
        """Feed a part to *parser*, with a stop after each chunk."""
        try:
            yield from parsing(self.chunks(name), parser, self._limits)
        except FileError as error:
            error.line = 0  # lines of the part say nothing to those who see a sheet
            raise

    def linked(self, name: str) -> dict[str, str]:
        """The parts that a part refers to, by the names it has for them."""
        folder, base = posixpath.split(name)
        links: dict[str, str] = {}

        def start(element: str, given: Mapping[str, str]) -> None:
            inside = given.get("TargetMode", "Internal") == "Internal"
            if element == "Relationship" and inside and "Target" in given:
                target = posixpath.normpath(posixpath.join("/", folder, given["Target"]))
                links[given.get("Id", "")] = target.lstrip("/")

        self.elements(f"{folder}/_rels/{base}.rels", start)
        return links
