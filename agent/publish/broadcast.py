"""The show goes out: frames in, packets to every sink, on a thread of its own."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Final, Self

from agent.publish.apart import Apart
from agent.publish.captions import Caption, Captioned, Captions
from agent.publish.encoder import I420, Encoder, Encoding, to_i420
from agent.publish.packets import Packet, Sink, SinkError, Trouble
from agent.types import Frame, Samples, Utterance

log = logging.getLogger(__name__)

_PICTURES: Final = 12
"""Pictures that may wait for the encoder: half a second. Beyond, they are dropped."""
_FRAMES: Final = 250
"""Frames of sound that may wait: ten seconds. Beyond, they are left out, and become silence."""


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    picture: I420 | None
    sound: Samples
    key: bool
    said: Utterance | None


@dataclass(frozen=True, slots=True)
class Flow:
    """How the encoding goes, since the show began."""

    encoded: int
    """Frames."""
    dropped: int
    """Pictures that the encoder could not take in time; their sound went out."""
    lost: int
    """Frames that were dropped with their sound."""
    bytes: int
    encode_ms: float
    """Median of the last frames, wall time."""
    waiting: int
    left_out: int
    """Packets that a disk could not take in time; an output counts its own."""


class Broadcast:
    """Encodes once and hands the packets to all *sinks*; implements ``agent.ports.Publisher``.

    An asynchronous context manager: leaving it sends what waits, closes the sinks and ends the
    thread. A sink that fails is closed and reported to *trouble* on the event loop; the others
    notice nothing. An error in the encoder itself ends the show: the next ``send`` raises it.
    """

    def __init__(
        self,
        sinks: Sequence[Sink],
        trouble: Trouble,
        encoding: Encoding | None = None,
        marks: Mapping[str, str] | None = None,
    ) -> None:
        """*marks*: what the streams say of themselves to machines (see ``Header``)."""
        self._encoding, self._marks = encoding or Encoding(), marks or {}
        self._sinks = list(sinks)
        self._apart = [sink for sink in sinks if isinstance(sink, Apart)]
        self._trouble = trouble
        self._jobs: deque[_Job] = deque()
        self._pictures = 0
        self._wake = threading.Condition()
        self._ending = False
        self._failure: BaseException | None = None
        self._encode_ms: deque[float] = deque(maxlen=250)
        self._encoded = self._dropped = self._lost = self._bytes = 0
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._wake:
            self._ending = True
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)
        if self._failure and error is None:
            raise self._failure

    @property
    def flow(self) -> Flow:
        recent = sorted(self._encode_ms)
        median = recent[len(recent) // 2] if recent else 0.0
        return Flow(
            self._encoded,
            self._dropped,
            self._lost,
            self._bytes,
            median,
            len(self._jobs),
            sum(sink.dropped for sink in self._apart),
        )

    async def send(self, frame: Frame) -> bool:
        """Take *frame*; never waits. Its image may be drawn over afterwards. False when its sound
        is lost, as the encoder is ten seconds behind."""
        if self._failure:
            raise self._failure
        # Converted here, in 0.3 ms, as the stage soon uses the buffer again; a copy costs the same.
        picture = to_i420(frame.image) if self._pictures < _PICTURES else None
        with self._wake:
            if len(self._jobs) >= _FRAMES:
                self._lost += 1
                return False
            if picture is None:
                self._dropped += 1
            else:
                self._pictures += 1
            self._jobs.append(_Job(frame.number, picture, frame.sound, frame.key, frame.utterance))
            self._wake.notify()
        return True

    def _run(self) -> None:
        try:
            encoder = Encoder(self._encoding, self._marks)
            captions, number = Captions(), 0
            if encoder.fell_back:
                self._report("nvenc", encoder.fell_back)
            for sink in tuple(self._sinks):
                self._guard(sink, partial(sink.header, encoder.header))
            while (job := self._take()) is not None:
                start = time.perf_counter()
                packets = encoder.encode(job.number, job.picture, job.sound, job.key)
                self._encode_ms.append((time.perf_counter() - start) * 1000)
                self._encoded += 1
                self._spread(packets)
                self._caption(captions.see(job.number, job.said))
                number = job.number + 1
            self._spread(encoder.close())
            self._caption(captions.end(number))
        except BaseException as error:  # noqa: BLE001 - carried to the show by send
            self._failure = error
        for sink in tuple(self._sinks):
            self._guard(sink, sink.close)

    def _take(self) -> _Job | None:
        with self._wake:
            while not self._jobs and not self._ending:
                self._wake.wait()
            if not self._jobs:
                return None
            job = self._jobs.popleft()
            self._pictures -= job.picture is not None
            return job

    def _spread(self, packets: Sequence[Packet]) -> None:
        for packet in packets:
            self._bytes += len(packet.data)
            for sink in tuple(self._sinks):
                self._guard(sink, partial(sink.packet, packet))

    def _caption(self, caption: Caption | None) -> None:
        for sink in tuple(self._sinks):
            if caption and isinstance(sink, Captioned):
                self._guard(sink, partial(sink.caption, caption))

    def _guard(self, sink: Sink, work: Callable[[], None]) -> None:
        """Do *work* of *sink*; if it fails, the sink is out of the show."""
        try:
            work()
        except SinkError as error:
            self._sinks.remove(sink)
            self._report(sink.name, str(error))
            try:
                sink.close()
            except SinkError as again:
                log.info("sink closed badly", extra={"sink": sink.name, "error": str(again)})

    def _report(self, name: str, reason: str) -> None:
        log.warning("trouble with what goes out", extra={"sink": name, "reason": reason})
        # The loop may have closed already when the last packets are written.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._trouble, name, reason)
