"""What a load did, and what it refused and why."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refused:
    """One cell or row that cannot be a fact."""

    file: str
    line: int
    """As an editor counts, the heading being line 1; 0 for the whole file."""
    field: str
    value: str
    reason: str
    """Why, and what to write instead."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        what = f" {self.field} = {self.value[:60]!r}" if self.field else ""
        return f"{where}:{what}: {self.reason}"


@dataclass(slots=True)
class Report:
    """Counts are of facts by kind: products, variants, offers, ..."""

    source: str
    read: int = 0
    """Rows in the files."""
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    version: int = 0
    """Of the catalog after the load."""

    @property
    def ok(self) -> bool:
        """Nothing was refused, so everything was loaded."""
        return not self.refused

    @property
    def did_nothing(self) -> bool:
        return not (self.added or self.changed or self.withdrawn)

    def __str__(self) -> str:
        if not self.ok:
            lines = [str(refused) for refused in self.refused[:50]]
            more = len(self.refused) - len(lines)
            lines += [f"... and {more} more"] if more else []
            return "\n".join(
                [f"{self.source}: nothing was loaded, {len(self.refused)} refused", *lines]
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
