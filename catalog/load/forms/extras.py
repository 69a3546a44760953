"""Delivery, returns, warranty, what a shop counts, and certificates, out of one row."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from catalog.load import values
from catalog.load.forms.said import Certificate, Delivery, Said
from catalog.load.forms.shop import Shop
from catalog.rows import ClaimRow, FigureRow, PolicyRow, Row

Extra = tuple[tuple[str, ...], Row, str]
"""What it is about, the row, and its column."""
_DAYS = re.compile(
    r"(\d{1,3})(?:\s*(?:-|–|to|à|a|bis|至|~)\s*(\d{1,3}))?\s*(?:[a-zà-ÿ ]+|天|日|个?工作日)?"
)
_EPREL = "https://eprel.ec.europa.eu/qr/"
"""The public register of the European Union behind the energy label; a number names its page."""


def policies(said: Said, sku: str, shop: Shop) -> Iterator[Extra]:
    """Delivery by region, returns in days, warranty in months."""
    for delivery in said.deliveries:
        if (row := _delivery(said, sku, delivery, shop)) is not None:
            yield ("policy", row.kind, row.region), row, delivery.column
    if "delivery_days" in said.cells:
        market = shop.row("").market
        low, high = _span(said, "delivery_days", shop)
        if low is not None:
            delivery = Delivery(
                market, str(low), str(high), said.text("delivery_fee"), said.column("delivery_days")
            )
            if (row := _delivery(said, sku, delivery, shop)) is not None:
                yield ("policy", "delivery", market), row, delivery.column
    for kind, name in (("returns", "return_days"), ("warranty", "warranty_months")):
        if name in said.cells:
            low, high = _span(said, name, shop)
            if low:
                row = PolicyRow(kind, sku, "", low, low, None, None, shop.currency)
                yield ("policy", kind), row, said.column(name)


def _span(said: Said, name: str, shop: Shop) -> tuple[int | None, int | None]:
    def parse(cell: str) -> tuple[int, int]:
        found = _DAYS.fullmatch(cell.strip().casefold())
        if not found:
            raise ValueError("write a number, or two with a dash: 2-4")
        low = int(found[1])
        high = int(found[2] or low)
        if high < low:
            raise ValueError("the second number is below the first")
        return low, high

    return said.read(shop.report, name, parse, "is not a number of days or months") or (None, None)


def _delivery(said: Said, sku: str, delivery: Delivery, shop: Shop) -> PolicyRow | None:
    region = delivery.region.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", region):
        shop.once(
            said, delivery.column, "a delivery names no country: left out",
            "name it by its ISO code, such as FR",
        )  # fmt: skip
        return None
    if not delivery.low.isdigit() or not delivery.high.isdigit():
        shop.once(
            said, delivery.column, "a delivery says no days: left out",
            "give the least and the most days, from order to arrival",
        )  # fmt: skip
        return None
    try:
        fee = _fee(said, delivery.fee, shop)
        free = _fee(said, delivery.free_from, shop)
    except ValueError as error:
        shop.report.refuse(
            said.file,
            said.line,
            delivery.column,
            delivery.fee,
            "is not a price",
            str(error),
            sku="",
        )
        return None
    low, high = int(delivery.low), int(delivery.high)
    return PolicyRow("delivery", sku, region, low, max(low, high), fee, free, shop.currency)


def _fee(said: Said, text: str, shop: Shop) -> Decimal | None:
    if not text:
        return None
    amount, named = values.parts(text)
    shop.settle(said, named)
    return values.fits(values.exactly(amount, shop.marks.decimal("delivery_fee") or "."))


def figures(said: Said, sku: str, shop: Shop) -> Iterator[Extra]:
    """A mean rating, of how many reviews, and pieces sold; of what period a file does not say."""
    for kind in ("rating", "reviews", "sold"):
        if kind not in said.cells:
            continue
        decimal = shop.marks.decimal(kind)
        amount = said.read(
            shop.report,
            kind,
            lambda cell, decimal=decimal: _count(cell, decimal),  # type: ignore[misc]
            "is not a number",
        )
        if amount is None or (kind != "sold" and not amount):
            continue
        if kind != "rating" and amount % 1:
            said.refuse(shop.report, kind, "is not a whole number", "give the count", light=True)
            continue
        scale = None
        if kind == "rating":
            scale = _count(said.text("rating_scale") or "0", decimal) or None
            if amount > (scale or 10):
                said.refuse(
                    shop.report, kind, "is above the best there can be", "give the scale as well",
                    light=True,
                )  # fmt: skip
                continue
        row = FigureRow(sku, kind, amount, scale, None, None, said.file)
        yield ("figure", kind), row, said.column(kind)


def _count(cell: str, decimal: str) -> Decimal:
    value = values.fits(values.exactly(cell, decimal))
    if value < 0:
        raise ValueError("write a number, 0 or more")
    return value


def proofs(said: Said, sku: str, shop: Shop) -> Iterator[Extra]:
    """Certificates that name who gave them, their number and where to look them up."""
    for proof in said.certificates:
        document = proof.document
        if not document and proof.claim.upper() == "EPREL" and proof.number.isdigit():
            document = _EPREL + proof.number
        if not (proof.claim and proof.issuer and proof.number and document):
            shop.report.suspect(
                said.file, said.line, proof.column, proof.claim,
                "a certificate without issuer, number and document: it will not be spoken of",
                "load it with its document, from a folder with certificates.csv",
            )  # fmt: skip
            continue
        try:
            claim, issuer, number = (
                values.plain(text) for text in (proof.claim, proof.issuer, proof.number)
            )
            begins, ends = _dates(proof, shop)
        except ValueError as error:
            shop.report.refuse(
                said.file,
                said.line,
                proof.column,
                proof.claim,
                "is not a certificate",
                str(error),
                sku="",
            )
            continue
        key = f"{sku}-{claim}-{number}".replace("/", "-")
        row = ClaimRow(key, sku, claim, issuer, number, document, said.file, begins, ends)
        yield ("claim", key), row, proof.column


def _dates(proof: Certificate, shop: Shop) -> tuple[datetime | None, datetime | None]:
    begins = values.instant(proof.begins, shop.zone) if proof.begins else None
    ends = values.instant(proof.ends, shop.zone, ends=True) if proof.ends else None
    return begins, ends
