"""A show straight into one MP4, as fast as it can be encoded: for replies and replays."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.publish.encoder import Encoder, Encoding, to_i420
from agent.publish.movie import Movie
from agent.publish.packets import SinkError
from agent.types import Frame, Stream


class Film:
    """Implements ``agent.ports.Publisher``, but drops nothing: ``send`` waits until the frame is
    encoded. An asynchronous context manager; leaving it closes the file. Raises SinkError."""

    def __init__(
        self, path: Path, producer: str, content_id: str, encoding: Encoding | None = None
    ) -> None:
        self._path, self._producer, self._content_id = path, producer, content_id
        self._encoding = encoding or Encoding()
        # One worker: a send that was cancelled ends before the file is closed.
        self._worker = ThreadPoolExecutor(1, "film")

    async def __aenter__(self) -> Self:
        await self._on_worker(self._open)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._on_worker(self._close)
        self._worker.shutdown(wait=False)

    async def send(self, frame: Frame) -> bool:
        """Encode *frame* and write it: nothing is ever lost."""
        await self._on_worker(partial(self._write, frame))
        return True

    async def _on_worker(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SinkError(f"{self._path.parent} cannot be made: {error}") from error
        self._encoder = Encoder(self._encoding)
        self._movie = Movie(self._path, self._encoder.header, self._producer, self._content_id)

    def _write(self, frame: Frame) -> None:
        picture = to_i420(frame.image)
        for packet in self._encoder.encode(frame.number, picture, frame.sound, frame.key):
            self._movie.write(packet)

    def _close(self) -> None:
        try:
            for packet in self._encoder.close():
                self._movie.write(packet)
        finally:
            self._movie.close()


async def film(
    frames: Stream[Frame],
    path: Path,
    producer: str,
    content_id: str,
    encoding: Encoding | None = None,
) -> None:
    """Write all of *frames* into an MP4 at *path*. Raises SinkError."""
    async with Film(path, producer, content_id, encoding) as out, aclosing(frames):
        async for frame in frames:
            await out.send(frame)
