"""A mapping file says how a merchant's own columns are read; what is wrong in it is named."""

from decimal import Decimal
from pathlib import Path

import pytest

from catalog.errors import CatalogError
from catalog.load.forms import ShopHint, mapping, read_map
from tests.catalog.reading import read

CONTENT = (
    "Artikel;Name;Preis netto;Preis brutto 2026;Passform;Gewicht netto;Lager;Interne Notiz\n"
    "A-1;Jacke;40;1.234;schmal;350;sofort;x\n"
)
MAPPING = """
decimal = ","
ignore = ["Interne Notiz", "Preis netto"]
[shop]
name = "Nordlicht"
zone = "Europe/Berlin"
currency = "EUR"
market = "DE"
[columns]
"Artikel" = "sku"
"Preis brutto 2026" = "price"
"Passform" = "detail:fit"
"Gewicht netto" = "weight:g"
"Lager" = "availability"
[values]
sofort = "in_stock"
[always]
brand = "Nordlicht"
"""


def test_columns_of_ones_own_are_read_as_the_mapping_says(tmp_path: Path) -> None:
    found = read(tmp_path, "s.csv", CONTENT, shop=ShopHint(), mapping=MAPPING)
    assert found.report.ok, str(found.report)
    assert found.prices == {"A-1/list": "1234"}
    assert found.said("A-1", "fit") == ("schmal",)
    assert found.measured("A-1", "weight") == (Decimal(350), "g")
    assert found.stock == {"A-1": None}
    assert found.said("A-1", "brand") == ("Nordlicht",)
    assert (found.shop.name, found.shop.zone, found.shop.market) == (
        "Nordlicht", "Europe/Berlin", "DE",
    )  # fmt: skip
    assert found.report.unused == []
    assert found.report.columns["Passform"] == "detail:fit"


def test_columns_of_a_form_with_keys_of_its_own_are_said_to_be_unused(tmp_path: Path) -> None:
    shopify = (
        '{"products": [{"title": "Lamp", "handle": "a", "variants": [{"sku": "A", "price": "5"}]}]}'
    )
    page = '{"@type": "Product", "sku": "A", "name": "Lamp", "offers": {"price": "5"}}'
    for content in (shopify, page):
        found = read(tmp_path, "s.json", content, mapping='[columns]\n"bulb" = "detail:bulb"')
        assert found.report.ok
        assert found.suspected("was not used")


def test_what_is_known_of_the_shop_comes_before_the_mapping(tmp_path: Path) -> None:
    hint = ShopHint(name="Other", currency="CHF")
    found = read(tmp_path, "s.csv", CONTENT, shop=hint, mapping=MAPPING)
    assert (found.shop.name, found.shop.currency, found.shop.zone) == (
        "Other", "CHF", "Europe/Berlin",
    )  # fmt: skip


def test_texts_may_be_in_another_language(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.csv", "sku,title,price,Titel EN\nA,Lampe,5,Lamp\n",
        mapping='[shop]\nlanguage = "fr"\n[columns]\n"Titel EN" = "title:en"\n',
    )  # fmt: skip
    assert found.said("A", "title", "fr") == ("Lampe",)
    assert found.said("A", "title", "en") == ("Lamp",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colums = 1", ["colums", "did you mean columns?", "decimal"]),
        ('[columns]\n"X" = "prize"', ["[columns] X", "prize", "did you mean price?"]),
        ('[columns]\n"X" = "detail:"', ["[columns] X", "detail:fit"]),
        ('[columns]\n"X" = "detail:Fit!"', ["small letters"]),
        ('[columns]\n"X" = "weight:stone"', ["stone is no unit"]),
        ('[columns]\n"X" = "title:de"', ["de is not a language", "en, fr, zh"]),
        ('[columns]\n"X" = "price:EUR"', ["nothing can stand after price"]),
        ('[columns]\n"X" = 5', ["is to be a text"]),
        ('columns = "X"', ["is to be a table"]),
        ('decimal = ";"', ["decimal", "one of"]),
        ('dates = "YMD"', ["dates", "'DMY', 'MDY'"]),
        ('ignore = "X"', ["ignore", "a list"]),
        ('[shop]\nzone = "Mars/Olympus"', ["[shop] zone", "Europe/Paris"]),
        ('[shop]\ncurrency = "EURO"', ["[shop] currency", "EUR"]),
        ('[shop]\nmarket = "France"', ["[shop] market", "FR"]),
        ('[shop]\nlanguage = "de"', ["language", "en, fr, zh"]),
        ('[shop]\ncurency = "EUR"', ["did you mean currency?"]),
        ('[values]\nsofort = "instock"', ["did you mean in_stock?"]),
        ('[always]\nprize = "5"', ["did you mean price?"]),
        ("decimal = ", ["TOML"]),
    ],
)
def test_what_is_wrong_in_a_mapping_is_named_with_what_may_be_there(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(CatalogError) as caught:
        read_map(path)
    assert "map.toml" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read"):
        read_map(tmp_path / "none.toml")


def test_the_example_in_the_guide_is_a_mapping(tmp_path: Path) -> None:
    text = mapping.__doc__ or ""
    example = text.split("\n\n", 2)[2]
    path = tmp_path / "map.toml"
    path.write_text("\n".join(line.removeprefix("    ") for line in example.splitlines()))
    found = read_map(path)
    assert found.columns["Passform"] == "detail:fit"
    assert found.values["auf anfrage"] == "out_of_stock"
