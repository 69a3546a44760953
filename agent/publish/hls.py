"""The show as HLS: fMP4 segments and a playlist in a folder, for any web server or CDN before it.

The same fragments as the browser preview, gathered into segments that each begin with a key frame
(RFC 8216). Nothing is ever changed once it has its name: segments may be cached for ever, and the
playlist, ``live.m3u8``, for less than a segment's time.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from agent.publish.fragments import Fragments, init_segment
from agent.publish.packets import Header, Packet, SinkError, Track

PLAYLIST: Final = "live.m3u8"
SEGMENT_S: Final = 2.0
LISTED: Final = 8
"""Segments in the playlist; players stay three behind the newest."""
KEPT: Final = 2 * LISTED
"""Segments in the folder: whoever has an older playlist still finds what it names."""


@dataclass(frozen=True, slots=True)
class _Segment:
    name: str
    seconds: float
    at: datetime
    """When its first picture was encoded."""


class Hls:
    """A sink that writes into *folder*, which is its own: what an earlier show left there goes. It
    blocks on the disk, so give it to a broadcast as ``Apart(Hls(folder))``. Raises SinkError."""

    name = "hls"

    def __init__(
        self,
        folder: Path,
        segment_s: float = SEGMENT_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """*clock*: seconds since 1970, for the playlist's dates and its ever-growing numbers."""
        self._folder, self._segment_s, self._clock = folder, segment_s, clock
        self._segments: deque[_Segment] = deque()
        self._first = int(clock())
        """Number of the first segment: a show begun later in the same place counts on, as there is
        less than one segment a second."""
        self._count = 0
        self._begins: int | None = None
        """Frame with which the present segment begins."""
        self._at = datetime.fromtimestamp(0, UTC)
        self._parts: list[bytes] = []

    def header(self, header: Header) -> None:
        self._fps, self._fragments = header.fps, Fragments(header)
        self._init = f"init-{self._first}.mp4"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for old in (PLAYLIST, "init-*.mp4", "live-*.m4s"):
                for file in self._folder.glob(old):
                    file.unlink()
        except OSError as error:
            raise SinkError(f"{self._folder} cannot be written: {error.strerror}") from error
        self._write(self._init, init_segment(header))

    def packet(self, packet: Packet) -> None:
        if packet.track is Track.PICTURE and packet.key:
            due = self._begins is None or packet.at - self._begins >= self._segment_s * self._fps
            if due:
                self._end_segment(packet.at)
                self._begins, self._at = packet.at, datetime.fromtimestamp(self._clock(), UTC)
        if self._begins is not None:
            self._parts.append(self._fragments.fragment(packet))
            if packet.track is Track.PICTURE:
                self._until = packet.at + packet.ticks

    def close(self) -> None:
        if self._begins is not None:
            self._end_segment(self._until)
            self._list(ended=True)

    def _end_segment(self, until: int) -> None:
        if self._begins is None:
            return
        name = f"live-{self._first + self._count}.m4s"
        self._count += 1
        self._write(name, b"".join(self._parts))
        self._parts.clear()
        self._segments.append(_Segment(name, (until - self._begins) / self._fps, self._at))
        self._list()
        while len(self._segments) > KEPT:
            (self._folder / self._segments.popleft().name).unlink(missing_ok=True)

    def _list(self, *, ended: bool = False) -> None:
        listed = list(self._segments)[-LISTED:]
        number = self._first + self._count - len(listed)
        longest = max((segment.seconds for segment in listed), default=self._segment_s)
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            f"#EXT-X-TARGETDURATION:{math.ceil(max(longest, self._segment_s + 1))}",
            f"#EXT-X-MEDIA-SEQUENCE:{number}",
            f"#EXT-X-DISCONTINUITY-SEQUENCE:{self._first}",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            f'#EXT-X-MAP:URI="{self._init}"',
        ]
        for segment in listed:
            at = segment.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            lines += [
                f"#EXT-X-PROGRAM-DATE-TIME:{at}",
                f"#EXTINF:{segment.seconds:.3f},",
                segment.name,
            ]
        lines += ["#EXT-X-ENDLIST"] if ended else []
        self._write(PLAYLIST, "\n".join([*lines, ""]).encode())

    def _write(self, name: str, data: bytes) -> None:
        """All of it at once: nobody reads half a file."""
        scratch = self._folder / f".{name}.part"
        try:
            scratch.write_bytes(data)
            scratch.replace(self._folder / name)
        except OSError as error:
            raise SinkError(f"{self._folder / name}: not written: {error.strerror}") from error
