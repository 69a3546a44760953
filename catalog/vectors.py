"""Nearest vectors: few by a plain product, many by faiss over bytes; rows come, go and change.

Measured on one thread, 384 dims, 50 nearest, ms p50 / p99: numpy float32 10 / 14 at 45,000; faiss
flat bytes 1.6 / 5.8 there (of the true 50, 99 % found) and IVF bytes 1.2 / 1.5 at 1,000,000 (95 %);
usearch HNSW bytes 0.5 / 4.8 at 45,000 (94 %, and 15 s to build).
"""

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
"""Shape (texts, dims), or (dims,) for one; each of length 1."""
Places = NDArray[np.int64]
CELLS_FROM = 150_000
"""Rows from which on only the cells nearest to the question are looked into."""
PROBES = 96
"""Of the cells: what it takes to find 95 % of the true nearest (evals/bench/catalog_speed.py)."""
_TRAINED_ON = 40
"""Rows a cell."""
_BLOCK = 16_384
_HASHTABLE = 2
"""faiss's DirectMap::Hashtable."""


class Vectors(Protocol):
    """Vectors by place."""

    def put(self, places: Sequence[int], rows: Rows) -> None: ...

    def remove(self, places: Sequence[int]) -> None: ...

    def nearest(self, query: Rows, count: int) -> tuple[Places, Rows]:
        """Places and cosines of the *count* nearest, nearest first."""
        ...

    def cosines(self, query: Rows, places: Sequence[int]) -> Rows:
        """Exact ones; 0 where there is no vector."""
        ...

    def close(self) -> None: ...


class Few:
    """In one matrix of float32, for some thousands: exact."""

    def __init__(self, dims: int) -> None:
        self._rows = np.zeros((0, dims), np.float32)
        self._lock = threading.Lock()

    def put(self, places: Sequence[int], rows: Rows) -> None:
        with self._lock:
            # another matrix, as somebody may be reading this one
            size = max(len(self._rows), max(places, default=-1) + 1)
            fresh = np.zeros((size, self._rows.shape[1]), np.float32)
            fresh[: len(self._rows)] = self._rows
            fresh[list(places)] = rows
            self._rows = fresh

    def remove(self, places: Sequence[int]) -> None:
        known = [place for place in places if place < len(self._rows)]
        if known:
            self.put(known, np.zeros((len(known), self._rows.shape[1]), np.float32))

    def nearest(self, query: Rows, count: int) -> tuple[Places, Rows]:
        cosines = self._rows @ query.astype(np.float32)
        if not len(cosines):
            return np.zeros(0, np.int64), cosines
        count = min(count, len(cosines))
        some = np.argpartition(-cosines, count - 1)[:count]
        order = some[np.argsort(-cosines[some], kind="stable")]
        return order, cosines[order]

    def cosines(self, query: Rows, places: Sequence[int]) -> Rows:
        rows = self._rows
        known = [place if place < len(rows) else -1 for place in places]
        found = np.zeros(len(places), np.float32)
        there = [at for at, place in enumerate(known) if place >= 0]
        found[there] = rows[[known[at] for at in there]] @ query.astype(np.float32)
        return found

    def close(self) -> None:
        pass


