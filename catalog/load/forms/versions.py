"""One row into a version of a product: rows of its own, and what it says of the whole product."""

import hashlib
import re
from dataclasses import dataclass, field

from agent.types import LANGUAGES
from catalog.load import values
from catalog.load.forms.extras import figures, policies, proofs
from catalog.load.forms.facts import FactReader, Says, plain_words
from catalog.load.forms.prices import offers, stock
from catalog.load.forms.said import Said
from catalog.load.forms.shop import Shop
from catalog.rows import AttributeRow, VariantRow

TITLE = 150
"""Characters after which a title is long: more is true, but a host who says it all is not heard
out. It is loaded, and said to be so."""
_RESERVED = ("variant:", "category:")
_SHORTENED = re.compile(r"\d[.,]\d+E\+\d+")
"""What a spreadsheet makes of a long number: many of them become one."""


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
        self._facts = FactReader(shop)
        self._columns = {
            name: [(name, self.language), *((f"{name}:{code}", code) for code in LANGUAGES)]
            for name in ("title", "colour", "size")
        }
        """Cells of a text field, and their language."""

    def read(self, said: Said) -> Version | None:
        """The version that *said* is of; None where it is refused."""
        sku, variant = self._names(said)
        version = Version(said, sku, variant)
        self._titles(version)
        self._variant(version)
        prices = offers(said, variant, self.shop)
        counted, name, late = stock(said, variant, self.shop)
        version.own += [Says(row, column) for row, column in prices]
        version.own.append(Says(counted, said.column(name)))
        if late:
            self._late(version, late)
        self._facts.read(said, sku, version.shared)
        named = version.categories = self._facts.categories(said)
        version.category = named.get("en") or named.get(self.language) or "other"
        for key, row, column in (
            *policies(said, sku, self.shop),
            *figures(said, sku, self.shop),
            *proofs(said, sku, self.shop),
        ):
            version.shared.setdefault(key, Says(row, column))
        return None if said.bad else version

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
        for name, language in self._columns["title"]:
            if name not in said.cells:
                continue
            text = said.read(self.report, name, plain_words, "is not plain words", light=False)
            if text and len(text) > TITLE:
                said.suspect(
                    self.report, name, f"has {len(text)} characters: too long to be said",
                    "shorten the title",
                )  # fmt: skip
            if text:
                version.titles[language] = text
        if not version.titles and not said.bad:
            said.refuse(self.report, "title", "is empty, and has to be there", "give it a title")

    # --- the version itself ------------------------------------------------------------------

    def _variant(self, version: Version) -> None:
        said = version.said
        for name in ("colour", "size"):
            if name not in said.cells and f"{name}:en" not in said.cells:
                continue
            text = self._words(said, name) or self._words(said, f"{name}:en")
            if name == "colour":
                version.colour = text
            else:
                version.size = text
            for column, language in self._columns[name]:
                own = self._words(said, column) if column in said.cells else ""
                if own and language != "en":
                    row = AttributeRow(f"variant:{version.variant}", name, language, (own,))
                    version.own.append(Says(row, said.column(column)))
        own_row = VariantRow(version.variant, version.sku, version.colour, version.size)
        column = said.column("variant" if "variant" in said.cells else "sku")
        version.own.insert(0, Says(own_row, column))

    def _words(self, said: Said, name: str) -> str:
        return said.read(self.report, name, plain_words, "is not plain words") or ""

    def _late(self, version: Version, late: str) -> None:
        said = version.said
        words = {"preorder": "can be ordered before it is out", "backorder": "can be ordered"}[late]
        at = said.text("available_from")[:10]
        text = f"{words}, available from {at}" if at else words
        row = AttributeRow(f"variant:{version.variant}", "availability", "en", (text,))
        version.own.append(Says(row, said.column("availability")))


def _name(cell: str) -> str:
    text = values.plain(cell)
    if "/" in text:
        raise ValueError("a / cannot stand in it: write it without /, with a dash for one")
    if _SHORTENED.fullmatch(text):
        raise ValueError("a spreadsheet has shortened it: format the column as text, export again")
    if len(text) > 100:
        raise ValueError("it is too long: write at most 100 characters")
    if text.startswith(_RESERVED):
        raise ValueError(
            "it begins with a word that the catalog keeps to itself: name it otherwise"
        )
    return text
