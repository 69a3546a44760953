"""Pictures through the encoder that a stream uses, and back."""

from collections.abc import Sequence
from fractions import Fraction

import av
import cv2
import numpy as np

from agent.types import Image


def round_trip(images: Sequence[Image], kbit: int, fps: int = 25) -> list[Image]:
    """The pictures as a viewer gets them after x264 at *kbit* a second."""
    height, width = images[0].shape[:2]
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate, encoder.bit_rate = Fraction(fps), kbit * 1000
    encoder.options = {
        "preset": "veryfast",
        "tune": "zerolatency",
        "maxrate": f"{kbit}k",
        "bufsize": f"{kbit}k",
        "threads": "1",
    }
    decoder = av.CodecContext.create("h264", "r")
    packets = []
    for image in images:
        yuv = cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420).astype(np.uint8)
        packets += encoder.encode(av.VideoFrame.from_ndarray(yuv, format="yuv420p"))
    packets += encoder.encode(None)
    frames = [frame for packet in packets for frame in decoder.decode(packet)]
    frames += decoder.decode(None)
    return [np.ascontiguousarray(frame.to_ndarray(format="bgr24")) for frame in frames]
