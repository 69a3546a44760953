"""The default voice: hibari, a small English model that speaks a clause in some 30 ms of one core.

Its graph knows how long each sound lasts but does not say so; we add that tensor to its outputs
once and keep the graph under the cache folder. 24 kHz, Apache-2.0, the voice "heart" of the
package. Nothing is downloaded.
"""

import logging
import os
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from agent.ports import BackendError
from agent.types import Phone
from models.phones import HIBARI, moved, timed
from models.speech import Piece, Speaker, sounding

RATE: Final = 24_000
_UNIT: Final = 600
"""Samples that one unit of the graph's durations lasts: 25 ms (checked against each output)."""
_EARLY_S: Final = 0.0575
"""The sound runs ahead of the durations by this much: measured on 20 shop sentences, as the shift
at which hiss falls on s, ʃ, tʃ (60 ms) and voice on vowels (55 ms)."""

log = logging.getLogger(__name__)


def hibari_voice(cache: Path, seed: int = 0, words: Mapping[str, str] | None = None) -> Speaker:
    """hibari as a voice; *cache* is a folder of ours to keep the prepared graph in."""
    return Speaker(lambda: Hibari(cache), RATE, seed=seed, words=words)


class Hibari:
    """The engine. Loading takes some 1 s; it holds about 200 MB."""

    gain = 3.0

    def __init__(self, cache: Path) -> None:
        """Raises BackendError if the package is missing or its graph is another than we know."""
        try:
            import hibari
        except ImportError as error:
            raise BackendError(f"the voice hibari is not installed ({error})") from error
        self._model: Any = hibari.Hibari(model=_graph_with_durations(hibari, cache), threads=1)
        self._model.g2p("warm")  # reads its lexicons

    def say(self, clause: str, seed: int) -> Generator[Piece, None, None]:
        """See ``models.speech.Engine``: the whole clause is one piece."""
        from hibari import dsp

        try:
            symbols = [c for c in self._model.g2p(clause) or "" if c in self._model.vocab]
            if not symbols:
                return
            ids = [0, *(self._model.vocab[c] for c in symbols), 0]
            feed = {"ids": np.array([ids], np.int64), "speed": np.ones(1, np.float32)}
            *spectrum, units = self._model.sess.run(None, feed)
            samples = dsp.synth(*(part[0] for part in spectrum), np.random.default_rng(seed))
        except (RuntimeError, ValueError, IndexError, KeyError) as error:
            raise BackendError(f"hibari could not speak a clause: {error}") from error
        seconds = units.ravel() * (_UNIT / RATE)
        if abs(float(seconds.sum()) * RATE - len(samples)) > 1:
            raise BackendError("hibari's durations do not add up to its sound")
        yield Piece(samples, _phones([*symbols, "#"], seconds, samples), last=True)


def _phones(
    symbols: list[str], seconds: np.ndarray[Any, Any], samples: np.ndarray[Any, Any]
) -> tuple[Phone, ...]:
    """Phones in step with the sound. The last one's duration takes in the silence after it, so it
    is cut where the sound ends."""
    _, end = sounding(samples, RATE, float(np.abs(samples).max(initial=0.0)))
    sounds = zip(["#", *symbols], seconds.tolist(), strict=True)
    return moved(timed(sounds, HIBARI), -_EARLY_S, end / RATE)


def _graph_with_durations(package: Any, cache: Path) -> str | bytes:
    """The graph with the durations as its last output: a path in *cache*, or, where that cannot be
    written, its bytes. (Kept, because making it costs an import of onnx: 0.5 s and 40 MB.)"""
    source = Path(package.__file__).with_name("assets") / "hibari.onnx"
    kept = cache / f"hibari-{package.__version__}-durations.onnx"
    if kept.is_file():
        return str(kept)
    import onnx

    graph = onnx.load(str(source))
    sums = [node for node in graph.graph.node if node.op_type == "CumSum"]
    if not sums:
        raise BackendError(f"hibari {package.__version__} has a graph that we do not know")
    durations = onnx.helper.make_tensor_value_info(sums[0].input[0], onnx.TensorProto.INT64, None)
    graph.graph.output.append(durations)
    data: bytes = graph.SerializeToString()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(kept)
    except OSError as error:
        log.warning("the voice's graph is not kept", extra={"reason": str(error)})
        return data
    return str(kept)
