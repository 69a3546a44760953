"""The catalog's speed at any size, on one thread: opening, finding, reading, following changes.

``python -m evals.bench.catalog_speed --sizes 1000,45000,1000000 --data DIR --out speed.json``

Shops are grown from real titles (``evals.bench.grown``), loaded as any table is, and each size is
measured in a process of its own. Vectors of the first texts are real; of the others each is a mix
of two real ones with noise, as embedding a million texts takes hours: cosines among them are as
among real ones, but what is found by them means nothing here. Questions are embedded for real.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
os.environ.update(dict.fromkeys(THREADS, "1"))

import numpy as np  # noqa: E402  # after the number of threads
import psutil  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from agent.types import LANGUAGES, Focus, Language  # noqa: E402
from catalog.load import Options, load  # noqa: E402
from catalog.load.forms.mapping import ShopHint  # noqa: E402
from catalog.search_meaning import Embedder, Models  # noqa: E402
from catalog.search_rank import NEAREST  # noqa: E402
from catalog.store import Store  # noqa: E402
from catalog.vectors import Few  # noqa: E402
from evals.bench.grown import seeds, titles, write  # noqa: E402
from models.embed import embedders  # noqa: E402

SHOP = ShopHint("Grown", "Europe/Paris", "EUR", "FR")
ASKED: Mapping[Language, Sequence[str]] = {
    "en": ("{}", "do you have {}", "how much is the {}", "looking for {} for my kitchen"),
    "fr": ("{}", "avez-vous {}", "combien coûte {}", "je cherche {} pour ma cuisine"),
    "zh": ("{}", "有没有 {}", "{} 多少钱", "我想买厨房用的 {}"),
}
UPDATES = 100
"""Changes a second that are written while facts are read."""


class Grown:
    """An embedder of which only the first texts of a run are embedded for real."""

    def __init__(self, real: Embedder, most: int) -> None:
        self._real, self._most = real, most
        self.name, self.dims = f"{real.name}-grown", real.dims
        self.growing = True
        self._rows: list[NDArray[np.float32]] = []
        self._all: NDArray[np.float32] | None = None
        self._chance = np.random.default_rng(1)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not self.growing:
            return self._real.encode(texts)
        if len(self._rows) < self._most:
            rows = self._real.encode(texts)
            self._rows.extend(rows)
            return rows
        chance, count = self._chance, len(texts)
        if self._all is None:
            self._all = np.stack(self._rows)
        one, two = (self._all[chance.integers(0, len(self._all), count)] for _ in range(2))
        part = chance.uniform(0.55, 1, (count, 1))
        noise = chance.normal(0, 0.35 / self.dims**0.5, (count, self.dims))
        mixed = part * one + (1 - part) * two + noise
        unit: NDArray[np.float32] = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(
            np.float32
        )
        return unit


class Times:
    """How long pieces of work took, in milliseconds: by the clock, and of the thread's own time,
    which says the same on a machine that others use."""

    def __init__(self) -> None:
        self._wall: list[float] = []
        self._own: list[float] = []

    def take(self, work: Callable[[], object]) -> None:
        wall, own = time.perf_counter(), time.thread_time()
        work()
        self._own.append((time.thread_time() - own) * 1000)
        self._wall.append((time.perf_counter() - wall) * 1000)

    @classmethod
    def of(cls, works: Iterable[Callable[[], object]]) -> "Times":
        found = cls()
        for work in works:
            found.take(work)
        return found

    def told(self) -> dict[str, float]:
        wall, own = np.percentile(self._wall, [50, 99]), np.percentile(self._own, [50, 99])
        numbers = {"p50": wall[0], "p99": wall[1], "cpu_p50": own[0], "cpu_p99": own[1]}
        return {**{name: round(float(value), 3) for name, value in numbers.items()}, "n": len(self)}

    def __len__(self) -> int:
        return len(self._wall)


def grow(folder: Path, data: Path, size: int) -> tuple[Path, dict[str, float]]:
    """The catalog of a size, made once; and how long that took, in seconds."""
    db, table = folder / f"grown-{size}.duckdb", folder / f"grown-{size}.csv"
    if db.is_file():
        return db, {}
    folder.mkdir(parents=True, exist_ok=True)
    write(table, seeds(data), size)
    begin = time.perf_counter()
    report = load(table, db, Options(partial=True, shop=SHOP))
    return db, {"load_s": round(time.perf_counter() - begin, 1), "refused": len(report.refused)}


def rss() -> float:
    return round(float(psutil.Process().memory_info().rss) / 2**30, 3)


def questions(data: Path, size: int, count: int) -> dict[Language, list[str]]:
    """Some words of a title, bare and in a sentence, by language."""
    chance = random.Random(5)
    found = list(titles(seeds(data), min(size, 20_000)))
    asked: dict[Language, list[str]] = {}
    for language, forms in ASKED.items():
        some = [chance.choice(found).split() for _ in range(count)]
        words = [" ".join(chance.sample(title, min(4, len(title)))) for title in some]
        asked[language] = [forms[at % len(forms)].format(text) for at, text in enumerate(words)]
    return asked


# --- what is measured ---------------------------------------------------------------------------


def by_part(store: Store, asked: Mapping[Language, Sequence[str]]) -> dict[str, object]:
    """Of a search for products, by part; and of a whole answer."""
    search, meaning = store._search, store._search._meaning
    told: dict[str, object] = {}
    for language, some in asked.items():
        view = meaning.view(language)
        assert view is not None
        rows = [view.model.encode([text])[0] for text in some]
        for text in some[:5]:  # what is read for the first time
            search.find(text, language, "product")

        def words(text: str, own: Language = language) -> None:
            search._by_words(search._mended(text), own, None)

        def find(text: str, own: Language = language) -> None:
            meaning._asked.clear()  # embedded anew, as it is for a line that nobody wrote before
            search.find(text, own, "product")

        def answer(text: str, own: Language = language) -> None:
            meaning._asked.clear()
            store._facts(text, own, Focus())

        parts = {
            "words": Times.of(partial(words, text) for text in some),
            "embed": Times.of(partial(view.model.encode, [text]) for text in some),
            "vectors": Times.of(partial(view.vectors.nearest, row, NEAREST) for row in rows),
            "search": Times.of(partial(find, text) for text in some),
            "facts": Times.of(partial(answer, text) for text in some),
        }
        told[language] = {name: times.told() for name, times in parts.items()}
    return told


def recall(store: Store, asked: Mapping[Language, Sequence[str]]) -> dict[str, float]:
    """Of the 50 nearest by float32, how many are found."""
    told: dict[str, float] = {}
    for language, some in asked.items():
        view = store._search._meaning.view(language)
        assert view is not None
        if view.file is None or isinstance(view.vectors, Few):
            continue
        rows = np.stack([view.model.encode([text])[0] for text in some[:100]])
        best = np.full((len(rows), 50), -2.0, np.float32)
        places = np.zeros((len(rows), 50), np.int64)
        for start in range(0, len(view.file), 50_000):
            block = view.file.read(np.arange(start, min(start + 50_000, len(view.file))))
            cosines = np.hstack([best, rows @ block.T])
            ids = np.hstack([places, np.tile(np.arange(len(block)) + start, (len(rows), 1))])
            top = np.argpartition(-cosines, 49, axis=1)[:, :50]
            best = np.take_along_axis(cosines, top, 1)
            places = np.take_along_axis(ids, top, 1)
        shared = [
            len(set(places[at]) & set(view.vectors.nearest(row, 50)[0]))
            for at, row in enumerate(rows)
        ]
        told[language] = round(float(np.mean(shared)) / 50, 3)
    return told


def freshness(store: Store, count: int) -> dict[str, object]:
    """From the call of a change until it is found, or is what is said."""
    found, said = Times(), Times()
    skus = [product.sku for product in store.products()[:count]]
    for number, sku in enumerate(skus):
        name = f"zanzibar{chr(97 + number % 26)}{number}"

        def text(sku: str = sku, name: str = name) -> None:
            asyncio.run(store.set_text(sku, "title", "en", f"{name} thing"))
            while store._search.candidates([name]) != [sku]:
                time.sleep(0.001)

        def price(sku: str = sku, number: int = number) -> None:
            version = asyncio.run(store.set_price(sku, Decimal(500 + number), sure=True))
            fact = store.current(f"{sku}/price")
            assert fact is not None
            assert fact.version == version

        found.take(text)
        said.take(price)
    return {"text_found": found.told(), "price_said": said.told()}


def while_written(store: Store, asked: Sequence[str], seconds: float) -> dict[str, object]:
    """Reading while UPDATES changes a second are written to any products."""
    chance = random.Random(7)
    skus = [store._book.skus[chance.randrange(len(store._book.skus))] for _ in range(2000)]
    done = threading.Event()
    written = 0

    async def change() -> None:
        nonlocal written
        begin = time.perf_counter()
        tasks: set[asyncio.Task[int]] = set()
        while not done.is_set():
            due = int((time.perf_counter() - begin) * UPDATES)
            while written < due:
                sku = skus[written % len(skus)]
                price = Decimal(300 + written % 500)
                task = asyncio.ensure_future(store.set_price(sku, price, sure=True))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                written += 1
            await asyncio.sleep(0.005)
        await asyncio.gather(*tasks)

    writer = threading.Thread(target=lambda: asyncio.run(change()))
    hot = [product.sku for product in store.products()[:50]]
    current, product, facts = Times(), Times(), Times()
    writer.start()
    try:
        begin, number = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            sku = hot[number % len(hot)]
            current.take(partial(store.current, f"{sku}/price"))
            product.take(partial(store.product, skus[-1 - number % 1000]))
            if number % 10 == 0:
                text = asked[number // 10 % len(asked)]
                facts.take(partial(store._facts, text, "en", Focus(sku)))
            number += 1
            time.sleep(0.002)
    finally:
        done.set()
        writer.join()
    told = {"current": current, "product": product, "facts": facts}
    rate = round(written / seconds, 1)
    return {**{name: times.told() for name, times in told.items()}, "written_a_second": rate}


def one(folder: Path, data: Path, size: int, count: int, real: int) -> dict[str, object]:
    """All of one size."""
    db, made = grow(folder, data, size)
    told: dict[str, object] = {"products": size, **made}
    for name in ("first", "again"):
        begin = time.perf_counter()
        store = Store.open_now(db)
        told[f"open_{name}_s"] = round(time.perf_counter() - begin, 2)
        told[f"open_{name}_rss_gib"] = rss()
        if name == "first":
            store.close_now()
    try:
        models: dict[str, Grown] = {}
        for model in embedders().values():
            models.setdefault(model.name, Grown(model, min(real, size)))
        own: Models = {lang: models[embedders()[lang].name] for lang in LANGUAGES}
        begin = time.perf_counter()
        store._embed(lambda: own)
        for grown in models.values():
            grown.growing = False
        told["embed_s"] = round(time.perf_counter() - begin, 1)
        told["rss_gib"] = rss()
        asked = questions(data, size, count)
        told["ms"] = by_part(store, asked)
        told["recall"] = recall(store, asked)
        book, now = store._book, datetime.now(UTC)
        ends = (partial(book.extremes, now, dearest=bool(at % 2)) for at in range(50))
        told["extremes_ms"] = Times.of(ends).told()
        told["fresh_ms"] = freshness(store, 30)
        told["while_written_ms"] = while_written(store, asked["en"], 10)
        told["peak_rss_gib"] = rss()
    finally:
        store.close_now()
    return told


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__)
    top.add_argument("--sizes", default="1000,45000,1000000")
    top.add_argument("--data", type=Path, required=True, help="with pqa/ and magento/ in it")
    top.add_argument("--folder", type=Path, default=Path(".candor/bench/catalog"))
    top.add_argument("--questions", type=int, default=300, help="in each language")
    top.add_argument("--real", type=int, default=5000, help="texts that are embedded for real")
    top.add_argument("--out", type=Path)
    top.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = top.parse_args()
    if given.one:
        print(json.dumps(one(given.folder, given.data, given.one, given.questions, given.real)))
        return
    results = []
    for size in given.sizes.split(","):
        own = [sys.executable, "-m", "evals.bench.catalog_speed", "--one", size]
        own += ["--data", str(given.data), "--folder", str(given.folder)]
        own += ["--questions", str(given.questions), "--real", str(given.real)]
        done = subprocess.run(own, stdout=subprocess.PIPE, text=True, check=True)
        results.append(json.loads(done.stdout.splitlines()[-1]))
        print(json.dumps(results[-1], indent=2))
        if given.out:
            given.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
