"""Shopify's exports are read with their old headings, their new ones, and as JSON."""

import json
from decimal import Decimal
from pathlib import Path

from catalog.load.forms import ShopHint
from tests.catalog.reading import read

OLD = """\
Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,\
Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,\
Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,\
Variant Barcode,Image Src,Gift Card,Variant Weight Unit,Status
lamp,Desk lamp,"<p>Dimmable desk lamp.<br>Cable length: <b>1.8 m</b>.</p>",Lumen & Co,\
Home & Garden > Lighting > Lamps,Desk lamp,"desk, led",TRUE,Color,Black,,,LAMP-BLK,1250,shopify,\
14,deny,39.00,49.00,4006381333931,https://example.test/l.jpg,FALSE,kg,active
lamp,,,,,,,,,White,,,LAMP-WHT,1250,shopify,0,deny,39.00,49.00,,,,kg,
lamp,,,,,,,,,,,,,,,,,,,,https://example.test/room.jpg,,,
crew,"Crew, ""Fjord"" II","<ul><li>Merino wool</li></ul>",Nord,,Sweater,,TRUE,Size,S,Color,Navy,\
MC-S,420,shopify,3,deny,89.90,,,,FALSE,g,active
crew,,,,,,,,,M,,Navy,MC-M,430,shopify,-2,continue,89.90,89.90,,,,g,
crew,,,,,,,,,L,,Écru,MC-L,440,,11,deny,94.90,,,,,g,
gift,Gift card,,Lumen & Co,,Gift card,,FALSE,Title,Default Title,,,G25,0,,,deny,25.00,,,,TRUE,g,\
draft
soon,Vase,,Lumen & Co,,Vase,,TRUE,Title,Default Title,,,V1,0,,,deny,25.00,,,,FALSE,g,archived
soon,,,,,,,,,,,,V2,0,,,deny,25.00,,,,,g,
"""
NEW = """\
Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,\
SKU,Barcode,Option1 name,Option1 value,Price,Price / International,Compare-at price,\
Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),\
Weight unit for display,Product image URL,Gift card
Oak table,oak-table,<p>A table.</p>,Nord,Furniture > Tables,,,TRUE,Active,,,Material,Oak,450.00,\
500.00,520.00,shopify,2,FALSE,21000,kg,https://example.test/t.jpg,FALSE
,oak-table,,,,,,,,,,,Pine,380.00,,,shopify,0,TRUE,18000,kg,,
"""


def test_the_old_export_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "products_export.csv", OLD, shop=ShopHint(currency="USD"))
    assert found.report.ok, str(found.report)
    assert found.report.form == "Shopify products (CSV)"
    assert found.report.read == 9
    assert found.products == ["lamp", "crew"]
    assert found.variants == {
        "LAMP-BLK": ("lamp", "Black", ""), "LAMP-WHT": ("lamp", "White", ""),
        "MC-S": ("crew", "Navy", "S"), "MC-M": ("crew", "Navy", "M"), "MC-L": ("crew", "Écru", "L"),
    }  # fmt: skip
    assert found.prices["LAMP-BLK/list"] == "49.00"
    assert found.prices["LAMP-BLK/sale"] == "39.00"
    assert found.offer("LAMP-BLK/list").basis == ""
    assert found.said("lamp", "category") is None
    assert found.said("category:Lamps", "category") == ("Lamps",)
    assert found.said("lamp", "brand") == ("Lumen & Co",)
    assert found.said("lamp", "gtin") is None  # of one version only
    assert found.measured("lamp", "weight") == (Decimal("1.25"), "kg")
    assert found.measured("crew", "weight") is None
    assert found.measured("variant:MC-M", "weight") == (Decimal(430), "g")
    assert found.said("crew", "point_1") == ("Merino wool",)


def test_stock_below_zero_is_back_order_only_where_the_shop_goes_on_selling(tmp_path: Path) -> None:
    found = read(tmp_path, "products_export.csv", OLD)
    assert found.stock == {"LAMP-BLK": 14, "LAMP-WHT": 0, "MC-S": 3, "MC-M": None, "MC-L": None}
    assert found.suspected("can be ordered all the same")


def test_drafts_archived_products_and_gift_cards_are_left_out_and_said_so(tmp_path: Path) -> None:
    found = read(tmp_path, "products_export.csv", OLD)
    left = [(one.value, one.reason) for one in found.report.suspicious if "left out:" in one.reason]
    assert left == [("gift", "left out: gift card"), ("soon", "left out: archived")]


