"""Pictures and sound to packets, on one clock: the number of the frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import av
import cv2
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray

from agent.budget import AIR_RATE, FPS, HEIGHT, WIDTH
from agent.publish.packets import Header, Packet, Track
from agent.types import Image, Samples

I420 = NDArray[np.uint8]
"""A picture as the encoder takes it: planes Y, U and V, shape (height * 3 / 2, width)."""

Engine = Literal["x264", "nvenc"]

_SMPTE170M = 6
"""FFmpeg's AVCOL_SPC_SMPTE170M; PyAV's enum of that name is the scaler's, with other numbers."""

_AAC = 1024
"""Samples in a packet of AAC."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the show is encoded: H.264 that every phone and browser plays, and AAC."""

    width: int = WIDTH
    height: int = HEIGHT
    fps: int = FPS
    rate: int = AIR_RATE
    quality: int = 22
    """x264's constant rate factor: lower is better. A host who sits still needs some 1 Mbit/s."""
    most_bit_s: int = 2_500_000
    """The most the picture may take in any second, in bit/s."""
    sound_bit_s: int = 96_000
    preset: str = "veryfast"
    """Of x264."""
    engine: Engine = "x264"
    """nvenc: on a graphics card of NVIDIA's that has an encoder; without one, x264 all the same."""

    def __post_init__(self) -> None:
        if self.rate % self.fps:
            raise ValueError(f"{self.rate} Hz does not divide into {self.fps} frames a second")
        if self.width % 2 or self.height % 2:
            raise ValueError(f"{self.width}x{self.height}: both must be even for yuv420p")


