"""Google Merchant feeds are read, as XML and as tables, with what they pack into one cell."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.load.forms import ShopHint
from catalog.rows import ClaimRow, PolicyRow
from tests.catalog.reading import read

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Test shop</title>
<item><g:id>K-RED</g:id><g:item_group_id>K</g:item_group_id><title>Kettle 1 L, red</title>
<description>&lt;p&gt;Pour-over kettle.&lt;/p&gt;</description>
<link>https://example.test/k?c=red</link><g:availability>in_stock</g:availability>
<g:price>79.00 EUR</g:price><g:sale_price>59.00 EUR</g:sale_price>
<g:sale_price_effective_date>2026-11-20T00:00+0100/2026-11-30T23:59+0100\
</g:sale_price_effective_date><g:brand>Brasa</g:brand><g:gtin>4006381333931</g:gtin>
<g:condition>new</g:condition><g:color>red</g:color><g:material>steel/wood</g:material>
<g:shipping><g:country>FR</g:country><g:price>4.90 EUR</g:price>
<g:min_handling_time>0</g:min_handling_time><g:max_handling_time>1</g:max_handling_time>
<g:min_transit_time>2</g:min_transit_time><g:max_transit_time>4</g:max_transit_time></g:shipping>
<g:shipping><g:country>BE</g:country><g:price>6.90 EUR</g:price></g:shipping>
<g:shipping_weight>1.4 kg</g:shipping_weight><g:product_type>Kitchen &gt; Kettles</g:product_type>
<g:product_highlight>Holds its heat</g:product_highlight>
<g:product_highlight>Whistles softly</g:product_highlight>
<g:product_detail><g:section_name>General</g:section_name>
<g:attribute_name>Voltage</g:attribute_name><g:attribute_value>220 V</g:attribute_value>
</g:product_detail><g:product_detail><g:attribute_name>Price</g:attribute_name>
<g:attribute_value>cheap</g:attribute_value></g:product_detail>
<g:certification><g:certification_authority>EC</g:certification_authority>
<g:certification_name>EPREL</g:certification_name><g:certification_code>123456\
</g:certification_code></g:certification></item>
<item><g:id>K-BLK</g:id><g:item_group_id>K</g:item_group_id><title>Kettle 1 L, black</title>
<description>&lt;p&gt;Pour-over kettle.&lt;/p&gt;</description>
<g:availability>preorder</g:availability>
<g:availability_date>2026-12-10T00:00+0100</g:availability_date><g:price>79.00 EUR</g:price>
<g:brand>Brasa</g:brand><g:condition>refurbished</g:condition><g:color>black</g:color></item>
</channel></rss>
"""


def test_an_rss_feed_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "feed.xml", RSS, shop=ShopHint(zone="Europe/Paris"))
    assert found.report.ok, str(found.report)
    assert found.report.form == "Google Merchant feed (XML)"
    assert found.shop.name == "Test shop"
    assert found.products == ["K"]
    assert found.said("K", "title") == ("Kettle 1 L",)
    assert found.variants == {"K-RED": ("K", "red", ""), "K-BLK": ("K", "black", "")}
    assert found.stock == {"K-RED": None, "K-BLK": 0}
    assert found.said("K", "material") == ("steel", "wood")
    assert found.said("category:Kettles", "category") == ("Kettles",)
    assert found.said("K", "point_1") == ("Holds its heat",)
    assert found.said("K", "point_2") == ("Whistles softly",)
    assert found.measured("K", "voltage") == (Decimal(220), "V")
    assert found.measured("K", "shipping_weight") == (Decimal("1.4"), "kg")
    assert found.measured("K", "weight") is None  # a parcel's is not the product's


