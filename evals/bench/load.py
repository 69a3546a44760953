"""How long a load takes and how much memory: ``python -m evals.bench.load --products 1000000``.

A grown shop is written as a CSV of eleven columns, then loaded three times into one file: new, the
same again, and with one price changed. Time of the whole process, CPU beside wall; the most memory
it ever held.
"""

import argparse
import csv
import random
import resource
import tempfile
import time
from pathlib import Path

from catalog.db import Database
from catalog.load import load
from evals.bench.grown import seeds, titles

DATA = Path(__file__).parents[3] / "shared" / "data"
COLUMNS = (
    *("sku", "title", "price", "sale_price", "stock", "category", "brand", "material", "colour"),
    *("weight", "description"),
)


def write(path: Path, products: int, data: Path) -> None:
    """A shop of so many *products* as a CSV: of its texts, half of the words are drawn anew."""
    chance = random.Random(1)
    found = seeds(data)
    names = titles(found, products)
    texts = titles(found, products, seed=2)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number, (name, text) in enumerate(zip(names, texts, strict=True)):
            price = chance.randrange(500, 50_000) / 100
            rows.writerow(
                (
                    f"SKU-{number * 7919 % 10_000_019:08d}",
                    name,
                    f"{price:.2f}",
                    f"{price * 0.8:.2f}" if number % 10 == 0 else "",
                    chance.randrange(99),
                    chance.choice(found.kinds),
                    f"Brand {number % 997}",
                    chance.choice(("oak", "wool", "cotton; linen")),
                    chance.choice(("red", "blue", "grey")),
                    f"{chance.randrange(50, 5000)} g",
                    f"{text}.",
                )
            )


def one(what: str, path: Path, db: Path) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    report = load(path, db)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{what:<14} {wall:7.1f} s wall {cpu:7.1f} s CPU, peak so far {peak:.2f} GiB")
    print(f"               {str(report).splitlines()[0].partition(': ')[2]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=50_000)
    parser.add_argument("--data", type=Path, default=DATA, help="real titles to grow from")
    parser.add_argument("--folder", type=Path, help="where the files are made (and kept)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        path, db = folder / "grown.csv", folder / "grown.duckdb"
        db.unlink(missing_ok=True)
        write(path, arguments.products, arguments.data)
        print(f"{arguments.products:,} products, {path.stat().st_size / 2**20:.0f} MiB of CSV")
        one("new", path, db)
        one("the same again", path, db)
        text = path.read_text(encoding="utf-8")
        head, first, rest = text.split("\n", 2)
        cells = first.split(",")
        path.write_text("\n".join((head, first.replace(cells[2], "7.77", 1), rest)), "utf-8")
        one("one changed", path, db)
        print(f"{db.stat().st_size / 2**20:.0f} MiB of catalog")
        with Database(db) as database:
            skus = [sku for sku, _, _ in database.spine()]
            took = []
            for sku in random.Random(3).sample(skus, min(200, len(skus))):
                start = time.perf_counter()
                database.rows_of([sku])
                took.append((time.perf_counter() - start) * 1000)
        took.sort()
        print(f"one product read: {took[len(took) // 2]:.1f} ms p50, {took[-2]:.1f} ms p99")


if __name__ == "__main__":
    main()
