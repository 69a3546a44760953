"""Load a file into the catalog of a running show, which goes on meanwhile.

Reading and staging run on a thread of their own, beside the show, in temporary tables. Only what
is judged, compared and appended at the end keeps the writing thread: so long, a change of a price
waits (``evals/bench/catalog_live.py`` says how long that is); what is asked and said never does.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from agent.ports import Progress as Told
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.load import Options, Progress, load_into
from catalog.load.options import Judge
from catalog.load.report import Report


class Held(Protocol):
    """The open catalog that is loaded into: a ``catalog.store.Store``."""

    @property
    def database(self) -> Database: ...

    def exclusively(self, work: Callable[[], None]) -> None:
        """Do *work* while nobody else writes, and wait for it."""
        ...

    def take_in(self, skus: Sequence[str] | None) -> None:
        """Read products anew into memory (None: all that may have changed)."""
        ...


async def load_while_running(
    held: Held, path: Path, options: Options, progress: Told, judge: Judge | None = None
) -> Report:
    """As ``catalog.load.load``, into the open catalog; when it returns, all of it is on the air.
    Raises CatalogError: nothing was loaded. One that is cancelled ends at its next word of
    progress, and loads nothing."""
    given_up = threading.Event()

    def tell(at: Progress) -> None:
        if given_up.is_set():
            raise CatalogError("the show has ended; nothing was loaded")
        progress(at.stage, at.done, at.total or 0)

    def work() -> Report:
        report, changed = load_into(held.database, path, options, tell, judge, held.exclusively)
        if report.stored and changed != []:
            progress("taking in", 0, 0)
            held.take_in(changed)
        return report

    job = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        given_up.set()
        await asyncio.wait([job])
        raise
