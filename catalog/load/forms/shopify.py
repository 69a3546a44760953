"""Shopify's products: the CSV of its admin, with the old headings and the new, and its JSON, of the
admin's API and of a storefront's /products.json."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from catalog.load.forms.columns import plain_name, plan
from catalog.load.forms.fields import known_field
from catalog.load.forms.options import chosen, slug
from catalog.load.forms.said import Cell, Said
from catalog.load.forms.shop import Shop
from catalog.load.forms.table import cell_of, constants, noted
from catalog.load.records import Record

# Old heading, new heading (2025): help.shopify.com, "Using CSV files to import and export products"
_PRODUCT = {
    "title": "title", "body": "description", "description": "description", "vendor": "brand",
    "product category": "category", "standardized product type": "category",
    "type": "type", "custom product type": "type", "tags": "tags", "published": "published",
    "published on online store": "published", "gift card": "gift card", "status": "status",
    "image src": "image", "product image url": "image",
    "option1 name": "option1 name", "option2 name": "option2 name", "option3 name": "option3 name",
}  # fmt: skip
_VARIANT = {
    "option1 value": "option1", "option2 value": "option2", "option3 value": "option3",
    "variant sku": "sku", "sku": "sku", "variant grams": "grams", "weight value": "grams",
    "variant weight unit": "unit", "weight unit for display": "unit",
    "variant inventory tracker": "tracker", "inventory tracker": "tracker",
    "variant inventory qty": "stock", "inventory quantity": "stock",
    "variant inventory policy": "policy", "continue selling when out of stock": "policy",
    "variant price": "price", "price": "price", "variant compare at price": "was_price",
    "compare at price": "was_price", "variant barcode": "gtin", "barcode": "gtin",
    "barcodes": "gtin",
}  # fmt: skip
_HANDLE = {"handle": "group", "url handle": "group"}
HEADINGS = {**_PRODUCT, **_VARIANT, **_HANDLE}


def is_table(columns: Iterable[str]) -> bool:
    names = {plain_name(column) for column in columns}
    old = {"handle", "variant price"} <= names
    new = {"url handle", "price"} <= names or {"handle", "option1 name", "option1 value"} <= names
    return "title" in names and (old or new)


def is_json(cells: Mapping[str, object]) -> bool:
    return {"variants", "title"} <= cells.keys() and ("body_html" in cells or "handle" in cells)


@dataclass(slots=True)
class _Product:
    """The product whose versions are being read."""

    handle: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    hidden: str = ""
    skus: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)


def rows(records: Iterator[Record], columns: Sequence[str], shop: Shop) -> Iterator[Said]:
    """What the rows of the CSV say. A product's own cells stand on its first row alone, and rows
    that hold nothing but a picture are passed over."""
    found, unused = plan(columns, shop.mapping, HEADINGS)
    noted(found, unused, shop)
    always, names = constants(found, shop.mapping), found.columns
    for name, other in (("variant", "sku"), ("weight", "grams"), ("back_order", "policy")):
        names[name] = names.get(other, name)
    product = _Product()
    for record in records:
        shop.report.read += 1
        cells = {
            meant: text
            for column, meant in found.fields.items()
            if isinstance(text := record.cells.get(column), str) and text
        }
        handle = cells.get("group", "") or product.handle
        if handle != product.handle or (cells.get("title") and "price" in cells):
            product = _Product(handle, cells, _hidden(cells, shop))
        if "price" not in cells and not cells.get("option1") and cells is not product.cells:
            continue  # a further picture
        said = _said(record, product, cells, always, names, shop)
        if said is not None:
            yield said


def _hidden(cells: Mapping[str, str], shop: Shop) -> str:
    """Why a product is not for sale."""
    if cells.get("gift card", "").casefold() in ("true", "yes"):
        return "gift card"
    status = cells.get("status", "")
    return shop.hidden(status) or shop.hidden(cells.get("published", ""))


def _said(
    record: Record,
    product: _Product,
    cells: dict[str, str],
    always: Mapping[str, Cell],
    names: Mapping[str, str],
    shop: Shop,
) -> Said | None:
    own: dict[str, Cell] = dict(always)
    said = Said(record.file, record.line, own, names)
    whole = product.cells
    if product.hidden:
        if product.hidden not in product.told:
            product.told.add(product.hidden)
            shop.report.suspect(
                record.file, record.line, names.get("status", "status"), product.handle,
                f"left out: {product.hidden}",
                "" if product.hidden == "gift card" else "publish it to have it in the show",
            )  # fmt: skip
        return None
    own["group"] = product.handle
    for name in ("title", "brand", "image"):
        if text := whole.get(name):
            own[name] = text
    if category := whole.get("category") or whole.get("type"):
        own["category"] = category
    _described(own, whole)
    for name in ("price", "was_price", "gtin"):
        if text := cells.get(name):
            own[name] = text
    for name, text in (*cells.items(), *whole.items()):  # what a mapping adds
        if name not in HEADINGS.values() and known_field(name):
            own.setdefault(name, text)
    options = [(whole.get(f"option{n} name", ""), cells.get(f"option{n}", "")) for n in (1, 2, 3)]
    _choose(said, options, shop)
    sku = cells.get("sku", "").lstrip("'")
    own["variant"] = _variant(product, sku, [value for _, value in options])
    _weight(own, cells.get("grams", ""), cells.get("unit", ""))
    if cells.get("tracker") or "tracker" not in names:
        if text := cells.get("stock"):
            own["stock"] = text
        if cells.get("policy", "").casefold() in ("continue", "true", "yes"):
            own["back_order"] = "continue"
    return said


def _described(own: dict[str, Cell], whole: Mapping[str, str]) -> None:
    """The description, and beneath it what helps to find the product: its tags, its categories."""
    if text := whole.get("description", ""):
        own["description"] = text
    more = [whole.get("type", ""), whole.get("tags", "")]
    if ">" in whole.get("category", ""):
        more.insert(0, whole["category"].replace(" >", ",").replace(">", ","))
    if text := ", ".join(part for part in more if part):
        own["search"] = text


def _choose(said: Said, options: Iterable[tuple[str, str]], shop: Shop) -> None:
    for name in chosen(said.cells, options):
        shop.once(
            said, "size", f"the option {name!r} is neither colour nor size: told apart in the size"
        )


def _variant(product: _Product, sku: str, values: Iterable[str]) -> str:
    """The version's name: its SKU, or where it has none or shares it, the handle and choices."""
    choices = [value for value in values if value and value.casefold() != "default title"]
    name = sku or slug(product.handle, *choices)
    if name in product.skus:
        name = slug(name, *choices)
    product.skus.add(name)
    return name