class RowsFile:
    """Rows as bytes in a file, with the text each stands for: so that embedding a large shop goes
    on where it stopped, and rows can be read exactly by place."""

    def __init__(self, path: Path, dims: int, count: int) -> None:
        """Opened or made, for *count* rows at least; a file of other dims is made anew."""
        shape = path.with_suffix(".json")
        known = json.loads(shape.read_text()) if shape.is_file() and path.is_file() else {}
        self._dtype = np.dtype(
            [("sha", np.uint64), ("scale", np.float32), ("row", np.int8, (dims,))]
        )
        self._path = path
        if known.get("dims") != dims:
            path.unlink(missing_ok=True)
            shape.write_text(json.dumps({"dims": dims}))
        self.grow(count)

    def grow(self, count: int) -> None:
        size = self._path.stat().st_size if self._path.is_file() else 0
        wanted = max(count, size // self._dtype.itemsize, 1) * self._dtype.itemsize
        with self._path.open("ab") as file:
            file.truncate(max(size - size % self._dtype.itemsize, wanted))
        self._rows = np.memmap(self._path, self._dtype, "r+")

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def shas(self) -> NDArray[np.uint64]:
        """Of the texts, their first eight bytes; 0 where there is no row."""
        found: NDArray[np.uint64] = self._rows["sha"]
        return found

    def put(self, places: Sequence[int], rows: Rows, shas: Sequence[int]) -> None:
        if places and max(places) >= len(self._rows):
            self.grow(max(places) + 1 + len(self._rows) // 8)
        scale = np.maximum(np.abs(rows).max(axis=1), 1e-9) / 127
        fresh = np.zeros(len(places), self._dtype)
        fresh["sha"] = np.array(shas, np.uint64)
        fresh["scale"] = scale
        fresh["row"] = np.rint(rows / scale[:, None])
        self._rows[list(places)] = fresh

    def clear(self, places: Sequence[int]) -> None:
        known = [place for place in places if place < len(self._rows)]
        self._rows[known] = np.zeros(len(known), self._dtype)

    def read(self, places: Sequence[int] | Places) -> Rows:
        found = self._rows[places]
        rows: Rows = found["row"].astype(np.float32) * found["scale"][:, None]
        return rows

    def flush(self) -> None:
        self._rows.flush()


class Older:
    """The rows of another file, by the text they stand for."""

    def __init__(self, path: Path) -> None:
        shape = path.with_suffix(".json")
        self._file: RowsFile | None = None
        if path.is_file() and shape.is_file():
            self._file = RowsFile(path, int(json.loads(shape.read_text())["dims"]), 0)
            self._order = np.argsort(self._file.shas, kind="stable")
            self._sorted = np.asarray(self._file.shas[self._order])

    def row(self, sha: int) -> Rows | None:
        """Shape (1, dims)."""
        if self._file is None:
            return None
        at = int(np.searchsorted(self._sorted, np.uint64(sha)))
        if at >= len(self._sorted) or int(self._sorted[at]) != sha:
            return None
        return self._file.read([int(self._order[at])])


class Many:
    """faiss over bytes: all rows of some ten thousands, the nearest cells of more.

    One thread at a time: a question waits for a change, which takes a millisecond or few."""

    def __init__(self, file: RowsFile, path: Path | None = None) -> None:
        """Over the rows that *file* has; an index of many rows is kept at *path*. Blocking:
        seconds for each 100,000 rows where cells have to be found."""
        faiss.omp_set_num_threads(1)
        self._file = file
        self._lock = threading.Lock()
        places = np.flatnonzero(file.shas).astype(np.int64)
        dims = file.read([0]).shape[1]
        self._index: Any = self._kept(path, places)
        if self._index is None:
            self._index = _made(dims, file, places)
            for start in range(0, len(places), _BLOCK):
                block = places[start : start + _BLOCK]
                self._index.add_with_ids(file.read(block), block)
            if path is not None and len(places) >= CELLS_FROM:
                faiss.write_index(self._index, str(path))
                path.with_suffix(".sum").write_text(_sum(file, places))
        if len(places) >= CELLS_FROM:
            self._index.nprobe = PROBES
            # rows are taken out by their place, not by a look through all cells
            self._index.set_direct_map_type(_HASHTABLE)

    def _kept(self, path: Path | None, places: Places) -> "Any | None":
        if path is None or not path.is_file() or len(places) < CELLS_FROM:
            return None
        total = path.with_suffix(".sum")
        if not total.is_file() or total.read_text() != _sum(self._file, places):
            return None
        return faiss.read_index(str(path))

    def put(self, places: Sequence[int], rows: Rows) -> None:
        """Of rows that are in the file already."""
        ids = np.array(places, np.int64)
        with self._lock:
            self._index.remove_ids(faiss.IDSelectorArray(ids))
            self._index.add_with_ids(rows.astype(np.float32), ids)

    def remove(self, places: Sequence[int]) -> None:
        ids = np.array(places, np.int64)
        with self._lock:
            self._index.remove_ids(faiss.IDSelectorArray(ids))
        self._file.clear(places)

    def nearest(self, query: Rows, count: int) -> tuple[Places, Rows]:
        with self._lock:
            found, ids = self._index.search(query.astype(np.float32)[None], count)
        known = ids[0] >= 0
        return ids[0][known], found[0][known]

    def cosines(self, query: Rows, places: Sequence[int]) -> Rows:
        chosen = np.array(places, np.int64)
        there = (chosen >= 0) & (chosen < len(self._file))
        found = np.zeros(len(places), np.float32)
        if there.any():
            found[there] = self._file.read(chosen[there]) @ query.astype(np.float32)
        return found

    def close(self) -> None:
        self._file.flush()


def _sum(file: RowsFile, places: Places) -> str:
    """Other for other texts."""
    shas = np.asarray(file.shas[places])
    return f"{len(places)} {int(np.bitwise_xor.reduce(shas)) if len(shas) else 0:x}"


def _made(dims: int, file: RowsFile, places: Places) -> "Any":
    kind, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    if len(places) < CELLS_FROM:
        flat = faiss.IndexScalarQuantizer(dims, kind, metric)
        if len(places):
            flat.train(file.read(places[:: max(1, len(places) // 20_000)]))
        return faiss.IndexIDMap2(flat)
    cells = int(4 * np.sqrt(len(places)))
    index = faiss.index_factory(dims, f"IVF{cells},SQ8", metric)
    some = places[:: max(1, len(places) // (cells * _TRAINED_ON))]
    index.train(file.read(some))
    return index
