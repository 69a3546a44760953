"""Google Merchant feeds, XML (RSS and Atom) and tables with tabs or commas."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog.load import values
from catalog.load.forms.columns import lexicon, plain_name, plan
from catalog.load.forms.fields import DETAIL, MEASURES
from catalog.load.forms.said import Cell, Certificate, Delivery, Detail, Said
from catalog.load.forms.shop import Shop
from catalog.load.forms.table import constants, noted
from catalog.load.records import Record

# Names of the product data specification, support.google.com/merchants/answer/7052112
ATTRIBUTES = {
    "id": "variant", "item group id": "group", "title": "title", "item group title": "group title",
    "description": "description", "summary": "description", "content": "description",
    "link": "link", "image link": "image", "availability": "availability",
    "availability date": "available_from", "price": "price", "sale price": "sale_price",
    "sale price effective date": "window", "brand": "brand", "gtin": "gtin", "mpn": "model",
    "color": "colour", "colour": "colour", "size": "size", "material": "material",
    "product type": "category", "google product category": "google category",
    "shipping weight": "shipping_weight", "product weight": "weight", "product length": "length",
    "product width": "width", "product height": "height", "pattern": "detail:pattern",
    "gender": "detail:gender", "age group": "detail:age_group", "condition": "condition",
    "energy efficiency class": "detail:energy_efficiency_class", "product highlight": "point",
    "multipack": "detail:multipack", "size system": "detail:size_system",
    "quantity": "stock", "inventory": "stock", "sell on google quantity": "stock",
    "shipping": "shipping", "product detail": "product detail", "certification": "certification",
    "free shipping threshold": "free shipping", "min handling time": "min handling",
    "max handling time": "max handling", "structured title": "structured title",
    "structured description": "structured description",
}  # fmt: skip
_TELLING = (
    "image link", "item group id", "google product category", "sale price effective date",
    "shipping", "mpn", "condition", "identifier exists", "product type",
)  # fmt: skip
_PACKED = {
    "shipping": ("country", "region", "service", "price"),
    "product detail": ("section_name", "attribute_name", "attribute_value"),
    "certification": ("certification_authority", "certification_name", "certification_code"),
    "free shipping": ("country", "price_threshold"),
}
"""The parts of a packed cell, where its heading does not name them."""
_DETAILED = frozenset((*MEASURES, "material", "origin", "care", "age"))
"""Fields that Google has no attribute of its own for, or that merchants give as details."""
_NO_DETAILS = frozenset(("price", "stock", "title", "availability", "rating", "brand", "sku"))


def is_table(columns: Iterable[str]) -> bool:
    names = {_name(column) for column in columns}
    return {"id", "title", "price"} <= names and sum(name in names for name in _TELLING) >= 2


def is_item(cells: Mapping[str, object]) -> bool:
    names = {_name(key) for key in cells}
    return {"id", "title"} <= names and ("price" in names or "availability" in names)


def _name(column: str) -> str:
    return plain_name(column.removeprefix("g:"))


def rows(records: Iterator[Record], columns: Sequence[str], shop: Shop) -> Iterator[Said]:
    """What the items of a feed say."""
    own = ATTRIBUTES | {f"g {name}": meant for name, meant in ATTRIBUTES.items()}
    found, unused = plan(columns, shop.mapping, own)
    noted(found, unused, shop)
    names, always = found.columns, constants(found, shop.mapping)
    for name, other in (("sku", "variant"), ("sale_from", "window"), ("sale_until", "window")):
        names[name] = names.get(other, name)
    for record in records:
        shop.report.read += 1
        cells: dict[str, Cell] = dict(always)
        nested: dict[str, list[Mapping[str, object]]] = {}
        for column, meant in found.fields.items():
            value = record.cells.get(column)
            if not value:
                continue
            if meant in _PACKED:
                nested[meant] = _parts(meant, column, value)
            elif text := _text(value, meant):
                cells[meant] = text
        said = Said(record.file, record.line, cells, names)
        _ready(said, nested, shop)
        yield said


def _text(value: object, meant: str) -> str:
    if isinstance(value, list | tuple):
        texts = [_text(one, meant) for one in value]
        return " | ".join(filter(None, texts)) if meant == "point" else texts[0] if texts else ""
    if isinstance(value, Mapping):
        return _text(value.get("content") or value.get("href") or "", meant)
    return str(value).strip()


def _parts(meant: str, column: str, value: object) -> list[Mapping[str, object]]:
    """Parts of nested elements, or of a packed cell: "FR:4.90 EUR,BE:1,200.00 EUR"."""
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, list | tuple):
        return [one for one in value if isinstance(one, Mapping)]
    bracket = re.search(r"\(([^)]*)\)", column)
    names = [part.strip() for part in bracket[1].split(":")] if bracket else _PACKED[meant]
    found: list[Mapping[str, object]] = []
    for packed in re.split(r",(?!\d)", str(value)):
        parts = [part.strip().strip('"') for part in packed.split(":")]
        if any(parts):
            found.append(dict(zip(names, parts, strict=False)))
    return found


def _ready(said: Said, nested: Mapping[str, list[Mapping[str, object]]], shop: Shop) -> None:
    """Put what Google packs together where it belongs."""
    cells = said.cells
    cells.setdefault("sku", cells.get("variant", ""))
    if not cells["sku"]:
        del cells["sku"]
    if title := cells.pop("group title", ""):
        cells["title"] = title
    google = str(cells.pop("google category", ""))
    if "category" not in cells and google and not google.isdigit():
        cells["category"] = google
    if ">" in (path := said.text("category")):
        cells["search"] = path.replace(" >", ",").replace(">", ", ")
    for name, mark in (("material", "/"), ("colour", "/")):
        if mark in (text := said.text(name)):
            cells[name] = text.replace(mark, "; " if name == "material" else " and ")
    if window := str(cells.pop("window", "")):
        begins, _, ends = window.partition("/")
        for name, text in (("sale_from", begins.strip()), ("sale_until", ends.strip())):
            if text:
                cells[name] = text
    condition = str(cells.pop("condition", "")).casefold()
    if condition and condition != "new":
        said.details.append(Detail("condition", condition, said.column("condition")))
    _deliveries(said, nested, shop)
    for part in nested.get("product detail", ()):
        _detail(said, _of(part, "attribute_name"), _of(part, "attribute_value"))
    for part in nested.get("certification", ()):
        said.certificates.append(
            Certificate(
                _of(part, "certification_name"),
                _of(part, "certification_authority"),
                _of(part, "certification_code"),
                _of(part, "certification_url"),
                said.column("certification"),
            )
        )


def _detail(said: Said, label: str, text: str) -> None:
    """A detail by the field that its label is known for ("Contenance": capacity), else by a name of
    its own."""
    known = plain_name(label)
    meant = lexicon().get(known, ("", 0, ""))[0]
    if meant in _DETAILED and meant not in said.cells and _fits(meant, text):
        said.cells[meant] = text
    elif DETAIL.fullmatch(name := known.replace(" ", "_")) and name not in _NO_DETAILS:
        said.details.append(Detail(name, text, said.column("product detail")))


def _fits(meant: str, text: str) -> bool:
    """Whether it can be read as the field's; "about a litre" is better a detail in words."""
    if meant not in MEASURES:
        return bool(text)
    try:
        return bool(values.measure(text).unit)
    except ValueError:
        return False


