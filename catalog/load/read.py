"""The files of a load, each by the form that it has, into the stage."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load.files import opened
from catalog.load.folder import FolderReader
from catalog.load.forms import ShopHint, ShopMap, entries, read_map
from catalog.load.options import Options
from catalog.load.records import Entry
from catalog.load.report import Report
from catalog.load.settle import Source
from catalog.load.stage import Stage
from catalog.rows import ShopRow

_ENDS = frozenset(
    (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xml", ".html",
     ".htm", ".gz")
)  # fmt: skip
"""Files of a folder of exports that are read."""
_OWN = ("shop.json", "products.csv", "variants.csv")
"""What tells a folder in the format of ``catalog/sample``: the first, or both others."""


@dataclass(slots=True)
class Reading:
    """What was read."""

    sources: list[Source] = field(default_factory=list)

    def is_known(self, database: Database, options: Options) -> bool:
        """Whether the catalog has just this already: the same content was loaded in the same way,
        and nothing in its place since."""
        before = [(uri, sha, said) for uri, sha, said, _ in database.loads()]
        wanted = {(one.uri, one.sha256, one.options) for one in self.sources}
        if not options.add:
            return set(before[: len(self.sources)]) == wanted
        for uri, sha, said in before:
            if not wanted:
                break
            if (uri, sha, said) in wanted:
                wanted.discard((uri, sha, said))
            elif any(uri == other for other, _, _ in wanted) or not json.loads(said or "{}").get(
                "add"
            ):
                return False
        return not wanted


def read(
    paths: Iterable[Path], database: Database, options: Options, report: Report, stage: Stage
) -> Reading:
    """Stage all rows of *paths*; what is wrong goes into the report. Raises CatalogError: there is
    no such file, the mapping is wrong."""
    mapping = read_map(options.mapping) if options.mapping is not None else None
    said = _said(options)
    hint = _hint(database, options)
    reading = Reading()
    for path in paths:
        if not path.exists():
            raise CatalogError(f"{path}: there is no such file or folder")
        uri = options.uri or str(path.resolve())
        origin, before = len(reading.sources), report.read
        if path.is_dir() and _is_own(path):
            report.form = "folder of tables"
            stage.take(FolderReader(path, report, beside=options.add).read(), origin)
            report.done(path.name, report.read - before)
            kind = "folder"
        else:
            for file in _files(path, report) if path.is_dir() else [path]:
                before = report.read
                report.form, report.columns, report.unused = "", {}, []
                _take(file, report, hint, mapping, options, stage, origin)
                report.done(file.name, report.read - before)
            kind = report.form or path.suffix.lstrip(".")
        reading.sources.append(Source(kind, uri, _sha(path), said))
    return reading


def _take(
    file: Path,
    report: Report,
    hint: ShopHint,
    mapping: ShopMap | None,
    options: Options,
    stage: Stage,
    origin: int,
) -> None:
    found = opened(file, report, sheet=options.sheet)
    if found is None:
        return
    rows = entries(found, report, hint, mapping)
    stage.take(_renamed(rows, file, options) if options.uri else rows, origin)


def _renamed(rows: Iterable[Entry], file: Path, options: Options) -> Iterable[Entry]:
    """Rows of an upload, which is known by the name it came with."""
    name = Path(options.uri).name
    return (row._replace(file=name) if row.file == file.name else row for row in rows)


def _is_own(folder: Path) -> bool:
    there = [(folder / name).is_file() for name in _OWN]
    return there[0] or all(there[1:])


def _files(folder: Path, report: Report) -> list[Path]:
    """The exports in a folder, in order of their names."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    found = [path for path in files if path.suffix.lower() in _ENDS and path.name[0] != "."]
    if others := [path.name for path in files if path not in found]:
        report.notes.append(f"Not read, as no exports: {', '.join(others[:10])}")
    if not found:
        report.refuse(
            folder.name, 0, "", "", "has no exports in it",
            "put the shop's export there, or a shop.json with its tables (catalog/README.md)",
        )  # fmt: skip
    return found


def _hint(database: Database, options: Options) -> ShopHint:
    """What is known of the shop: what was said, else what the catalog holds."""
    said = options.shop
    held = database.holding(skus=[""]).get((ShopRow.TABLE,))
    if held is None or not isinstance(held.row, ShopRow):
        return said
    shop = held.row
    return said.or_else(ShopHint(shop.name, shop.zone, shop.currency, shop.market))


def _said(options: Options) -> str:
    """What makes the same file another load, as JSON."""
    mapping = _digest(options.mapping) if options.mapping is not None else ""
    found = {
        "add": options.add,
        "sheet": options.sheet,
        "mapping": mapping,
        "shop": {name: value for name, value in asdict(options.shop).items() if value},
    }
    return json.dumps({name: value for name, value in found.items() if value}, sort_keys=True)


def _sha(path: Path) -> str:
    """Of the content of a file, or of all files of a folder."""
    if path.is_file():
        return _digest(path)
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()):
        if file.is_file() and file.suffix.lower() in _ENDS:
            digest.update(f"{file.name}\0{_digest(file)}".encode())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
