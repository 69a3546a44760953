"""Other ways to search the same items: DuckDB FTS, tantivy, bm25s, SQLite FTS5, vectors alone.

Each gives skus, best first, for ``search(text, language, count)``, on one thread. The texts are
English; Chinese goes in as pairs of characters for all alike, as no engine splits it into words.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
import tantivy
from numpy.typing import NDArray

from agent.types import Language
from catalog.text import bigrams
from evals.retrieval.corpus import FIELDS, Item
from evals.retrieval.models import Remembering

BOOSTS = {"title": 3.0, "names": 2.0, "body": 1.0}
"""The same for every engine that can weigh fields; bm25s cannot and gets one text."""
_WORD = re.compile(r"[^\W_]+")
STOP = frozenset(
    (
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is",
        "it", "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there",
        "these", "they", "this", "to", "was", "will", "with", "my", "me", "i", "you", "your", "so",
    )
)  # fmt: skip
"""Left out for the two engines that have no such list of their own."""


class Engine(Protocol):
    name: str

    def search(self, text: str, language: Language, count: int) -> list[str]: ...


def words(text: str) -> list[str]:
    """Folded words and character pairs, each once."""
    return list(dict.fromkeys(_WORD.findall(bigrams(text))))


def _texts(item: Item) -> tuple[str, str, str]:
    return bigrams(item.title), bigrams(item.names), bigrams(item.body)


class DuckFts:
    """``match_bm25``, a score by field, weighted; told to keep digits, which it drops else."""

    name = "duckdb fts"

    def __init__(self, items: Sequence[Item]) -> None:
        import duckdb_extension_fts

        config = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "threads": 1,
        }
        self._connection = duckdb.connect(config=config)  # type: ignore[arg-type]  # takes bools
        folder = Path(duckdb_extension_fts.__file__).parent / "extensions"
        self._connection.execute(f"LOAD '{folder}/v{duckdb.__version__}/fts.duckdb_extension'")
        self._connection.execute(
            "create table items (place integer, title varchar, names varchar, body varchar)"
        )
        columns = list(zip(*(_texts(item) for item in items), strict=True))
        table = {
            "place": np.arange(len(items)),
            **dict(zip(FIELDS, map(np.array, columns), strict=True)),
        }
        self._connection.register("given", table)
        self._connection.execute("insert into items select * from given")
        self._connection.unregister("given")
        self._connection.execute(
            "pragma create_fts_index('items', 'place', 'title', 'names', 'body', "
            "stemmer = 'porter', stopwords = 'english', ignore = '[^a-z0-9\\x{3400}-\\x{9fff}]+')"
        )
        scores = " + ".join(
            f"{boost} * coalesce(fts_main_items.match_bm25(place, $1, fields := '{field}'), 0)"
            for field, boost in BOOSTS.items()
        )
        self._query = (
            f"select place from (select place, {scores} as score from items) where score > 0 "
            "order by score desc, place limit $2"
        )
        self._skus = [item.sku for item in items]

    def search(self, text: str, language: Language, count: int) -> list[str]:
        found = self._connection.execute(self._query, [" ".join(words(text)), count]).fetchall()
        return [self._skus[at] for (at,) in found]


class Tantivy:
    """BM25 over three fields with English stemming."""

    name = "tantivy"

    def __init__(self, items: Sequence[Item], boosts: Mapping[str, float] = BOOSTS) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("at", stored=True, fast=True)
        for name in boosts:
            builder.add_text_field(name, tokenizer_name="en_stem")
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(50_000_000, 1)
        for at, item in enumerate(items):
            texts = dict(zip(FIELDS, _texts(item), strict=True))
            writer.add_document(tantivy.Document(at=at, **{name: texts[name] for name in boosts}))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._boosts = dict(boosts)
        self._skus = [item.sku for item in items]

    def search(self, text: str, language: Language, count: int) -> list[str]:
        plain = words(text)
        if not plain:
            return []
        query, _ = self._index.parse_query_lenient(
            " ".join(f'"{word}"' for word in plain), list(self._boosts), field_boosts=self._boosts
        )
        hits = self._searcher.search(query, count).hits
        return [self._skus[self._searcher.doc(address)["at"][0]] for _, address in hits]


class Bm25s:
    """bm25s over all fields as one text, words stemmed by Snowball."""

    name = "bm25s"

    def __init__(self, items: Sequence[Item]) -> None:
        import bm25s
        import Stemmer

        self._stem = Stemmer.Stemmer("english").stemWords
        self._skus = [item.sku for item in items]
        self._index: Any = bm25s.BM25(k1=1.2, b=0.75)
        texts = [_WORD.findall(bigrams(item.text)) for item in items]
        self._index.index(
            [self._stem([word for word in text if word not in STOP]) or ["\0"] for text in texts],
            show_progress=False,
        )

    def search(self, text: str, language: Language, count: int) -> list[str]:
        wanted = self._stem([word for word in words(text) if word not in STOP])
        wanted = [word for word in dict.fromkeys(wanted) if word in self._index.vocab_dict]
        if not wanted:
            return []
        return _best(self._skus, self._index.get_scores(wanted), count)


class Fts5:
    """SQLite's own, porter stems, fields weighted."""

    name = "sqlite fts5"

    def __init__(self, items: Sequence[Item]) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "create virtual table items using fts5(title, names, body, "
            "tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        self._connection.executemany(
            "insert into items (rowid, title, names, body) values (?, ?, ?, ?)",
            ((at, *_texts(item)) for at, item in enumerate(items)),
        )
        weights = ", ".join(str(BOOSTS[name]) for name in FIELDS)
        self._query = (
            f"select rowid from items where items match ? order by bm25(items, {weights}), rowid "
            "limit ?"
        )
        self._skus = [item.sku for item in items]

    def search(self, text: str, language: Language, count: int) -> list[str]:
        wanted = [word for word in words(text) if word not in STOP]
        if not wanted:
            return []
        asked = " OR ".join(f'"{word}"' for word in wanted)
        found = self._connection.execute(self._query, (asked, count))
        return [self._skus[at] for (at,) in found]


class VectorsAlone:
    """Cosine of one embedding model, whatever the words."""

    def __init__(self, name: str, model: Remembering, items: Sequence[Item]) -> None:
        self.name = name
        self._model = model
        self._vectors = model.passages([item.text for item in items])
        self._skus = [item.sku for item in items]

    def search(self, text: str, language: Language, count: int) -> list[str]:
        query = self._model.query(text).astype(np.float32)
        return _best(self._skus, self._vectors @ query, count, floor=-2.0)


def _best(
    skus: Sequence[str], scores: NDArray[np.float32], count: int, floor: float = 0.0
) -> list[str]:
    """The skus of the highest scores above *floor*."""
    count = min(count, len(scores))
    some = np.argpartition(-scores, count - 1)[:count]
    order = some[np.argsort(-scores[some], kind="stable")]
    return [skus[at] for at in order if scores[at] > floor]


LEXICAL: Mapping[str, Callable[[Sequence[Item]], Engine]] = {
    engine.name: engine for engine in (DuckFts, Tantivy, Bm25s, Fts5)
}
