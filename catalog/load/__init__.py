"""Load what a shop has into the catalog: in one transaction, all or nothing, with a report."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load.flat import read_flat
from catalog.load.folder import FolderReader
from catalog.load.report import Report
from catalog.rows import Row, key_of


def load(path: Path, db: Path) -> Report:
    """Load a folder (see ``catalog/sample``) or a single CSV of products into the catalog *db*,
    made where there is none. All or nothing: if the report is not ``ok``, nothing was loaded.
    What the files no longer say is withdrawn; files that have not changed since change nothing,
    so prices set live stay. Blocking. Raises CatalogError if *path* or *db* cannot be used."""
    report = Report(str(path))
    if path.is_dir():
        reader = FolderReader(path, report)
        reader.read()
        rows = reader.rows
    elif path.is_file():
        rows = read_flat(path, report)
    else:
        raise CatalogError(f"{path}: there is no such file or folder")
    if report.ok:
        with Database(db, create=True) as database:
            _store(database, path, rows, report)
    return report


def _store(database: Database, path: Path, rows: Sequence[tuple[Row, str]], report: Report) -> None:
    sha, uri, now = _sha(path), str(path.resolve()), datetime.now(UTC)
    holding = database.holding()
    report.version = database.version
    if holding and [x[1] for x in database.loads() if x[0] == uri][:1] == [sha]:
        report.unchanged = len(rows)
        return
    wanted = {key_of(row): (row, where) for row, where in rows}
    fresh: list[tuple[Row, str]] = []
    for key, (row, where) in wanted.items():
        held = holding.get(key)
        if held is None:
            report.added[key[0]] += 1
        elif held.row != row:
            report.changed[key[0]] += 1
        else:
            report.unchanged += 1
            continue
        fresh.append((row, where))
    gone = [(held.row, "no longer in the files") for k, held in holding.items() if k not in wanted]
    for row, _ in gone:
        report.withdrawn[row.TABLE] += 1
    if report.did_nothing:
        return
    database.begin()
    try:
        source = database.source("folder" if path.is_dir() else "csv", uri, sha, now)
        database.append(fresh, gone, source, now)
        database.commit()
    except CatalogError:
        database.rollback()
        raise
    report.version = database.version


def _sha(path: Path) -> str:
    """Of the content of a file, or of all tables of a folder."""
    files = (
        sorted(p for p in path.iterdir() if p.suffix in (".csv", ".json"))
        if path.is_dir()
        else [path]
    )
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
