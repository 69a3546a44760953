"""Files that the staff upload: received to the disk within limits, then loaded one at a time."""

import asyncio
import logging
import re
import secrets
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from agent.ports import BackendError, Backroom, LoadReport

log = logging.getLogger(__name__)

MOST_BYTES = 2 * 1024**3
"""Of one file, unless set otherwise."""
SPARE_BYTES = 1024**3
"""Stays free on the disk: the show records onto it."""
SILENCE_S = 60.0
"""An upload that sends nothing for so long is over."""
KEPT = 8
"""Finished loads whose reports can be read."""
_PIECE = 1024**2
_NAME_BYTES = 160
_BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError)
"""What a reader that breaks on a file may raise. It costs that load, and never the show."""


class UploadError(Exception):
    """It cannot be taken; *status* is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(slots=True)
class Job:
    """One file on its way into the catalog."""

    name: str
    partial: bool = False
    add: bool = False
    dry_run: bool = False
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    """Opens the report as a page, for a link that carries no token."""
    stage: str = "receiving"
    done: int = 0
    total: int = 0
    error: str | None = None
    report: LoadReport | None = None

    @property
    def over(self) -> bool:
        return self.report is not None or self.error is not None

    def state(self) -> dict[str, object]:
        """For the page, as plain values."""
        told: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "stage": "done" if self.over else self.stage,
            "done": self.done,
            "total": self.total,
            "over": self.over,
            "dry_run": self.dry_run,
            "error": self.error,
        }
        if self.report is not None:
            told |= {
                "ok": self.report.ok,
                "version": self.report.version,
                "report": self.report.as_dict(),
                "text": str(self.report),
                "report_url": f"/api/load/{self.id}/report.html?key={self.key}",
            }
        return told


class Uploads:
    """Takes one file at a time, and loads it while the show goes on."""

    def __init__(self, backroom: Backroom, spool: Path, most_bytes: int = MOST_BYTES) -> None:
        """*spool*: a folder of its own, where files lie until they are loaded."""
        self._backroom = backroom
        self._most = most_bytes
        shutil.rmtree(spool, ignore_errors=True)  # what a show that was killed has left
        spool.mkdir(parents=True, mode=0o700)
        self._spool = spool
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._busy = False
        self._ready: asyncio.Queue[tuple[Job, Path, AsyncExitStack]] = asyncio.Queue(1)

    def jobs(self) -> list[Job]:
        """The last ones, newest first."""
        return list(reversed(self._jobs.values()))

    def job(self, name: str) -> Job | None:
        return self._jobs.get(name)

    async def receive(self, job: Job, length: int | None, body: AsyncIterator[bytes]) -> Job:
        """Take the file; it is loaded behind. Raises UploadError: another is on its way (409), too
        large (413), no room on the disk (507), it stopped coming (408)."""
        if self._busy:
            raise UploadError(409, "another file is being loaded; wait until it is done")
        self._busy = True
        async with AsyncExitStack() as stack:
            stack.callback(self._free)
            folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=self._spool))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            self._check_room(folder, length or 0)
            path = folder / plain_name(job.name)
            await self._write(path, job, length, body)
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
            job.stage, job.done, job.total = "waiting", 0, 0
            self._ready.put_nowait((job, path, stack.pop_all()))
        return job

    def _free(self) -> None:
        self._busy = False

    def _check_room(self, folder: Path, wanted: int) -> None:
        if wanted > self._most:
            raise UploadError(413, _too_large(self._most))
        if shutil.disk_usage(folder).free < wanted + SPARE_BYTES:
            raise UploadError(507, "there is not enough room on the disk for it beside the show")

    async def _write(
        self, path: Path, job: Job, length: int | None, body: AsyncIterator[bytes]
    ) -> None:
        job.total = length or 0
        waiting = bytearray()
        with await asyncio.to_thread(path.open, "xb") as file:
            async for chunk in _unless_silent(body):
                job.done += len(chunk)
                if job.done > self._most:
                    raise UploadError(413, _too_large(self._most))
                waiting += chunk
                if len(waiting) >= _PIECE:
                    await asyncio.to_thread(file.write, bytes(waiting))
                    waiting.clear()
                    self._check_room(path.parent, 0)
            await asyncio.to_thread(file.write, bytes(waiting))
        if not job.done:
            raise UploadError(422, "the file is empty")

    async def run(self) -> None:
        """Load what was received, for ever."""
        while True:
            job, path, stack = await self._ready.get()
            async with stack:
                await self._load(job, path)

    async def _load(self, job: Job, path: Path) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            job.stage, job.done, job.total = stage, done, total

        try:
            job.report = await self._backroom.load(
                path,
                job.name,
                partial=job.partial,
                add=job.add,
                dry_run=job.dry_run,
                progress=progress,
            )
        except (BackendError, OSError) as error:
            job.error = str(error)
        except (*_BROKEN, ValueError) as error:
            log.exception("the reader of a file broke")
            job.error = (
                f"the reader broke on this file ({type(error).__name__}), and nothing was loaded. "
                "That is a fault of ours: please report it, with the first lines of the file"
            )


async def _unless_silent(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        try:
            async with asyncio.timeout(SILENCE_S):
                chunk = await anext(body)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UploadError(408, f"nothing came for {SILENCE_S:.0f} s") from None
        yield chunk


def plain_name(name: str) -> str:
    """What a file was called, made safe to lie in a folder of its own: letters, digits, spaces and
    ``-_.()``, no point first. Findings and facts name it."""
    plain = re.sub(r"[^\w .()-]", "_", name).lstrip(". ")
    while len(plain.encode()) > _NAME_BYTES:
        plain = plain[1:].lstrip(". ")  # the end says what kind of file it is
    return plain or "upload"


def _too_large(most: int) -> str:
    return (
        f"the file is larger than {most / 1024**2:.0f} MiB; load it before the show with "
        "`candor catalog load`, or set upload_mb in [server] of candor.toml"
    )
