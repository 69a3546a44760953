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
from catalog.sql import queries

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
    to the catalog, if *exclusively* does its work while nobody else writes: on that thread, which
    it keeps for some milliseconds. What is changed while the load is compared and written is newer
    than the load, and stays."""
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

            base, most = 0, 2 * stage.rows + database.rows() + 100

            def begin() -> None:
                nonlocal base
                base = database.reserve(most, datetime.now(UTC))
                connection.execute("begin")
                connection.execute(queries()["schema_version"])  # what it sees is what is now

            exclusively(begin)
            version: int | None = None
            try:
                changed, version = _settled(database, stage, reading, base, options, tell, judge)
                connection.execute("rollback" if version is None else "commit")
            except BaseException:
                version = None
                raise
            finally:
                exclusively(lambda: database.loaded(base, version))
            report.stored = report.stored or version is not None
    except duckdb.Error as error:
        raise CatalogError(f"{database.path}: nothing was loaded: {first_line(error)}") from error
    finally:
        connection.close()
    return report, changed


def _settled(
    database: Database,
    stage: Stage,
    reading: Reading,
    base: int,
    options: Options,
    tell: Tell,
    judge: Judge | None,
) -> tuple[list[str] | None, int | None]:
    """What changed, and the version of the last row that was written; None: nothing was. *base*:
    its rows have the versions after."""
    report = stage.report
    settling = Settling(stage, reading.sources, options, report, tell)
    now = datetime.now(UTC)
    report.version = base
    settling.judge()
    report.understood = understood(stage, now)
    if not report.ok and (not options.partial or not settling.products):
        return [], None
    if report.ok and not settling.empty and reading.is_known(database, options):
        report.unchanged = stage.rows + bool(stage.shops)
        report.stored = True
        return [], None
    settling.compare()
    look(stage.connection, report, now, empty=settling.empty)
    if judge is not None:
        judge_texts(stage.connection, report, judge, empty=settling.empty)
    if report.did_nothing or options.dry_run:
        report.stored = not options.dry_run
        return [], None
    changed = settling.changed()
    report.version = settling.append(now, base)
    return changed, report.version


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
