"""What a chat line is about beyond its words: directions learned in the embedding models' space.

A line's vector times a direction's weights, plus its bias, says how much the line is about the
matter; more than the direction's threshold counts. Learned from a thousand lines of our own
(``python -m evals.meaning --learn``), so that a wording that no list has is still understood.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.types import Language
from models.embed import Vectors, embedders

MODELS = ("minilm", "usem3")
FILE = "meaning.json"


class Embedder(Protocol):
    def encode(self, texts: list[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Direction:
    """One matter, in the space of one or both models."""

    weights: Mapping[str, NDArray[np.float32]]
    """By model, of its vectors' length."""
    bias: Mapping[str, float]
    threshold: float

    def score(self, vectors: Mapping[str, Vectors]) -> NDArray[np.float32]:
        """Of lines whose *vectors* each model made: how far beyond the threshold, the mean of the
        models that read them."""
        scores = [
            vectors[name] @ self.weights[name] + np.float32(self.bias[name]) for name in vectors
        ]
        return np.asarray(np.mean(scores, axis=0) - self.threshold, np.float32)


@cache
def directions() -> Mapping[str, Direction]:
    """Those of ``meaning.json``, by matter."""
    kept = json.loads(files("models").joinpath(FILE).read_text(encoding="utf-8"))
    return {
        about: Direction(
            {name: np.asarray(part["weights"], np.float32) for name, part in each.items()},
            {name: float(part["bias"]) for name, part in each.items()},
            float(kept["thresholds"][about]),
        )
        for about, each in kept["directions"].items()
    }


def readers(language: Language | None) -> tuple[str, ...]:
    """The models that read lines of *language*: English both, the others the multilingual one."""
    return MODELS if language == "en" else MODELS[1:]


def vectors_of(texts: list[str], names: tuple[str, ...]) -> Mapping[str, Vectors]:
    """*texts* in small letters, as each of *names* sees them. Blocking, 4 and 7 ms a line. Raises
    ImportError or OSError where a package is missing."""
    small = [text.lower() for text in texts]
    known: dict[str, Callable[[list[str]], Vectors]] = {
        "minilm": embedders()["en"].encode,
        "usem3": embedders()["fr"].encode,
    }
    return {name: known[name](small) for name in names}


def meaning(text: str, language: Language | None) -> Mapping[str, float]:
    """How far *text*, cleaned, is about each matter; above 0 it is. Blocking, up to 15 ms. Raises
    ImportError or OSError where a package is missing."""
    vectors = vectors_of([text], readers(language))
    return {about: float(one.score(vectors)[0]) for about, one in directions().items()}
