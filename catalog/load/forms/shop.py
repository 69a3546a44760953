"""What is known of the shop while its file is read, and what has been said of the file already."""

from datetime import UTC, datetime
from pathlib import Path

from catalog.load import values
from catalog.load.forms.mapping import ShopHint, ShopMap
from catalog.load.forms.marks import Marks
from catalog.load.forms.points import words_of
from catalog.load.forms.said import Said
from catalog.load.report import Report
from catalog.rows import ShopRow

_MARKETS = {
    "USD": "US", "EUR": "EU", "GBP": "GB", "CNY": "CN", "JPY": "JP", "CAD": "CA", "AUD": "AU",
    "NZD": "NZ", "CHF": "CH", "SEK": "SE", "NOK": "NO", "DKK": "DK", "PLN": "PL", "CZK": "CZ",
    "HKD": "HK", "TWD": "TW", "SGD": "SG", "MYR": "MY", "KRW": "KR", "INR": "IN", "MXN": "MX",
    "BRL": "BR", "MAD": "MA", "HUF": "HU", "RON": "RO", "AED": "AE",
}  # fmt: skip
"""Where a shop's viewers are likely to be, by its currency."""


class Shop:
    """The shop of one file."""

    def __init__(
        self, file: str, report: Report, hint: ShopHint, mapping: ShopMap, now: datetime | None
    ) -> None:
        self.file = file
        self.report = report
        self.mapping = mapping
        self.hint = hint.or_else(mapping.shop)  # options and the shop itself know best
        self.marks = Marks(mapping.decimal, mapping.dates)
        self.currency = self.hint.currency
        self.zone = self.hint.zone or "UTC"
        self.language = mapping.language
        self.now = now or datetime.now(UTC)
        self.folder = _folder(file, report.source)
        self._told: set[str] = set()
        words = words_of("availability")
        self._words = {word: kind for kind, texts in words.items() for word in texts}
        self._words |= mapping.values
        hidden = words_of("hidden")
        self._hidden = {word: why for why, texts in hidden.items() for word in texts}

    def once(
        self, said: Said, name: str, reason: str, remedy: str = "", *, about: str = ""
    ) -> None:
        """Say a suspicion only the first time, with the first row it is true of."""
        key = about or f"{name} {reason}"
        if key not in self._told:
            self._told.add(key)
            said.suspect(self.report, name, reason, remedy)

    def availability(self, cell: str) -> str:
        """One of fields.AVAILABILITY for the word in a cell, "" where nobody knows it. Schema.org's
        addresses and any of "in stock", in_stock, In-Stock and inStock are the same."""
        key = cell.strip().casefold()
        if (found := self._words.get(key)) is None:
            key = " ".join(key.rpartition("/")[2].replace("_", " ").replace("-", " ").split())
            found = self._words.get(key, "")
        return found

    def hidden(self, cell: str) -> str:
        """Why a product with this status is not for sale ("draft"), "" where it is."""
        return self._hidden.get(cell.strip().casefold(), "")

    def row(self, name: str) -> ShopRow:
        """The shop as a row, *name* where nobody gave it another."""
        currency = self.currency or "USD"
        return ShopRow(
            self.hint.name or name or Path(self.file).stem,
            self.zone,
            currency,
            self.hint.market or _MARKETS.get(currency, "US"),
        )

    def settle(self, said: Said, named: str) -> None:
        """Take a price of the currency *named* ("" where the file names none): the first one
        becomes the shop's. Raises ValueError for another, or for one that may be several."""
        if not named:
            if not self.currency:
                self.currency = self.marks.currency or "USD"
                if not self.marks.currency:
                    self.once(
                        said, "price", "no currency is named: it was taken for US dollars",
                        'give it as an option, or in a mapping file: [shop] currency = "EUR"',
                    )  # fmt: skip
            return
        may = values.currencies(named)
        if self.currency:
            if self.currency not in may:
                raise ValueError(
                    f"a shop has one currency, and this one is in {self.currency}: "
                    "convert it, or load it as another shop"
                )
        elif len(may) == 1:
            self.currency = may[0]
        elif self.marks.currency in may:
            self.currency = self.marks.currency
        elif self.language == "zh" and "CNY" in may:
            self.currency = "CNY"
            self.once(
                said, "price", f"{named} was taken for Chinese yuan",
                'if it is another, say so in a mapping file: [shop] currency = "JPY"',
            )  # fmt: skip
        elif named == "$":
            self.currency = "USD"
            self.once(
                said, "price", "$ was taken for US dollars",
                'if they are others, say so in a mapping file: [shop] currency = "CAD"',
            )  # fmt: skip
        else:
            raise ValueError(
                f"{named} may be {' or '.join(may)}: give the currency as an option, or in a "
                "mapping file"
            )

    def local(self, said: Said, name: str) -> None:
        """Say that a time without a zone was taken for UTC, where nobody gave the shop's zone."""
        if not self.hint.zone:
            self.once(
                said, name, "the shop's zone is not known: times without one were taken for UTC",
                'give it as an option, or in a mapping file: [shop] zone = "Europe/Paris"',
                about="zone",
            )  # fmt: skip


def _folder(file: str, source: str) -> Path | None:
    """Where the pictures of a file may stand: beside it."""
    for path in (Path(source), Path(file)):
        if path.is_file():
            return path.resolve().parent
    return None
