"""An embedding model of a few lines, to test what follows from meaning without a real one."""

import hashlib
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.search_meaning import Models
from catalog.text import stem, tokens

SAME = {"lampe": "lamp", "台": "lamp", "sofa": "couch", "settee": "couch", "canape": "couch"}
"""Words that mean the same."""


class Toy:
    """Texts are alike as far as their words are, or mean the same; short words do not count."""

    dims = 64

    def __init__(self, name: str = "toy") -> None:
        self.name = name
        self.encoded: list[str] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        assert self.may_go_on.wait(60)
        self.encoded += texts
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> NDArray[np.float32]:
        row = np.full(self.dims, 1e-3, np.float32)
        for word in tokens(text):
            known = SAME.get(word, stem(word))
            if len(known) < 4:
                continue
            digest = hashlib.sha256(known.encode()).digest()
            row += np.random.default_rng(list(digest[:8])).normal(size=self.dims)
        unit: NDArray[np.float32] = (row / np.linalg.norm(row)).astype(np.float32)
        return unit


def toys() -> Models:
    english, other = Toy("toy-en"), Toy("toy-many")
    return {"en": english, "fr": other, "zh": other}
