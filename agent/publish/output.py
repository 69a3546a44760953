"""One platform: a queue and a thread of its own, and a process that comes back by itself."""

import json
import logging
import os
import queue
import random
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from agent.publish.fragments import init_segment, length_prefixed
from agent.publish.packets import Header, Packet, Track
from agent.publish.sender import framed, hello
from agent.publish.target import SILENT_S, Target

log = logging.getLogger(__name__)

PACKETS: Final = 240
"""Packets that may wait: some three seconds of picture and sound."""
_CONNECT_S: Final = 3 * SILENT_S
"""How long connecting may take, TLS and names included, before it is tried anew."""
_STALLED_S: Final = SILENT_S + 1.0
"""How long the process may take nothing: longer than FFmpeg waits, which says why it gave up."""
_CLOSING_S: Final = 3.0
"""How long the end of a stream may take to reach the platform."""
_FIRST_S, _SOON_S, _LATER_S = 0.5, 2.0, 30.0
"""Between two attempts: at first, at most at first, and at most when it is long away."""
_LONG_AWAY_S: Final = 120.0
_RENEW_S: Final = 14 * 86_400.0
"""How long one stream may last: FLV counts milliseconds in 31 bits, 24.8 days."""
_ROOT: Final = Path(__file__).parents[2]


class State(StrEnum):
    """What an output is doing."""

    CONNECTING = "connecting"
    ON_AIR = "on_air"
    WAITING = "waiting"
    """Lost or refused; it is tried again soon."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Health:
    """How an output does, for the studio and the metrics. Nothing in it is secret."""

    name: str
    place: str
    """Scheme and host."""
    state: State
    bytes: int
    """Given to the platform, since the show began."""
    dropped: int
    """Packets that it did not get: while it was away, or too slow."""
    reconnects: int
    error: str
    """Why it was lost or refused last; empty while all is well since the start."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class Lost(Exception):  # noqa: N818 - what happened to the connection; the output goes on
    """The platform is gone: says why, in words for the operator."""


class Ended(Lost):
    """Its process is gone, and has said nothing."""


