"""``candor eval facts``: questions to three shops, and the facts that must come back."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.types import LANGUAGES, Fact, Facts, Focus, Language, Topic
from catalog.store import Store
from evals import shops
from models.embed import embedders

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
STRUCTURED, FREE = 0.95, 0.85
"""Shares of questions that must find their exact fact."""
Result = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """One question."""

    kept_aside: bool
    shop: str
    language: Language
    pinned: str
    question: str
    skus: frozenset[str]
    """Of which product a fact is right; "-" for none."""
    fields: frozenset[str]
    """Those that must be found; none where the shop knows nothing, or nobody can tell which."""
    style: str
    """structured, free, unknown, trap or which."""
    chat: bool
    variant: str = ""
    """The one that is named, where one is: no fact of another may be given."""


def cases() -> list[Case]:
    """All questions: the sample shop's, those over three shops, and those kept aside."""
    found = []
    for row in _rows("questions.tsv"):
        own, pinned, question, sku, topic, fields, style = row
        free = topic == "free" or "answer" in fields
        kind = ("free" if free else "structured") if fields else "unknown"
        kind = "smalltalk" if free and not fields else kind
        found.append(_case(False, ["sample", own, pinned, question, sku, fields, kind, style]))
    for name in ("questions_shops.tsv", "questions_aside.tsv"):
        found += [_case("aside" in name, row) for row in _rows(name)]
    return found


def _rows(name: str) -> Iterable[list[str]]:
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _case(aside: bool, row: Sequence[str]) -> Case:
    shop, own, pinned, question, skus, fields, style, chat, *variant = row
    language = next(known for known in LANGUAGES if known == own)
    return Case(
        aside,
        shop,
        language,
        pinned,
        question,
        frozenset(skus.split("|")),
        frozenset(fields.split()),
        style,
        chat == "chat",
        *variant,
    )


_OF_VARIANTS = frozenset(("price", "stock", "colour", "size", "list_price", "offer_ends"))


def _variant(fact: Fact) -> str:
    """The variant whose fact it is, by its id: "MH01/price/MH01-XS-Black"; "" for none."""
    _, field, *more = fact.id.split("/")
    return more[0] if field in _OF_VARIANTS and more and more[0] not in LANGUAGES else ""


def judged(case: Case, facts: Facts) -> str:
    """right, missed or wrong: a fact of a product, or of a variant, that was not asked for."""
    if case.variant and {_variant(fact) for fact in facts.asked} - {case.variant, ""}:
        return "wrong"
    skus = {fact.sku for fact in facts.asked if fact.sku}
    if skus - case.skus and facts.topic is not Topic.WHICH:
        return "wrong"
    if case.style == "which":
        return "right" if facts.topic in (Topic.WHICH, Topic.UNKNOWN) else "missed"
    if case.style == "smalltalk":
        return "right" if not facts.asked else "missed"
    if not case.fields:
        return "right" if not facts.asked else "missed"
    got = {fact.field for fact in facts.asked}
    owner = facts.product.sku if facts.product else "-"
    return "right" if case.fields <= got and owner in case.skus else "missed"


def facts() -> Result:
    """Exact facts found, by shop, language and style. The gate: no fact of a wrong product,
    95 % of structured and 85 % of free questions; of the questions kept aside, too."""
    wanted = cases()
    told: dict[Case, Facts] = {}
    absent = []
    with tempfile.TemporaryDirectory() as folder:
        for name in shops.SHOPS:
            path = Path(folder) / f"{name}.duckdb"
            if shops.build(name, path):
                told |= asyncio.run(_ask(path, [case for case in wanted if case.shop == name]))
            else:
                absent.append(name)
    sets = {
        name: _scored({c: found for c, found in told.items() if c.kept_aside is aside}, aside)
        for name, aside in (("tuned", False), ("aside", True))
    }
    held = all(_holds(found) for found in sets.values())
    return {"gate": "held" if held else "broken", "shops_not_to_be_had": absent, **sets}


async def _ask(path: Path, wanted: Sequence[Case]) -> dict[Case, Facts]:
    store = await Store.open(path, lambda: NOW, embedders=embedders)
    try:
        await store.embedded()
        return {
            case: await store.facts(case.question, case.language, Focus(case.pinned or None))
            for case in wanted
        }
    finally:
        await store.close()


def _scored(told: Mapping[Case, Facts], aside: bool) -> dict[str, object]:
    """Of those kept *aside* only how many were missed: who sees which, tunes on them."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: list[dict[str, object]] = []
    misses: list[dict[str, object]] = []
    for case, found in told.items():
        verdict = judged(case, found)
        keys = (
            case.shop,
            case.language,
            case.style,
            "chat" if case.chat else "plain",
            "all",
        )
        total.update(keys)
        if verdict == "right":
            right.update(keys)
            continue
        row: dict[str, object] = {
            "shop": case.shop,
            "pinned": case.pinned,
            "question": case.question,
            "wanted": sorted(case.skus),
            "fields": sorted(case.fields),
            "got": [fact.id for fact in found.asked],
            "topic": found.topic,
        }
        (wrong if verdict == "wrong" else misses).append(row)
    return {
        "right": {key: f"{right[key]}/{total[key]}" for key in sorted(total)},
        "shares": {
            key: round(right[key] / total[key], 4)
            for key in ("structured", "free", "all")
            if total[key]
        },
        "wrong_product": wrong,
        "misses": len(misses) if aside else misses,
    }


def _holds(found: Mapping[str, object]) -> bool:
    shares = found["shares"]
    assert isinstance(shares, dict)
    return (
        not found["wrong_product"]
        and shares.get("structured", 1.0) >= STRUCTURED
        and shares.get("free", 1.0) >= FREE
    )
