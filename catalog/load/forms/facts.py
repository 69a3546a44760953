"""What a row says of its whole product: texts, measures, addresses, details."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlparse

from agent.types import LANGUAGES
from catalog.load import values
from catalog.load.forms.fields import DETAIL, LISTS, MEASURES
from catalog.load.forms.markup import plain_text
from catalog.load.forms.said import Detail, Said
from catalog.load.forms.shop import Shop
from catalog.load.units import Measure, plainly
from catalog.rows import AttributeRow, Row

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_TEXTS = ("also_called", "material", "origin", "care", "age")
_BARE = {"pieces": "piece", "battery_hours": "h"}
"""The unit of a bare number, where there is but one."""


class Says(NamedTuple):
    """A row, and the column that its weightiest cell came from."""

    row: Row
    column: str


Shared = dict[tuple[str, ...], Says]


class FactReader:
    """Reads what rows say of their products; what is wrong goes into the report."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.report = shop.report
        self.language = shop.language or "en"
        self._read: dict[str, Callable[[Said, str, str, Shared], None]] = {
            "brand": self._word, "model": self._word, "gtin": self._gtin, "link": self._link,
            "image": self._image, **dict.fromkeys(MEASURES, self._measure),
        }  # fmt: skip
        self._named: dict[str, tuple[str, str]] = {}
        """Field and language, by cell."""
        for language, end in ((self.language, ""), *((code, f":{code}") for code in LANGUAGES)):
            for name in (*_TEXTS, "category", "description"):
                self._named[f"{name}{end}"] = (name, language)

    def read(self, said: Said, sku: str, shared: Shared) -> None:
        """Put the product's rows into *shared*, by what they are about."""
        for cell in said.cells:
            if (named := self._named.get(cell)) is not None:
                self._text(said, sku, cell, named, shared)
            elif (read := self._read.get(cell)) is not None:
                read(said, sku, cell, shared)
            elif cell.startswith("detail:"):
                self._detail(
                    said, sku, Detail(cell[7:], said.text(cell), said.column(cell)), shared
                )
        for detail in said.details:
            self._detail(said, sku, detail, shared)

    def categories(self, said: Said) -> dict[str, str]:
        """The last part of the product's category, by language."""
        found: dict[str, str] = {}
        for end, language in (("", self.language), *((f":{code}", code) for code in LANGUAGES)):
            if f"category{end}" not in said.cells:
                continue
            if text := self._words(said, f"category{end}"):
                path = [part.strip() for part in text.split(">") if part.strip()]
                found.setdefault(language, path[-1] if path else text)
        return found

    def _words(self, said: Said, name: str) -> str:
        return said.read(self.report, name, plain_words, "is not plain words") or ""

    def _share(self, said: Said, cell: str, row: AttributeRow, shared: Shared) -> None:
        shared.setdefault((row.name, row.language), Says(row, said.column(cell)))

    def _text(
        self, said: Said, sku: str, cell: str, named: tuple[str, str], shared: Shared
    ) -> None:
        name, language = named
        if name == "description":
            said.read(self.report, cell, values.no_formula, "is not plain words")
            return
        if name == "category":
            return
        text = self._words(said, cell)
        words = listed(text) if name in LISTS else (text,)
        if text and words:
            self._share(said, cell, AttributeRow(sku, name, language, words), shared)

    def _word(self, said: Said, sku: str, cell: str, shared: Shared) -> None:
        """What is the same in every language."""
        if text := self._words(said, cell):
            self._share(said, cell, AttributeRow(sku, cell, "en", (text,)), shared)

    def _gtin(self, said: Said, sku: str, cell: str, shared: Shared) -> None:
        code = said.text(cell).lstrip("'")
        if values.gtin_is_right(code):
            self._share(said, cell, AttributeRow(sku, "gtin", "en", (code,)), shared)
        else:
            said.suspect(
                self.report, cell, "is not a GTIN: its check digit is wrong",
                "take it from the package again; it was left out",
            )  # fmt: skip

    def _link(self, said: Said, sku: str, cell: str, shared: Shared) -> None:
        link = said.text(cell)
        if _is_address(link):
            self._share(said, cell, AttributeRow(sku, "link", "en", (link,)), shared)
        else:
            said.refuse(
                self.report, cell, "is not an address", "write it with https://", light=True
            )

    def _image(self, said: Said, sku: str, cell: str, shared: Shared) -> None:
        """The picture's address, or its file beside the feed, which is held by "image"."""
        text = said.text(cell).split(";")[0].split(", ")[0].strip()
        if _is_address(text):
            self._share(said, cell, AttributeRow(sku, "image_url", "en", (text,)), shared)
            return
        folder = self.shop.folder
        path = (folder / text).resolve() if folder else Path(text)
        if folder and folder in path.parents and path.suffix.lower() in PICTURES and path.is_file():
            said.image = str(path)
        else:
            self.shop.once(
                said, cell, "there is no such picture beside the file: left out",
                "put the pictures beside it, or give their addresses",
            )  # fmt: skip

    def _measure(self, said: Said, sku: str, cell: str, shared: Shared) -> None:
        unit = _BARE.get(cell) or said.text(f"{cell} unit")
        decimal = self.shop.marks.decimal(cell)
        found = said.read(
            self.report, cell, _measure(decimal, unit), "is not a measure with its unit"
        )
        if found is None or not found.amount:
            return
        column = said.column(cell)
        if not found.unit:
            self.shop.once(
                said, cell, "has no unit: left out",
                f'name it in the heading, such as "{column} (g)"',
            )  # fmt: skip
            return
        if found.was:
            self.report.columns[column] = f"{cell} (converted from {found.was}, rounded)"
        unit = "" if cell == "pieces" else found.unit
        self._share(
            said, cell, AttributeRow(sku, cell, "", None, _stored(found.amount), unit), shared
        )

    def _detail(self, said: Said, sku: str, detail: Detail, shared: Shared) -> None:
        """A detail of the product: a measure where it is one, else words, a list at bars."""
        if not DETAIL.fullmatch(detail.name):
            return
        try:
            text = plain_words(plain_text(detail.text))
        except ValueError as error:
            why, _, remedy = str(error).partition(": ")
            self.report.refuse(
                said.file, said.line, detail.column, detail.text, why, remedy, sku=""
            )
            return
        try:
            found = values.measure(text, self.shop.marks.declared)
        except ValueError:
            found = None
        words = tuple(item.strip() for item in text.split("|") if item.strip())
        if found is not None and found.unit and not found.was:
            amount = _stored(found.amount)
            row = AttributeRow(sku, detail.name, "", None, amount, found.unit)
        elif words:
            row = AttributeRow(sku, detail.name, self.language, words)
        else:
            return
        shared.setdefault((row.name, row.language), Says(row, detail.column))


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and bool(urlparse(text).netloc)


def _stored(amount: Decimal) -> Decimal:
    """As the table has it, at most four decimals."""
    return plainly(amount.quantize(Decimal("0.0001")))


def _measure(decimal: str, unit: str) -> Callable[[str], Measure]:
    return lambda cell: values.measure(cell, decimal, unit)


def plain_words(cell: str) -> str:
    """Plain words, entities decoded. Raises ValueError for what is not plain words."""
    return values.plain(plain_text(cell) if "&" in cell and ";" in cell else cell)


def listed(text: str) -> tuple[str, ...]:
    """A list in one cell: at semicolons or bars."""
    return tuple(item.strip() for item in text.replace("|", ";").split(";") if item.strip())
