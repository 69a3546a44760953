"""Any table of products is read by its columns' names; what is not sure is said, not guessed."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.load.forms import ShopHint
from catalog.load.forms.columns import lexicon, plain_name, recognised
from catalog.load.forms.fields import FIELDS
from catalog.load.forms.markup import lines
from catalog.load.forms.points import points
from catalog.load.forms.titles import common_title
from catalog.rows import FigureRow, PolicyRow, ProductRow
from tests.catalog.reading import read

BASE = "sku,title,price\n"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("SKU", "sku"), ("Prix TTC (€)", "price"), ("title_fr", "title:fr"), ("Preis", "price"),
        ("Größe", "size"), ("商品名称", "title"), ("库存", "stock"), ("salePrice", "sale_price"),
        ("Poids (kg)", "weight"), ("weight in kg", "weight"), ("Title (zh)", "title:zh"),
        ("title_de", ""), ("price_usd", "price"), ("Precio de oferta", "sale_price"),
        ("Streichpreis", "was_price"), ("Note interne", ""), ("UVP", "rrp"), ("", ""),
        ("Country of origin", "origin"), ("valid until", "sale_until"), ("已售", "sold"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names(heading: str, field: str) -> None:
    assert recognised(heading)[0] == field


def test_every_name_of_a_column_stands_for_a_field_and_is_written_plainly() -> None:
    for name, (field, _, _) in lexicon().items():
        assert field in FIELDS
        assert plain_name(name) == name


def test_a_french_table_is_a_french_shop(tmp_path: Path) -> None:
    found = read(
        tmp_path, "boutique.csv",
        "Référence;Titre;Prix TTC;Prix barré;Quantité;Couleur;Taille;Matière;Poids (g);Note\n"
        'T-1;Tee;"19,90";"1.234,50";4;Bleu;M;"coton|lin";180;x\n'
        'T-2;Tee lourd;"1.234";;0;;;lin;;y\n',
    )  # fmt: skip
    assert found.report.ok
    assert found.report.form == "table of products"
    assert found.report.unused == ["Note"]
    assert found.report.columns["Poids (g)"] == "weight (g)"
    assert found.prices == {"T-1/list": "1234.50", "T-1/sale": "19.90", "T-2/list": "1234"}
    assert found.said("T-1", "title", "fr") == ("Tee",)
    assert found.said("T-1", "material", "fr") == ("coton", "lin")
    assert found.said("variant:T-1", "colour", "fr") == ("Bleu",)
    assert found.measured("T-1", "weight") == (Decimal(180), "g")
    assert found.shop.name == "boutique"


def test_a_chinese_table_is_a_chinese_shop(tmp_path: Path) -> None:
    found = read(
        tmp_path, "shop.csv", "货号,商品名称,价格,库存\nA1,蓝色马克杯,¥39,12\nA2,茶壶,128元,\n",
        shop=ShopHint(),
    )  # fmt: skip
    assert found.report.ok
    assert found.said("A1", "title", "zh") == ("蓝色马克杯",)
    assert found.shop.currency == "CNY"
    assert found.shop.market == "CN"
    assert found.stock == {"A1": 12, "A2": None}


def test_a_file_without_prices_is_refused_as_a_whole(tmp_path: Path) -> None:
    found = read(tmp_path, "shop.csv", "sku,title\nA,B\n")
    assert found.refused == [(1, "price", found.refused[0][2])]
    assert "no such column" in found.refused[0][2]
    assert "[columns]" in found.report.refused[0].remedy
    assert not found.products


def test_what_may_be_read_in_two_ways_is_refused_with_the_remedy(tmp_path: Path) -> None:
    found = read(tmp_path, "shop.csv", BASE + 'A,Vase,"1,234"\nB,Bowl,"2,500"\n')
    assert [line for line, _, _ in found.refused] == [2, 3]
    assert 'decimal = "."' in found.report.refused[0].remedy
    assert read(
        tmp_path, "shop.csv", BASE + 'A,Vase,"1,234"\n', mapping='decimal = "."'
    ).prices == {"A/list": "1234"}


def test_the_other_prices_of_a_column_decide_what_a_price_is(tmp_path: Path) -> None:
    found = read(tmp_path, "shop.csv", BASE + 'A,Vase,"1,234"\nB,Bowl,2.50\n')
    assert found.prices == {"A/list": "1234", "B/list": "2.50"}
    found = read(tmp_path, "shop.csv", BASE + 'A,Vase,"1.234"\nB,Bowl,"2,50"\n')
    assert found.prices == {"A/list": "1234", "B/list": "2.50"}


def test_a_shop_has_one_currency(tmp_path: Path) -> None:
    content = BASE + "A,Vase,19.90 USD\nB,Bowl,€5.00\nC,Cup,5.00\n"
    found = read(tmp_path, "shop.csv", content, shop=ShopHint())
    assert found.shop.currency == "USD"
    assert [(line, field) for line, field, _ in found.refused] == [(3, "price")]
    assert "one currency" in found.refused[0][2]
    assert found.products == ["A", "C"]


def test_a_currency_that_nobody_names_is_taken_for_dollars_and_said_so(tmp_path: Path) -> None:
    found = read(tmp_path, "shop.csv", BASE + "A,Vase,19.90\n", shop=ShopHint())
    assert found.shop.currency == "USD"
    assert found.suspected("no currency is named")
    named = read(tmp_path, "shop.csv", "sku,title,price (GBP)\nA,Vase,19.90\n", shop=ShopHint())
    assert named.shop.currency == "GBP"
    assert not named.report.suspicions


def test_yen_have_no_decimals(tmp_path: Path) -> None:
    hint = ShopHint(currency="JPY")
    found = read(tmp_path, "shop.csv", BASE + 'A,Tea,"1,980"\nB,Pot,19.5\n', shop=hint)
    assert found.prices == {"A/list": "1980"}
    assert found.refused == [(3, "price", "JPY has no decimals")]


def test_every_wrong_cell_of_a_row_is_named(tmp_path: Path) -> None:
    found = read(
        tmp_path, "shop.csv",
        "sku,title,price,stock,material,weight,origin\n"
        "A/1,<b>Vase</b>,0,x,=cmd|' /C calc'!A0,12 stones,\n"
        "B,Bowl,5,2.5,@SUM(A1),,France\n"
        ",Cup,5,,,,\n"
        "D,,,,,,\n",
    )  # fmt: skip
    assert {(line, field) for line, field, _ in found.refused} == {
        (2, "sku"), (2, "title"), (2, "price"), (2, "stock"), (2, "material"), (2, "weight"),
        (3, "stock"), (3, "material"), (4, "sku"), (5, "title"), (5, "price"),
    }  # fmt: skip
    assert all(one.reason and one.remedy for one in found.report.refused)
    assert not found.products


def test_a_number_that_a_spreadsheet_shortened_is_no_name(tmp_path: Path) -> None:
    found = read(tmp_path, "s.csv", BASE + "4.00638E+12,Vase,5\n4.00638E+12,Cup,6\n")
    assert [(line, field) for line, field, _ in found.refused] == [(2, "sku"), (3, "sku")]


def test_a_cell_that_carries_no_weight_spoils_only_itself(tmp_path: Path) -> None:
    found = read(tmp_path, "s.csv", "sku,title,price,material\nA,Vase,5,=HYPERLINK(1)\n")
    assert found.refused[0][:2] == (2, "material")
    assert found.products == ["A"]
    assert found.said("A", "material") is None


def test_stock_is_never_more_than_the_file_says(tmp_path: Path) -> None:
    found = read(
        tmp_path, "shop.csv",
        "sku,title,price,stock,availability\n"
        "A,T,5,3,in stock\nB,T,5,-2,\nC,T,5,5,out of stock\nD,T,5,,in_stock\nE,T,5,,épuisé\n"
        "F,T,5,0,InStock\nG,T,5,,preorder\nH,T,5,,https://schema.org/SoldOut\nI,T,5,,perhaps\n"
        "J,T,5,4.0,\nK,T,5,,\n",
    )  # fmt: skip
    assert found.stock == {
        "A": 3, "B": 0, "C": 0, "D": None, "E": 0, "F": 0, "G": 0, "H": 0, "J": 4, "K": None,
    }  # fmt: skip
    assert [(one.line, one.field) for one in found.report.suspicious] == [
        (3, "stock"), (4, "availability"), (7, "stock"),
    ]  # fmt: skip
    assert found.refused[0][:2] == (10, "availability")
    assert found.said("variant:G", "availability") is not None


def test_a_was_price_stands_only_above_the_price(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.csv",
        "sku,title,price,was price,rrp\nA,T,5,8,\nB,T,5,5,\nC,T,5,4,\nD,T,5,,9\nE,T,5,0.00,\n",
    )  # fmt: skip
    assert found.prices == {
        "A/list": "8", "A/sale": "5", "B/list": "5", "C/list": "5", "D/list": "9", "D/sale": "5",
        "E/list": "5",
    }  # fmt: skip
    assert found.offer("A/list").basis == ""
    assert found.offer("D/list").basis == "rrp"
    assert found.offer("B/list").basis == ""
    assert [one.line for one in found.report.suspicious] == [3, 4]


def test_a_sale_has_its_window_and_an_old_one_is_said_to_be_over(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.csv",
        "sku,title,price,sale price,valid from,valid until\n"
        "A,T,9,5,2026-11-20,2026-11-30\nB,T,9,5,2026-01-01,2026-01-31\n"
        "C,T,9,5,2026-12-01,2026-11-01\nD,T,9,12,,\nE,T,9,5,13/12/2026,12/13/2026 10:00 PM\n",
    )  # fmt: skip
    zone = ZoneInfo("Europe/Paris")
    assert found.offer("A/sale").valid_from == datetime(2026, 11, 20, tzinfo=zone)
    assert found.offer("A/sale").valid_until == datetime(2026, 11, 30, 23, 59, 59, tzinfo=zone)
    assert "B/sale" in found.prices
    assert found.suspected("offer already over")
    assert "D/sale" not in found.prices
    assert found.suspected("is not below the regular price")
    assert found.refused == [(4, "valid until", "is not after its beginning")]


def test_days_decide_the_order_of_the_days_before_them(tmp_path: Path) -> None:
    content = "sku,title,price,sale price,valid until\nA,T,9,5,11/12/2026\n"
    assert not read(tmp_path, "s.csv", content).report.ok
    found = read(tmp_path, "s.csv", content + "B,T,9,5,30/11/2026\n")
    until = found.offer("A/sale").valid_until
    assert until is not None
    assert (until.month, until.day) == (12, 11)
    found = read(tmp_path, "s.csv", content, mapping='dates = "MDY"')
    until = found.offer("A/sale").valid_until
    assert until is not None
    assert (until.month, until.day) == (11, 12)


def test_versions_stand_under_their_product_wherever_they_are(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.csv",
        "sku,parent sku,title,price,colour,material,weight\n"
        'R,P,"Mug, red",5,red,clay,300 g\nB,P,"Mug, blue",6,blue,clay,310 g\n'
        "X,,Vase,9,,glass,\n"
        'G,P,"Mug, green",6,green,steel,310 g\n',
    )  # fmt: skip
    assert found.products == ["P", "X"]
    assert found.said("P", "title") == ("Mug",)
    assert {name: row[0] for name, row in found.variants.items()} == {
        "R": "P", "B": "P", "X": "X", "G": "P",
    }  # fmt: skip
    assert found.said("P", "material") == ("clay",)
    # what differs is said of each version, never of all
    assert found.measured("P", "weight") is None
    assert found.measured("variant:R", "weight") == (Decimal(300), "g")
    assert found.suspected("stand apart")


@pytest.mark.parametrize(
    ("titles", "common", "sure"),
    [
        (("Kettle 1 L, red", "Kettle 1 L, black"), "Kettle 1 L", True),
        (("Red kettle", "Black kettle"), "Kettle", True),
        (("Kettle (red)", "Kettle (black)"), "Kettle", True),
        (("Chaz Hoodie-XS-Red", "Chaz Hoodie-S-Black"), "Chaz Hoodie", True),
        (("Tall oak kettle in red gloss", "Tall oak kettle in black"), "Tall oak kettle", True),
        (("Kettle", "Teapot"), "Kettle", False),
        (("Redder kettle", "Redder kettle"), "Redder kettle", True),
        (("Bored", "Black"), "Bored", False),
    ],
)
def test_versions_have_the_title_that_does_not_tell_them_apart(
    titles: tuple[str, str], common: str, sure: bool
) -> None:
    named = [(titles[0], "red", "XS"), (titles[1], "black", "S")]
    assert common_title(named) == (common, sure)


def test_rows_have_no_number_yet_and_name_their_place(tmp_path: Path) -> None:
    found = read(tmp_path, "s.csv", "item code,title,price\nA,Vase,9\n")
    assert [row.number for row in found.rows(ProductRow)] == [0]
    entry = next(one for one in found.entries if isinstance(one.row, ProductRow))
    assert (entry.file, entry.line, entry.field) == ("s.csv", 2, "item code")


def test_a_picture_is_a_file_beside_the_feed_or_an_address(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path.parent / "b.png").write_bytes(b"x")
    found = read(
        tmp_path, "s.csv",
        "sku,title,price,image\nA,T,5,a.png\nB,T,5,https://example.test/b.jpg\n"
        "C,T,5,../b.png\nD,T,5,none.png\n",
    )  # fmt: skip
    images = {row.sku: row.image for row in found.rows(ProductRow)}
    assert images == {"A": str((tmp_path / "a.png").resolve()), "B": "", "C": "", "D": ""}
    assert found.said("B", "image_url") == ("https://example.test/b.jpg",)
    assert found.suspected("no such picture")


def test_a_wrong_check_digit_and_a_long_title_are_suspicious(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.csv",
        f"sku,title,price,ean\nA,{'very ' * 40}long,5,4006381333931\nB,T,5,4006381333932\n",
    )  # fmt: skip
    assert found.report.ok
    assert found.said("A", "gtin") == ("4006381333931",)
    assert found.said("B", "gtin") is None
    assert found.suspected("check digit")
    assert found.suspected("too long to be said")


def test_pounds_and_inches_become_grams_and_centimetres_and_are_noted(tmp_path: Path) -> None:
    found = read(tmp_path, "s.csv", "sku,title,price,weight (lb),width,height\nA,T,5,2.2,12 in,9\n")
    assert found.measured("A", "weight") == (Decimal(998), "g")
    assert found.measured("A", "width") == (Decimal("30.5"), "cm")
    assert "converted from lb" in found.report.columns["weight (lb)"]
    assert found.measured("A", "height") is None
    assert found.suspected("has no unit")


def test_counts_become_figures_and_days_become_policies(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.csv",
        "sku,title,price,rating,reviews,sold,delivery days,delivery fee,return days,warranty\n"
        "A,T,5,4.6,128,1500,2-4,4.90,30,24 months\nB,T,5,46,1.5,-3,soon,,,\n",
        shop=ShopHint(currency="EUR", market="FR", zone="Europe/Paris"),
    )  # fmt: skip
    figures = {(row.sku, row.kind): row.amount for row in found.rows(FigureRow)}
    assert figures == {
        ("A", "rating"): Decimal("4.6"), ("A", "reviews"): Decimal(128), ("A", "sold"): 1500,
    }  # fmt: skip
    policies = {row.kind: (row.region, row.low, row.high, row.fee) for row in found.rows(PolicyRow)}
    assert policies == {
        "delivery": ("FR", 2, 4, Decimal("4.90")), "returns": ("", 30, 30, None),
        "warranty": ("", 24, 24, None),
    }  # fmt: skip
    assert {field for _, field, _ in found.refused} == {
        "rating",
        "reviews",
        "sold",
        "delivery days",
    }


def test_what_the_plain_csv_had_is_still_read(tmp_path: Path) -> None:
    found = read(
        tmp_path, "corner.csv",
        "sku;title;price;stock;category;material;origin;care;also_called;weight;currency\n"
        'A-1;Blue vase;"1.234,50";4;Vases;"glass; oak";France;wipe;jar;350 g;EUR\n',
        shop=ShopHint(),
    )  # fmt: skip
    assert found.report.ok
    assert found.prices == {"A-1/list": "1234.50"}
    assert found.variants == {"A-1": ("A-1", "", "")}
    assert found.said("A-1", "material") == ("glass", "oak")
    assert found.said("category:Vases", "category") == ("Vases",)
    assert found.measured("A-1", "weight") == (Decimal(350), "g")


# --- JSON --------------------------------------------------------------------------------------


def test_json_products_are_read_with_their_versions(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.json",
        '[{"id": 7, "name": "Vase", "price": {"amount": 19.9, "currency": "EUR"},'
        ' "variants": [{"sku": "V-R", "color": "red", "price": 19.9, "stock": 2},'
        ' {"sku": "V-B", "color": "blue", "price": 1.234, "stock": 0}]},'
        ' {"id": 8, "name": "Bowl", "price": {"amount": 9, "currency": "EUR"},'
        ' "in_stock": true, "secret": 1}]',
        shop=ShopHint(),
    )  # fmt: skip
    assert found.report.ok
    assert found.report.form == "products in JSON"
    assert found.prices == {"V-R/list": "19.9", "V-B/list": "1.234", "8/list": "9"}
    assert found.stock == {"V-R": 2, "V-B": 0, "8": None}
    assert found.products == ["7", "8"]
    assert found.report.unused == ["secret"]
    assert found.shop.currency == "EUR"


def test_json_lines_are_read(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.jsonl",
        '{"sku": "A", "title": "Vase", "price": "5,00"}\n'
        '{"sku": "B", "title": "Cup", "price": 3}\n',
    )  # fmt: skip
    assert found.prices == {"A/list": "5.00", "B/list": "3"}
    assert found.report.read == 2


# --- points ------------------------------------------------------------------------------------


def said(html: str, backing: str = "", colours: tuple[str, ...] = ()) -> list[str]:
    return points(lines(html), backing, colours)


def test_the_items_of_a_list_become_points() -> None:
    html = "<p>Nice mug for all.</p><ul><li>Two handles</li><li>Dishwasher proof</li></ul>"
    assert said(html) == ["Two handles", "Dishwasher proof"]


@pytest.mark.parametrize(
    "point",
    [
        "Cures headaches", "The best mug there is", "Only $5 today", "100% organic cotton",
        "Loved by thousands", "Guaranteed for life", "You will love it", "Free shipping",
        "Soulage les douleurs, cliniquement prouvé, santé", "全网最低价", "Antimicrobial finish",
        "Hurry, last chance!", "12 pieces", "WOW AMAZING MUG HERE",
        "See http://x.test now",
    ],
)  # fmt: skip
def test_nothing_that_needs_a_proof_becomes_a_point(point: str) -> None:
    assert said(f"<ul><li>{point}</li></ul>") == []


def test_a_number_or_a_colour_stands_in_a_point_only_if_a_column_has_it() -> None:
    html = "<ul><li>Holds 350 ml of tea</li><li>Blue rim and handle</li></ul>"
    assert said(html, "Mug 350 ml", ("blue",)) == ["Holds 350 ml of tea", "Blue rim and handle"]
    assert said(html, "Mug", ("blue", "red")) == []
    assert said(html, "Mug", ("red",)) == []
    assert said(html, "Mug") == ["Blue rim and handle"]


def test_short_sentences_serve_where_there_is_no_list() -> None:
    assert said("Dimmable desk lamp. You will want it! Made of steel and oak.") == [
        "Dimmable desk lamp.", "Made of steel and oak.",
    ]  # fmt: skip


def test_claims_of_a_description_are_shown_to_the_merchant(tmp_path: Path) -> None:
    found = read(
        tmp_path, "s.csv",
        "sku,title,price,description\n"
        'A,Cream,5,"<p>Soft cream. It cures eczema. Guaranteed.</p>"\n',
    )  # fmt: skip
    assert found.suspected("claims 'cures' (health)")
    assert found.suspected("guarantee")
    assert found.said("A", "description") == ("Soft cream. It cures eczema. Guaranteed.",)
    assert found.said("A", "point_1") == ("Soft cream.",)


# --- any table ---------------------------------------------------------------------------------

CELL = st.text(alphabet="aZ09.,;:-=+@/<>&é中€$ '\t", max_size=12)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.lists(st.tuples(*[CELL] * 8), min_size=1, max_size=5))
def test_no_cells_break_the_load(tmp_path: Path, table: list[tuple[str, ...]]) -> None:
    heading = "sku\ttitle\tprice\tstock\tweight\tsale_price\tvalid_until\tdescription"
    rows = ["\t".join(cell.replace("\t", " ") for cell in row) for row in table]
    found = read(tmp_path, "s.tsv", "\n".join([heading, *rows]) + "\n")
    assert all(one.reason for one in found.report.refused)
    assert set(found.variants) == set(found.stock)
