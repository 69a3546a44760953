"""What the first rows of a file show of it as a whole: its decimal mark, the order of its dates,
its currency."""

import re
from collections import defaultdict
from collections.abc import Iterable

from catalog.load import values
from catalog.load.forms.fields import COUNTS, MEASURES, PRICES, TIMES
from catalog.load.forms.said import Said

SAMPLE = 5_000
"""Rows that are looked at before the first is read."""
_NUMBER = re.compile(r"\d[\d.,\s'’]*")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b")


class Marks:
    """How the numbers and days of one file are to be read where they could be read in two ways."""

    def __init__(self, decimal: str = "", dates: str = "") -> None:
        self.declared = decimal
        self._dates = dates
        self._decimals: dict[str, set[str]] = defaultdict(set)
        self._orders: set[str] = set()
        self.currency = ""
        """The first that is named."""

    def look(self, rows: Iterable[Said]) -> None:
        for said in rows:
            for name, cell in said.cells.items():
                if not isinstance(cell, str):
                    continue
                if name in _NUMBERS:
                    if "." in cell or "," in cell:
                        self._number(name, cell)
                    if not self.currency and name in PRICES:
                        self._currency(cell)
                elif name in TIMES:
                    self._day(cell)
                elif name == "currency" and not self.currency:
                    self._currency(f"1 {cell}")

    def _number(self, name: str, cell: str) -> None:
        found = _NUMBER.search(cell)
        mark = values.mark_of(re.sub(r"[\s'’]", "", found[0]).rstrip(".,")) if found else ""
        if mark:
            self._decimals[name].add(mark)

    def _currency(self, cell: str) -> None:
        try:
            named = values.parts(cell)[1]
            found = values.currencies(named) if named else ()
        except ValueError:
            return
        self.currency = found[0] if len(found) == 1 else ""

    def _day(self, cell: str) -> None:
        for first, second in _DAY.findall(cell):
            if int(first) > 12:
                self._orders.add("DMY")
            elif int(second) > 12:
                self._orders.add("MDY")

    def decimal(self, name: str) -> str:
        """The decimal mark of a field's cells: as declared, else as its other cells show, else as
        all numbers of the file show; "" where they do not agree."""
        if self.declared:
            return self.declared
        own = self._decimals.get(name) or set().union(*self._decimals.values())
        return next(iter(own)) if len(own) == 1 else ""

    @property
    def dates(self) -> str:
        """ "DMY", "MDY", or "" where nothing shows which."""
        return self._dates or (next(iter(self._orders)) if len(self._orders) == 1 else "")


_NUMBERS = frozenset((*PRICES, *MEASURES, *COUNTS))
