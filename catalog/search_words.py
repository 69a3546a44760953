"""Products by the words of their texts: one tantivy index, with fields for each language."""

from collections.abc import Iterable, Mapping, Sequence
from math import log
from pathlib import Path

import tantivy

from agent.types import LANGUAGES, Language
from catalog.search_texts import Document, folded

BOOST: Mapping[str, float] = {"title": 3.0, "names": 2.0, "body": 1.0}
NAMING = ("title", "names")
MOST_WORDS = 64
"""Of a question."""
_BUILDING = 128_000_000
_CHANGING = 15_000_000
"""Bytes that tantivy may hold before it writes."""


def _analyzers() -> dict[Language, tantivy.TextAnalyzer]:
    found: dict[Language, tantivy.TextAnalyzer] = {}
    for language in LANGUAGES:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        builder = builder.filter(tantivy.Filter.remove_long(40))
        builder = builder.filter(tantivy.Filter.lowercase())
        if language != "zh":
            stemmer = {"en": "english", "fr": "french"}[language]
            builder = builder.filter(tantivy.Filter.stemmer(stemmer))
        found[language] = builder.build()
    return found


ANALYZERS = _analyzers()


def words_of(text: str, language: Language) -> list[str]:
    """Stems; of Chinese, pairs of characters."""
    return ANALYZERS[language].analyze(folded(text))


class Words:
    """Documents are known by place. ``find`` runs on any thread, also while another one changes the
    index: what was changed is found once ``commit`` returns."""

    def __init__(self, folder: Path | None = None) -> None:
        """In memory, or kept in *folder*."""
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("at", indexed=True, fast=True)
        for language in LANGUAGES:
            for name in BOOST:
                builder.add_text_field(
                    f"{name}_{language}", tokenizer_name=f"own_{language}", index_option="freq"
                )
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder) if folder else None)
        for language, analyzer in ANALYZERS.items():
            self._index.register_tokenizer(f"own_{language}", analyzer)
        self._writer: tantivy.IndexWriter | None = None
        self._index.reload()
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    def _writing(self, heap: int = _CHANGING) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap, 1)
        return self._writer

    def build(self, found: Iterable[tuple[int, Sequence[Document]]]) -> None:
        """Fill an empty index with all there is."""
        writer = self._writing(_BUILDING)
        for place, documents in found:
            writer.add_document(_as_document(place, documents))
        self.commit()
        self.close()

    def put(self, place: int, documents: Sequence[Document]) -> None:
        """A product anew, as a document for each language it is written in; none: it is gone."""
        writer = self._writing()
        writer.delete_documents_by_term("at", place)
        if documents:
            writer.add_document(_as_document(place, documents))

    def commit(self) -> None:
        """What was put is found from now on."""
        self._writing().commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def close(self) -> None:
        """Let go of the writing threads."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.wait_merging_threads()

    def often(self, word: str, language: Language) -> int:
        """In how many products' texts of a language a word stands, a stem as *words_of* gives."""
        return max(self._searcher.doc_freq(f"{name}_{language}", word) for name in BOOST)

    def covered(self, words: Sequence[str], language: Language) -> float:
        """How much of a question stands in the texts at all, 0 to 1; rare words count for more."""
        total = known = 0.0
        size = self._searcher.num_docs
        for word in words[:MOST_WORDS]:
            often = self.often(word, language)
            weight = log(1 + (size - often + 0.5) / (often + 0.5))
            total += weight
            known += weight if often else 0.0
        return known / total if total else 0.0

    def find(
        self,
        words: Mapping[Language, Sequence[str]],
        count: int,
        fields: Sequence[str] = tuple(BOOST),
        among: Iterable[int] | None = None,
    ) -> list[tuple[int, float]]:
        """Place and BM25 of the *count* best that share a word with these in one of *fields*;
        the words by the language of the texts they are looked for in."""
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, f"{field}_{language}", word, "freq"),
                    BOOST[field],
                ),
            )
            for language, some in words.items()
            for word in dict.fromkeys(some[:MOST_WORDS])
            for field in fields
        ]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        if among is not None:
            chosen = tantivy.Query.term_set_query(self._schema, "at", list(among))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)),
                ]
            )
        searcher = self._searcher
        hits = searcher.search(query, count, count=False).hits
        places = searcher.fast_field_values("at", [address for _, address in hits])
        return [
            (int(place), float(score))
            for (score, _), place in zip(hits, places, strict=True)
            if place is not None
        ]


def _as_document(place: int, documents: Sequence[Document]) -> tantivy.Document:
    found = tantivy.Document(at=place)
    for one in documents:
        texts = {"title": one.title, "names": one.names, "body": f"{one.body} {one.more}"}
        for name, text in texts.items():
            found.add_text(f"{name}_{one.language}", folded(text))
    return found


def bm25(query: Sequence[str], documents: Sequence[Mapping[str, Sequence[str]]]) -> list[float]:
    """BM25 of few documents among themselves, each as words by field: what the index gives, but
    for words counted in these documents only."""
    wanted = list(dict.fromkeys(query[:MOST_WORDS]))
    scores = [0.0] * len(documents)
    for field, boost in BOOST.items():
        texts = [document.get(field, ()) for document in documents]
        filled = sum(1 for text in texts if text)
        if not filled:
            continue
        mean = sum(map(len, texts)) / len(texts)
        for word in wanted:
            holds = sum(1 for text in texts if word in text)
            if not holds:
                continue
            weight = boost * log(1 + (len(texts) - holds + 0.5) / (holds + 0.5))
            for at, text in enumerate(texts):
                if often := text.count(word):
                    bend = 1.2 * (0.25 + 0.75 * len(text) / mean)
                    scores[at] += weight * often * 2.2 / (often + bend)
    return scores
