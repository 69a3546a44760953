"""Any table of products, or any JSON of them: its columns recognised by their names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from catalog.load.forms.columns import Plan, plan
from catalog.load.forms.fields import FIELDS
from catalog.load.forms.mapping import ShopMap
from catalog.load.forms.said import Cell, Said
from catalog.load.forms.shop import Shop
from catalog.load.records import Record

VARIANTS = ("variants", "variations", "skus", "declinaisons", "varianten", "variantes", "规格列表")
"""Keys of a JSON product under which its versions are listed."""


_SHOWN = {
    "window": "sale_from, sale_until", "tracker": "stock (counted or not)", "policy": "back_order",
    "grams": "weight", "unit": "weight", "gift card": "status", "published": "status",
    "online": "status", "visibility": "status", "type": "category", "tags": "description",
    "short description": "description", "google category": "category", "group title": "title",
    "backorders": "back_order", "config backorders": "back_order", "manage": "stock",
    "config manage": "stock", "attributes": "details", "variations": "variant",
    "product detail": "details", "certification": "certificates", "shipping": "delivery",
    "free shipping": "delivery", "min handling": "delivery", "max handling": "delivery",
    "condition": "detail:condition", "store view": "status",
    **{f"option{n}{end}": "colour, size" for n in (1, 2, 3) for end in ("", " name")},
}  # fmt: skip
"""What columns of one form are noted as, where it reads them in its own way."""


def noted(found: Plan, unused: Sequence[str], shop: Shop) -> None:
    """Write down how the columns are read, and what the mapping says of columns that are not."""
    report, mapping = shop.report, shop.mapping
    for column in mapping.columns:
        if column not in found.fields and column not in unused:
            report.suspect(
                mapping.file, 0, "[columns]", column, f"is not a column of {shop.file}",
                "write it as the heading has it",
            )  # fmt: skip
    for column, meant in found.fields.items():
        unit = found.units.get(meant, "")
        shown = _SHOWN.get(meant, meant)
        report.columns[column] = f"{shown} ({unit})" if unit else shown
    report.unused += [column for column in unused if column not in report.unused]


def constants(found: Plan, mapping: ShopMap) -> dict[str, Cell]:
    """What every row says: of the mapping file, and of headings that name a unit or currency."""
    cells: dict[str, Cell] = dict(mapping.always)
    for meant, unit in found.units.items():
        kind = FIELDS.get(meant)
        if kind == "measure":
            cells[f"{meant} unit"] = unit
        elif kind == "price":
            cells.setdefault("currency", unit)
    return cells


def rows(
    records: Iterator[Record], columns: Sequence[str], shop: Shop, *, several: bool = False
) -> Iterator[Said]:
    """What the rows of a table say. Its file is refused where names or prices have no column.
    *several* columns may stand for one field, in different rows."""
    found, unused = plan(columns, shop.mapping, several=several)
    noted(found, unused, shop)
    if found.language and not shop.mapping.language:
        shop.language = found.language
    if not complete(found, shop, columns):
        return
    always, names = constants(found, shop.mapping), found.columns
    pairs = list(found.fields.items())
    for record in records:
        shop.report.read += 1
        cells: dict[str, Cell] = dict(always)
        for column, meant in pairs:
            text = record.cells.get(column)
            if text is None or text == "" or (several and meant in cells):
                continue
            cells[meant] = text if isinstance(text, str) else cell_of(text)
        said = Said(record.file, record.line, cells, names)
        if _for_sale(said, shop):
            yield said


def _for_sale(said: Said, shop: Shop) -> bool:
    if (status := said.text("status")) and (why := shop.hidden(status)):
        said.suspect(shop.report, "status", f"left out: {why}", "publish it to have it in the show")
        return False
    return True


def complete(found: Plan, shop: Shop, columns: Sequence[str]) -> bool:
    """Whether there is a column for all that a product must have; the file is refused if not."""
    always = shop.mapping.always
    have = {meant.partition(":")[0] for meant in found.fields.values()} | set(always)
    missing = [
        name
        for name, may in (
            ("sku", ("sku", "variant", "group")), ("title", ("title",)), ("price", ("price",))
        )
        if have.isdisjoint(may)
    ]  # fmt: skip
    for name in missing:
        heading = ", ".join(columns)[:300]
        shop.report.refuse(
            shop.file, 1, name, "", f"has no such column, nor one that is known for it ({heading})",
            f'name a column so, or say which it is in a mapping file: [columns] "..." = "{name}"',
        )  # fmt: skip
    return not missing


# --- JSON --------------------------------------------------------------------------------------


def flat(record: Record) -> Iterator[Record]:
    """The versions of a JSON product, each as a row: objects within it by their dotted keys, lists
    of words joined by semicolons. What a version does not say is its product's."""
    product, versions = _flat(record.cells)
    if not versions:
        yield Record(record.file, record.line, product)
        return
    name = product.get("sku") or product.get("id") or product.get("product_id") or ""
    for version in versions:
        own, _ = _flat(version)
        cells = {**{key: cell for key, cell in product.items() if key != "sku"}, **own}
        if name and "group" not in cells and "parent" not in cells:
            cells["group"] = name
        yield Record(record.file, record.line, cells)


def _flat(cells: Mapping[str, object]) -> tuple[dict[str, Cell], list[Mapping[str, object]]]:
    found: dict[str, Cell] = {}
    versions: list[Mapping[str, object]] = []
    for key, value in cells.items():
        if isinstance(value, Mapping):
            inner, _ = _flat(value)
            found |= {f"{key}.{more}": cell for more, cell in inner.items()}
        elif isinstance(value, list | tuple):
            if key.casefold() in VARIANTS and all(isinstance(one, Mapping) for one in value):
                versions += value
                continue
            first = next((one for one in value if isinstance(one, Mapping)), None)
            if first is not None:
                inner, _ = _flat(first)
                found |= {f"{key}.{more}": cell for more, cell in inner.items()}
            elif text := "; ".join(str(cell_of(one)) for one in value if one is not None):
                found[key] = text
        elif value is not None and value != "":
            found[key] = cell_of(value)
    return found, versions


def cell_of(value: object) -> Cell:
    """A JSON value as a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Decimal):
        return value.strip() if isinstance(value, str) else value
    return Decimal(value) if isinstance(value, int) else str(value)


def keys(records: Iterable[Record]) -> list[str]:
    """All keys of some flat records, in the order that they come."""
    return list(dict.fromkeys(key for record in records for key in record.cells))