def to_i420(image: Image) -> I420:
    """*image* in BT.601 limited range; some 0.3 ms of CPU at 720x1280, the GIL released."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)


def _x264(encoding: Encoding) -> dict[str, str]:
    return {
        "preset": encoding.preset,
        "tune": "zerolatency",
        "profile": "baseline",
        "level": "3.1",
        "crf": str(encoding.quality),
        "maxrate": str(encoding.most_bit_s),
        "bufsize": str(encoding.most_bit_s),
        "forced-idr": "1",
        "sc_threshold": "0",
    }


def _nvenc(encoding: Encoding) -> dict[str, str]:
    """The same for a graphics card: a picture out for each picture in, and none that waits."""
    return {
        "preset": "p4",
        "tune": "ull",
        "profile": "baseline",
        "level": "3.1",
        "rc": "vbr",
        "cq": str(encoding.quality + 2),
        "maxrate": str(encoding.most_bit_s),
        "bufsize": str(encoding.most_bit_s),
        "forced-idr": "1",
        "no-scenecut": "1",
        "zerolatency": "1",
        "delay": "0",
    }


class Encoder:
    """One show's codecs. Blocking: used by one thread at a time."""

    def __init__(self, encoding: Encoding, marks: Mapping[str, str] | None = None) -> None:
        """*marks*: see ``Header``."""
        self._encoding, self._marks = encoding, marks or {}
        self._samples = encoding.rate // encoding.fps
        self.fell_back = ""
        """Why x264 encodes where a graphics card was to; empty where all is as it was set."""
        if encoding.engine == "nvenc":
            try:
                self._open("h264_nvenc", _nvenc(encoding))
            except (av.FFmpegError, OSError, ValueError) as error:
                why = error.strerror if isinstance(error, av.FFmpegError) else str(error)
                self.fell_back = (
                    f"NVENC cannot be used here ({why}); x264 encodes instead. It needs an NVIDIA "
                    "card that has an encoder, and its driver"
                )
        if encoding.engine == "x264" or self.fell_back:
            self._open("libx264", _x264(encoding))
        self._next = 0
        """Number of the frame that is due."""
        self._heard = 0
        """Samples given to the codec."""
        self._rest: Samples = np.zeros(0, np.float32)
        self._began = False

    def _open(self, codec: str, options: dict[str, str]) -> None:
        """Raises FFmpegError, OSError where *codec* cannot be used."""
        encoding = self._encoding
        # The null muxer opens the codecs and makes templates for real ones; nothing is written.
        self._container = av.open("null", "w", format="null")
        stream = self._container.add_stream(codec, rate=encoding.fps, options=options)
        assert isinstance(stream, VideoStream)
        self._picture = stream
        picture = self._picture.codec_context
        picture.width, picture.height = encoding.width, encoding.height
        picture.pix_fmt = "yuv420p"
        picture.time_base = Fraction(1, encoding.fps)
        picture.framerate = Fraction(encoding.fps)
        picture.gop_size = encoding.fps
        picture.max_b_frames = 0
        picture.thread_count = 1
        # What cv2 converts to; untagged, players guess from the size, and colours shift.
        picture.color_range = ColorRange.MPEG
        picture.colorspace = _SMPTE170M
        picture.color_primaries = ColorPrimaries.SMPTE170M
        picture.color_trc = ColorTrc.SMPTE170M
        picture.flags |= Flags.global_header
        self._sound = self._container.add_stream("aac", rate=encoding.rate, layout="mono")
        self._sound.codec_context.bit_rate = encoding.sound_bit_s
        self._sound.codec_context.flags |= Flags.global_header
        self._container.start_encoding()

    @property
    def header(self) -> Header:
        fps, rate = self._encoding.fps, self._encoding.rate
        return Header(self._picture, self._sound, fps, rate, self._marks)

    def encode(
        self, number: int, picture: I420 | None, sound: Samples, key: bool = False
    ) -> list[Packet]:
        """Frame *number*; without *picture*, its sound alone. Frames that were left out are a gap
        in the picture and silence of that length. Raises ValueError for a frame of the past, or
        of another shape than agreed."""
        missing = number - self._next
        if missing < 0:
            raise ValueError(f"frame {number} comes after frame {self._next - 1}")
        if sound.shape != (self._samples,):
            raise ValueError(f"frame {number} has sound of shape {sound.shape}")
        self._next = number + 1
        packets = self._encode_picture(number, picture, key) if picture is not None else []
        if missing:
            packets += self._encode_sound(np.zeros(missing * self._samples, np.float32))
        return packets + self._encode_sound(sound)

    def close(self) -> list[Packet]:
        """The last packets; the sound's last is filled with silence."""
        packets: list[Packet] = []
        if short := len(self._rest):
            packets += self._encode_sound(np.zeros(_AAC - short, np.float32))
        # A codec that was given nothing has nothing to flush, and says so with an error.
        if self._began:
            packets += [self._packet(Track.PICTURE, p) for p in self._picture.encode(None)]
        if self._heard:
            packets += [self._packet(Track.SOUND, p) for p in self._sound.encode(None)]
        self._container.close()
        return packets

    def _encode_picture(self, number: int, picture: I420, key: bool) -> list[Packet]:
        expected = (self._encoding.height * 3 // 2, self._encoding.width)
        if picture.shape != expected:
            raise ValueError(f"frame {number} has a picture of shape {picture.shape}")
        frame = VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, self._encoding.fps)
        if key:
            frame.pict_type = PictureType.I
        self._began = True
        return [self._packet(Track.PICTURE, p) for p in self._picture.encode(frame)]

    def _encode_sound(self, sound: Samples) -> list[Packet]:
        sound = np.concatenate([self._rest, sound])
        whole = len(sound) // _AAC * _AAC
        packets: list[Packet] = []
        for start in range(0, whole, _AAC):
            block = np.ascontiguousarray(sound[None, start : start + _AAC])
            frame = AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate = self._encoding.rate
            frame.pts, frame.time_base = self._heard, Fraction(1, self._encoding.rate)
            self._heard += _AAC
            packets += [self._packet(Track.SOUND, p) for p in self._sound.encode(frame)]
        self._rest = sound[whole:]
        return packets

    def _packet(
        self, track: Track, packet: "av.Packet[VideoStream] | av.Packet[AudioStream]"
    ) -> Packet:
        ticks = _AAC if track is Track.SOUND else 1
        at = packet.pts or 0
        return Packet(track, bytes(packet), at, ticks, packet.is_keyframe)
