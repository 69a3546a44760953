"""Records of a file into rows for the catalog, whatever shop system the file came from.

A form is recognised by its columns or keys; every form says what its rows say by the same fields
(fields.py), and what is done with those is the same for all: versions.py reads one row, prices.py
its prices and stock, assemble.py puts the versions of a product together.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain, islice

from catalog.load.forms import google, magento, schema_org, shopify, table
from catalog.load.forms.assemble import Assembler
from catalog.load.forms.language import written_in
from catalog.load.forms.mapping import ShopHint, ShopMap, read_map
from catalog.load.forms.marks import SAMPLE
from catalog.load.forms.said import Said
from catalog.load.forms.shop import Shop
from catalog.load.records import Entry, Opened, Record
from catalog.load.report import Report

__all__ = ["ShopHint", "ShopMap", "entries", "read_map"]


def entries(
    opened: Opened,
    report: Report,
    shop: ShopHint,
    mapping: ShopMap | None = None,
    *,
    now: datetime | None = None,
) -> Iterator[Entry]:
    """The catalog's rows out of a file, in its order, each with its place; a product's stand
    together, its ProductRow first (number 0: to be given one). Sets form, columns and unused of
    *report* and counts what is read; what is refused there is not given. Holds the names of the
    products and some thousand rows at most; of a Magento export also the versions whose product
    has not come yet."""
    mapping = mapping or ShopMap()
    one = Shop(opened.file, report, shop, mapping, now)
    said = _rows(opened, one)
    first = list(islice(said, SAMPLE))
    one.marks.look(first)
    if not one.language:
        one.language = written_in(first, report)
    assembler = Assembler(one, _name(opened.head))
    for row in chain(first, said):
        yield from assembler.take(row)
    yield from assembler.close()
    if not report.read and not report.refusals:
        report.refuse(opened.file, 0, "", "", "has no products", "export it with its products")


def _rows(opened: Opened, shop: Shop) -> Iterator[Said]:
    """What the rows of a file say, by the form that it has."""
    report = shop.report
    if opened.shape == "table":
        columns = opened.columns
        kind = "CSV" if not opened.file.lower().endswith((".tsv", ".xlsx", ".parquet")) else "table"
        if shopify.is_table(columns):
            report.form = f"Shopify products ({kind})"
            return shopify.rows(opened.records, columns, shop)
        if magento.is_table(columns):
            report.form = f"Magento products ({kind})"
            return magento.rows(opened.records, columns, shop)
        if google.is_table(columns):
            report.form = "Google Merchant feed (table)"
            return google.rows(opened.records, columns, shop)
        report.form = "table of products"
        return table.rows(opened.records, columns, shop)
    first = list(islice(opened.records, SAMPLE))
    records: Iterator[Record] = chain(first, opened.records)
    cells: Mapping[str, object] = first[0].cells if first else {}
    products = cells.get("products")
    if isinstance(products, list | tuple) and len(first) == 1:  # nobody took them apart
        first = [Record(opened.file, n, one) for n, one in enumerate(products, 1)]
        records, cells = iter(first), first[0].cells if first else {}
    if opened.shape == "xml" and google.is_item(cells):
        report.form = "Google Merchant feed (XML)"
        return google.rows(records, table.keys(first), shop)
    if any(schema_org.is_thing(record.cells) for record in first):
        report.form = "schema.org products (JSON-LD)"
        _unmapped(shop)
        return schema_org.rows(records, shop)
    if shopify.is_json(cells):
        report.form = "Shopify products (JSON)"
        _unmapped(shop)
        return shopify.items(records, shop)
    if opened.shape in ("xml", "html") and first:
        report.refuse(
            opened.file, 0, "", "", "holds no products that are known",
            "load a Google Merchant feed, or a page with schema.org products in JSON-LD",
        )  # fmt: skip
        return iter(())
    report.form = "products in JSON"
    flat = (row for record in records for row in table.flat(record))
    sample = list(islice(flat, SAMPLE))
    return table.rows(chain(sample, flat), table.keys(sample), shop, several=True)


def _unmapped(shop: Shop) -> None:
    """Say that this form's keys are known and so not read by the mapping's [columns]."""
    for column in shop.mapping.columns:
        shop.report.suspect(
            shop.mapping.file, 0, "[columns]", column,
            f"was not used: {shop.report.form} are read by their own keys",
            "take the line out, or load a table (CSV), whose columns can be named",
        )  # fmt: skip


def _name(head: Mapping[str, object]) -> str:
    """What a feed calls the shop."""
    title = head.get("title")
    return title.strip() if isinstance(title, str) else ""
