"""Changes that arrive together are written in one transaction, and acknowledged when it is on
disk."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from catalog.db import Database
from catalog.errors import CatalogError
from catalog.rows import Held, Key, OfferRow, Row, StockRow, key_of

MOST = 100
"""Changes in one transaction: some 100 ms of writing, which is the longest that one waits for
those before it."""


@dataclass(slots=True)
class Part:
    """What a change adds to, and takes from, the rows of one product."""

    sku: str
    added: Sequence[tuple[Row, str]] = ()
    """Rows, each with its source."""
    gone: Sequence[tuple[Row, str]] = ()


Fresh: TypeAlias = Mapping[Key, Row]
"""Rows that are about to be written, and not in memory yet."""
Work: TypeAlias = Callable[[Fresh, datetime], Sequence[Part]]
"""What a change comes to, seen what is about to be. Raises CatalogError: it is not written."""


@dataclass(slots=True)
class _Waiting:
    work: Work
    done: "Future[int]"
    parts: Sequence[Part] = ()
    version: int = 0
    held: list[tuple[str, list[Held[Row]], bool]] = field(default_factory=list)
    """By product: the rows it has now, and whether some are gone."""


class Commits:
    """Collects changes while the one before is written, so that 100 a second keep pace with the
    disk. One that is refused, or fails alone, does not spoil its neighbours."""

    def __init__(
        self,
        database: Database,
        writer: ThreadPoolExecutor,
        clock: Callable[[], datetime],
        follow: Callable[[str, Sequence[Held[Row]], bool], None],
        publish: Callable[[], None] = lambda: None,
    ) -> None:
        """*writer*: the one thread that writes. *follow*, called on it: takes what was written of
        a product into memory; True where rows of it are gone. *publish*, called when all of a
        transaction is taken in: lets it be seen, all at once."""
        self._database = database
        self._writer = writer
        self._clock = clock
        self._follow = follow
        self._publish = publish
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._source = 0
        self.transactions = 0
        self.changes = 0

    def submit(self, work: Work) -> "Future[int]":
        """Write what *work* says. The future gives the catalog's version once that is on disk and
        in memory; it cannot be cancelled: a change that has begun is finished."""
        one = _Waiting(work, Future())
        one.done.set_running_or_notify_cancel()
        with self._lock:
            self._waiting.append(one)
            first = len(self._waiting) == 1
        if first:
            try:
                self._writer.submit(self._drain)
            except RuntimeError:
                with self._lock:
                    self._waiting.clear()
                raise CatalogError("the catalog is closed: the show has ended") from None
        return one.done

    def _drain(self) -> None:
        while batch := self._next():
            try:
                self._commit(batch)
            except BaseException as error:
                for one in batch:
                    if not one.done.done():
                        one.done.set_exception(error)
                raise
            finally:
                with self._lock:
                    for _ in batch:
                        self._waiting.popleft()

    def _next(self) -> list[_Waiting]:
        """Those to be written now; they stand in the queue until they are, so that nobody else
        begins to drain it."""
        with self._lock:
            return list(itertools.islice(self._waiting, MOST))

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        now = self._clock()
        ready: list[_Waiting] = []
        fresh: dict[Key, Row] = {}
        for one in batch:
            try:
                one.parts = one.work(fresh, now)
            except CatalogError as error:
                one.done.set_exception(error)
                continue
            fresh |= {key_of(row): row for part in one.parts for row, _ in part.added}
            ready.append(one)
        if not ready:
            return
        try:
            self._write(ready, now)
        except CatalogError as error:
            if len(ready) == 1:
                ready[0].done.set_exception(error)
                return
            for one in ready:  # each by itself: who spoils it stays alone
                self._commit([one])
            return
        self._take_in(ready)
        for one in ready:
            one.done.set_result(one.version)

    def _write(self, ready: Sequence[_Waiting], now: datetime) -> None:
        database = self._database
        database.begin()
        try:
            source = self._source or database.live_source(now)
            parts = [part for one in ready for part in one.parts]
            for part in parts:
                for row, _ in part.added:
                    if isinstance(row, OfferRow | StockRow):
                        database.knows(row.variant_id, part.sku)
            added = [row for part in parts for row in part.added]
            gone = [row for part in parts for row in part.gone]
            held = iter(database.append(added, gone, source, now))
            for one in ready:
                one.held = []
                one.version = database.version
                for part in one.parts:
                    rows = list(itertools.islice(held, len(part.added)))
                    one.held.append((part.sku, rows, bool(part.gone)))
                    if rows and not part.gone:
                        one.version = rows[-1].ver
            database.commit()
        except CatalogError:
            database.rollback()
            raise
        self._source = source
        self.transactions += 1
        self.changes += len(ready)

    def _take_in(self, ready: Sequence[_Waiting]) -> None:
        by_sku: dict[str, tuple[list[Held[Row]], bool]] = {}
        for one in ready:
            for sku, held, gone in one.held:
                rows, before = by_sku.pop(sku, ([], False))
                by_sku[sku] = ([*rows, *held], before or gone)
        for sku, (rows, gone) in by_sku.items():  # the one with the newest version comes last
            self._follow(sku, rows, gone)
        self._publish()
