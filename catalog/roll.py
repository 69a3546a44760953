"""Which products there are: by sku, link number, variant and category."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from catalog.brief import Brief


class _All:
    """What all rolls of one catalog share. It only grows; a product has one place for good."""

    def __init__(self) -> None:
        self.skus: list[str] = []
        self.places: dict[str, int] = {}
        self.numbers = array("q")
        self.kinds = array("i")
        """By place: the category's place in *names*."""
        self.names: list[str] = []
        self.codes: dict[str, int] = {}
        self.by_number: dict[int, int] = {}
        self.variants: dict[str, int] = {}
        """Places by id, of variants that are not called as their product is."""


class Roll:
    """The products at one version. ``with_one`` and ``without`` give another roll at once, however
    many products there are; the old one says what it said, but for links that moved."""

    def __init__(self, everything: _All | None = None, gone: frozenset[int] = frozenset()) -> None:
        self._all = everything or _All()
        self.gone = gone
        """Places of products that are sold no longer."""
        self._order: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self._all.skus) - len(self.gone)

    def __contains__(self, sku: object) -> bool:
        return isinstance(sku, str) and self.place(sku) is not None

    def place(self, sku: str) -> int | None:
        """Where the product stands in all that is kept by place."""
        place = self._all.places.get(sku)
        return None if place is None or place in self.gone else place

    def any_place(self, sku: str) -> int | None:
        """As *place*, of a product that is gone, too."""
        return self._all.places.get(sku)

    def sku(self, place: int) -> str:
        return self._all.skus[place]

    @property
    def places(self) -> int:
        """How many places there are, with those of products that are gone."""
        return len(self._all.skus)

    def owner(self, name: str) -> str | None:
        """The sku of a product or of a variant by that name."""
        if name in self:
            return name
        place = self._all.variants.get(name)
        return None if place is None or place in self.gone else self._all.skus[place]

    def number(self, sku: str) -> int:
        """Its link number; 0 for what there is not."""
        place = self._all.places.get(sku)
        return 0 if place is None else self._all.numbers[place]

    def numbered(self, number: int) -> str | None:
        place = self._all.by_number.get(number)
        return None if place is None or place in self.gone else self._all.skus[place]

    def kind(self, place: int) -> str:
        """The category."""
        return self._all.names[self._all.kinds[place]]

    def all_kinds(self) -> frozenset[str]:
        """The categories of all products that are sold."""
        codes = self.kind_codes
        if self.gone:
            codes = np.delete(codes, list(self.gone))
        return frozenset(self._all.names[code] for code in np.unique(codes))

    def of_kinds(self, kinds: Iterable[str]) -> NDArray[np.bool_]:
        """By place, whether it is of one of these categories."""
        wanted = np.zeros(len(self._all.names) + 1, bool)
        wanted[[code for kind in kinds if (code := self._all.codes.get(kind)) is not None]] = True
        found: NDArray[np.bool_] = wanted[self.kind_codes]
        return found

    @property
    def kind_codes(self) -> NDArray[np.int32]:
        """By place."""
        return np.array(self._all.kinds, np.int32)

    @property
    def order(self) -> NDArray[np.int64]:
        """Places by link number."""
        if self._order is None:
            order = np.argsort(np.array(self._all.numbers, np.int64), kind="stable")
            if self.gone:
                order = order[~np.isin(order, list(self.gone))]
            self._order = order
        return self._order

    # --- growing, on the writing thread ------------------------------------------------------

    def add(self, brief: Brief) -> int:
        """Take a product in while the catalog is opened. Gives its place."""
        every = self._all
        place = every.places.get(brief.sku)
        code = every.codes.setdefault(brief.category, len(every.names))
        if code == len(every.names):
            every.names.append(brief.category)
        if place is None:
            place = len(every.skus)
            every.numbers.append(brief.number)
            every.kinds.append(code)
            every.skus.append(brief.sku)
            every.places[brief.sku] = place
        else:
            if every.by_number.get(every.numbers[place]) == place:
                del every.by_number[every.numbers[place]]
            every.numbers[place] = brief.number
            every.kinds[place] = code
        every.by_number[brief.number] = place
        for variant in brief.variants:
            if variant != brief.sku:
                every.variants[variant] = place
        return place

    def with_one(self, brief: Brief) -> "Roll":
        """With a product new, or told anew."""
        place = self.add(brief)
        return Roll(self._all, self.gone - {place})

    def without(self, sku: str) -> "Roll":
        place = self._all.places.get(sku)
        return self if place is None else Roll(self._all, self.gone | {place})

    # --- kept beside a large catalog ---------------------------------------------------------

    def state(self) -> dict[str, object]:
        """All of it as plain values."""
        every = self._all
        return {
            "skus": every.skus,
            "numbers": every.numbers.tobytes(),
            "kinds": every.kinds.tobytes(),
            "names": every.names,
            "variants": every.variants,
        }

    @classmethod
    def of_state(cls, state: Mapping[str, object]) -> "Roll":
        every = _All()
        every.skus = list(state["skus"])  # type: ignore[call-overload]  # as state() gave it
        every.numbers.frombytes(state["numbers"])  # type: ignore[arg-type]
        every.kinds.frombytes(state["kinds"])  # type: ignore[arg-type]
        every.names = list(state["names"])  # type: ignore[call-overload]
        every.variants = dict(state["variants"])  # type: ignore[call-overload]
        every.codes = {name: code for code, name in enumerate(every.names)}
        every.places = {sku: place for place, sku in enumerate(every.skus)}
        every.by_number = {number: place for place, number in enumerate(every.numbers)}
        return cls(every)


class Skus(Sequence[str]):
    """All skus by link number, none copied."""

    def __init__(self, roll: Roll) -> None:
        self._roll = roll

    def __len__(self) -> int:
        return len(self._roll)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        order = self._roll.order
        if isinstance(at, slice):
            return tuple(self._roll.sku(int(place)) for place in order[at])
        return self._roll.sku(int(order[at]))

    def __iter__(self) -> Iterator[str]:
        return (self._roll.sku(int(place)) for place in self._roll.order)

    def __contains__(self, sku: object) -> bool:
        return sku in self._roll


class ByNumber(Mapping[int, str]):
    """Skus by link number."""

    def __init__(self, roll: Roll) -> None:
        self._roll = roll

    def __getitem__(self, number: int) -> str:
        sku = self._roll.numbered(number)
        if sku is None:
            raise KeyError(number)
        return sku

    def __iter__(self) -> Iterator[int]:
        return (self._roll.number(sku) for sku in Skus(self._roll))

    def __len__(self) -> int:
        return len(self._roll)
