"""All products of a shop as a list of which only what is looked at is read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import overload

from agent.types import Product
from catalog.book import Book


class Listed(Sequence[Product]):
    """By link number, as of one moment."""

    def __init__(self, book: Book, now: datetime) -> None:
        self._book, self._now = book, now

    def __len__(self) -> int:
        return len(self._book.skus)

    @overload
    def __getitem__(self, at: int) -> Product: ...
    @overload
    def __getitem__(self, at: slice) -> list[Product]: ...
    def __getitem__(self, at: int | slice) -> Product | list[Product]:
        if isinstance(at, slice):
            return [p for sku in self._book.skus[at] if (p := self._product(sku)) is not None]
        found = self._product(self._book.skus[at])
        if found is None:
            raise IndexError(at)
        return found

    def __iter__(self) -> Iterator[Product]:
        return (p for sku in self._book.skus if (p := self._product(sku)) is not None)

    def _product(self, sku: str) -> Product | None:
        return self._book.product(sku, self._now)
