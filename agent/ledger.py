"""The record of a show: append-only JSON lines, each bound to the one before by a hash.

A line is ``{"n", "at", "kind", "data", "prev", "hash"}`` and may carry ``"words"``: viewers'
words, which the hash covers only through a salted digest in ``data``. So they can be erased and
the chain stays whole. ``hash`` is SHA-256 over *prev* and the canonical JSON of the other fields
without ``words``.
"""

import asyncio
import contextlib
import errno
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.ports import BackendError

GENESIS = "0" * 64
END = "end"
"""The kind of the last line of a record whose show was ended and not killed."""


class LedgerError(BackendError):
    """The record cannot be written: the host does not say what nobody can check."""


def canonical(value: object) -> str:
    """JSON in one fixed form: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Ledger:
    """Appends to one file. ``append`` returns once the line is on the disk."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """Open *path*, going on from its last whole line. Raises LedgerError."""
        self._now = now
        self.path = path
        self._n, self._prev = 0, GENESIS
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                self._resume(path)
            self._file = path.open("ab", buffering=0)
            self._size = path.stat().st_size
        except OSError as error:
            raise LedgerError(f"cannot write the record {path}: {error.strerror}") from error
        self._pool = ThreadPoolExecutor(1, "ledger")

    @property
    def lines(self) -> int:
        """How many are in it."""
        return self._n

    def _resume(self, path: Path) -> None:
        """Cut off a line that a crash left half written, and take up the chain."""
        whole = 0
        with path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                entry = json.loads(line)
                self._n, self._prev = entry["n"] + 1, entry["hash"]
                whole += len(line)
        if whole < path.stat().st_size:
            os.truncate(path, whole)

    async def append(
        self,
        kind: str,
        data: Mapping[str, object],
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Write one line and wait until it is synced. *words* can be erased later."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._pool, self._write, kind, data, words)

    def _write(
        self, kind: str, data: Mapping[str, object], words: Mapping[str, str] | None
    ) -> None:
        body: dict[str, object] = dict(data)
        kept: dict[str, dict[str, str]] = {}
        for name, text in (words or {}).items():
            salt = secrets.token_hex(8)
            body[name] = {"sha256": _digest(salt, text)}
            kept[name] = {"salt": salt, "text": text}
        entry: dict[str, object] = {
            "n": self._n,
            "at": self._now().isoformat(timespec="milliseconds"),
            "kind": kind,
            "data": body,
            "prev": self._prev,
        }
        digest = _chain(entry)
        line = entry | {"hash": digest} | ({"words": kept} if kept else {})
        raw = f"{canonical(line)}\n".encode()
        try:
            if self._file.write(raw) < len(raw):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):  # half a line would break the chain
                os.ftruncate(self._file.fileno(), self._size)
            raise LedgerError(f"cannot write the record {self.path}: {error.strerror}") from error
        self._size += len(raw)
        self._n, self._prev = self._n + 1, digest

    def close(self) -> None:
        """Write that the record ends here, so that a tail cut off later is missed; and close it."""
        self._pool.shutdown()
        with contextlib.suppress(LedgerError):  # on a full disk it ends as after a kill
            self._write(END, {}, None)
        self._file.close()


def _digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def _chain(entry: Mapping[str, object]) -> str:
    return hashlib.sha256((str(entry["prev"]) + canonical(entry)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a record is not what was written."""

    line: int
    reason: str


def verify(path: Path) -> Iterator[Fault]:
    """Read the whole chain of *path* and name each fault."""
    prev, expected = GENESIS, 0
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            try:
                entry = json.loads(raw)
                digest, words = entry.pop("hash"), entry.pop("words", {})
                n, data, before = entry["n"], dict(entry["data"]), entry["prev"]
                words = dict(words)
            except (ValueError, KeyError, AttributeError, TypeError):
                yield Fault(number, "not a line of a record")
                continue
            if n != expected:
                yield Fault(number, f"line {expected} of the record is missing: this is {n}")
            if before != prev:
                yield Fault(number, "does not follow the line before it")
            if _chain(entry) != digest:
                yield Fault(number, "its content was changed")
            for name, kept in words.items():
                if not _unchanged(kept, data.get(name)):
                    yield Fault(number, f"the words in {name!r} were changed")
            prev, expected = digest, n + 1


def _unchanged(kept: object, hidden: object) -> bool:
    """Whether *kept*, a salt and words as a line holds them, is what its data hides as a digest."""
    match kept, hidden:
        case {"salt": str(salt), "text": str(text)}, {"sha256": digest}:
            return bool(_digest(salt, text) == digest)
    return False


def erase_words(path: Path, wanted: Callable[[Mapping[str, str]], bool]) -> int:
    """Erase viewers' words where *wanted* says so of {field: text}; the chain stays whole.
    Gives how many lines were changed. Not for a record that is being written."""
    changed = 0
    scratch = path.with_suffix(".erasing")
    with path.open(encoding="utf-8") as lines, scratch.open("w", encoding="utf-8") as out:
        for raw in lines:
            entry = json.loads(raw)
            words = {name: kept["text"] for name, kept in entry.get("words", {}).items()}
            if words and wanted(words):
                del entry["words"]
                changed += 1
            out.write(canonical(entry) + "\n")
        out.flush()
        os.fsync(out.fileno())
    scratch.replace(path)
    return changed
