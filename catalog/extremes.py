"""The cheapest and the dearest of a shop, as facts that are looked up again before they air."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from agent.types import LANGUAGES, Fact, Language
from catalog.book import Book
from catalog.names import Names

_MOST = 3000
"""Products of a kind up to which each is looked at; beyond, whole categories are."""
_STEPS = 60
"""Prices that are looked at, from the best on, until a product of the kind has one."""
_PREFIX = "shop/extreme/"


@dataclass(frozen=True, slots=True)
class Extreme:
    """What is to be the cheapest or dearest of what."""

    dearest: bool
    kinds: tuple[tuple[str, ...], ...] = ()
    """Kinds of goods; a product is to be of one of each."""
    filed: tuple[str, ...] = ()
    """Stems that its category is to be called by."""
    among: tuple[str, ...] = ()
    bound: tuple[Literal["under", "over"], Decimal] | None = None

    def name(self, language: Language) -> str:
        """The id of the fact."""
        side, amount = self.bound or ("", "")
        parts = [self.dearest, self.kinds, self.filed, self.among, side, str(amount), language]
        packed = json.dumps(parts, separators=(",", ":"))
        return _PREFIX + urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def is_extreme(name: str) -> bool:
    """Whether a fact id is one of ours."""
    return name.startswith(_PREFIX)


def winners(asked: Extreme, book: Book, names: Names, now: datetime) -> list[str]:
    """The skus, all that tie; none where nothing that can be bought fits, or nobody can tell."""
    among = set(asked.among) if asked.among else None
    categories: set[str] | None = None
    kinds = [frozenset(codes) for codes in asked.kinds]
    for codes in kinds:
        skus = names.of_kind(codes, _MOST)
        if skus is None:
            filed = {c for c in names.categories(book) if codes & names.category(book, c)[0]}
            categories = filed if categories is None else categories & filed
        else:
            among = skus if among is None else among & skus
    if asked.filed:
        wanted = set(asked.filed)
        filed = {c for c in names.categories(book) if wanted <= names.category(book, c)[1]}
        categories = filed if categories is None else categories & filed
    for _ in range(_STEPS):
        found = book.extremes(
            now, dearest=asked.dearest, among=among, kinds=categories, bound=asked.bound
        )
        fitting = [s for s in found if all(names.card(book, s).is_a(codes) for codes in kinds)]
        if fitting or not found or among is None:
            return fitting
        among -= set(found)  # words for the kind stand in their names, and they are none of it
    return []


def told(
    asked: Extreme, book: Book, names: Names, now: datetime, language: Language
) -> tuple[Fact, Fact] | None:
    """The name and the price of the one that it is. The name is a fact of its own: it changes as
    soon as another product is the one."""
    found = winners(asked, book, names, now)
    if not found:
        return None
    sku = found[0]
    end = "price_to" if asked.dearest else "price_from"
    title = book.fact(sku, "title", now, language=language)
    price = book.fact(sku, "price", now) or book.fact(sku, end, now)
    if title is None or price is None:
        return None
    version = max(title.version, price.version)
    return replace(
        title,
        id=asked.name(language),
        version=version,
        valid_from=price.valid_from,
        valid_until=price.valid_until,
    ), price


def current(name: str, book: Book, names: Names, now: datetime) -> Fact | None:
    """The fact with an id of ours, as it is now; None where there is no such product any more."""
    packed = name.removeprefix(_PREFIX)
    try:
        parts = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        dearest, kinds, filed, among, side, amount, own = parts
        bound = (side, Decimal(amount)) if side else None
        asked = Extreme(bool(dearest), tuple(map(tuple, kinds)), tuple(filed), tuple(among), bound)
    except (Error, ValueError, TypeError, ArithmeticError):
        return None
    language: Language = next((known for known in LANGUAGES if known == own), "en")
    found = told(asked, book, names, now, language)
    return found[0] if found is not None else None
