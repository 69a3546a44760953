"""Load what a shop has into the catalog: in one transaction, all or nothing, with a report."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from catalog.db import Database, first_line
from catalog.errors import CatalogError
from catalog.load.options import Judge, Options, Progress, Tell, silent
from catalog.load.read import Reading, read
from catalog.load.report import Report
from catalog.load.settle import Settling
from catalog.load.stage import Stage
from catalog.load.suspect import judge_texts, look
from catalog.load.understood import understood

__all__ = ["Options", "Progress", "load", "load_into"]


def load(
    path: Path | Sequence[Path],
    db: Path,
    options: Options = Options(),  # noqa: B008  # frozen
    tell: Tell = silent,
    judge: Judge | None = None,
) -> Report:
    """Load files, folders of exports, or the folder format (see ``catalog/sample``) into the
    catalog *db*, made where there is none. All or nothing, unless ``options.partial``: if the
    report is not ``ok``, nothing was loaded. What the files no longer say is withdrawn; files that
    have not changed since change nothing, so prices set live stay. Blocking; within some 2 GB of
    memory for a million products. Raises CatalogError if *path* or *db* cannot be used."""
    with _opened(db, options) as database:
        return load_into(database, path, options, tell, judge)[0]


def load_into(
    database: Database,
    path: Path | Sequence[Path],
    options: Options = Options(),  # noqa: B008  # frozen
    tell: Tell = silent,
    judge: Judge | None = None,
    exclusively: Callable[[Callable[[], None]], None] = lambda work: work(),
) -> tuple[Report, list[str] | None]:
    """As *load*, into a *database* that is open and stays open: the report, and the skus of what
    changed ("" is the shop itself), None where they are many. May run beside the thread that writes
    to the catalog, if *exclusively* does its work while nobody else writes: on that thread."""
    paths = [path] if isinstance(path, Path) else list(path)
    report = Report(
        options.uri or ", ".join(map(str, paths)),
        partial=options.partial,
        dry_run=options.dry_run,
    )
    connection = database.beside()
    changed: list[str] | None = []
    try:
        with Stage(connection, database.path.parent, report, tell) as stage:
            reading = read(paths, database, options, report, stage)

            def work() -> None:
                nonlocal changed
                changed = _settled(database, stage, reading, options, report, tell, judge)

            exclusively(work)
    except duckdb.Error as error:
        raise CatalogError(f"{database.path}: nothing was loaded: {first_line(error)}") from error
    finally:
        connection.close()
    return report, changed


def _settled(
    database: Database,
    stage: Stage,
    reading: Reading,
    options: Options,
    report: Report,
    tell: Tell,
    judge: Judge | None,
) -> list[str] | None:
    settling = Settling(stage, reading.sources, options, report, tell)
    now = datetime.now(UTC)
    report.version = database.version
    settling.judge()
    report.understood = understood(stage, now)
    if not report.ok and (not options.partial or not settling.products):
        return []
    if report.ok and not settling.empty and reading.is_known(database, options):
        report.unchanged = stage.rows + bool(stage.shops)
        report.stored = True
        return []
    settling.compare()
    look(stage.connection, report, now, empty=settling.empty)
    if judge is not None:
        judge_texts(stage.connection, report, judge, empty=settling.empty)
    if report.did_nothing or options.dry_run:
        report.stored = not options.dry_run
        return []
    changed = settling.changed()
    report.version = settling.append(now)
    database.loaded(report.version)
    report.stored = True
    return changed


@contextmanager
def _opened(db: Path, options: Options) -> Iterator[Database]:
    """The catalog to load into. A new one is made under another name, and has its own only once
    something is in it."""
    if db.exists():
        with Database(db) as database:
            yield database
        return
    making = db.with_name(f"{db.name}.loading")
    if making.exists():  # of a load that was killed; another that runs now holds it
        with Database(making, create=True):
            pass
        _remove(making)
    try:
        with Database(making, create=True) as database:
            yield database
            filled = bool(database.version)
        if filled:
            making.replace(db)
    finally:
        _remove(making)


def _remove(path: Path) -> None:
    for name in (path, path.with_name(f"{path.name}.wal")):
        name.unlink(missing_ok=True)
