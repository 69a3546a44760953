"""Synthetic catalogs of any size, grown from real titles: words by their real frequency (Zipf).

A grown title is a real one (ePQA, Magento) in which about half of the words are put in the place of
others, drawn by how often they stand in real titles; one in three gets a model number of its own.
So lengths, frequent words and their long tail are those of real shops, at any number of products.
"""

import csv
import html
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

COLOURS = ("black", "white", "red", "navy blue", "green", "grey")
MATERIALS = ("cotton", "oak", "stainless steel", "leather", "glass", "recycled plastic")


@dataclass(frozen=True, slots=True)
class Seeds:
    """What catalogs grow from."""

    titles: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    weights: tuple[int, ...]
    kinds: tuple[str, ...]


def seeds(data: Path) -> Seeds:
    """Real titles and categories under *data* (its ``pqa`` and ``magento``)."""
    names: dict[str, None] = {}
    kinds: Counter[str] = Counter()
    csv.field_size_limit(1 << 24)
    with (data / "pqa" / "ePQA_dev.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[html.unescape(row["title"])] = None
    folder = data / "magento" / "configurable_products.csv"
    with folder.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kinds[row["categories"].split(",")[0].rpartition("/")[2]] += 1
            if row["product_type"] == "configurable":
                names[html.unescape(row["name"])] = None
    titles = tuple(words for name in names if len(words := tuple(_words(name))) > 1)
    counted = Counter(word for title in titles for word in title)
    # every word may be the head of a kind of things, so that there are some hundreds of kinds
    heads = [word.lower() for word, _ in counted.most_common(1000) if word.isalpha()][40:340]
    return Seeds(titles, tuple(counted), tuple(counted.values()), (*kinds, *heads))


def _words(name: str) -> list[str]:
    return re.findall(r"\w[\w'&./-]*", name)[:24]


def titles(found: Seeds, count: int, seed: int = 1) -> Iterator[str]:
    """*count* grown titles, the same for a seed."""
    chance = random.Random(seed)
    often = list(accumulate(found.weights))
    for _ in range(count):
        real = chance.choice(found.titles)
        drawn = iter(chance.choices(found.words, cum_weights=often, k=len(real)))
        title = [next(drawn) if chance.random() < 0.5 else word for word in real]
        if chance.random() < 0.33:
            title.append(f"{chance.choice('ABCDEFGHKMNPRSTVX')}{chance.randrange(100, 99999)}")
        yield " ".join(title)


COLUMNS = (
    "sku", "title", "brand", "category", "price", "stock", "colour", "material", "point_1",
    "point_2",
)  # fmt: skip


def write(path: Path, found: Seeds, count: int, seed: int = 1) -> None:
    """A shop of *count* products of one variant each, as a table: a title, brand, category, price,
    stock, colour, material and two points."""
    chance = random.Random(seed + 1)
    often = list(accumulate(found.weights))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number, title in enumerate(titles(found, count, seed), 1):
            some = chance.choices(found.words, cum_weights=often, k=14)
            price = Decimal(chance.randrange(199, 99_999)) / 100
            table.writerow(
                (
                    f"G{number * 7919 % 10_000_019:08d}",
                    title,
                    title.split()[0],
                    chance.choice(found.kinds),
                    price,
                    chance.randrange(60),
                    chance.choice(COLOURS),
                    chance.choice(MATERIALS),
                    " ".join(some[:8]),
                    " ".join(some[8:]),
                )
            )