def test_a_detail_with_a_known_label_is_that_field(tmp_path: Path) -> None:
    detail = "<g:product_detail><g:attribute_name>{}</g:attribute_name><g:attribute_value>{}"
    said = [("Contenance", "1,7 L"), ("Origine", "Chine"), ("Puissance", "assez")]
    details = "".join(
        f"{detail.format(*pair)}</g:attribute_value></g:product_detail>" for pair in said
    )
    found = read(tmp_path, "feed.xml", RSS.replace("<g:brand>", f"{details}<g:brand>", 1))
    assert found.report.ok, str(found.report)
    assert found.measured("K", "capacity") == (Decimal("1.7"), "L")
    assert found.said("K", "origin") == ("Chine",)
    assert found.said("K", "puissance") == ("assez",)


def test_a_sale_holds_within_googles_window(tmp_path: Path) -> None:
    found = read(tmp_path, "feed.xml", RSS)
    sale = found.offer("K-RED/sale")
    assert sale.valid_from == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert sale.valid_until == datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    assert found.prices["K-RED/list"] == "79.00"


def test_delivery_is_said_only_with_its_days(tmp_path: Path) -> None:
    found = read(tmp_path, "feed.xml", RSS)
    assert [(row.region, row.low, row.high, row.fee) for row in found.rows(PolicyRow)] == [
        ("FR", 2, 5, Decimal("4.90"))
    ]
    assert found.suspected("a delivery says no days")


def test_a_certificate_needs_its_document(tmp_path: Path) -> None:
    found = read(tmp_path, "feed.xml", RSS)
    (claim,) = found.rows(ClaimRow)
    assert (claim.claim, claim.issuer, claim.number) == ("EPREL", "EC", "123456")
    assert claim.document == "https://eprel.ec.europa.eu/qr/123456"
    found = read(tmp_path, "feed.xml", RSS.replace("EPREL", "Own Label"))
    assert not found.rows(ClaimRow)
    assert found.suspected("a certificate without issuer, number and document")


ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
<title>Atom shop</title><entry><g:id>A</g:id><title>Vase</title><summary>A vase.</summary>
<link href="https://example.test/a"/><g:price>9.50 EUR</g:price>
<g:availability>in stock</g:availability></entry></feed>
"""


def test_an_atom_feed_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "feed.xml", ATOM)
    assert found.report.ok, str(found.report)
    assert found.products == ["A"]
    assert found.prices == {"A/list": "9.50"}
    assert found.shop.name == "Atom shop"
    assert found.said("A", "description") == ("A vase.",)


TSV = (
    "id\ttitle\tdescription\tlink\tavailability\tprice\tsale_price\tsale_price_effective_date\t"
    "brand\tcondition\titem_group_id\tsize\t"
    "shipping(country:price:min_transit_time:max_transit_time)\n"
    "T-100\tSencha 100 g\tGreen tea.\thttps://example.test/t\tin_stock\t1980 JPY\t\t\tMidori\tnew\t"
    "\t100 g\tJP:500 JPY:1:2,US:2,200 JPY:6:12\n"
    "T-250\tSencha 250 g\tGreen tea.\thttps://example.test/t\tout of stock\t4,200 JPY\t3780 JPY\t"
    "2026-01-01T00:00+0900/2026-01-07T23:59+0900\tMidori\tnew\t\t250 g\tJP:500 JPY:1:2\n"
)


def test_a_table_with_packed_cells_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "feed.tsv", TSV, shop=ShopHint())
    assert found.report.ok, str(found.report)
    assert found.report.form == "Google Merchant feed (table)"
    assert (found.shop.currency, found.shop.market) == ("JPY", "JP")
    assert found.prices == {"T-100/list": "1980", "T-250/list": "4200", "T-250/sale": "3780"}
    assert found.suspected("offer already over")
    assert found.stock == {"T-100": None, "T-250": 0}
    assert [(row.sku, row.region, row.low, row.high) for row in found.rows(PolicyRow)] == [
        ("T-100", "JP", 1, 2), ("T-100", "US", 6, 12), ("T-250", "JP", 1, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["in stock", "in_stock", "In Stock", "IN_STOCK"])
def test_google_has_several_words_for_one_thing(tmp_path: Path, word: str) -> None:
    found = read(tmp_path, "feed.xml", ATOM.replace("in stock", word))
    assert found.stock == {"A": None}
