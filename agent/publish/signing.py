"""Finished recordings are signed one after the other, on a thread of their own."""

import contextlib
import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Final

from agent.publish.provenance import Keys, ProvenanceError, sign

log = logging.getLogger(__name__)
_CLOSING_S: Final = 120.0
"""How long the end of a show waits for its last part, which is copied once."""


class Signing:
    """Takes finished files; a context manager that waits for the last one at its end. What could
    not be signed is logged and stays as it is: `candor marks --sign` does it later."""

    def __init__(self, keys: Keys, title: str) -> None:
        self._keys, self._title = keys, title
        self._pool = ThreadPoolExecutor(1, "signing", initializer=_behind_the_show)
        self._open: list[Future[None]] = []

    def __enter__(self) -> "Signing":
        return self

    def __exit__(self, *_: object) -> None:
        late = wait(self._open, _CLOSING_S).not_done
        self._pool.shutdown(wait=False, cancel_futures=True)
        if late:
            log.error("recordings are not signed yet", extra={"files": len(late)})

    def take(self, path: Path) -> None:
        """Sign *path*, soon."""
        self._open = [one for one in self._open if not one.done()]
        self._open.append(self._pool.submit(self._sign, path))

    def _sign(self, path: Path) -> None:
        if not path.exists():
            return  # nothing was ever shown
        try:
            sign(path, self._keys, self._title)
        except ProvenanceError as error:
            log.error("a recording is not signed", extra={"error": str(error)})


def _behind_the_show() -> None:
    """The air goes first: this thread takes what is left of the processor (Linux)."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)
