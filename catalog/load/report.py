"""What a load read, did and refused, and what it would have a person look at."""

from collections import Counter
from dataclasses import dataclass, field

KEPT = 10_000
"""Refusals and suspicions that are kept with their words; the rest are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell, row or file that cannot be a fact, or that a person should look at."""

    file: str
    line: int
    """As an editor counts, the heading being line 1; an item's number in a feed without lines; 0
    for the whole file."""
    field: str
    value: str
    reason: str
    """Why."""
    remedy: str = ""
    """What to write or do instead."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        what = f" {self.field} = {self.value[:60]!r}" if self.field else ""
        remedy = f": {self.remedy}" if self.remedy else ""
        return f"{where}:{what}: {self.reason}{remedy}"


@dataclass(slots=True)
class Report:
    """Counts are of facts by kind: products, variants, offers, ..."""

    source: str
    form: str = ""
    """What the file was taken for: "Shopify products (CSV)"."""
    columns: dict[str, str] = field(default_factory=dict)
    """What each column that was used was read as."""
    unused: list[str] = field(default_factory=list)
    """Columns that nothing was read from."""
    read: int = 0
    """Rows (or items) in the files."""
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    partial: bool = False
    """What is good is loaded although something was refused."""
    refused: list[Finding] = field(default_factory=list)
    refusals: int = 0
    """All of them, also those beyond KEPT."""
    suspicious: list[Finding] = field(default_factory=list)
    suspicions: int = 0
    version: int = 0
    """Of the catalog after the load."""

    def refuse(
        self, file: str, line: int, field: str, value: str, reason: str, remedy: str = ""
    ) -> None:
        self.refusals += 1
        if len(self.refused) < KEPT:
            self.refused.append(Finding(file, line, field, value[:200], reason, remedy))

    def suspect(
        self, file: str, line: int, field: str, value: str, reason: str, remedy: str = ""
    ) -> None:
        self.suspicions += 1
        if len(self.suspicious) < KEPT:
            self.suspicious.append(Finding(file, line, field, value[:200], reason, remedy))

    @property
    def ok(self) -> bool:
        """Nothing was refused, so everything was loaded."""
        return not self.refusals

    @property
    def did_nothing(self) -> bool:
        return not (self.added or self.changed or self.withdrawn)

    def __str__(self) -> str:
        if not self.ok:
            lines = [str(refused) for refused in self.refused[:50]]
            more = self.refusals - len(lines)
            lines += [f"... and {more} more"] if more else []
            return "\n".join(
                [f"{self.source}: nothing was loaded, {self.refusals} refused", *lines]
            )
        counts = [
            f"{sum(kinds.values())} {what}"
            + (f" ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})" if kinds else "")
            for what, kinds in (
                ("added", self.added),
                ("changed", self.changed),
                ("withdrawn", self.withdrawn),
            )
        ]
        return (
            f"{self.source}: {self.read} rows read; {'; '.join(counts)}; "
            f"{self.unchanged} unchanged; catalog version {self.version}"
        )
