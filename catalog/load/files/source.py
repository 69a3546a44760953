"""A regular file that is read as often as needed, and unpacked where it is gzip, within bounds."""

import gzip
import io
import os
import stat
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from catalog.load.files.errors import FileError
from catalog.load.files.limits import LIMITS, Limits

GZIP = b"\x1f\x8b"
Identity = tuple[int, int, int, int]


class Source:
    """A file. Raises FileError where there is none, or where it is not a file of this machine."""

    def __init__(self, path: Path, limits: Limits = LIMITS) -> None:
        self.path = path
        self.name = path.name
        self.limits = limits
        # Asked before it is opened: opening a pipe waits for a writer, and some devices act.
        self._identity = _regular(path)
        self.size = self._identity[2]
        with self.packed_stream() as stream:
            head = stream.read(2)
        if not head:
            raise FileError("is empty", "export it again")
        self.is_packed = head == GZIP

    @property
    def stem(self) -> str:
        """The name, in small letters, without the .gz of a packed file."""
        name = self.name.lower()
        return name.removesuffix(".gz") if self.is_packed else name

    def packed_stream(self) -> BinaryIO:
        """The bytes as they are on disk."""
        try:
            handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            raise _refused(error) from error
        return os.fdopen(handle, "rb")

    def stream(self) -> BinaryIO:
        """The bytes, unpacked. Reading raises FileError where they are not what gzip wrote, or are
        more than a shop's export can be."""
        raw = self.packed_stream()
        if not self.is_packed:
            return raw
        unpacked = _Unpacked(raw, self.size, self.limits)
        return cast(BinaryIO, io.BufferedReader(unpacked, 256 * 1024))

    @property
    def has_changed(self) -> bool:
        """It is no longer the file that was first seen."""
        try:
            return _regular(self.path) != self._identity
        except FileError:
            return True


class _Unpacked(io.RawIOBase):
    """What is in a gzip file."""

    def __init__(self, raw: BinaryIO, size: int, limits: Limits) -> None:
        self._raw = raw
        self._gzip = gzip.GzipFile(fileobj=raw, mode="rb")
        self._most = max(limits.large, min(limits.expanded, size * limits.ratio))
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        try:
            data = self._gzip.read(len(buffer))
        except EOFError as error:
            raise FileError(
                "ends in the middle: the gzip file is cut short", "send it again"
            ) from (error)
        except (gzip.BadGzipFile, zlib.error) as error:
            raise FileError(f"is damaged gzip: {error}", "pack or send it again") from error
        self._count += len(data)
        if self._count > self._most:
            raise FileError(
                f"unpacks to more than {self._most // 2**20:,} MiB, which no export of a shop does",
                "unpack it and look at what is in it",
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._gzip.close()
            self._raw.close()
        super().close()


def _regular(path: Path) -> Identity:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise _refused(error) from error
    if stat.S_ISDIR(found.st_mode):
        raise FileError("is a folder, not a file", "name the file in it")
    if not stat.S_ISREG(found.st_mode):
        raise FileError("is a pipe or a device, not a file", "write it to a file first")
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _refused(error: OSError | ValueError) -> FileError:
    if isinstance(error, FileNotFoundError):
        return FileError("there is no such file", "look at its name and folder")
    if isinstance(error, PermissionError):
        return FileError("may not be read by this user", "give it the right to read the file")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return FileError(f"cannot be opened: {reason}", "look at its name and folder")
