"""schema.org products are read from JSON-LD, with their versions, offers and terms."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from catalog.load.forms import ShopHint
from catalog.rows import ClaimRow, FigureRow, PolicyRow
from tests.catalog.reading import Reading, read

OFFER = {
    "@type": "Offer", "price": "129.00", "priceCurrency": "CAD", "priceValidUntil": "2026-12-24",
    "availability": "https://schema.org/LimitedAvailability",
    "inventoryLevel": {"@type": "QuantitativeValue", "value": 2},
    "shippingDetails": {
        "shippingRate": {"value": 0, "currency": "CAD"},
        "shippingDestination": {"addressCountry": ["CA", "US"]},
        "deliveryTime": {
            "handlingTime": {"minValue": 0, "maxValue": 1, "unitCode": "DAY"},
            "transitTime": {"minValue": 2, "maxValue": 5, "unitCode": "DAY"},
        },
    },
    "hasMerchantReturnPolicy": {"applicableCountry": "CA", "merchantReturnDays": 30},
    "warranty": {"durationOfWarranty": {"value": 2, "unitCode": "ANN"}},
}  # fmt: skip
SHOE = {
    "@type": "Product", "sku": "TR9-42", "name": "Trail Runner 9, 42, orange", "size": "42",
    "color": "orange", "weight": {"value": 282, "unitCode": "GRM"}, "offers": OFFER,
}  # fmt: skip


def page(tmp_path: Path, thing: object, *, zone: str = "America/Toronto") -> Reading:
    html = f'<html><script type="application/ld+json">{json.dumps(thing)}</script></html>'
    return read(tmp_path, "page.html", html, shop=ShopHint(zone=zone))


def test_a_group_is_a_product_and_its_versions_are_its_versions(tmp_path: Path) -> None:
    other = {**SHOE, "sku": "TR9-43", "name": "43", "size": "43", "offers": [
        {"price": 119, "priceCurrency": "CAD", "availability": "OutOfStock"}
    ]}  # fmt: skip
    group = {
        "@context": "https://schema.org", "@type": "ProductGroup", "productGroupID": "TR9",
        "name": "Trail Runner 9", "brand": {"@type": "Brand", "name": "Cairn"},
        "hasVariant": [SHOE, other],
    }  # fmt: skip
    found = page(tmp_path, group)
    assert found.report.ok, str(found.report)
    assert found.report.form == "schema.org products (JSON-LD)"
    assert found.products == ["TR9"]
    assert found.said("TR9", "title") == ("Trail Runner 9",)
    assert found.said("TR9", "brand") == ("Cairn",)
    assert found.variants == {"TR9-42": ("TR9", "orange", "42"), "TR9-43": ("TR9", "orange", "43")}
    assert found.stock == {"TR9-42": 2, "TR9-43": 0}
    assert found.prices == {"TR9-42/list": "129.00", "TR9-43/list": "119"}
    assert found.measured("TR9", "weight") == (Decimal(282), "g")
    assert found.shop.market == "CA"


def test_a_price_holds_to_the_end_of_its_last_day_in_the_shops_zone(tmp_path: Path) -> None:
    found = page(tmp_path, SHOE)
    zone = ZoneInfo("America/Toronto")
    assert found.offer("TR9-42/list").valid_until == datetime(2026, 12, 24, 23, 59, 59, tzinfo=zone)
    assert page(tmp_path, SHOE, zone="").suspected("the shop's zone is not known")


def test_delivery_returns_and_warranty_are_read(tmp_path: Path) -> None:
    found = page(tmp_path, SHOE)
    rows = found.rows(PolicyRow)
    assert [(row.kind, row.region, row.low, row.high, row.fee) for row in rows] == [
        ("delivery", "CA", 2, 6, Decimal(0)), ("delivery", "US", 2, 6, Decimal(0)),
        ("returns", "", 30, 30, None), ("warranty", "", 24, 24, None),
    ]  # fmt: skip


def test_ratings_are_figures_of_a_period_that_nobody_said(tmp_path: Path) -> None:
    found = page(tmp_path, {**SHOE, "aggregateRating": {"ratingValue": 4.4, "reviewCount": 89}})
    rating, reviews = found.rows(FigureRow)
    assert (rating.kind, rating.amount, rating.scale) == ("rating", Decimal("4.4"), Decimal(5))
    assert (reviews.kind, reviews.amount) == ("reviews", Decimal(89))
    assert (rating.begins, rating.ends) == (None, None)


def test_further_properties_are_fields_or_details(tmp_path: Path) -> None:
    found = page(tmp_path, {
        **SHOE,
        "additionalProperty": [
            {"name": "Closure type", "value": "laces"}, {"name": "Material", "value": "mesh"},
            {"name": "Drop", "value": 8, "unitCode": "MMT"}, {"name": "Price", "value": "low"},
        ],
    })  # fmt: skip
    assert found.said("TR9-42", "closure_type") == ("laces",)
    assert found.said("TR9-42", "material") == ("mesh",)
    assert found.measured("TR9-42", "drop") == (Decimal(8), "mm")
    assert "additionalProperty: Price" in found.report.unused


def test_a_struck_price_is_the_regular_one(tmp_path: Path) -> None:
    offer = {
        "priceCurrency": "CAD", "price": 99,
        "priceSpecification": [
            {"priceType": "https://schema.org/StrikethroughPrice", "price": 129},
            {"price": 89, "validForMemberTier": {"name": "gold"}},
        ],
    }  # fmt: skip
    found = page(tmp_path, {**SHOE, "offers": offer})
    assert found.prices == {"TR9-42/list": "129", "TR9-42/sale": "99"}


def test_a_range_is_no_price(tmp_path: Path) -> None:
    aggregate = {
        "@type": "AggregateOffer",
        "lowPrice": 99,
        "highPrice": 129,
        "priceCurrency": "CAD",
    }
    found = page(tmp_path, {**SHOE, "offers": aggregate})
    assert "is a range" in found.refused[0][2]
    same = {**aggregate, "highPrice": 99}
    assert page(tmp_path, {**SHOE, "offers": same}).prices == {"TR9-42/list": "99"}


def test_a_certificate_is_a_claim_only_with_its_document(tmp_path: Path) -> None:
    proof = {
        "@type": "Certification", "name": "OEKO-TEX", "issuedBy": {"name": "Hohenstein"},
        "certificationIdentification": "20.HDE.1", "url": "https://example.test/c.pdf",
    }  # fmt: skip
    found = page(tmp_path, {**SHOE, "hasCertification": proof, "award": "Shoe of the year"})
    (claim,) = found.rows(ClaimRow)
    assert (claim.claim, claim.issuer, claim.document) == (
        "OEKO-TEX", "Hohenstein", "https://example.test/c.pdf",
    )  # fmt: skip
    assert found.suspected("a certificate without issuer")


def test_a_graph_and_a_list_of_products_are_gone_through(tmp_path: Path) -> None:
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": SHOE}]}
    assert page(tmp_path, listed).products == ["TR9-42"]
    graph = {"@graph": [{"@type": "WebSite", "name": "Shop"}, SHOE]}
    assert page(tmp_path, graph).products == ["TR9-42"]


def test_a_page_without_products_is_refused(tmp_path: Path) -> None:
    found = page(tmp_path, {"@type": "WebSite", "name": "Shop"})
    assert not found.report.ok
