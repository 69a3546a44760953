"""A file's content read into the catalog's rows, for tests."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from catalog.load.files import opened
from catalog.load.forms import ShopHint, ShopMap, entries, read_map
from catalog.load.records import Entry
from catalog.load.report import Report
from catalog.rows import (
    AttributeRow,
    OfferRow,
    ProductRow,
    R,
    ShopRow,
    StockRow,
    VariantRow,
)

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@dataclass
class Reading:
    """What came of a file."""

    report: Report
    entries: list[Entry]

    def rows(self, kind: type[R]) -> list[R]:
        return [entry.row for entry in self.entries if isinstance(entry.row, kind)]

    @property
    def shop(self) -> ShopRow:
        return self.rows(ShopRow)[0]

    @property
    def products(self) -> list[str]:
        return [row.sku for row in self.rows(ProductRow)]

    @property
    def variants(self) -> dict[str, tuple[str, str, str]]:
        return {row.variant_id: (row.sku, row.colour, row.size) for row in self.rows(VariantRow)}

    @property
    def stock(self) -> dict[str, int | None]:
        return {row.variant_id: row.quantity for row in self.rows(StockRow)}

    @property
    def prices(self) -> dict[str, str]:
        """Amounts by offer."""
        return {row.offer_id: f"{row.amount:f}" for row in self.rows(OfferRow)}

    def offer(self, name: str) -> OfferRow:
        return next(row for row in self.rows(OfferRow) if row.offer_id == name)

    def said(self, owner: str, name: str, language: str = "en") -> tuple[str, ...] | None:
        """A text of a product or version."""
        for row in self.rows(AttributeRow):
            if (row.owner, row.name, row.language) == (owner, name, language):
                return row.words
        return None

    def measured(self, owner: str, name: str) -> tuple[Decimal | None, str] | None:
        for row in self.rows(AttributeRow):
            if (row.owner, row.name, row.language) == (owner, name, ""):
                return row.amount, row.unit
        return None

    @property
    def refused(self) -> list[tuple[int, str, str]]:
        """Line, field and reason."""
        return [(one.line, one.field, one.reason) for one in self.report.refused]

    def suspected(self, words: str) -> bool:
        return any(words in one.reason for one in self.report.suspicious)


def read(
    folder: Path,
    name: str,
    content: str,
    *,
    shop: ShopHint | None = None,
    mapping: str = "",
) -> Reading:
    """*content* as a file called *name*, with a mapping file's text."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    found: ShopMap | None = None
    if mapping:
        (folder / "map.toml").write_text(mapping, encoding="utf-8")
        found = read_map(folder / "map.toml")
    report = Report(str(path))
    file = opened(path, report)
    assert file is not None, str(report)
    hint = shop or ShopHint(zone="Europe/Paris", currency="EUR")
    return Reading(report, list(entries(file, report, hint, found, now=NOW)))
