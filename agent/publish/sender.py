"""One output's process: packets from standard input to an RTMP server, through FFmpeg.

A process, as connecting holds the interpreter's lock (PyAV issue 2400) and a write may hang: here
both hold up nobody, and there is an end to it that always works. It ends with its standard input.
"""

import errno
import json
import struct
import sys
import time
from collections.abc import Iterator, Mapping
from fractions import Fraction
from io import BytesIO
from typing import BinaryIO, Final

import av
from av.container.output import OutputContainer
from av.packet import Packet as AVPacket
from av.stream import Stream

from agent.publish.packets import Header, Packet, Track
from agent.publish.target import Target, roots

_HEAD: Final = struct.Struct(">BBqII")
"""Track, key, at, ticks, bytes that follow."""
_TRACKS: Final = tuple(Track)
_REPORT_S: Final = 0.5


def hello(target: Target, header: Header, init: bytes) -> bytes:
    """What the process reads first. *init*: ``ftyp`` and ``moov``, for the codecs' settings."""
    told = {
        "target": target.as_json(),
        "fps": header.fps,
        "rate": header.rate,
        "marks": dict(header.marks),
        "init": len(init),
    }
    return json.dumps(told).encode() + b"\n" + init


def framed(packet: Packet, data: bytes) -> bytes:
    """*packet* with *data* (each unit of a picture after its length) as the process reads it."""
    track = _TRACKS.index(packet.track)
    return _HEAD.pack(track, packet.key, packet.at, packet.ticks, len(data)) + data


def _packets(source: BinaryIO) -> Iterator[Packet]:
    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        track, key, at, ticks, size = _HEAD.unpack(head)
        data = source.read(size)
        if len(data) < size:
            return
        yield Packet(_TRACKS[track], data, at, ticks, bool(key))


def main() -> int:
    source = sys.stdin.buffer
    told = json.loads(source.readline())
    target = Target.from_json(told["target"])
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture(local=False) as said:
        try:
            init = source.read(told["init"])
            _send(source, target, init, told["fps"], told["rate"], told["marks"])
        except (av.FFmpegError, OSError, ValueError) as error:
            _tell({"error": target.redacted(_reason(said, error))})
            return 1
    return 0


def _send(
    source: BinaryIO, target: Target, init: bytes, fps: int, rate: int, marks: Mapping[str, str]
) -> None:
    with av.open(BytesIO(init)) as template:
        out = av.open(target.for_ffmpeg(roots()), "w", format="tee")
        out.metadata.update(marks)
        streams = {
            Track.PICTURE: out.add_stream_from_template(template.streams.video[0]),
            Track.SOUND: out.add_stream_from_template(template.streams.audio[0]),
        }
    ticks = {Track.PICTURE: fps, Track.SOUND: rate}
    out.start_encoding()
    _tell({"connected": True})
    begins: int | None = None
    sent, due = 0, 0.0
    for packet in _packets(source):
        if begins is None:
            if not (packet.track is Track.PICTURE and packet.key):
                continue
            begins = packet.at
        start = begins * ticks[packet.track] // fps
        if packet.at < start:
            continue
        _write(out, packet, start, streams[packet.track], ticks[packet.track])
        sent += len(packet.data)
        if (now := time.monotonic()) >= due:
            _tell({"sent": sent})
            due = now + _REPORT_S
    out.close()
    _tell({"sent": sent})


def _write(
    out: OutputContainer, packet: Packet, start: int, stream: Stream, ticks_a_second: int
) -> None:
    own: AVPacket[Stream] = AVPacket(len(packet.data))
    own.update(packet.data)
    own.stream = stream
    own.pts = own.dts = packet.at - start
    own.duration = packet.ticks
    own.time_base = Fraction(1, ticks_a_second)
    own.is_keyframe = packet.key
    out.mux_one(own)


def _reason(said: list[tuple[int, str, str]], error: Exception) -> str:
    """Why it failed, in FFmpeg's words where it gave any beside the number of the error."""
    words = [text.strip() for _, name, text in said if name != "tee"]
    words = [one for one in words if not one.startswith("Cannot open connection")][-2:]
    number = error.errno if isinstance(error, OSError) else None
    if not words and number in (errno.EIO, errno.EPIPE, errno.ECONNRESET):
        return "the server closed the connection; are the address and the stream key right?"
    kind = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
    if not any(kind in one for one in words):
        words.append(kind)
    return "; ".join(dict.fromkeys(words))


def _tell(report: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