def _weight(own: dict[str, Cell], grams: str, unit: str) -> None:
    """Shopify keeps grams; a shop that thinks in kilograms hears kilograms."""
    try:
        amount = Decimal(grams or "0")
    except InvalidOperation:
        own["weight"], own["weight unit"] = grams, "g"
        return
    if not amount or not amount.is_finite():
        return
    if unit.casefold() == "kg":
        amount, unit = amount / 1000, "kg"
    else:
        unit = "g"
    own["weight"] = f"{amount.normalize():f} {unit}"


# --- JSON ------------------------------------------------------------------------------------

_JSON = {
    "handle": "group", "title": "title", "body_html": "description", "vendor": "brand",
    "product_type": "category", "tags": "description", "images": "image", "status": "status",
    "options": "colour, size", "variants.sku": "variant", "variants.price": "price",
    "variants.compare_at_price": "was_price", "variants.barcode": "gtin",
    "variants.inventory_quantity": "stock", "variants.inventory_policy": "back_order",
    "variants.available": "availability", "variants.grams": "weight",
    "published_at": "status",
}  # fmt: skip
_NAMES = {meant: column for column, meant in reversed(list(_JSON.items()))}


def items(records: Iterator[Record], shop: Shop) -> Iterator[Said]:
    """What the products of the JSON say, a row for each version."""
    for record in records:
        shop.report.read += 1
        cells = record.cells
        for key in cells:
            if key in _JSON:
                shop.report.columns.setdefault(key, _JSON[key])
            elif key != "variants" and key not in shop.report.unused:
                shop.report.unused.append(key)
        product = _Product(_text(cells, "handle") or _text(cells, "id"))
        product.cells = {
            "title": _text(cells, "title"),
            "description": _text(cells, "body_html"),
            "brand": _text(cells, "vendor"),
            "type": _text(cells, "product_type"),
            "image": _image(cells),
            "tags": _joined(cells.get("tags")),
            "status": _text(cells, "status"),
        }
        if "published_at" in cells and cells["published_at"] is None:
            product.hidden = "unpublished"
        product.hidden = product.hidden or shop.hidden(product.cells["status"])
        names = _option_names(cells.get("options"))
        for n, name in enumerate(names, 1):
            product.cells[f"option{n} name"] = name
        variants = cells.get("variants")
        for variant in variants if isinstance(variants, list | tuple) else ():
            if isinstance(variant, Mapping):
                said = _item(record, product, variant, shop)
                if said is not None:
                    yield said


def _item(
    record: Record, product: _Product, variant: Mapping[str, object], shop: Shop
) -> Said | None:
    for key in variant:
        if (column := f"variants.{key}") in _JSON:
            shop.report.columns.setdefault(column, _JSON[column])
    cells = {
        name: text
        for name, key in (
            ("option1", "option1"), ("option2", "option2"), ("option3", "option3"),
            ("sku", "sku"), ("price", "price"), ("was_price", "compare_at_price"),
            ("gtin", "barcode"), ("policy", "inventory_policy"), ("stock", "inventory_quantity"),
            ("grams", "grams"),
        )
        if (text := _text(variant, key))
    }  # fmt: skip
    if not cells.get("grams") and _text(variant, "weight_unit") in ("g", "kg"):
        times = 1000 if variant["weight_unit"] == "kg" else 1
        weight = cell_of(variant.get("weight") or 0)
        cells["grams"] = f"{weight * times:f}" if isinstance(weight, Decimal) else ""
    cells["unit"] = _text(variant, "weight_unit")
    if variant.get("inventory_management") is None and "inventory_management" in variant:
        cells.pop("stock", None)
    cells["tracker"] = "shopify"
    said = _said(record, product, cells, dict(shop.mapping.always), _NAMES, shop)
    if said is not None and isinstance(available := variant.get("available"), bool):
        said.cells["availability"] = "in_stock" if available else "out_of_stock"
    return said


def _text(cells: Mapping[str, object], key: str) -> str:
    value = cells.get(key)
    return "" if value is None else str(cell_of(value))


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def _image(cells: Mapping[str, object]) -> str:
    for key in ("image", "images"):
        value = cells.get(key)
        first = value[0] if isinstance(value, list | tuple) and value else value
        if isinstance(first, Mapping) and isinstance(first.get("src"), str):
            return str(first["src"])
        if isinstance(first, str):
            return first
    return ""


def _option_names(value: object) -> list[str]:
    options = value if isinstance(value, list | tuple) else ()
    return [_text(one, "name") if isinstance(one, Mapping) else str(one) for one in options]
