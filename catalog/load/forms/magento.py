"""Magento 2's export of products: a row for each simple product, and one for each configurable
product that names those it consists of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from catalog.load.forms.columns import lexicon, plain_name, plan
from catalog.load.forms.fields import DETAIL, FIELDS, known_field
from catalog.load.forms.said import Cell, Detail, Said
from catalog.load.forms.shop import Shop
from catalog.load.forms.table import constants, noted
from catalog.load.records import Record

COLUMNS = {
    "sku": "sku", "store view code": "store view", "product type": "type",
    "categories": "category", "name": "title", "description": "description",
    "short description": "short description", "product online": "online",
    "visibility": "visibility", "price": "price", "special price": "sale_price",
    "special price from date": "sale_from", "special price to date": "sale_until",
    "msrp price": "rrp", "base image": "image", "country of manufacture": "origin",
    "additional attributes": "attributes", "qty": "stock", "is in stock": "availability",
    "allow backorders": "backorders", "use config backorders": "config backorders",
    "manage stock": "manage", "use config manage stock": "config manage",
    "configurable variations": "variations", "meta keywords": "search",
}  # fmt: skip
_IDLE = frozenset(
    (
        "has_options", "required_options", "new", "sale", "erin_recommends", "featured",
        "bestseller", "recommended", "is_recommended", "tax_class_id", "msrp_enabled",
        "gift_message_available", "links_purchased_separately", "url_path",
    )
)  # fmt: skip
"""Attributes that say how the shop shows a product, or praise it, and nothing of what it is."""
_NO_CATEGORY = (
    "default category",
    "collections",
    "promotions",
    "root catalog",
    "what's new",
    "sale",
)
_TOGETHER = ("configurable", "grouped", "bundle")


def is_table(columns: Iterable[str]) -> bool:
    names = {plain_name(column) for column in columns}
    return {"sku", "product type", "attribute set code"} <= names or {
        "sku", "additional attributes", "name",
    } <= names  # fmt: skip


class _Child(NamedTuple):
    """A simple product that waits for the product it belongs to."""

    record: Record
    cells: dict[str, Cell]


class _Reader:
    def __init__(self, columns: Sequence[str], shop: Shop) -> None:
        self.shop = shop
        self.found, unused = plan(columns, shop.mapping, COLUMNS)
        noted(self.found, unused, shop)
        self.names = self.found.columns | {"variant": self.found.columns.get("sku", "sku")}
        self.always = constants(self.found, shop.mapping)
        self.waiting: dict[str, _Child] = {}
        self.parents: dict[str, dict[str, Cell]] = {}
        """Of a child whose product came before it: what the product says."""
        self.alone: set[str] = set()

    def rows(self, records: Iterator[Record]) -> Iterator[Said]:
        for record in records:
            self.shop.report.read += 1
            cells: dict[str, Cell] = dict(self.always)
            for column, meant in self.found.fields.items():
                if isinstance(text := record.cells.get(column), str) and text:
                    cells[meant] = text
            if cells.get("store view"):
                self._skip(record, cells, "store view", "a text for one view of the shop")
            elif str(cells.get("online", "1")) in ("2", "0"):
                self._skip(record, cells, "online", "disabled")
            elif cells.get("type") in _TOGETHER:
                yield from self._together(record, cells)
            elif str(cells.get("visibility", "")).casefold() == "not visible individually":
                yield from self._child(record, cells)
            else:
                self.alone.add(str(cells.get("sku", "")))
                yield self._said(record, cells, {})
        for sku, child in self.waiting.items():
            if sku not in self.alone:
                self._skip(child.record, child.cells, "visibility", "no product consists of it")

    def _skip(self, record: Record, cells: Mapping[str, Cell], field: str, why: str) -> None:
        self.shop.report.suspect(
            record.file, record.line, self.names.get(field, field), str(cells.get("sku", "")),
            f"left out: {why}",
        )  # fmt: skip

    def _child(self, record: Record, cells: dict[str, Cell]) -> Iterator[Said]:
        sku = str(cells.get("sku", ""))
        parent = self.parents.pop(sku, None)
        if parent is not None:
            yield self._said(record, cells, parent)
        else:
            kept = {name: cell for name, cell in cells.items() if name in _OWN or known_field(name)}
            self.waiting[sku] = _Child(Record(record.file, record.line, {}), kept)

    def _together(self, record: Record, cells: dict[str, Cell]) -> Iterator[Said]:
        """The versions of a configurable product, as far as they have come."""
        if cells.get("type") != "configurable":
            self._skip(record, cells, "type", f"a {cells.get('type')} product has no one price")
            return
        named = _variations(str(cells.get("variations", "")))
        if not named:
            self._skip(record, cells, "variations", "it consists of no product")
        for sku, choices in named.items():
            whole = {**cells, "choices": choices, "line": str(record.line)}
            if sku in self.alone:
                self._skip(record, {"sku": sku}, "variations", "it is sold on its own already")
            elif (child := self.waiting.pop(sku, None)) is not None:
                yield self._said(child.record, child.cells, whole)
            else:
                self.parents[sku] = whole

    # --- one version -------------------------------------------------------------------------

    def _said(self, record: Record, cells: Mapping[str, Cell], whole: dict[str, Cell]) -> Said:
        """A simple product, and what the product it belongs to says for it."""
        own = dict(self.always)
        own |= {name: cell for name, cell in cells.items() if name in _OWN or known_field(name)}
        said = Said(record.file, record.line, own, self.names)
        product = whole or cells
        for name, cell in whole.items():
            if name not in _OWN and known_field(name):
                own.setdefault(name, cell)
        for name in ("title", "origin", "category", "image", "rrp"):
            if name in product:
                own[name] = product[name]
        if whole:
            own["group"] = whole.get("sku", "")
            own["variant"] = cells.get("sku", "")
            said.whole = int(whole["line"])
        own["category"], path = _category(str(product.get("category", "")))
        texts = [str(product.get(name, "")) for name in ("description", "short description")]
        own["description"] = "\n".join(text for text in texts if text)
        own["search"] = ", ".join(text for text in (path, str(product.get("search", ""))) if text)
        for name in [name for name in ("description", "category", "search") if not own.get(name)]:
            own.pop(name, None)
        self._stock(own)
        attributes = _pairs(str(cells.get("attributes", ""))) | _pairs(
            str(whole.get("choices", ""))
        )
        for name, text in attributes.items():
            self._attribute(said, name, text, choice=True)
        if whole:
            for name, text in _pairs(str(whole.get("attributes", ""))).items():
                self._attribute(said, name, text, choice=False)
        own.pop("attributes", None)
        return said

    def _stock(self, own: dict[str, Cell]) -> None:
        counted = str(own.pop("manage", "1")) != "0" or str(own.pop("config manage", "1")) == "1"
        own.pop("config manage", None)
        ordered = str(own.pop("backorders", "0")) not in ("0", "")
        if not counted:
            own.pop("stock", None)
        if ordered and str(own.pop("config backorders", "0")) != "1":
            own["back_order"] = "allowed"
        own.pop("config backorders", None)

    def _attribute(self, said: Said, name: str, text: str, *, choice: bool) -> None:
        """An additional attribute: a field that has its name, else a detail of the product."""
        meant = lexicon().get(plain_name(name), ("", 0, ""))[0]
        column = f"{said.column('attributes')}: {name}"
        report = self.shop.report
        if name in _IDLE or text in ("0", "1", "") or name.startswith("eco"):
            if column not in report.unused:
                report.unused.append(column)
            return
        if meant in ("colour", "size"):
            if choice:
                said.cells[meant] = text
                report.columns.setdefault(column, meant)
        elif FIELDS.get(meant) in ("words", "measure") or meant in ("brand", "model", "gtin"):
            if meant in ("title", "description", "category", "point"):
                return
            said.cells.setdefault(meant, text.replace("|", ";") if "|" in text else text)
            report.columns.setdefault(column, meant)
        elif DETAIL.fullmatch(name) and not meant:
            said.details.append(Detail(name, text, column))
            report.columns.setdefault(column, f"detail:{name}")


_OWN = (
    "sku", "price", "sale_price", "sale_from", "sale_until", "rrp", "stock", "availability",
    "backorders", "config backorders", "manage", "config manage", "attributes", "currency",
    "title", "category", "description", "short description", "image", "origin", "visibility",
)  # fmt: skip


def rows(records: Iterator[Record], columns: Sequence[str], shop: Shop) -> Iterator[Said]:
    """What the products of the export say, a row for each that can be bought."""
    return _Reader(columns, shop).rows(records)


def _pairs(text: str) -> dict[str, str]:
    """ "size=XS,color=Black" by name; a comma within a value stays there."""
    found: dict[str, str] = {}
    name = ""
    for part in text.split(","):
        key, mark, value = part.partition("=")
        if mark and key.strip().replace("_", "a").isalnum():
            name = key.strip()
            found[name] = value.strip().strip('"')
        elif name:
            found[name] += f",{part}"
    return found


def _variations(text: str) -> dict[str, str]:
    """The choices of each version, as pairs, by its sku."""
    found: dict[str, str] = {}
    for part in text.split("|"):
        name, _, rest = part.strip().partition(",")
        if name.startswith("sku="):
            found[name[4:]] = rest
    return found


def _category(text: str) -> tuple[str, str]:
    """The last part of the longest path that is one of goods, and the path for searching."""
    paths = [[part.strip() for part in path.split("/")] for path in text.split(",") if path.strip()]
    real = [
        path
        for path in paths
        if not any(part.casefold() in _NO_CATEGORY for part in path[1:] or path)
    ]
    best = max(real, key=len, default=[])
    goods = [part for part in best if part.casefold() not in _NO_CATEGORY]
    return (goods[-1], ", ".join(goods)) if goods else ("", "")
