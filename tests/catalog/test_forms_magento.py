"""Magento's export is read: versions under their products, in whatever order they stand."""

from decimal import Decimal
from pathlib import Path

import pytest

from catalog.load.files import opened
from catalog.load.forms import ShopHint, entries
from catalog.load.report import Report
from catalog.rows import AttributeRow, OfferRow, ProductRow, StockRow, VariantRow
from tests.catalog.reading import read

REAL = Path(__file__).parents[3] / "shared/data/magento/configurable_products.csv"
HEADING = (
    "sku,store_view_code,attribute_set_code,product_type,categories,name,description,"
    "product_online,visibility,price,special_price,special_price_from_date,"
    "special_price_to_date,base_image,additional_attributes,qty,allow_backorders,is_in_stock,"
    "manage_stock,use_config_manage_stock,configurable_variations\n"
)
S = (
    'H-S,,Top,simple,Default Category/Men/Tops/Hoodies,Hoodie-S-Black,"<p>Warm.</p>",1,'
    'Not Visible Individually,52,42,2026-11-20,2026-11-30,,"has_options=0,size=S,color=Black",'
    "100,0,1,0,1,\n"
)
M = S.replace("H-S", "H-M").replace("size=S", "size=M").replace("100,0,1", "0,0,0")
WHOLE = (
    'H,,Top,configurable,"Default Category/Men/Tops/Hoodies & Sweatshirts,Default Category/'
    'Collections/Eco Friendly,Default Category",Chaz Hoodie,"<p>Warm.</p><p>&bull; Two pockets.'
    '<br />&bull; Machine wash.</p>",1,"Catalog, Search",52,,,,/m/h.jpg,"has_options=1,'
    "material=Wool|Cotton &reg;,climate=Cool|Windy,new=Yes,sale=Yes,eco_collection=No,"
    'style_general=&frac14; zip",0,0,1,0,1,'
    '"sku=H-S,size=S,color=Black|sku=H-M,size=M,color=Black"\n'
)


@pytest.mark.parametrize("rows", [S + M + WHOLE, WHOLE + S + M, S + WHOLE + M])
def test_versions_find_their_product_in_any_order(tmp_path: Path, rows: str) -> None:
    found = read(tmp_path, "export.csv", HEADING + rows)
    assert found.report.ok, str(found.report)
    assert found.report.form == "Magento products (CSV)"
    assert found.products == ["H"]
    assert found.variants == {"H-S": ("H", "Black", "S"), "H-M": ("H", "Black", "M")}
    assert found.said("H", "title") == ("Chaz Hoodie",)
    assert found.said("H", "material") == ("Wool", "Cotton ®")
    assert found.said("H", "climate") == ("Cool", "Windy")
    assert found.said("H", "style_general") == ("¼ zip",)
    assert found.said("H", "point_1") == ("Two pockets.",)
    assert found.said("category:Hoodies & Sweatshirts", "category") is not None
    assert found.stock == {"H-S": 100, "H-M": 0}
    assert found.prices["H-S/list"] == "52"
    assert found.prices["H-S/sale"] == "42"
    assert found.said("H", "sale") is None
    assert "additional_attributes: sale" in found.report.unused


def test_a_weight_without_unit_is_read_only_as_the_mapping_says(tmp_path: Path) -> None:
    rows = (HEADING + S + WHOLE).replace("attribute_set_code", "weight").replace(",Top,", ",0.5,")
    found = read(tmp_path, "export.csv", rows.replace("product_type", "product_type", 1))
    assert found.measured("H", "weight") is None
    found = read(tmp_path, "export.csv", rows, mapping='[columns]\nweight = "weight:kg"\n')
    assert found.measured("H", "weight") == (Decimal("0.5"), "kg")


def test_what_is_not_sold_is_left_out_and_said_so(tmp_path: Path) -> None:
    alone = S.replace("Not Visible Individually", '"Catalog, Search"')
    rows = (
        S.replace("H-S", "OFF").replace(",1,Not", ",2,Not")
        + S.replace("H-S", "LOST")
        + alone.replace("H-S", "ONE")
        + WHOLE.replace("configurable", "bundle", 1).replace("H,,", "BUN,,")
        + S.replace("H-S,,", "VIEW,fr,")
    )
    found = read(tmp_path, "export.csv", HEADING + rows)
    assert found.products == ["ONE"]
    left = {one.value: one.reason for one in found.report.suspicious if "left out:" in one.reason}
    assert set(left) == {"OFF", "LOST", "BUN", "VIEW"}


@pytest.mark.skipif(not REAL.is_file(), reason="the real export is not part of the repository")
def test_the_real_export_is_read_whole() -> None:
    report = Report(str(REAL))
    file = opened(REAL, report)
    assert file is not None
    rows = [entry.row for entry in entries(file, report, ShopHint(currency="USD"))]
    assert report.ok
    assert report.read == 1994
    assert sum(isinstance(row, ProductRow) for row in rows) == 147
    variants = [row for row in rows if isinstance(row, VariantRow)]
    assert len(variants) == 1847
    assert all(row.colour and row.size for row in variants)
    assert sum(isinstance(row, OfferRow) for row in rows) == 1847
    assert all(row.quantity == 100 for row in rows if isinstance(row, StockRow))
    made_of = [row for row in rows if isinstance(row, AttributeRow) and row.name == "material"]
    assert len(made_of) == 147
    titles = {row.words[0] for row in rows if isinstance(row, AttributeRow) and row.words
              and row.name == "title"}  # fmt: skip
    assert "Chaz Kangeroo Hoodie" in titles
