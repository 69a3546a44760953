"""schema.org's Product and ProductGroup, as JSON-LD has them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from catalog.load.forms.columns import lexicon, plain_name
from catalog.load.forms.fields import DETAIL, FIELDS
from catalog.load.forms.said import Cell, Certificate, Delivery, Detail, Said
from catalog.load.forms.shop import Shop
from catalog.load.forms.table import cell_of
from catalog.load.records import Record

Thing: TypeAlias = Mapping[str, object]
PRODUCTS = ("Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts")
_PLAIN = {
    "name": "title", "description": "description", "alternateName": "also_called",
    "category": "category", "color": "colour", "size": "size", "material": "material",
    "countryOfOrigin": "origin", "brand": "brand", "manufacturer": "brand", "model": "model",
    "mpn": "model", "gtin13": "gtin", "gtin": "gtin", "gtin12": "gtin", "gtin8": "gtin",
    "gtin14": "gtin", "url": "link", "image": "image", "keywords": "also_called",
}  # fmt: skip
_MEASURED = ("weight", "width", "height", "depth")
_DETAILS = {"pattern": "pattern", "audience": "audience", "itemCondition": "condition"}
_BACK = {meant: key for key, meant in reversed(list(_PLAIN.items()))}
_READ = (
    *_PLAIN, *_MEASURED, *_DETAILS, "sku", "productID", "productGroupID", "@id", "@type",
    "@context", "hasVariant", "offers", "additionalProperty", "aggregateRating",
    "hasCertification", "hasMerchantReturnPolicy", "variesBy", "isVariantOf", "@graph",
    "inProductGroupWithID", "positiveNotes",
)  # fmt: skip
_NAMES = {
    "title": "name", "colour": "color", "price": "offers.price", "stock": "offers.inventoryLevel",
    "price_until": "offers.priceValidUntil", "availability": "offers.availability",
    "currency": "offers.priceCurrency", "rating": "aggregateRating.ratingValue", "group":
    "productGroupID", "reviews": "aggregateRating.reviewCount", "variant": "sku",
    "was_price": "offers.priceSpecification", "origin": "countryOfOrigin", "link": "url",
    "also_called": "alternateName", "length": "depth", "point": "positiveNotes",
    "return_days": "hasMerchantReturnPolicy", "warranty_months": "offers.warranty",
    "rating_scale": "aggregateRating.bestRating", "available_from": "offers.availabilityStarts",
    "sale_from": "offers.validFrom", "sale_until": "offers.priceValidUntil",
}  # fmt: skip


def types(cells: Thing) -> set[str]:
    """The kinds a thing says it is, without their addresses."""
    return {_leaf(text) for text in map(str, _many(cells.get("@type")))}


def is_thing(cells: Thing) -> bool:
    return "@graph" in cells or bool(types(cells) & set(PRODUCTS)) or "ItemList" in types(cells)


def rows(records: Iterator[Record], shop: Shop) -> Iterator[Said]:
    """What the products say, a row for each version of each."""
    for record in records:
        shop.report.read += 1
        for product in _products(record.cells):
            yield from _Product(record, product, shop).rows()


def _products(cells: Thing) -> Iterator[Thing]:
    """The products in a thing: itself, those of its graph, or those of a list."""
    if types(cells) & set(PRODUCTS):
        yield cells
    elif "@graph" in cells:
        for thing in _things(cells["@graph"]):
            yield from _products(thing)
    elif "ItemList" in types(cells):
        for entry in _things(cells.get("itemListElement")):
            yield from _products(_first(entry.get("item")) or entry)


class _Product:
    """One product or group of them."""

    def __init__(self, record: Record, product: Thing, shop: Shop) -> None:
        self.record = record
        self.product = product
        self.shop = shop

    def rows(self) -> Iterator[Said]:
        report = self.shop.report
        for key in self.product:
            if key not in _READ and key not in report.unused:
                report.unused.append(key)
        versions = list(_things(self.product.get("hasVariant")))
        group = _text(self.product.get("productGroupID")) or _text(self.product.get("sku"))
        group = group or _text(self.product.get("productID"))
        for version in versions or [self.product]:
            said = self._said({**self.product, **version} if versions else version)
            if versions:
                said.cells["group"] = group or _text(self.product.get("name"))
                said.cells["title"] = _text(self.product.get("name")) or said.text("title")
                if not said.cells.get("variant"):
                    said.cells["variant"] = _text(version.get("name")) or group
            elif parent := _text(version.get("inProductGroupWithID")):
                said.cells["group"] = parent
            yield said

    def _said(self, thing: Thing) -> Said:
        cells: dict[str, Cell] = dict(self.shop.mapping.always)
        said = Said(self.record.file, self.record.line, cells, _NAMES)
        for key, meant in _PLAIN.items():
            if text := _words(thing.get(key), key):
                cells.setdefault(meant, text)
        names = ("sku", "productID", "mpn", "gtin13", "gtin")
        sku = next((text for name in names if (text := _text(thing.get(name)))), "")
        cells["variant"] = sku.removeprefix("sku:")
        if not sku:
            del cells["variant"]
        for key in _MEASURED:
            if text := _measure(thing.get(key)):
                cells["length" if key == "depth" else key] = text
        if isinstance(size := thing.get("size"), Mapping):
            cells["size"] = _text(size.get("name")) or _measure(size)
        self._details(said, thing)
        rating = _first(thing.get("aggregateRating"))
        if rating:
            self._rating(cells, rating)
        self._offer(said, thing)
        for proof in _things(thing.get("hasCertification")):
            said.certificates.append(_certificate(proof))
        if award := _text(thing.get("award")):
            said.certificates.append(Certificate(award, "", "", "", "award"))
        return said

    def _details(self, said: Said, thing: Thing) -> None:
        for extra in _things(thing.get("additionalProperty")):
            name = _text(extra.get("name")) or _text(extra.get("propertyID"))
            self._detail(said, name, _measure(extra) or _text(extra.get("value")))
        for key, name in _DETAILS.items():
            text = _leaf(_text(thing.get(key))).removesuffix("Condition")
            if text and text != "New":
                said.details.append(Detail(name, text, key))
        notes = [_text(one.get("name")) for one in _things(thing.get("positiveNotes"))]
        if notes:
            said.cells["point"] = " | ".join(notes)

    def _detail(self, said: Said, name: str, text: str) -> None:
        if not name or not text:
            return
        meant = lexicon().get(plain_name(name), ("", 0, ""))[0]
        column = f"additionalProperty: {name}"
        if FIELDS.get(meant) in ("words", "measure") and meant not in ("title", "description"):
            said.cells.setdefault(meant, text)
        elif DETAIL.fullmatch(own := plain_name(name).replace(" ", "_")) and not meant:
            said.details.append(Detail(own, text, column))
        elif column not in self.shop.report.unused:
            self.shop.report.unused.append(column)

    def _rating(self, cells: dict[str, Cell], rating: Thing) -> None:
        value = _text(rating.get("ratingValue"))
        if value:
            cells["rating"] = value
            # schema.org/bestRating: "If bestRating is omitted, 5 is assumed."
            cells["rating_scale"] = _text(rating.get("bestRating")) or "5"
        count = _text(rating.get("reviewCount")) or _text(rating.get("ratingCount"))
        if count:
            cells["reviews"] = count

    # --- offers ------------------------------------------------------------------------------

    def _offer(self, said: Said, thing: Thing) -> None:
        offers = list(_things(thing.get("offers")))
        inner = [one for offer in offers for one in _things(offer.get("offers"))]
        offers = inner or offers
        if not offers:
            return
        offer, cells = offers[0], said.cells
        if len(offers) > 1:
            self.shop.once(
                said, "price", f"has {len(offers)} offers: the first is taken",
                "give one offer a version, or the versions by hasVariant",
            )  # fmt: skip
        if "AggregateOffer" in types(offer):
            low, high = (_value(offer.get(key)) for key in ("lowPrice", "highPrice"))
            if low != high:
                said.refuse(
                    self.shop.report, "price", "is a range: what one version costs is not said",
                    "give the versions by hasVariant, each with its offer",
                )  # fmt: skip
            cells["price"] = low
        self._price(cells, offer)
        if text := _text(offer.get("availability")):
            cells["availability"] = text
        if text := _text(offer.get("availabilityStarts")):
            cells["available_from"] = text
        level = offer.get("inventoryLevel")
        if level is not None:
            value = _value(level.get("value") if isinstance(level, Mapping) else level)
            cells["stock"] = value
        if "variant" not in cells and (sku := _text(offer.get("sku"))):
            cells["variant"] = sku
        self._terms(said, thing, offer)
        for name in [name for name, cell in cells.items() if cell == ""]:
            del cells[name]
        for name in cells:
            column = _NAMES.get(name, _BACK.get(name, ""))
            if column:
                self.shop.report.columns.setdefault(column, name)

    def _price(self, cells: dict[str, Cell], offer: Thing) -> None:
        value, currency = _value(offer.get("price")), _text(offer.get("priceCurrency"))
        until, begins = _text(offer.get("priceValidUntil")), ""
        for spec in _things(offer.get("priceSpecification")):
            amount = _value(spec.get("price"))
            currency = currency or _text(spec.get("priceCurrency"))
            kind = _leaf(_text(spec.get("priceType")))
            if kind in ("ListPrice", "StrikethroughPrice", "RegularPrice"):
                cells["was_price"] = amount
            elif kind in ("MSRP", "SRP", "MinimumAdvertisedPrice"):
                cells["rrp"] = amount
            elif amount != "" and not _things_with_conditions(spec):
                value = value if value != "" else amount
                begins = begins or _text(spec.get("validFrom"))
                until = until or _text(spec.get("validThrough"))
        if value != "":
            cells["price"] = value
        if currency:
            cells["currency"] = currency
        if until:
            cells["price_until"] = until
        if begins and "was_price" in cells:
            cells["sale_from"] = begins

    def _terms(self, said: Said, thing: Thing, offer: Thing) -> None:
        """Delivery, returns and warranty."""
        for details in _things(offer.get("shippingDetails")):
            said.deliveries += _deliveries(details)
        policies = list(_things(offer.get("hasMerchantReturnPolicy")))
        policies = policies or list(_things(thing.get("hasMerchantReturnPolicy")))
        days = {text for one in policies if (text := _text(one.get("merchantReturnDays")))}
        if len(days) == 1:
            said.cells["return_days"] = days.pop()
        elif days:
            self.shop.once(said, "return_days", "differs between countries: left out")
        promise = _first(offer.get("warranty"))
        length = _first(promise.get("durationOfWarranty")) if promise else None
        if length:
            months = {"MON": 1, "ANN": 12}.get(_text(length.get("unitCode")), 0)
            value = _value(length.get("value"))
            if months and str(value).isdigit():
                said.cells["warranty_months"] = str(int(value) * months)


def _things_with_conditions(spec: Thing) -> bool:
    """Whether a price is for members only, or for a number of pieces."""
    return any(spec.get(key) for key in ("validForMemberTier", "eligibleQuantity"))


def _deliveries(details: Thing) -> Iterator[Delivery]:
    time = _first(details.get("deliveryTime")) or {}
    days: list[str] = []
    for edge in ("minValue", "maxValue"):
        parts = [_first(time.get(key)) or {} for key in ("handlingTime", "transitTime")]
        numbers = [_text(part.get(edge)) or _text(part.get("value")) for part in parts]
        under_way = numbers[1].isdigit()
        total = sum(int(number) for number in numbers if number.isdigit())
        days.append(str(total) if under_way else "")
    rate = _first(details.get("shippingRate")) or {}
    fee = _text(rate.get("value"))
    if fee and (currency := _text(rate.get("currency"))):
        fee = f"{fee} {currency}"
    for place in _things(details.get("shippingDestination")):
        if place.get("addressRegion") or place.get("postalCode"):
            continue
        for country in _many(place.get("addressCountry")):
            code = _text(country.get("name") if isinstance(country, Mapping) else country)
            yield Delivery(code, days[0], days[1], fee, "offers.shippingDetails")


def _certificate(proof: Thing) -> Certificate:
    return Certificate(
        _text(proof.get("name")),
        _words(proof.get("issuedBy"), "issuedBy"),
        _words(proof.get("certificationIdentification"), "certificationIdentification"),
        _text(proof.get("url")),
        "hasCertification",
        _text(proof.get("validFrom")),
        _text(proof.get("expires")),
    )


# --- values ------------------------------------------------------------------------------------


def _many(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _things(value: object) -> Iterator[Thing]:
    for one in _many(value):
        if isinstance(one, Mapping):
            yield one


def _first(value: object) -> Thing | None:
    return next(_things(value), None)


def _text(value: object) -> str:
    """A text, a number, or what a language-tagged value says; "" for anything else."""
    if isinstance(value, Mapping):
        return _text(value.get("@value", ""))
    if isinstance(value, list | tuple):
        return _text(value[0]) if value else ""
    cell = "" if value is None else cell_of(value)
    return cell if isinstance(cell, str) else f"{cell:f}"


def _words(value: object, key: str) -> str:
    """A text, or the name of the thing that stands for it; several words joined."""
    if key in ("image", "url"):
        value = next(iter(_many(value)), None)
    if isinstance(value, Mapping):
        names = ("@value", "url", "contentUrl", "name") if key == "image" else ("@value", "name")
        names = ("value", *names) if key == "certificationIdentification" else names
        return next((text for name in names if (text := _text(value.get(name)))), "")
    if isinstance(value, list | tuple):
        return "; ".join(text for one in value if (text := _words(one, key)))
    return _text(value)


def _value(value: object) -> Cell:
    """A number as it is, a text as it is."""
    cell = "" if value is None or isinstance(value, list | tuple | Mapping) else cell_of(value)
    return cell if isinstance(cell, Decimal) else cell.strip()


def _measure(value: object) -> str:
    """A QuantitativeValue as a number with its unit, "" where it has none."""
    if not isinstance(value, Mapping):
        return _text(value)
    unit = _text(value.get("unitText")) or _text(value.get("unitCode"))
    number = _text(value.get("value"))
    return f"{number} {_leaf(unit)}" if number and unit else ""


def _leaf(text: str) -> str:
    return text.rstrip("/").rpartition("/")[2] if text.startswith("http") else text