def _deliveries(said: Said, nested: Mapping[str, list[Mapping[str, object]]], shop: Shop) -> None:
    handling = [str(said.cells.pop(f"{edge} handling", "")) for edge in ("min", "max")]
    free = {
        _of(part, "country"): _of(part, "price_threshold")
        for part in nested.get("free shipping", ())
    }
    taken: set[str] = set()
    for part in nested.get("shipping", ()):
        country, column = _of(part, "country"), said.column("shipping")
        if _of(part, "region") or _of(part, "postal_code") or country in taken:
            shop.once(
                said, "shipping", "more than one delivery to a country: the first is kept",
                "give the one that most viewers will have first",
            )  # fmt: skip
            continue
        taken.add(country)
        days = [
            _sum(_of(part, f"{edge}_handling_time") or of_all, _of(part, f"{edge}_transit_time"))
            for edge, of_all in zip(("min", "max"), handling, strict=True)
        ]
        fee = _of(part, "price")
        said.deliveries.append(
            Delivery(country, days[0] or days[1], days[1], fee, column, free.get(country, ""))
        )


def _sum(handling: str, transit: str) -> str:
    """Days until it arrives; "" where nobody says how long it is under way."""
    if not transit.isdigit():
        return ""
    return str(int(transit) + (int(handling) if handling.isdigit() else 0))


def _of(part: Mapping[str, object], name: str) -> str:
    value = part.get(name)
    return "" if value is None else str(value).strip()
