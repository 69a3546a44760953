"""What a load read, did and refused, and what it would have a person look at."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

KEPT = 10_000
"""Refusals and suspicions that are kept with their words; the rest are only counted."""
SHOWN = 50
"""Of each, those that are shown on a screen."""


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
        what = f"{self.field} = {self.value[:60]!r}: " if self.field else ""
        remedy = f": {self.remedy}" if self.remedy else ""
        return f"{where}: {what}{self.reason}{remedy}"


@dataclass(frozen=True, slots=True)
class Understood:
    """A product as it was understood, before or without being loaded."""

    sku: str
    number: int
    place: str
    facts: tuple[tuple[str, str], ...]
    """Name and value of each fact there would be of it."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file of a load."""

    file: str
    form: str
    """What it was taken for: "Shopify products (CSV)"."""
    read: int
    columns: Mapping[str, str]
    """What each column that was used was read as."""
    unused: tuple[str, ...]
    """Columns that nothing was read from."""


@dataclass(slots=True)
class Report:
    """Counts are of facts by kind: products, variants, offers, ..."""

    source: str
    form: str = ""
    """What the file (of several, the last) was taken for."""
    columns: dict[str, str] = field(default_factory=dict)
    """Of that file: what each column that was used was read as."""
    unused: list[str] = field(default_factory=list)
    """Of that file: columns that nothing was read from."""
    files: list[FileRead] = field(default_factory=list)
    """All files, once they have been read."""
    read: int = 0
    """Rows (or items) in the files."""
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    withdrawn: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    partial: bool = False
    """What is good may be loaded although something was refused."""
    dry_run: bool = False
    """Nothing was stored, whatever the counts say."""
    stored: bool = False
    """The counts are of what is in the catalog now."""
    left_out: int = 0
    """Products of which something was refused, in a partial load: none of their rows is loaded,
    and what the catalog held of them stays as it was."""
    refused: list[Finding] = field(default_factory=list)
    refusals: int = 0
    """All of them, also those beyond KEPT."""
    spoilt: set[str] = field(default_factory=set)
    """Products that are not whole, since a row of theirs was refused."""
    unplaced: int = 0
    """Refusals of which nobody knows what product they spoil."""
    suspicious: list[Finding] = field(default_factory=list)
    suspicions: int = 0
    notes: list[str] = field(default_factory=list)
    """What else a person should know of the load."""
    understood: list[Understood] = field(default_factory=list)
    """The first products."""
    version: int = 0
    """Of the catalog after the load."""

    def refuse(
        self,
        file: str,
        line: int,
        field: str,
        value: str,
        reason: str,
        remedy: str = "",
        *,
        sku: str | None = None,
    ) -> None:
        """*sku*: the product that is not whole without it; "" where only the cell itself is
        lacking; None where nobody knows."""
        self.refusals += 1
        if sku:
            self.spoilt.add(sku)
        self.unplaced += sku is None
        if len(self.refused) < KEPT:
            self.refused.append(Finding(file, line, field, value[:200], reason, remedy))

    def suspect(
        self, file: str, line: int, field: str, value: str, reason: str, remedy: str = ""
    ) -> None:
        self.suspicions += 1
        if len(self.suspicious) < KEPT:
            self.suspicious.append(Finding(file, line, field, value[:200], reason, remedy))

    def done(self, file: str, rows: int) -> None:
        """A file has been read; it had so many *rows*."""
        self.files.append(FileRead(file, self.form, rows, dict(self.columns), tuple(self.unused)))

    @property
    def ok(self) -> bool:
        """Nothing was refused, so everything was loaded."""
        return not self.refusals

    @property
    def did_nothing(self) -> bool:
        return not (self.added or self.changed or self.withdrawn)

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Facts added, changed and withdrawn, by kind."""
        return {"added": self.added, "changed": self.changed, "withdrawn": self.withdrawn}

    @property
    def outcome(self) -> str:
        """What came of it, in one sentence."""
        if self.refusals and not (self.partial and (self.stored or self.dry_run)):
            return f"Nothing was loaded: {self.refusals:,} refused."
        if self.dry_run:
            return "Nothing was stored, as this was a trial; so it would be."
        if self.did_nothing:
            return f"The catalog has this already (version {self.version})."
        rest = f" {self.refusals:,} refused." if self.refusals else ""
        return f"Loaded: the catalog is at version {self.version} now.{rest}"

    def as_dict(self) -> dict[str, object]:
        """The report as JSON values. Names stay, new ones may come: source, outcome, ok (nothing
        refused), stored (the catalog is as the counts say), partial, dry_run, version, read,
        added/changed/withdrawn (facts by kind), unchanged, left_out (products), refused and
        suspicious (count, and the first of them: file, line, field, value, reason, remedy), notes,
        files (file, form, read, columns: what each was read as, unused), understood (the first
        products: sku, number, place, facts by name)."""
        return {
            "source": self.source,
            "outcome": self.outcome,
            "ok": self.ok,
            "stored": self.stored,
            "partial": self.partial,
            "dry_run": self.dry_run,
            "version": self.version,
            "read": self.read,
            **{name: dict(kinds) for name, kinds in self.counts.items()},
            "unchanged": self.unchanged,
            "left_out": self.left_out,
            "refused": {"count": self.refusals, "first": [asdict(one) for one in self.refused]},
            "suspicious": {
                "count": self.suspicions,
                "first": [asdict(one) for one in self.suspicious],
            },
            "notes": list(self.notes),
            "files": [
                {**asdict(one), "columns": dict(one.columns), "unused": list(one.unused)}
                for one in self.files
            ],
            "understood": [
                {
                    "sku": one.sku,
                    "number": one.number,
                    "place": one.place,
                    "facts": dict(one.facts),
                }
                for one in self.understood
            ],
        }

    def as_html(self) -> str:
        """The report as one page for a browser."""
        from catalog.load.report_html import page

        return page(self)

    def __str__(self) -> str:
        lines = [f"{self.source}: {self._outcome()}"]
        for what, found, count in (
            ("refused", self.refused, self.refusals),
            ("to look at", self.suspicious, self.suspicions),
        ):
            if count:
                lines.append(f"{count} {what}:")
                lines += [f"  {finding}" for finding in found[:SHOWN]]
            if count > SHOWN:
                lines.append(f"  ... and {count - SHOWN} more")
        return "\n".join([*lines, *self.notes])

    def _outcome(self) -> str:
        read = f"{self.read} rows read"
        if self.refusals and not (self.partial and (self.stored or self.dry_run)):
            return f"nothing was loaded, {self.refusals} refused; {read}"
        counts = [
            f"{sum(kinds.values())} {what}"
            + (f" ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})" if kinds else "")
            for what, kinds in self.counts.items()
        ]
        counts.append(f"{self.unchanged} unchanged")
        if self.left_out:
            counts.append(f"{self.left_out} products left out")
        end = (
            "nothing was stored, as this was a trial"
            if self.dry_run
            else (f"catalog version {self.version}")
        )
        return f"{read}; {'; '.join(counts)}; {end}"
