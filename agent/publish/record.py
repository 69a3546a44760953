"""The recording of a show: one crash-safe MP4 after the other in the show's folder, and beside each
what was said in it as WebVTT."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from agent.publish.captions import VTT, Caption
from agent.publish.movie import Movie
from agent.publish.packets import Header, Packet, SinkError, Track
from agent.types import Language

PART_S: Final = 1800
"""How long one file is, about: it ends before a key frame."""
LEAST_FREE: Final = 512 * 1024 * 1024
"""Bytes left free on the disk: the ledger of the show needs them more than its picture."""


class Recording:
    """A sink that writes ``show-001.mp4`` with ``show-001.vtt``, ``show-002.mp4`` with its own, ...
    into *folder*, and never over a file that is there. It blocks on the disk, so give it to a
    broadcast as ``Apart(Recording())``.

    Raises SinkError when the folder cannot be written or the disk is nearly full; what has been
    written until then stays playable.
    """

    name = "recording"

    def __init__(
        self,
        folder: Path,
        producer: str,
        show_id: str,
        part_s: float = PART_S,
        least_free: int = LEAST_FREE,
        finished: Callable[[Path], None] = lambda path: None,
        language: Language = "en",
    ) -> None:
        """*finished* is told of each part once it is closed; *language*: of most of what is
        said."""
        self._folder = folder
        self._producer, self._show_id = producer, show_id
        self._part_s, self._least_free = part_s, least_free
        self._header: Header | None = None
        self._movie: Movie | None = None
        self._last: Movie | None = None
        """The part before, until its sound is complete: sound comes out of the codec later."""
        self._begins = 0
        """Sample with which the present part begins."""
        self._ends = 0
        """Frame from which on a new file is due."""
        self._finished = finished
        self._language = language
        self._captions: list[VTT] = []
        """Of the part before and the present one: a sentence may be in both."""
        self.files: list[Path] = []
        self.written = 0
        """Bytes of picture and sound in all of them."""

    def header(self, header: Header) -> None:
        self._header = header
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SinkError(f"{self._folder} cannot be made: {error}") from error
        self._check_disk()

    def packet(self, packet: Packet) -> None:
        self.written += len(packet.data)
        if packet.track is Track.PICTURE and packet.key:
            self._check_disk()
            if self._movie is None or packet.at >= self._ends:
                self._next_part(packet.at)
        if packet.track is Track.SOUND and self._last:
            if packet.at < self._begins:
                self._last.write(packet)
            else:
                self._close_last()
        if self._movie:
            self._movie.write(packet)

    def caption(self, caption: Caption) -> None:
        ends = [part.begins for part in self._captions[1:]]
        for part, end in zip(self._captions, [*ends, None], strict=True):
            part.write(caption, end)

    def close(self) -> None:
        try:
            self._close_last()
        finally:
            self._last, self._movie = self._movie, None
            self._close_last()

    def _close_last(self) -> None:
        if self._last:
            last, self._last = self._last, None
            last.close()
            self._finished(last.path)

    def _next_part(self, at: int) -> None:
        if self._header is None:
            raise SinkError("a packet came before the header")
        self._close_last()
        self._last, self._movie = self._movie, None
        self._begins = at * self._header.rate // self._header.fps
        number = len(self.files) + 1
        while any((self._folder / f"show-{number:03}{end}").exists() for end in (".mp4", ".vtt")):
            number += 1
        path = self._folder / f"show-{number:03}.mp4"
        written = VTT(
            path.with_suffix(".vtt"),
            f"{self._producer}, AI-generated",
            self._language,
            self._header.fps,
            at,
        )
        self._captions = [*self._captions[-1:], written]
        self._movie = Movie(path, self._header, self._producer, f"{self._show_id}/{number:03}")
        self._ends = at + round(self._part_s * self._header.fps)
        self.files.append(path)

    def _check_disk(self) -> None:
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise SinkError(f"{self._folder} cannot be read: {error}") from error
        if free < self._least_free:
            raise SinkError(
                f"only {free >> 20} MiB free in {self._folder}: recording stopped, "
                f"as {self._least_free >> 20} MiB are kept for the show's record"
            )
