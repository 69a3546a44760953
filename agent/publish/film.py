"""A show straight into one MP4, as fast as it can be encoded: for replies and replays."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.publish.captions import VTT, Caption, Captions
from agent.publish.encoder import Encoder, Encoding, to_i420
from agent.publish.movie import Movie
from agent.publish.packets import SinkError
from agent.types import Frame, Language, Stream


class Film:
    """Implements ``agent.ports.Publisher``, but drops nothing: ``send`` waits until the frame is
    encoded. An asynchronous context manager; leaving it closes the file. Raises SinkError."""

    def __init__(
        self,
        path: Path,
        producer: str,
        content_id: str,
        encoding: Encoding | None = None,
        language: Language | None = None,
    ) -> None:
        """*language*: of most of what is said, which is then written beside the film as WebVTT."""
        self._language, self._captions = language, Captions()
        self._written: VTT | None = None
        self._frames = 0
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
        if self._language:
            beside = self._path.with_suffix(".vtt")
            beside.unlink(missing_ok=True)  # as the film itself is written over
            title = f"{self._producer}, AI-generated"
            self._written = VTT(beside, title, self._language, self._encoding.fps, 0)

    def _write(self, frame: Frame) -> None:
        picture = to_i420(frame.image)
        for packet in self._encoder.encode(frame.number, picture, frame.sound, frame.key):
            self._movie.write(packet)
        self._caption(self._captions.see(frame.number, frame.utterance))
        self._frames = frame.number + 1

    def _caption(self, caption: Caption | None) -> None:
        if caption and self._written:
            self._written.write(caption)

    def _close(self) -> None:
        try:
            self._caption(self._captions.end(self._frames))
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
