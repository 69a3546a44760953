"""Three shops to ask of: the sample, the real Magento export, and a French shop's feed.

Their texts go through small readers of their own here, so that what is scored is how questions are
understood, whatever a form of the loader makes of a column.
"""

import csv
import html
import os
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from agent.types import Language
from catalog import sample
from catalog.db import Database
from catalog.load.folder import FolderReader
from catalog.load.report import Report
from catalog.load.values import items, moment, quantity
from catalog.rows import AttributeRow, OfferRow, ProductRow, Row, StockRow, VariantRow

FOLDERS = Path(__file__).parent / "cases" / "shops"
DATA = Path(os.environ.get("CANDOR_DATA", Path(__file__).parents[2] / "shared" / "data"))
"""Where data lies that is not ours to hand on."""
SHOPS = ("sample", "magento", "brume")
_KNOWN = {
    "contenance": "capacity",
    "puissance": "power",
    "origine": "origin",
    "entretien": "care",
    "matiere": "material",
}
"""French labels of the feed that are columns of the catalog."""


def build(name: str, path: Path) -> bool:
    """Write the shop *name* into the new catalog *path*; False where its data is not to be had."""
    if name == "sample":
        return sample.build(path).ok
    if name == "magento":
        export = DATA / "magento" / "configurable_products.csv"
        if not export.is_file():
            return False
        rows = list(_magento(export))
    else:
        rows = list(_feed(FOLDERS / name / "feed.xml"))
    _write(path, [*_around(FOLDERS / name), *((row, name) for row in rows)])
    return True


def _around(folder: Path) -> list[tuple[Row, str]]:
    """The shop's own row, its policies and answers."""
    reader = FolderReader(folder, Report(folder.name))
    reader._shop()
    with (folder / "policies.csv").open(encoding="utf-8") as file:
        reader.skus.update(line["sku"] for line in csv.DictReader(file))
    with (folder / "faq.csv").open(encoding="utf-8") as file:
        reader.skus.update(line["sku"] for line in csv.DictReader(file))
    reader._policies()
    reader._faq()
    assert reader.report.ok, reader.report.refused
    return reader.rows


def _write(path: Path, rows: Sequence[tuple[Row, str]]) -> None:
    now = datetime.now(UTC)
    with Database(path, create=True) as database:
        database.begin()
        source = database.source("csv", path.name, "", now)
        database.append(rows, [], source, now)
        database.commit()


def _field(label: str) -> str:
    """ "Température d'infusion" as temperature_d_infusion."""
    split = unicodedata.normalize("NFD", label.casefold())
    plain = "".join(c for c in split if not unicodedata.combining(c))
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return _KNOWN.get(name, name)


def _named(sku: str, name: str, text: str, language: Language) -> AttributeRow:
    """A text or, for a measure, an amount."""
    if name in ("capacity", "power"):
        amount, unit = quantity(text)
        return AttributeRow(sku, name, "", None, amount, unit)
    words = items(text) if name == "material" else (text,)
    return AttributeRow(sku, name, language, words)


# --- the Magento export ----------------------------------------------------------------------


def _magento(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    simple = {line["sku"]: line for line in lines if line["product_type"] == "simple"}
    whole = [line for line in lines if line["product_type"] == "configurable"]
    categories: set[str] = set()
    for number, line in enumerate(whole, 1):
        sku = line["sku"]
        category = line["categories"].split(",")[0].rsplit("/", 1)[-1]
        if category not in categories:
            categories.add(category)
            yield AttributeRow(f"category:{category}", "category", "en", (category,))
        yield ProductRow(sku, number, category, "")
        yield AttributeRow(sku, "title", "en", (" ".join(html.unescape(line["name"]).split()),))
        for pair in line["additional_attributes"].split(","):
            name, _, value = html.unescape(pair).partition("=")
            if name in ("material", "pattern", "climate", "style_general", "style_bottom"):
                yield AttributeRow(sku, name, "en", tuple(value.split("|")))
        points = re.findall(r"&bull;\s*(.*?)\s*(?:<br|</p)", line["description"])
        for count, point in enumerate(points[:4], 1):
            text = html.unescape(re.sub(r"<[^>]+>", "", point)).strip()
            yield AttributeRow(sku, f"point_{count}", "en", (text,))
        for variation in line["configurable_variations"].split("|"):
            cells = dict(part.split("=", 1) for part in variation.split(","))
            name = cells["sku"]
            own = simple[name]
            price = Decimal(own["price"])
            yield VariantRow(name, sku, cells.get("color", ""), cells.get("size", ""))
            yield OfferRow(f"{name}/list", name, "list", price, "USD", None, None)
            yield StockRow(name, int(own["qty"]))


# --- the French feed -------------------------------------------------------------------------


def _feed(path: Path) -> Iterator[Row]:
    space = "{http://base.google.com/ns/1.0}"
    seen: set[str] = set()
    number = 0
    for item in ElementTree.parse(path).getroot().iter("item"):

        def text(name: str, item: ElementTree.Element = item) -> str:
            return item.findtext(space + name) or item.findtext(name) or ""

        variant = text("id")
        sku = text("item_group_id") or variant
        if sku not in seen:
            seen.add(sku)
            number += 1
            category = text("product_type").rsplit(" > ", 1)[-1]
            if f"category {category}" not in seen:
                seen.add(f"category {category}")
                yield AttributeRow(f"category:{category}", "category", "fr", (category,))
            yield ProductRow(sku, number, category, "")
            yield AttributeRow(sku, "title", "fr", (text("title"),))
            yield AttributeRow(sku, "brand", "fr", (text("brand"),))
            yield AttributeRow(sku, "description", "fr", (text("description"),))
            if material := text("material").replace("/", "; "):
                yield _named(sku, "material", material, "fr")
            for detail in item.iter(space + "product_detail"):
                label = detail.findtext(space + "attribute_name") or ""
                value = detail.findtext(space + "attribute_value") or ""
                yield _named(sku, _field(label), value, "fr")
        yield VariantRow(variant, sku, text("color"), "")
        price = Decimal(text("price").split()[0])
        yield OfferRow(f"{variant}/list", variant, "list", price, "EUR", None, None)
        if sale := text("sale_price"):
            begins, ends = text("sale_price_effective_date").split("/")
            row = OfferRow(
                f"{variant}/sale",
                variant,
                "sale",
                Decimal(sale.split()[0]),
                "EUR",
                moment(begins, "Europe/Paris"),
                moment(ends, "Europe/Paris"),
            )
            yield row
        yield StockRow(variant, int(text("quantity")))
