"""Packets to fragmented MP4, one sample a fragment: what a browser's SourceBuffer plays at once."""

import io
import re
import struct

import av

from agent.publish.packets import Header, Packet, Track

_PICTURE_SCALE = 90_000
"""Ticks a second of the picture's track."""
_START = re.compile(rb"\x00\x00\x00?\x01")
_PARAMETERS = (7, 8, 9)
"""NAL units that live in the header: SPS, PPS, access unit delimiter (H.264 table 7-1)."""


def init_segment(header: Header) -> bytes:
    """``ftyp`` and ``moov``: what must come before the first fragment."""
    file = io.BytesIO()
    flags = {"movflags": "empty_moov+default_base_moof+use_metadata_tags"}
    with av.open(
        file, "w", format="mp4", options={**flags, "video_track_timescale": str(_PICTURE_SCALE)}
    ) as out:
        out.metadata.update(header.marks)
        out.add_stream_from_template(header.picture)
        out.add_stream_from_template(header.sound)
        out.start_encoding()
        return file.getvalue()


class Fragments:
    """Gives each packet of one show its fragment.

    A browser stops at a hole, so the picture's track has none: where frames were left out, the
    next picture begins in their place and lasts as much longer.
    """

    def __init__(self, header: Header) -> None:
        self._frame = _PICTURE_SCALE // header.fps
        self._count = 0
        self._due: int | None = None
        """When the picture's track ends, in frames."""

    def fragment(self, packet: Packet) -> bytes:
        """``moof`` and ``mdat`` of *packet*; nothing for sound from before the show began."""
        if packet.at < 0:
            return b""
        self._count += 1
        if packet.track is Track.SOUND:
            return _fragment(2, self._count, packet.at, packet.ticks, True, packet.data)
        at = packet.at if self._due is None else self._due
        self._due = packet.at + packet.ticks
        start, length = at * self._frame, (self._due - at) * self._frame
        data = length_prefixed(packet.data)
        return _fragment(1, self._count, start, length, packet.key, data)


def length_prefixed(data: bytes) -> bytes:
    """The picture *data*, with start codes, as MP4 and FLV keep it: each unit after its length."""
    units = [u for u in _START.split(data) if u and u[0] & 31 not in _PARAMETERS]
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _fragment(track: int, count: int, at: int, ticks: int, key: bool, data: bytes) -> bytes:
    # ISO 14496-12, 8.8: sample_depends_on 2 for a key frame, else 1 and "not a sync sample".
    flags = 0x02000000 if key else 0x01010000

    def moof(offset: int) -> bytes:
        run = struct.pack(">IiIII", 1, offset, ticks, len(data), flags)
        return _box(
            b"moof",
            _full_box(b"mfhd", 0, 0, struct.pack(">I", count & 0xFFFFFFFF)),
            _box(
                b"traf",
                _full_box(b"tfhd", 0, 0x020000, struct.pack(">I", track)),
                _full_box(b"tfdt", 1, 0, struct.pack(">Q", at)),
                _full_box(b"trun", 0, 0x000701, run),
            ),
        )

    return moof(len(moof(0)) + 8) + _box(b"mdat", data)
