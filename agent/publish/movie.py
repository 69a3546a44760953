"""Packets into one MP4 that says of itself that it is AI-generated, and survives a crash."""

import json
from pathlib import Path
from typing import Final

import av
from av.packet import Packet as AVPacket
from av.stream import Stream

from agent.publish.packets import Header, Packet, SinkError, Track

_FLAGS: Final = "hybrid_fragmented+use_metadata_tags"
"""Fragments until it is closed, so that a crash costs one GOP; then an ordinary, seekable MP4
(streaming.md 4). Without ``use_metadata_tags`` FFmpeg drops the AIGC tag (rules.md 1.6)."""


def aigc_tag(producer: str, content_id: str) -> str:
    """The implicit label of GB 45438-2025, annex E, as the value of the metadata key ``AIGC``.

    *producer* and *content_id* name who made the content, and which it is; characters outside
    0x20-0x7E, which the standard does not allow, are replaced by "?".
    """
    return json.dumps(
        {
            "Label": "1",
            "ContentProducer": _printable(producer),
            "ProduceID": _printable(content_id),
            "ReservedCode1": "",
            "ContentPropagator": "",
            "PropagateID": "",
            "ReservedCode2": "",
        }
    )


def marks(producer: str, content_id: str) -> dict[str, str]:
    """The metadata that say to machines that it is AI-generated, in a file or a stream."""
    return {"AIGC": aigc_tag(producer, content_id), "comment": "AI-generated"}


def _printable(text: str) -> str:
    return "".join(char if " " <= char <= "~" else "?" for char in text)


class Movie:
    """One MP4. It begins with a key frame at time 0; packets from before that are left out.
    All of it blocks, and raises SinkError with a text for the operator."""

    def __init__(self, path: Path, header: Header, producer: str, content_id: str) -> None:
        self.path = path
        self._rate, self._fps = header.rate, header.fps
        self._start: int | None = None
        """Of the movie, in frames of the show."""
        try:
            self._out = av.open(
                str(path),
                "w",
                format="mp4",
                options={"movflags": _FLAGS, "flush_packets": "1"},
            )
            self._out.metadata.update(marks(producer, content_id))
            self._streams = {
                Track.PICTURE: self._out.add_stream_from_template(header.picture),
                Track.SOUND: self._out.add_stream_from_template(header.sound),
            }
            self._scales = {
                Track.PICTURE: header.picture.codec_context.time_base,
                Track.SOUND: header.sound.codec_context.time_base,
            }
        except (av.FFmpegError, OSError) as error:
            raise SinkError(f"{path} cannot be written: {error}") from error

    def write(self, packet: Packet) -> None:
        """Add *packet*, and hand it to the system at once."""
        if self._start is None:
            if not (packet.track is Track.PICTURE and packet.key):
                return
            self._begin()
            self._start = packet.at
        is_sound = packet.track is Track.SOUND
        start = self._start * self._rate // self._fps if is_sound else self._start
        if packet.at < start:
            return
        # Its own memory: a packet over Python's bytes can deadlock in FFmpeg's threads.
        own: AVPacket[Stream] = AVPacket(len(packet.data))
        own.update(packet.data)
        own.stream = self._streams[packet.track]
        own.pts = own.dts = packet.at - start
        own.duration = packet.ticks
        own.time_base = self._scales[packet.track]
        own.is_keyframe = packet.key
        try:
            self._out.mux_one(own)
        except (av.FFmpegError, OSError) as error:
            raise SinkError(f"{self.path} cannot be written on: {error}") from error

    def close(self) -> None:
        """End the file; one that never got a picture is taken away again."""
        try:
            self._out.close()
            if self._start is None:
                self.path.unlink(missing_ok=True)
        except (av.FFmpegError, OSError) as error:
            raise SinkError(f"{self.path} was not closed whole: {error}") from error

    def _begin(self) -> None:
        # Not before there is a packet: FFmpeg 8 crashes where it ends such a file without one.
        try:
            self._out.start_encoding()
        except (av.FFmpegError, OSError) as error:
            raise SinkError(f"{self.path} cannot be written: {error}") from error