class Output:
    """A sink for RTMP and RTMPS. It never fails: what cannot be sent is dropped up to the next key
    frame, and counted, and a platform that is gone is tried again for as long as the show lasts.

    *changed* is told, on the output's thread, when it goes on the air, is lost, fails for another
    reason than before, and ends.
    """

    def __init__(
        self,
        target: Target,
        changed: Callable[[Health], None] = lambda health: None,
        most_waiting: int = PACKETS,
    ) -> None:
        """*most_waiting*: packets."""
        self._target, self._most = target, most_waiting
        self._changed = changed
        self._hello = b""
        self._waiting: queue.Queue[Packet] | None = None
        """What the process has yet to take; a new one for each connection, None without one."""
        self._skipping = True
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"output {target.name}", daemon=True)
        self._state, self._error = State.CONNECTING, ""
        self._told = (State.WAITING, "")
        self._bytes = self._dropped = self._connected = 0

    @property
    def name(self) -> str:
        return self._target.name

    @property
    def health(self) -> Health:
        return Health(
            self.name,
            self._target.place,
            self._state,
            self._bytes,
            self._dropped,
            max(0, self._connected - 1),
            self._error,
        )

    # --- called by the encoder's thread: never waits ---------------------------------------

    def header(self, header: Header) -> None:
        self._hello = hello(self._target, header, init_segment(header))
        self._thread.start()

    def packet(self, packet: Packet) -> None:
        waiting = self._waiting
        if waiting is None:
            self._dropped += 1
            self._skipping = True
            return
        if self._skipping:
            begins = packet.track is Track.PICTURE and packet.key
            self._skipping = not (begins and waiting.qsize() < self._most // 2)
        if not self._skipping:
            try:
                waiting.put_nowait(packet)
            except queue.Full:
                self._skipping = True
        self._dropped += self._skipping

    def close(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(2 * _CLOSING_S)

    # --- the output's thread ---------------------------------------------------------------

    def _run(self) -> None:
        attempts, away_since = 0, time.monotonic()
        while not self._ending.is_set():
            self._turn(State.CONNECTING)
            before = self._connected
            try:
                with _Process() as process:
                    if self._connect(process):
                        self._feed(process)
            except Lost as lost:
                if not self._ending.is_set() or not self._error:
                    self._error = self._target.redacted(str(lost))
            if waiting := self._waiting:
                self._waiting = None
                self._dropped += waiting.qsize()
            if self._ending.is_set():
                break
            if self._connected > before:
                attempts, away_since = 0, time.monotonic()
            self._turn(State.WAITING)
            self._ending.wait(pause(attempts, time.monotonic() - away_since))
            attempts += 1
        self._turn(State.ENDED)

    def _connect(self, process: "_Process") -> bool:
        """False where the show ended meanwhile. Raises Lost."""
        until = time.monotonic() + _CONNECT_S
        process.write(self._hello)
        while not process.connected:
            process.hear(0.1)
            if self._ending.is_set():
                return False
            if time.monotonic() > until:
                raise Lost(f"it did not answer within {_CONNECT_S:g} s")
        self._connected += 1
        self._waiting = queue.Queue(self._most)
        self._turn(State.ON_AIR)
        return True

    def _feed(self, process: "_Process") -> None:
        """Until the show ends. Raises Lost."""
        waiting, before = self._waiting, self._bytes
        assert waiting is not None
        renew = time.monotonic() + _RENEW_S
        while True:
            try:
                packet = waiting.get(timeout=0.1)
            except queue.Empty:
                if self._ending.is_set():
                    break
                process.hear(0)
                continue
            if time.monotonic() > renew and packet.track is Track.PICTURE and packet.key:
                raise Lost("it is published anew, as the format's clock ends after 24 days")
            picture = packet.track is Track.PICTURE
            process.write(framed(packet, length_prefixed(packet.data) if picture else packet.data))
            process.hear(0)
            self._bytes = before + process.sent
        process.end()
        self._bytes = before + process.sent

    def _turn(self, state: State) -> None:
        """Be in *state*; tell of it where it is news: a platform may be away for hours."""
        self._state = state
        now = (State.WAITING if state is State.CONNECTING else state, self._error)
        if now == self._told:
            return
        self._told = now
        told = {"output": self.name, "error": self._error}
        if state is State.WAITING:
            log.warning("an output is not on the air; it is tried again", extra=told)
        elif state is State.ON_AIR:
            log.info("an output is on the air", extra=told)
        self._changed(self.health)


def pause(attempts: int, away_s: float) -> float:
    """Seconds until the next attempt, after so many *attempts* in vain and *away_s* seconds:
    doubled each time and never twice the same, so that many shows do not knock together."""
    most = _SOON_S if away_s < _LONG_AWAY_S else _LATER_S
    return min(most, _FIRST_S * 2.0 ** min(attempts, 10)) * random.uniform(0.5, 1.0)  # noqa: S311


class _Process:
    """A running ``agent.publish.sender``: killed at the end of the block, whatever it does."""

    def __init__(self) -> None:
        self._heard = b""
        self.connected = False
        self.sent = 0
        """Bytes."""

    def __enter__(self) -> Self:
        # No secret of ours goes along, and the key comes through the pipe: not seen in a list of
        # processes. Ctrl-C at the terminal is for the show alone.
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CANDOR_")}
        path = os.pathsep.join(filter(None, [str(_ROOT), kept.get("PYTHONPATH")]))
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "agent.publish.sender"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=kept | {"PYTHONPATH": path},
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise Lost(f"its process cannot be started: {error}") from error
        assert self._child.stdin
        assert self._child.stdout
        self._in, self._out = self._child.stdin.fileno(), self._child.stdout.fileno()
        os.set_blocking(self._in, False)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._child.stdin
        assert self._child.stdout
        self._child.kill()
        self._child.stdin.close()
        self._child.stdout.close()
        self._child.wait()

    def write(self, data: bytes) -> None:
        """Raises Lost where the process takes nothing any more."""
        left, until = memoryview(data), time.monotonic() + _STALLED_S
        while left:
            try:
                left = left[os.write(self._in, left) :]
            except BlockingIOError:
                self.hear(0)
                if time.monotonic() > until:
                    raise Lost(f"it took nothing for {_STALLED_S:g} s") from None
                select.select([], [self._in], [], 0.1)
            except BrokenPipeError:
                self._hear_out()

    def hear(self, patience_s: float) -> None:
        """Take what the process reports. Raises Lost where it ended."""
        if not select.select([self._out], [], [], patience_s)[0]:
            return
        heard = os.read(self._out, 65_536)
        *lines, self._heard = (self._heard + heard).split(b"\n")
        for line in lines:
            report = json.loads(line)
            self.connected |= "connected" in report
            self.sent = report.get("sent", self.sent)
            if "error" in report:
                raise Lost(report["error"])
        if not heard:
            raise Ended("its process ended")

    def end(self) -> None:
        """Let the platform know that the stream is over. Raises Lost where it does not."""
        assert self._child.stdin
        self._child.stdin.close()
        until = time.monotonic() + _CLOSING_S
        while time.monotonic() < until:
            if self._child.poll() == 0:
                return
            with suppress(Ended):
                self.hear(0.1)
        raise Lost(f"it did not close within {_CLOSING_S:g} s")

    def _hear_out(self) -> None:
        while True:
            self.hear(_STALLED_S)
