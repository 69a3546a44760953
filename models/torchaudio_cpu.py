"""Makes torchaudio importable on a CPU-only torch.

The wheels of torchaudio and torchcodec on PyPI are built against CUDA, so their compiled parts
cannot be loaded beside a CPU build of torch. What Coqui TTS uses of torchaudio is plain Python;
so the compiled extension is declared absent, a state that torchaudio itself knows, and audio
files are read with soundfile.
"""

import sys
import types
from collections.abc import Callable
from typing import Any


def install() -> None:
    """Call before anything imports torchaudio or TTS. Does nothing on a CUDA build of torch, or
    where torchaudio is imported already."""
    import torch

    if torch.version.cuda is not None or "torchaudio" in sys.modules:
        return
    absent: Any = types.ModuleType("torchaudio._extension")
    absent._IS_TORCHAUDIO_EXT_AVAILABLE = False
    absent._IS_ALIGN_AVAILABLE = False
    absent.fail_if_no_align = _without_align
    sys.modules["torchaudio._extension"] = absent
    import torchaudio

    torchaudio.load = _load


def _without_align(_: Callable[..., Any]) -> Callable[..., Any]:
    def missing(*_: Any, **__: Any) -> Any:
        raise RuntimeError("torchaudio's alignment extension is not available")

    return missing


def _load(
    uri: Any,
    frame_offset: int = 0,
    num_frames: int = -1,
    normalize: bool = True,
    channels_first: bool = True,
    **_: Any,
) -> tuple[Any, int]:
    """As ``torchaudio.load``, through soundfile: (samples, rate)."""
    import soundfile
    import torch

    data, rate = soundfile.read(
        uri, start=frame_offset, frames=num_frames, dtype="float32", always_2d=True
    )
    sound = torch.from_numpy(data)
    return (sound.T.contiguous() if channels_first else sound), rate
