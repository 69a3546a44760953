"""The show for browsers: fragments to any number of viewers, none of whom can hold up another."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVarTuple, Unpack

from agent.publish.fragments import Fragments, init_segment
from agent.publish.packets import Header, Packet, Track
from agent.types import Stream

_Args = TypeVarTuple("_Args")

BUFFERED = 256 * 1024
"""Bytes that may wait for one viewer: a second of show at the most. Beyond, the viewer is dropped
(streaming.md: held one stalled viewer at 0.3 MB, where a plain broadcast cost 26 MB)."""


class SlowViewerError(Exception):
    """A viewer does not keep up with the show."""


class Preview:
    """A sink that any number of viewers watch. Made on the event loop that they run on."""

    name = "preview"

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._viewers: set[_Viewer] = set()
        self._begun = asyncio.Event()
        self._mime = ""
        self._init = b""
        self._since_key: list[bytes] = []
        self._fragments: Fragments | None = None
        self.ended = False
        self.dropped = 0
        """Viewers dropped since the show began, as they were too slow."""

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    async def mime(self) -> str:
        """Type and codecs of what ``watch`` gives; waits for the show to begin."""
        await self._begun.wait()
        return self._mime

    async def watch(self) -> Stream[bytes]:
        """The show from the last key frame on: the header, then fragments as they come, all that
        wait at once. Ends with the show; raises SlowViewerError."""
        await self._begun.wait()
        viewer = _Viewer([self._init, *self._since_key])
        if self.ended:
            viewer.end()
        self._viewers.add(viewer)
        try:
            while data := await viewer.take():
                yield data
        finally:
            self._viewers.discard(viewer)

    # --- called by the encoder's thread ----------------------------------------------------

    def header(self, header: Header) -> None:
        self._fragments = Fragments(header)
        self._call(self._begin, header.mime, init_segment(header))

    def packet(self, packet: Packet) -> None:
        if self._fragments and (data := self._fragments.fragment(packet)):
            self._call(self._spread, data, packet.track is Track.PICTURE and packet.key)

    def close(self) -> None:
        self._call(self._end)

    def _call(self, work: Callable[[Unpack[_Args]], None], *args: *_Args) -> None:
        # The loop may have closed already when the last packets come.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(work, *args)

    # --- on the event loop -----------------------------------------------------------------

    def _begin(self, mime: str, init: bytes) -> None:
        self._mime, self._init = mime, init
        self._begun.set()

    def _spread(self, data: bytes, key: bool) -> None:
        if key:
            self._since_key.clear()
        self._since_key.append(data)
        for viewer in tuple(self._viewers):
            if not viewer.put(data):
                self._viewers.discard(viewer)
                self.dropped += 1

    def _end(self) -> None:
        self.ended = True
        self._begun.set()
        for viewer in self._viewers:
            viewer.end()


class _Viewer:
    """What waits for one viewer."""

    def __init__(self, first: list[bytes]) -> None:
        self._waiting = first
        # What it begins with is no sign that it is slow.
        self._size = 0
        self._added = asyncio.Event()
        self._added.set()
        self._ended = self._slow = False

    def put(self, data: bytes) -> bool:
        """Queue *data*; False when too much waits already, and the viewer is to go."""
        self._size += len(data)
        if self._size > BUFFERED:
            self._waiting.clear()
            self._slow = True
        else:
            self._waiting.append(data)
        self._added.set()
        return not self._slow

    def end(self) -> None:
        self._ended = True
        self._added.set()

    async def take(self) -> bytes:
        """All that waits; empty when the show is over. Raises SlowViewerError."""
        if not (self._waiting or self._ended or self._slow):
            self._added.clear()
            await self._added.wait()
        if self._slow:
            raise SlowViewerError
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        return data
