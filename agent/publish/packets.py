"""What an encoder gives and a sink takes: packets, and how they are to be understood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from av.audio.stream import AudioStream
from av.video.stream import VideoStream


class Track(StrEnum):
    PICTURE = "picture"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded picture, or 1,024 samples of encoded sound."""

    track: Track
    data: bytes
    """H.264 with start codes (Annex B), or raw AAC."""
    at: int
    """When it plays, in ticks of its track: frames for the picture, samples for the sound. The
    encoder's first packet of sound lies before 0: it holds nothing but the codec's run-up."""
    ticks: int
    """How long it plays."""
    key: bool
    """Whether a reader can start here. True of all sound."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a reader must know before the first packet."""

    picture: VideoStream
    """Templates for ``add_stream_from_template``; they are the encoder's own: read them only."""
    sound: AudioStream
    fps: int
    rate: int
    """Samples a second, in Hz."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """What a stream says of itself to machines: see ``agent.publish.movie.marks``."""

    @property
    def mime(self) -> str:
        """Type and codecs of the show as MP4 (RFC 6381), for a browser's ``MediaSource``."""
        data = self.picture.codec_context.extradata or b""
        sps = data.index(b"\x00\x00\x01\x67") + 4
        return f'video/mp4; codecs="avc1.{data[sps : sps + 3].hex()},mp4a.40.2"'


class SinkError(Exception):
    """A sink cannot go on; the show and the other sinks do."""


class Sink(Protocol):
    """Where packets go. Called by the encoder's thread alone, so it must be quick: one that
    writes to a disk or a network goes behind ``agent.publish.apart.Apart``."""

    @property
    def name(self) -> str:
        """For the log and the pages."""
        ...

    def header(self, header: Header) -> None:
        """Before the first packet. Raises SinkError."""
        ...

    def packet(self, packet: Packet) -> None:
        """The next packet, in order of time within its track. Raises SinkError."""
        ...

    def close(self) -> None:
        """No more packets. Called once, also after a SinkError. Raises SinkError."""
        ...


Trouble = Callable[[str, str], None]
"""Told the name of a sink that has ended by itself, and why, in words for the operator."""
