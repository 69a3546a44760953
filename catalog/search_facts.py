"""The texts of one product (and of the shop), ranked among themselves."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from agent.types import Language
from catalog.search_meaning import Meaning
from catalog.search_rank import Hit, fused
from catalog.search_texts import Document, facts
from catalog.search_words import MOST_WORDS, bm25, words_of
from catalog.shelf import Shelf
from catalog.vectors import Rows

_KEPT = 512


@dataclass(frozen=True, slots=True)
class Read:
    """The facts of one shelf as one who speaks a language reads them."""

    shelf: Shelf
    documents: Sequence[Document]
    words: Sequence[Mapping[str, Sequence[str]]]
    """Of each, by field."""


class Facts:
    """Reads shelves as they are asked about, and keeps those of late."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, Language], Read] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, shelf: Shelf, language: Language) -> Read:
        key = (shelf.sku, language)
        with self._lock:
            found = self._read.get(key)
        if found is not None and found.shelf is shelf:
            return found
        documents = facts(shelf, language)
        words = [
            {"title": words_of(one.title, one.language), "body": words_of(one.body, one.language)}
            for one in documents
        ]
        found = Read(shelf, documents, words)
        with self._lock:
            self._read[key] = found
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return found


def ranked(
    read: Sequence[Read], question: str, meant: str, language: Language, meaning: Meaning
) -> list[Hit]:
    """All facts that have to do with the question, best first: by its words, and by the meaning
    of *meant*."""
    documents = [document for one in read for document in one.documents]
    if not documents:
        return []
    texts = [words for one in read for words in one.words]
    lexical = np.zeros(len(documents), np.float32)
    covered = np.zeros(len(documents), np.float32)
    for own in {document.language for document in documents}:
        asked = words_of(question, own)[:MOST_WORDS]
        chosen = [at for at, document in enumerate(documents) if document.language == own]
        some = [texts[at] for at in chosen]
        lexical[chosen] = bm25(asked, some)
        covered[chosen] = _covered(asked, some)
    semantic = None
    query = meaning.question(meant, language) if meaning.ready else None
    if query is not None:
        cosines = [_nearest(document, query, language, meaning) for document in documents]
        semantic = np.array(cosines, np.float32)
    score = fused(lexical, semantic, covered, language)
    return [
        Hit(
            documents[at].sku,
            documents[at].field,
            float(score[at]),
            float(lexical[at]),
            float(semantic[at]) if semantic is not None else 0.0,
            documents[at].itself,
        )
        for at in np.argsort(-score, kind="stable").tolist()
        if score[at] > 0
    ]


def _nearest(document: Document, query: Rows, language: Language, meaning: Meaning) -> float:
    """The cosine of that of its texts that comes nearest; 0 while none is embedded."""
    rows = (meaning.text(text, language) for text in document.texts)
    return max((float(row @ query) for row in rows if row is not None), default=0.0)


def _covered(asked: Sequence[str], texts: Sequence[Mapping[str, Sequence[str]]]) -> float:
    """How much of a question stands in the texts, 0 to 1; rare words count for more."""
    total = known = 0.0
    every = [{word for words in text.values() for word in words} for text in texts]
    for word in asked:
        often = sum(1 for words in every if word in words)
        weight = log(1 + (len(every) - often + 0.5) / (often + 0.5))
        total += weight
        known += weight if often else 0.0
    return known / total if total else 0.0