def test_a_compared_price_that_is_not_above_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, "products_export.csv", OLD)
    assert "MC-M/sale" not in found.prices
    assert found.suspected("is not above the price")


def test_the_new_export_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "products.csv", NEW)
    assert found.report.ok, str(found.report)
    assert found.report.form == "Shopify products (CSV)"
    assert found.prices == {
        "oak-table-Oak/list": "520.00", "oak-table-Oak/sale": "450.00",
        "oak-table-Pine/list": "380.00",
    }  # fmt: skip
    assert found.variants["oak-table-Oak"] == ("oak-table", "", "Oak")
    assert found.suspected("neither colour nor size")
    assert found.stock == {"oak-table-Oak": 2, "oak-table-Pine": None}
    assert "Price / International" in found.report.unused


def test_a_sku_that_two_versions_share_does_not_make_them_one(tmp_path: Path) -> None:
    content = NEW.replace("Active,,,Material", "Active,T1,,Material").replace(
        ",oak-table,,,,,,,,,,,Pine", ",oak-table,,,,,,,,T1,,,Pine"
    )
    found = read(tmp_path, "products.csv", content)
    assert set(found.variants) == {"T1", "T1-Pine"}


def test_a_metafield_is_read_as_the_mapping_says(tmp_path: Path) -> None:
    content = NEW.replace(",Gift card\n", ",Gift card,Wood (product.metafields.my.wood)\n", 1)
    content = content.replace("t.jpg,FALSE", "t.jpg,FALSE,solid oak").replace("kg,,\n", "kg,,,\n")
    wood = '[columns]\n"Wood (product.metafields.my.wood)" = '
    found = read(tmp_path, "p.csv", content, mapping=f'{wood}"material"')
    assert found.said("oak-table", "material") == ("solid oak",)
    found = read(tmp_path, "p.csv", content, mapping=f'{wood}"detail:wood"\n"Colr" = "colour"')
    assert found.said("oak-table", "wood") == ("solid oak",)
    assert found.suspected("is not a column of p.csv")


def product(**more: object) -> dict[str, object]:
    return {
        "id": 1, "title": "Crew", "body_html": "<p>Warm crew.</p>", "vendor": "Nord",
        "product_type": "Sweater", "handle": "crew", "tags": "knit, wool", "status": "active",
        "published_at": "2026-01-01T00:00:00Z",
        "options": [{"name": "Size", "values": ["S"]}, {"name": "Colour", "values": ["Navy"]}],
        "images": [{"src": "https://example.test/c.jpg"}],
        "variants": [
            {"id": 2, "sku": "MC-S", "price": "89.90", "compare_at_price": "99.90",
             "option1": "S", "option2": "Navy", "inventory_quantity": 3, "grams": 420,
             "weight_unit": "g", "inventory_policy": "deny", "inventory_management": "shopify"},
            {"id": 3, "sku": "", "price": "89.90", "compare_at_price": None, "option1": "M",
             "option2": "Navy", "inventory_quantity": -1, "inventory_policy": "continue",
             "inventory_management": "shopify", "grams": 430, "weight_unit": "g"},
        ],
        **more,
    }  # fmt: skip


def test_the_admins_json_is_read(tmp_path: Path) -> None:
    hidden = [product(handle="d", status="draft"), product(handle="h", published_at=None)]
    products = [product(), *hidden]
    found = read(tmp_path, "products.json", json.dumps({"products": products}))
    assert found.report.ok, str(found.report)
    assert found.report.form == "Shopify products (JSON)"
    assert found.products == ["crew"]
    assert found.variants == {"MC-S": ("crew", "Navy", "S"), "crew-M-Navy": ("crew", "Navy", "M")}
    assert found.prices == {
        "MC-S/list": "99.90", "MC-S/sale": "89.90", "crew-M-Navy/list": "89.90",
    }  # fmt: skip
    assert found.stock == {"MC-S": 3, "crew-M-Navy": None}
    assert found.said("crew", "image_url") == ("https://example.test/c.jpg",)


def test_a_storefronts_json_knows_only_what_can_be_had(tmp_path: Path) -> None:
    variants = [
        {"id": 2, "sku": "A", "price": "5.00", "option1": "Default Title", "available": True},
        {"id": 3, "sku": "B", "price": "5.00", "option1": "Default Title", "available": False},
    ]
    one = product(variants=variants, options=[{"name": "Title"}])
    one.pop("status")
    found = read(tmp_path, "products.json", json.dumps({"products": [one]}))
    assert found.report.ok, str(found.report)
    assert found.stock == {"A": None, "B": 0}
    assert found.variants["A"] == ("crew", "", "")
