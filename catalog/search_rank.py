"""How words and meaning make one score."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.types import Language
from catalog.search_texts import Document
from catalog.vectors import Rows

LEXICAL_SHARE: Mapping[Language, float] = {"en": 0.2, "fr": 0.4, "zh": 0.4}
"""Of a fused score, times how much of the question stands in the texts at all: a French question
to English texts shares hardly a word with them, and goes by meaning. Tuned on the dev halves of
``evals.retrieval``: 0.2 to 0.3 was best for facts in English, 0.4 to 0.5 for French."""
NEAREST = 100
"""Meaning is scaled to 0..1 over that many of the nearest: over all of a shop, the things that
have nothing to do with the question would press those that have together at the top."""


@dataclass(frozen=True, slots=True)
class Hit:
    sku: str
    field: str
    """Of a fact: its field, or for an answer its fact id without the language; "" for a product."""
    score: float
    """0 to 1 among the hits of this query."""
    words: float
    """BM25 of the words, 0 where none is shared."""
    meaning: float
    """Cosine, -1 to 1; 0 where there are no vectors."""
    read: Callable[[], Document] = dataclasses.field(repr=False, compare=False)

    @property
    def document(self) -> Document:
        """What was found; of a large shop it is read now."""
        return self.read()


def fused(
    lexical: Rows, semantic: Rows | None, covered: NDArray[np.float32], language: Language
) -> Rows:
    """Scores of documents. *covered*: by document, how much of the question stands, 0 to 1, in
    texts of the language that the document is read in."""
    words = scaled(lexical, 0.0)
    if semantic is None:
        return words
    low = float(semantic.min())
    if len(semantic) > NEAREST:
        low = float(np.partition(semantic, -NEAREST)[-NEAREST])
    share = LEXICAL_SHARE[language] * covered
    score: Rows = share * words + (1 - share) * scaled(semantic, low)
    return score


def scaled(values: Rows, low: float) -> Rows:
    """To 0..1, from *low* to the greatest."""
    high = float(values.max())
    if high <= low:
        return np.zeros_like(values)
    found: Rows = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return found
