"""A slow sink behind a queue and a thread of its own, so that its disk or network waits alone."""

import queue
import threading
from typing import Final

from agent.publish.captions import Caption, Captioned
from agent.publish.packets import Header, Packet, Sink, SinkError, Track

_PACKETS: Final = 360
"""Packets that may wait: some five seconds of picture and sound."""
_CLOSING_S: Final = 5.0
"""How long a sink may take to close before it is left behind."""


class Apart:
    """*sink* on its own thread. What it cannot take in time is dropped up to the next key frame,
    and counted; its error is raised at the next packet."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._queue: queue.Queue[Header | Packet | Caption | None] = queue.Queue(_PACKETS)
        self._skipping = False
        self._error: SinkError | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=sink.name, daemon=True)
        self.dropped = 0
        """Packets."""

    @property
    def name(self) -> str:
        return self._sink.name

    def header(self, header: Header) -> None:
        self._thread.start()
        self._queue.put(header)

    def packet(self, packet: Packet) -> None:
        if self._error:
            raise self._error
        if self._skipping:
            begins = packet.track is Track.PICTURE and packet.key
            self._skipping = not (begins and self._queue.qsize() < _PACKETS // 2)
        if not self._skipping:
            try:
                self._queue.put_nowait(packet)
            except queue.Full:
                self._skipping = True
        self.dropped += self._skipping

    def caption(self, caption: Caption) -> None:
        if self._error:
            raise self._error
        try:
            self._queue.put_nowait(caption)
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        if self._closed or not self._thread.is_alive():
            return
        self._closed = True
        try:
            self._queue.put(None, timeout=_CLOSING_S)
        except queue.Full:
            raise SinkError("it stopped taking packets, and could not be closed") from None
        self._thread.join(_CLOSING_S)
        if self._thread.is_alive():
            raise SinkError(f"it did not close within {_CLOSING_S:g} s")
        if self._error:
            raise self._error

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._error:
                continue
            try:
                if isinstance(item, Header):
                    self._sink.header(item)
                elif isinstance(item, Caption):
                    if isinstance(self._sink, Captioned):
                        self._sink.caption(item)
                else:
                    self._sink.packet(item)
            except SinkError as error:
                self._error = error
        try:
            self._sink.close()
        except SinkError as error:
            self._error = self._error or error
