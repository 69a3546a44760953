"""What the merchant says of a file beside it: the shop, and how its columns are to be read.

A mapping file is TOML; every part may be left out:

    decimal = ","                     # 1.234 is one thousand two hundred and thirty-four
    dates = "DMY"                     # 11/12/2026 is the eleventh of December; or "MDY"
    ignore = ["Interne Notiz"]        # columns that nothing is to be read from

    [shop]
    name = "Nordlicht"
    zone = "Europe/Berlin"            # for times without a zone
    currency = "EUR"
    market = "DE"                     # where the viewers are, if they do not say
    language = "en"                   # of the texts: en, fr or zh

    [columns]
    "Preis brutto 2026" = "price"
    "Titre FR" = "title:fr"           # a text in one of the host's languages
    "Gewicht netto" = "weight:g"      # a measure, and the unit of its bare numbers
    "Passform" = "detail:fit"         # a detail of the product, under a name of your choice

    [values]                          # words of your own for what can be had
    "sofort versandfertig" = "in_stock"
    "auf Anfrage" = "out_of_stock"

    [always]                          # what holds for every row
    brand = "Nordlicht"
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.types import LANGUAGES
from catalog.errors import CatalogError
from catalog.load import values
from catalog.load.forms.fields import AVAILABILITY, FIELDS, field_is_right
from catalog.load.units import unit_named

KEYS = ("decimal", "dates", "ignore", "shop", "columns", "values", "always")
SHOP = ("name", "zone", "currency", "market", "language")


@dataclass(frozen=True, slots=True)
class ShopHint:
    """What is known of the shop before its file is read; "" where nothing is."""

    name: str = ""
    zone: str = ""
    """IANA name."""
    currency: str = ""
    """ISO 4217."""
    market: str = ""
    """ISO 3166."""

    def or_else(self, other: "ShopHint") -> "ShopHint":
        """This, and what *other* knows where it is silent."""
        return ShopHint(
            *(getattr(self, at.name) or getattr(other, at.name) for at in fields(ShopHint))
        )


@dataclass(frozen=True, slots=True)
class ShopMap:
    """A mapping file, read and found right."""

    file: str = ""
    shop: ShopHint = ShopHint()
    language: str = ""
    """Of the texts."""
    decimal: str = ""
    dates: str = ""
    ignore: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field by column: "price", "title:fr", "weight:g", "detail:fit"."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What can be had, by the merchant's word for it in small letters."""
    always: Mapping[str, str] = field(default_factory=dict)


def read_map(path: Path) -> ShopMap:
    """The mapping file at *path*. Raises CatalogError: file, key and what may be there."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CatalogError(f"{path}: the mapping file cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"{path}: is not a mapping in TOML: {error}") from error
    return _Checked(path.name, found).mapping()


class _Checked:
    """Takes a mapping file apart, and refuses what does not belong there."""

    def __init__(self, file: str, found: Mapping[str, object]) -> None:
        self.file = file
        self.found = found

    def _wrong(self, key: str, reason: str) -> CatalogError:
        return CatalogError(f"{self.file}: {key} {reason}")

    def _known(self, key: str, name: str, may: Iterable[str]) -> None:
        may = sorted(may)
        if name in may:
            return
        near = get_close_matches(name, may, 1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise self._wrong(key, f"is not known{meant} There may be {', '.join(may)}")

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, 'is to be a text, such as "price"')
        return value.strip()

    def _table(self, key: str) -> dict[str, str]:
        table = self.found.get(key, {})
        if not isinstance(table, dict):
            raise self._wrong(key, f"is to be a table, under a line [{key}]")
        return {name: self._text(f"[{key}] {name}", value) for name, value in table.items()}

    def _one_of(self, key: str, may: tuple[str, ...]) -> str:
        value = self.found.get(key, "")
        if value != "" and value not in may:
            raise self._wrong(key, f"is one of {', '.join(map(repr, may))}")
        return str(value)

    def mapping(self) -> ShopMap:
        for key in self.found:
            self._known(key, key, KEYS)
        ignore = self.found.get("ignore", [])
        if not isinstance(ignore, list) or not all(isinstance(name, str) for name in ignore):
            raise self._wrong("ignore", 'is to be a list of columns, such as ["Notes"]')
        columns = self._table("columns")
        for name, meant in columns.items():
            self._field(f"[columns] {name}", meant)
        always = self._table("always")
        for name in always:
            self._field(f"[always] {name}", name)
        words = self._table("values")
        for name, meant in words.items():
            self._known(f"[values] {name}: {meant}", meant, AVAILABILITY)
        shop = self._shop()
        language = shop.pop("language", "")
        return ShopMap(
            self.file,
            ShopHint(**shop),
            language,
            decimal=self._one_of("decimal", (".", ",")),
            dates=self._one_of("dates", ("DMY", "MDY")),
            ignore=frozenset(name.strip() for name in ignore),
            columns={name.strip(): meant for name, meant in columns.items()},
            values={name.strip().casefold(): meant for name, meant in words.items()},
            always=always,
        )

    def _shop(self) -> dict[str, str]:
        shop = self._table("shop")
        for name in shop:
            self._known(f"[shop] {name}", name, SHOP)
        if (zone := shop.get("zone")) is not None:
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError) as error:
                reason = f"{zone} is no zone: write a name such as Europe/Paris"
                raise self._wrong("[shop] zone", reason) from error
        for name in ("currency", "market"):
            if name in shop:
                shop[name] = shop[name].upper()
        if shop.get("currency", "EUR") not in values.CODES:
            raise self._wrong("[shop] currency", "is to be an ISO code, such as EUR")
        if not (len(market := shop.get("market", "FR")) == 2 and market.isalpha()):
            raise self._wrong("[shop] market", "is to be the ISO code of a country, such as FR")
        if "language" in shop:
            self._known(f"[shop] language: {shop['language']}", shop["language"], LANGUAGES)
        return shop

    def _field(self, key: str, meant: str) -> None:
        name, _, more = meant.partition(":")
        if name == "detail" and not more:
            raise self._wrong(key, 'needs a name for the detail, such as "detail:fit"')
        if name != "detail":
            self._known(f"{key}: {name}", name, [*FIELDS, "detail"])
        if not field_is_right(meant):
            kind = FIELDS.get(name)
            if name == "detail":
                what = "a detail's name is small letters, digits and _, and begins with a letter"
            elif kind == "measure":
                what = f"{more} is no unit: write one such as g, kg, cm or ml"
                if unit_named(more) is not None:
                    return
            elif kind == "words":
                what = f"{more} is not a language of the host's: {', '.join(LANGUAGES)}"
            else:
                what = f"nothing can stand after {name}:"
            raise self._wrong(key, what)
