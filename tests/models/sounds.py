"""Sound for the tests: what a voice said, and recordings as a browser would send them."""

import io

import av
import numpy as np
import soundfile

from agent.types import Samples
from models.speech import Speaker


def said(voice: Speaker, text: str) -> Samples:
    parts = [chunk.samples for chunk in voice.chunks(text)]
    return np.concatenate(parts or [np.zeros(0, np.float32)])


def wav(samples: Samples, rate: int) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV")
    return file.getvalue()


def encoded(samples: Samples, rate: int, container: str, codec: str) -> bytes:
    """*samples* as a file, as MediaRecorder makes it ("webm" and "libopus", "mp4" and "aac")."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=48_000)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = rate
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()
