"""One row into a version of a product: rows of its own, and what it says of the whole product."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlparse

from agent.types import LANGUAGES
from catalog.load import values
from catalog.load.forms.extras import figures, policies, proofs
from catalog.load.forms.fields import DETAIL, LISTS, MEASURES
from catalog.load.forms.markup import plain_text
from catalog.load.forms.prices import offers, stock
from catalog.load.forms.said import Detail, Said
from catalog.load.forms.shop import Shop
from catalog.load.units import Measure, plainly
from catalog.rows import AttributeRow, Row, VariantRow

TITLE = 150
"""Characters after which a title is long: more is true, but a host who says it all is not heard
out. It is loaded, and said to be so."""
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_TEXTS = ("also_called", "material", "origin", "care", "age")
_RESERVED = ("variant:", "category:")


class Says(NamedTuple):
    """Something that a version says of its whole product."""

    row: Row
    column: str


@dataclass(slots=True)
class Version:
    said: Said
    sku: str
    variant: str
    colour: str = ""
    size: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    """By language."""
    category: str = ""
    categories: dict[str, str] = field(default_factory=dict)
    image: str = ""
    own: list[Says] = field(default_factory=list)
    """Rows of the version itself."""
    shared: dict[tuple[str, ...], Says] = field(default_factory=dict)
    """Rows of the product, by what they are about."""

    def digest(self) -> int:
        """Of what it says of the product: the same for two versions that agree."""
        text = repr([(key, says.row) for key, says in sorted(self.shared.items())])
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


class VersionReader:
    """Reads rows one by one; what is wrong goes into the report."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.report = shop.report
        self.language = shop.language or "en"

    def read(self, said: Said) -> Version | None:
        """The version that *said* is of; None where it is refused."""
        sku, variant = self._names(said)
        version = Version(said, sku, variant)
        self._titles(version)
        self._variant(version)
        prices = offers(said, variant, self.shop)
        counted, name, late = stock(said, variant, self.shop)
        if said.bad:
            return None
        version.own += [Says(row, column) for row, column in prices]
        version.own.append(Says(counted, said.column(name)))
        if late:
            self._late(version, late)
        self._texts(version)
        self._plain_things(version)
        self._measures(version)
        self._details(version)
        for key, row, column in (
            *policies(said, sku, self.shop),
            *figures(said, sku, self.shop),
            *proofs(said, sku, self.shop),
        ):
            version.shared.setdefault(key, Says(row, column))
        return version

    # --- names -------------------------------------------------------------------------------

    def _names(self, said: Said) -> tuple[str, str]:
        """The product's sku and the version's id."""
        sku, variant, group = (said.text(name) for name in ("sku", "variant", "group"))
        fields = [name for name in ("sku", "variant", "group") if name in said.cells]
        if not fields:
            said.refuse(
                self.report, "sku", "is empty, and has to be there",
                "give every product a name of its own that stays the same",
            )  # fmt: skip
        for name in fields:
            said.read(self.report, name, _name, "cannot be a name", light=False)
        product = group or sku or variant
        return product, variant or sku or group

    def _titles(self, version: Version) -> None:
        said = version.said
        for name, language in self._languages("title"):
            if name not in said.cells:
                continue
            text = said.read(self.report, name, _title, "is not plain words", light=False)
            if text and len(text) > TITLE:
                said.suspect(
                    self.report, name, f"has {len(text)} characters: too long to be said",
                    "shorten the title",
                )  # fmt: skip
            if text:
                version.titles[language] = text
        if not version.titles and not said.bad:
            said.refuse(self.report, "title", "is empty, and has to be there", "give it a title")

    def _languages(self, name: str) -> list[tuple[str, str]]:
        """Cells of a text field, and their language."""
        return [(name, self.language), *((f"{name}:{code}", code) for code in LANGUAGES)]

    # --- the version itself ------------------------------------------------------------------

    def _variant(self, version: Version) -> None:
        said = version.said
        for name in ("colour", "size"):
            text = self._words(said, name) or self._words(said, f"{name}:en")
            if name == "colour":
                version.colour = text
            else:
                version.size = text
            if not text:
                continue
            for column, language in self._languages(name):
                own = self._words(said, column) if column in said.cells else ""
                if own and language != "en":
                    row = AttributeRow(f"variant:{version.variant}", name, language, (own,))
                    version.own.append(Says(row, said.column(column)))
        own_row = VariantRow(version.variant, version.sku, version.colour, version.size)
        column = said.column("variant" if "variant" in said.cells else "sku")
        version.own.insert(0, Says(own_row, column))

    def _words(self, said: Said, name: str) -> str:
        return said.read(self.report, name, _plain, "is not plain words") or ""

    def _late(self, version: Version, late: str) -> None:
        said = version.said
        words = {"preorder": "can be ordered before it is out", "backorder": "can be ordered"}[late]
        at = said.text("available_from")[:10]
        text = f"{words}, available from {at}" if at else words
        row = AttributeRow(f"variant:{version.variant}", "availability", "en", (text,))
        version.own.append(Says(row, said.column("availability")))

    # --- the product -------------------------------------------------------------------------

    def _share(self, version: Version, row: AttributeRow, column: str) -> None:
        version.shared.setdefault((row.name, row.language), Says(row, column))

    def _texts(self, version: Version) -> None:
        said = version.said
        for name in _TEXTS:
            for column, language in self._languages(name):
                if column not in said.cells:
                    continue
                text = self._words(said, column)
                words = listed(text) if name in LISTS else (text,)
                if text and words:
                    row = AttributeRow(version.sku, name, language, words)
                    self._share(version, row, said.column(column))
        for column, _ in self._languages("description"):
            if column in said.cells:
                said.read(self.report, column, values.no_formula, "is not plain words")
        for column, language in self._languages("category"):
            text = self._words(said, column) if column in said.cells else ""
            if text:
                path = [part.strip() for part in text.split(">") if part.strip()]
                version.categories.setdefault(language, path[-1] if path else text)
        named = version.categories
        version.category = named.get("en") or named.get(self.language) or "other"

    def _plain_things(self, version: Version) -> None:
        """What is the same in every language."""
        said, sku = version.said, version.sku
        for name in ("brand", "model"):
            if text := self._words(said, name):
                self._share(version, AttributeRow(sku, name, "en", (text,)), said.column(name))
        if code := said.text("gtin").lstrip("'"):
            if values.gtin_is_right(code):
                row = AttributeRow(sku, "gtin", "en", (code,))
                self._share(version, row, said.column("gtin"))
            else:
                said.suspect(
                    self.report, "gtin", "is not a GTIN: its check digit is wrong",
                    "take it from the package again; it was left out",
                )  # fmt: skip
        if link := said.text("link"):
            if urlparse(link).scheme in ("http", "https"):
                row = AttributeRow(sku, "link", "en", (link,))
                self._share(version, row, said.column("link"))
            else:
                said.refuse(
                    self.report, "link", "is not an address", "write it with https://", light=True
                )
        self._image(version)

    def _image(self, version: Version) -> None:
        said = version.said
        text = said.text("image").split(",")[0].split(";")[0].strip()
        if not text:
            return
        if urlparse(text).scheme in ("http", "https"):
            row = AttributeRow(version.sku, "image_url", "en", (text,))
            self._share(version, row, said.column("image"))
            return
        folder = self.shop.folder
        path = (folder / text).resolve() if folder else Path(text)
        if folder and folder in path.parents and path.suffix.lower() in PICTURES and path.is_file():
            version.image = str(path)
        else:
            self.shop.once(
                said, "image", "there is no such picture beside the file: left out",
                "put the pictures beside it, or give their addresses",
            )  # fmt: skip

    def _measures(self, version: Version) -> None:
        said = version.said
        for name in MEASURES:
            cell = said.text(name)
            if not cell:
                continue
            unit = said.text(f"{name} unit")
            decimal = self.shop.marks.decimal(name)
            bare = "piece" if name == "pieces" else "h" if name == "battery_hours" else unit
            found = said.read(
                self.report, name, _measure(decimal, bare), "is not a measure with its unit"
            )
            if found is None or not found.amount:
                continue
            if not found.unit:
                self.shop.once(
                    said, name, "has no unit: left out",
                    f'name it in the heading, such as "{said.column(name)} (g)"',
                )  # fmt: skip
                continue
            if found.was:
                column = said.column(name)
                self.report.columns[column] = f"{name} (converted from {found.was}, rounded)"
            row = AttributeRow(
                version.sku, name, "", None, _stored(found.amount), _UNIT.get(name, found.unit)
            )
            self._share(version, row, said.column(name))

    def _details(self, version: Version) -> None:
        said = version.said
        details = [*said.details]
        for name in said.cells:
            if name.startswith("detail:"):
                details.append(Detail(name[7:], said.text(name), said.column(name)))
        for detail in details:
            if not DETAIL.fullmatch(detail.name):
                continue
            row = self._detail(said, version.sku, detail)
            if row is not None:
                self._share(version, row, detail.column)

    def _detail(self, said: Said, sku: str, detail: Detail) -> AttributeRow | None:
        try:
            text = _plain(plain_text(detail.text))
        except ValueError as error:
            why, _, remedy = str(error).partition(": ")
            self.report.refuse(said.file, said.line, detail.column, detail.text, why, remedy)
            return None
        if not text:
            return None
        try:
            found = values.measure(text, self.shop.marks.declared)
        except ValueError:
            found = None
        if found is not None and found.unit and not found.was:
            return AttributeRow(sku, detail.name, "", None, _stored(found.amount), found.unit)
        words = tuple(item.strip() for item in text.split("|") if item.strip())
        return AttributeRow(sku, detail.name, self.language, words) if words else None


_UNIT = {"pieces": ""}
"""The sheet's own unit where it has one: a bare count of pieces."""


def _stored(amount: Decimal) -> Decimal:
    """As the table has it, at most four decimals."""
    return plainly(amount.quantize(Decimal("0.0001")))


def _measure(decimal: str, unit: str) -> Callable[[str], Measure]:
    return lambda cell: values.measure(cell, decimal, unit)


def _name(cell: str) -> str:
    text = values.plain(cell)
    if "/" in text:
        raise ValueError("a / cannot stand in it: write it without /, with a dash for one")
    if len(text) > 100:
        raise ValueError("it is too long: write at most 100 characters")
    if text.startswith(_RESERVED):
        raise ValueError(
            "it begins with a word that the catalog keeps to itself: name it otherwise"
        )
    return text


def _plain(cell: str) -> str:
    """Plain words, entities decoded."""
    return values.plain(plain_text(cell) if "&" in cell and ";" in cell else cell)


def _title(cell: str) -> str:
    return _plain(cell)


def listed(text: str) -> tuple[str, ...]:
    """A list in one cell: at semicolons or bars."""
    return tuple(item.strip() for item in text.replace("|", ";").split(";") if item.strip())
