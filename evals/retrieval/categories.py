"""Shopper's queries in four languages, each with the categories that are meant.

Asked of a made-up electronics shop (``electronics.toml``, which says what it can show), among real
titles of other things where the ePQA data are at hand; or of a CSV of title, brand and category.
"""

import csv
import random
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from agent.types import Language
from evals.retrieval.corpus import Item, Query, Task

CASES = Path(__file__).parents[1] / "cases" / "retrieval"
QUERIES = CASES / "category_queries.tsv"
"""Tab-separated: categories (several at |), English, French, Chinese, Spanish."""
SEED = 20251125
BRANDS = (
    "Norvik", "Talvo", "Brightline", "Ostra", "Kemwell", "Paragon Row", "Lumeno", "Hartfeld",
    "Zentek", "Avalor", "Copperfin", "Digiwave", "Eltron", "Fairmount", "Gristle & Sons", "Helio",
    "Inova", "Jaspers", "Kinto", "Lakeside", "Mirado", "Nexar", "Orbis", "Pellucid", "Quanta Nova",
    "Rothwell", "Sundby", "Tresor", "Umbra Labs", "Vantis",
)  # fmt: skip
"""No real ones: a real brand would tell what a thing is."""
SERIES = (
    "Pro", "Elite", "Classic", "Essentials", "X", "Studio", "Plus", "Home", "Traveler", "Signature",
    "Core", "Prime", "", "", "", "", "", "",
)  # fmt: skip
GROUPS: tuple[tuple[str, Language], ...] = (("en", "en"), ("fr", "fr"), ("zh", "zh"), ("es", "fr"))
"""Spanish is no language of the show: it goes the way of French, with the multilingual model."""


def made_up(seed: int = SEED) -> list[Item]:
    """The shop of ``electronics.toml``, the same for the same seed."""
    chance = random.Random(seed)
    with (CASES / "electronics.toml").open("rb") as file:
        kinds = tomllib.load(file)
    found: list[Item] = []
    for kind in (*kinds["wanted"], *kinds["other"]):
        for _ in range(kind["count"]):
            brand = chance.choice(BRANDS)
            words, details = chance.choice(kind["words"]), chance.sample(kind["details"], 2)
            code = "".join(chance.choices("ABCDEFGHKLMNPRSTVWX", k=2)) + str(
                chance.randint(10, 9999)
            )
            parts = [brand, chance.choice(SERIES), words]
            shape = chance.random()
            title = " ".join(part for part in parts if part)
            if shape < 0.35:
                title = f"{title}, {details[0]} - {code}"
            elif shape < 0.6:
                title = f"{title} {code} ({', '.join(details)})"
            elif shape < 0.8:
                title = f"{brand} {code} {details[0]} {words}"
            found.append(Item(f"E{len(found):05}", title, kind["name"], brand))
    chance.shuffle(found)
    return found


def from_csv(path: Path) -> list[Item]:
    """Products of a CSV with the columns title, brand, category."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Item(f"C{number:06}", line["title"], line["category"], line.get("brand") or "")
            for number, line in enumerate(csv.DictReader(lines))
        ]


def besides(titles: Iterable[str]) -> list[Item]:
    """Real titles of no category that anybody asks for: they stand in the way."""
    return [Item(f"B{at:05}", title, "other") for at, title in enumerate(dict.fromkeys(titles))]


def task(items: Sequence[Item], about: str) -> Task:
    by_category: dict[str, list[str]] = {}
    for item in items:
        by_category.setdefault(item.category.lower(), []).append(item.sku)
    queries: list[Query] = []
    absent: list[str] = []
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        wanted, *texts = line.split("\t")
        right = {sku: 1.0 for name in wanted.split("|") for sku in by_category.get(name, ())}
        if not right:
            absent.append(wanted)
            continue
        for (group, language), text in zip(GROUPS, texts, strict=True):
            queries.append(Query(texts[0], text, right, group, language))
    notes = [f"no product for: {', '.join(absent)}"] if absent else []
    return Task("categories", items, queries, about, notes)
