"""A shop as a folder: shop.json beside tables of products, texts, variants, offers, policies."""

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.types import LANGUAGES
from catalog.load import values
from catalog.load.records import Entry
from catalog.load.report import Report
from catalog.load.sizes import fits
from catalog.load.table import Line, lines
from catalog.rows import (
    AttributeRow,
    ClaimRow,
    FaqRow,
    OfferRow,
    PolicyRow,
    ProductRow,
    Row,
    ShopRow,
    StockRow,
    VariantRow,
    key_of,
)
from catalog.size_chart import FITS, UNITS

MEASURES = (
    "weight",
    "length",
    "width",
    "height",
    "diameter",
    "capacity",
    "power",
    "battery_hours",
    "pieces",
)
"""Columns of products.csv that hold a number with its unit."""
TEXTS = ("title", "also_called", "material", "origin", "care", "age")
"""Columns of texts.xx.csv, point_1 to point_4 beside them."""
_SHOP_KEYS = {"name", "zone", "currency", "market", "categories", "contact"}
POINTS = tuple(f"point_{n}" for n in range(1, 5))


class FolderReader:
    """Reads a folder into rows; whatever is wrong goes into the report.

    *beside*: it may be without products, and then speaks of those that the catalog holds: policies
    and answers beside an export. Whether those exist is looked up when the load is settled."""

    def __init__(self, folder: Path, report: Report, *, beside: bool = False) -> None:
        self.folder = folder
        self.report = report
        self._beside = beside and not (folder / "products.csv").is_file()
        self.entries: list[Entry] = []
        self.zone, self.currency = "UTC", "USD"
        self.skus: set[str] = set()
        self.variants: dict[str, str] = {}
        self._seen: dict[tuple[str, ...], str] = {}

    @property
    def rows(self) -> list[tuple[Row, str]]:
        """The rows, each with its place in words."""
        return [(entry.row, entry.where) for entry in self.entries]

    def read(self) -> Sequence[Entry]:
        """All rows of the folder that are right."""
        self._shop()
        self._products()
        for language in LANGUAGES:
            self._texts(language)
        self._variants()
        self._sizes()
        self._offers()
        self._policies()
        self._faq()
        self._certificates()
        self._complete()
        return self.entries

    def add(self, row: Row, line: Line) -> None:
        if line.bad:
            return
        before = self._seen.setdefault(key_of(row), line.where)
        if before != line.where:
            line.refuse("", "/".join(key_of(row)[1:]), f"stands there already ({before})")
            return
        self.entries.append(Entry(row, line.file, line.number))

    def _lines(self, name: str, required: str, optional: str = "") -> list[Line]:
        path = self.folder / name
        if not path.is_file():
            if name == "products.csv" and not self._beside:
                self._refuse(name, "", "is not in the folder, and a shop needs it")
            return []
        must, may = required.split(), optional.split()
        return list(lines(path, self.report, must, [*must, *may]))

    def _refuse(self, file: str, field: str, reason: str, value: str = "") -> None:
        self.report.refuse(file, 0, field, value, reason)

    def _lacks(self, file: str, field: str, reason: str, sku: str) -> None:
        self.report.refuse(file, 0, field, sku, reason, sku=sku)

    def _sku(self, line: Line, *, optional: bool = False) -> str:
        sku = line.text("sku")
        known = sku in self.skus or (self._beside and sku)
        if not known and not (optional and not sku):
            line.refuse("sku", sku, "no such product in products.csv")
        return sku

    def _shop(self) -> None:
        path = self.folder / "shop.json"
        if not path.is_file():
            self._refuse("shop.json", "", "is not in the folder: name, zone, currency, market")
            return
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            self._refuse("shop.json", "", f"is not JSON: {error}")
            return
        if not isinstance(found, dict):
            self._refuse("shop.json", "", "is to be one object of name, zone, currency, market")
            return
        for field in found.keys() - _SHOP_KEYS:
            self._refuse("shop.json", field, "is not a key of it")
        for field in ("name", "zone", "currency", "market"):
            if not isinstance(found.get(field), str) or not found[field].strip():
                self._refuse("shop.json", field, "is to be a text")
                return
        if not (found["currency"].isalpha() and len(found["currency"]) == 3):
            self._refuse("shop.json", "currency", "is an ISO code such as USD", found["currency"])
        try:
            ZoneInfo(found["zone"])
        except (ZoneInfoNotFoundError, ValueError):
            self._refuse("shop.json", "zone", "is a name such as Europe/Paris", found["zone"])
            return
        self.zone, self.currency = found["zone"], found["currency"].upper()
        row = ShopRow(found["name"].strip(), self.zone, self.currency, found["market"].upper())
        self.entries.append(Entry(row, "shop.json", 0))
        self._contact(found.get("contact", {}))
        categories = found.get("categories", {})
        for name, texts in categories.items() if isinstance(categories, dict) else ():
            for language in LANGUAGES:
                if isinstance(texts, dict) and isinstance(texts.get(language), str):
                    words = (texts[language],)
                    named = AttributeRow(f"category:{name}", "category", language, words)
                    self.entries.append(Entry(named, "shop.json", 0))

    def _contact(self, said: object) -> None:
        """Where one reaches a person: one text, or one a language."""
        texts = {"en": said} if isinstance(said, str) else said
        if not isinstance(texts, dict):
            self._refuse("shop.json", "contact", "is to be a text, or one a language")
            return
        for language, text in texts.items():
            if language not in LANGUAGES or not isinstance(text, str) or not text.strip():
                self._refuse("shop.json", "contact", f"is a text in {', '.join(LANGUAGES)}")
                continue
            row = AttributeRow("", "contact", language, (text.strip(),))
            self.entries.append(Entry(row, "shop.json", 0))

    def _products(self) -> None:
        numbers: Counter[int] = Counter()
        for line in self._lines(
            "products.csv", "sku number category", " ".join(("image", *MEASURES))
        ):
            sku = line.must("sku", values.plain, "")
            number = line.must("number", values.whole, 0)
            numbers[number] += 1
            if numbers[number] > 1:
                line.refuse("number", str(number), "another product has this link number")
            if "/" in sku:
                line.refuse("sku", sku, "write it without /")
            image = line.text("image")
            if image and not (self.folder / image).is_file():
                line.refuse("image", image, "no such file in the folder")
            path = str((self.folder / image).resolve()) if image else ""
            self.skus.add(sku)
            category = line.must("category", values.plain, "")
            self.add(ProductRow(sku, number, category, path), line)
            for name in MEASURES:
                amount, unit = line.read(name, values.quantity, (Decimal(0), ""))
                if line.text(name):
                    self.add(AttributeRow(sku, name, "", None, amount, unit), line)

    def _texts(self, language: str) -> None:
        columns = " ".join((*TEXTS[1:], *POINTS))
        for line in self._lines(f"texts.{language}.csv", "sku title", columns):
            sku = self._sku(line)
            line.must("title", values.plain, "")
            for name in (*TEXTS, *POINTS):
                several = name in ("also_called", "material")
                text = line.read(name, values.plain, "")
                words = values.items(text) if several else (text,)
                if text:
                    self.add(AttributeRow(sku, name, language, words), line)

    def _variants(self) -> None:
        named = "colour_fr colour_zh size_fr size_zh"
        for line in self._lines("variants.csv", "variant sku price", f"colour size stock {named}"):
            variant, sku = line.must("variant", values.plain, ""), self._sku(line)
            self.variants[variant] = sku
            colour, size = (
                line.read("colour", values.plain, ""),
                line.read("size", values.plain, ""),
            )
            self.add(VariantRow(variant, sku, colour, size), line)
            for name, english in (("colour", colour), ("size", size)):
                for language in LANGUAGES[1:]:
                    text = line.read(f"{name}_{language}", values.plain, "")
                    if text and english:
                        self.add(AttributeRow(f"variant:{variant}", name, language, (text,)), line)
            price = line.must(
                "price", lambda cell: values.positive(cell, self.currency), Decimal(1)
            )
            offer = OfferRow(f"{variant}/list", variant, "list", price, self.currency, None, None)
            self.add(offer, line)
            counted = line.read("stock", values.whole, -1)
            self.add(StockRow(variant, counted if counted >= 0 else None), line)

    def _sizes(self) -> None:
        """A row of the size chart lies at each variant of its size."""
        made = [row for row, *_ in self.entries if isinstance(row, VariantRow)]
        for line in self._lines("sizes.csv", "sku size", " ".join(UNITS)):
            sku, size = self._sku(line), line.must("size", values.plain, "")
            fitting = [row for row in made if (row.sku, row.size) == (sku, size)]
            if sku and not fitting:
                line.refuse("size", size, "no variant of this size in variants.csv")
            told = [line.read(name, partial(fits, name), "") for name in UNITS]
            words = tuple(one for one in told if one)
            if not words:
                line.refuse("height", "", "give a measure, such as 166-177 cm")
            for row in fitting:
                self.add(AttributeRow(f"variant:{row.variant_id}", FITS, "en", words), line)

    def _offers(self) -> None:
        listed = {
            row.variant_id: row.amount for row, *_ in self.entries if isinstance(row, OfferRow)
        }
        for line in self._lines("offers.csv", "offer price", "sku variant from until"):
            name = line.must("offer", values.plain, "")
            price = line.must(
                "price", lambda cell: values.positive(cell, self.currency), Decimal(1)
            )
            begins = line.read("from", lambda cell: values.moment(cell, self.zone), None)
            ends = line.read("until", lambda cell: values.moment(cell, self.zone), None)
            if begins and ends and begins >= ends:
                line.refuse("until", line.text("until"), "is not after its beginning")
            variant = line.text("variant")
            if variant:
                variants = [variant] if variant in self.variants else []
            else:
                sku = self._sku(line)
                variants = [key for key, value in self.variants.items() if value == sku]
            if not variants:
                line.refuse("variant", variant, "no such variant in variants.csv")
            for variant in variants:
                if price >= listed.get(variant, price):
                    line.refuse("price", line.text("price"), "is not below the regular price")
                    break
                key = f"{variant}/{name}"
                row = OfferRow(key, variant, "sale", price, self.currency, begins, ends)
                self.add(row, line)

    def _policies(self) -> None:
        for line in self._lines("policies.csv", "kind low", "sku region high fee free_from"):
            kind = line.text("kind")
            if kind not in ("delivery", "returns", "warranty"):
                line.refuse("kind", kind, "is delivery, returns or warranty")
            low = line.must("low", values.whole, 0)
            high = line.read("high", values.whole, low)
            if high < low:
                line.refuse("high", str(high), "is below low")
            region = line.text("region").upper()
            if kind == "delivery" and not region:
                line.refuse("region", "", "delivery is for a country such as US, or EU")
            fee = line.read("fee", lambda cell: values.money(cell, self.currency), None)
            free = line.read("free_from", lambda cell: values.money(cell, self.currency), None)
            sku = self._sku(line, optional=True)
            row = PolicyRow(kind, sku, region, low, high, fee, free, self.currency)
            self.add(row, line)

    def _faq(self) -> None:
        for line in self._lines("faq.csv", "faq language question answer", "sku"):
            language = line.text("language")
            if language not in LANGUAGES:
                line.refuse("language", language, f"is one of {', '.join(LANGUAGES)}")
            name = line.must("faq", values.plain, "")
            question = line.must("question", values.plain, "")
            answer = line.must("answer", values.plain, "")
            sku = self._sku(line, optional=True)
            self.add(FaqRow(name, sku, language, question, answer), line)

    def _certificates(self) -> None:
        required = "certificate sku claim issuer number document approved_by"
        for line in self._lines("certificates.csv", required, "from until"):
            self.add(
                ClaimRow(
                    line.must("certificate", values.plain, ""),
                    self._sku(line),
                    line.must("claim", values.plain, ""),
                    line.must("issuer", values.plain, ""),
                    line.must("number", values.plain, ""),
                    line.must("document", values.plain, ""),
                    line.must("approved_by", values.plain, ""),
                    line.read("from", lambda cell: values.moment(cell, self.zone), None),
                    line.read("until", lambda cell: values.moment(cell, self.zone), None),
                ),
                line,
            )

    def _complete(self) -> None:
        titled = {
            r.owner for r, *_ in self.entries if isinstance(r, AttributeRow) and r.name == "title"
        }
        sold = set(self.variants.values())
        for sku in sorted(self.skus):
            if sku not in titled:
                self._lacks("texts.en.csv", "title", "is missing for this product", sku)
            if sku not in sold:
                self._lacks("variants.csv", "sku", "has no variant, so it has no price", sku)
        if not self.skus and not self.report.refused and not self._beside:
            self._refuse("products.csv", "", "has no products")
