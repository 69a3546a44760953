"""Rows of a product into its facts at one moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from agent.types import LANGUAGES, Fact, Language, Moment, Money, Quantity, Span, Value, Words
from catalog.compared import BASES, compared
from catalog.fields import KNOWN
from catalog.regions import regions
from catalog.rows import ClaimRow, Held, OfferRow, PolicyRow, Row, ShopRow
from catalog.shelf import Shelf
from catalog.size_chart import chart, shown

TEXTS = (
    "title", "material", "origin", "care", "age", "point_1", "point_2", "point_3", "point_4",
)  # fmt: skip
MEASURES = (
    "weight", "length", "width", "height", "diameter", "capacity", "power", "battery_hours",
    "pieces",
)  # fmt: skip


def fact_id(sku: str, field: str, *more: str) -> str:
    """ "LAMP-01/price"; then variant or region, then a language other than English."""
    return "/".join((sku or "shop", field, *(part for part in more if part and part != "en")))


class Sheet:
    """Collects the facts of one shelf at one moment."""

    def __init__(self, shelf: Shelf, shop: Held[ShopRow], at: datetime) -> None:
        self.shelf, self.shop, self.at = shelf, shop, at
        self.facts: dict[str, Fact] = {}

    def _add(
        self,
        field: str,
        value: Value,
        rows: Sequence[Held[Row]],
        *more: str,
        version: int = 0,
        valid: tuple[datetime | None, datetime | None] = (None, None),
    ) -> None:
        newest = max(rows, key=lambda held: held.ver)
        name = fact_id(self.shelf.sku, field, *more)
        self.facts[name] = Fact(
            name,
            max(newest.ver, version),
            self.shelf.sku,
            field,
            value,
            newest.source,
            *valid,
        )

    def collect(self) -> dict[str, Fact]:
        """All facts by id."""
        if self.shelf.product is not None:
            self._texts()
            self._measures()
            self._prices()
            self._stock()
            self._choices()
            self._size_chart()
            self._claims()
            self._details()
            self._figures()
        else:
            self._shop()
        self._policies()
        self._faq()
        return self.facts

    def _shop(self) -> None:
        """The shop's name, where one reaches it, and what kinds of things it sells."""
        self._add("shop_name", Words((self.shop.row.name,)), [self.shop])
        for language in LANGUAGES:
            held = self.shelf.attributes.get(("", "contact", language))
            if held is not None and held.row.words:
                self._add("contact", Words(held.row.words, language), [held], language)
        for language in LANGUAGES:
            rows = [
                held
                for (owner, name, own), held in self.shelf.attributes.items()
                if owner.startswith("category:") and name == "category" and own == language
            ]
            items = tuple(held.row.words[0] for held in rows if held.row.words)
            if items:
                self._add("range", Words(items, language), rows, language)

    def _texts(self) -> None:
        for name in TEXTS:
            for language in LANGUAGES:
                held = self.shelf.attributes.get((self.shelf.sku, name, language))
                if held is not None and held.row.words:
                    self._add(name, Words(held.row.words, language), [held], language)

    def _measures(self) -> None:
        for name in MEASURES:
            held = self.shelf.attributes.get((self.shelf.sku, name, ""))
            if held is not None and held.row.amount is not None:
                self._add(name, Quantity(held.row.amount, held.row.unit), [held])

    def _details(self) -> None:
        """What the shop tells under names of its own: brand, fit, compatible_devices."""
        for (owner, name, own), held in self.shelf.attributes.items():
            if owner != self.shelf.sku or name in KNOWN or name in (*TEXTS, *MEASURES):
                continue
            if held.row.amount is not None:
                self._add(name, Quantity(held.row.amount, held.row.unit), [held])
            elif held.row.words:
                language = _language(own or "en")
                self._add(name, Words(held.row.words, language), [held], language)

    def _figures(self) -> None:
        """What the shop counts; never without its period, or the number of reviews it is of."""
        held = {figure.row.kind: figure for figure in self.shelf.figures}
        sold, rating, reviews = held.get("sold"), held.get("rating"), held.get("reviews")
        if sold is not None and sold.row.begins is not None and sold.row.ends is not None:
            zone = self.shop.row.zone
            self._add("sold", Quantity(sold.row.amount, ""), [sold])
            self._add("sold_from", Moment(sold.row.begins, zone), [sold])
            self._add("sold_until", Moment(sold.row.ends, zone), [sold])
        if rating is not None and rating.row.scale is not None and reviews is not None:
            self._add("rating", Quantity(rating.row.amount, ""), [rating])
            self._add("rating_scale", Quantity(rating.row.scale, ""), [rating])
        if reviews is not None:
            self._add("reviews", Quantity(reviews.row.amount, ""), [reviews])

    # --- prices ------------------------------------------------------------------------------

    def _holds(self, begins: datetime | None, ends: datetime | None) -> bool:
        return (begins is None or begins <= self.at) and (ends is None or self.at < ends)

    def _offers_of(self, variant: str) -> tuple[Held[OfferRow], Held[OfferRow]] | None:
        """What is to be paid now, and the regular price."""
        now = [
            held
            for held in self.shelf.offers
            if held.row.variant_id == variant
            and self._holds(held.row.valid_from, held.row.valid_until)
        ]
        listed = [held for held in now if held.row.kind == "list"]
        if not listed:
            return None
        regular = max(listed, key=lambda held: held.ver)
        sales = [h for h in now if h.row.kind == "sale" and h.row.amount < regular.row.amount]
        # of two offers the lower price holds, of two as low the one that was made later
        return min(sales, key=lambda h: (h.row.amount, -h.ver), default=regular), regular

    def _prices(self) -> None:
        found = [(v.row.variant_id, self._offers_of(v.row.variant_id)) for v in self.shelf.variants]
        priced = [(name, *pair) for name, pair in found if pair is not None]
        if not priced:
            return
        if len(priced) > 1:
            for name, pays, regular in priced:
                self._price([pays], [regular], name)
        amounts = {pays.row.amount for _, pays, _ in priced}
        if len(amounts) == 1 and len(priced) == len(found):
            self._price([pays for _, pays, _ in priced], [regular for *_, regular in priced])
            return
        for field, bound in (("price_from", min(amounts)), ("price_to", max(amounts))):
            rows = [pays for _, pays, _ in priced if pays.row.amount == bound]
            self._add(field, _money(rows[0].row), rows, valid=_span(rows))

    def _price(
        self, pays: list[Held[OfferRow]], regular: list[Held[OfferRow]], variant: str = ""
    ) -> None:
        rows = pays
        self._add("price", _money(pays[0].row), rows, variant, valid=_span(pays))
        if any(held.row.kind != "sale" for held in pays):
            return
        self._compare(pays, regular, variant)
        ends = {held.row.valid_until for held in pays}
        end = next(iter(ends))
        if len(ends) == 1 and end is not None:
            self._add(
                "offer_ends", Moment(end, self.shop.row.zone), rows, variant, valid=_span(pays)
            )

    def _compare(
        self, pays: list[Held[OfferRow]], regular: list[Held[OfferRow]], variant: str
    ) -> None:
        """What a reduced price may be compared with: list_price, list_basis, lowest_30d."""
        market, span = self.shop.row.market, _span(pays)
        found = [
            compared(self.shelf, pay, listed, market, self.at)
            for pay, listed in zip(pays, regular, strict=True)
        ]
        lowest = {one.lowest for one in found}
        if len(lowest) == 1 and (low := lowest.pop()) is not None:
            money = Money(_cents(low), pays[0].row.currency)
            self._add("lowest_30d", money, pays, variant, valid=span)
        if len({held.row.amount for held in regular}) > 1 or not all(one.backed for one in found):
            return
        self._add("list_price", _money(regular[0].row), regular, variant, valid=span)
        bases = {one.basis for one in found}
        if len(bases) == 1 and (basis := bases.pop()) is not None:
            for language, text in BASES[basis].items():
                words = Words((text,), language)
                self._add("list_basis", words, regular, variant, language, valid=span)

    # --- stock and choices -------------------------------------------------------------------

    def _stock(self) -> None:
        held = [self.shelf.stock.get(variant.row.variant_id) for variant in self.shelf.variants]
        known = [stock for stock in held if stock is not None and stock.row.quantity is not None]
        if len(self.shelf.variants) > 1:
            for stock in known:
                amount = Quantity(Decimal(stock.row.quantity or 0), "")
                self._add("stock", amount, [stock], stock.row.variant_id)
        if known and len(known) == len(held):
            total = sum(stock.row.quantity or 0 for stock in known)
            rows = known
            self._add("stock", Quantity(Decimal(total), ""), rows, version=self.shelf.withdrawn)

    def _choices(self) -> None:
        """What there is to choose from, and the name of each variant's choice."""
        for name, plural in (("colour", "colours"), ("size", "sizes")):
            for language in LANGUAGES:
                items: list[str] = []
                rows: list[Held[Row]] = []
                languages: set[Language] = set()
                for variant in self.shelf.variants:
                    word = variant.row.colour if name == "colour" else variant.row.size
                    if not word:
                        continue
                    owner = f"variant:{variant.row.variant_id}"
                    text = self.shelf.attributes.get((owner, name, language))
                    rows.append(variant)
                    languages.add(language if text is not None or name == "size" else "en")
                    if text is not None and text.row.words:
                        word = text.row.words[0]
                        rows.append(text)
                    value = Words((word,), language if text is not None else "en")
                    more = (variant.row.variant_id, language)
                    if language == "en" or text is not None:
                        self._add(name, value, rows[-1:], *more)
                    if word not in items:
                        items.append(word)
                if items and languages == {language}:
                    words = Words(tuple(items), language)
                    self._add(plural, words, rows, language, version=self.shelf.withdrawn)

    def _size_chart(self) -> None:
        """Of each size for whom it is; and the whole chart."""
        rows = chart(self.shelf)
        for row in rows:
            self._add("fits_size", Words((row.size,)), [row.held], row.variant)
            for measure, span in row.spans.items():
                self._add(f"fits_{measure}", span, [row.held], row.variant)
        for language in LANGUAGES if rows else ():
            words = Words((shown(rows, language),), language)
            self._add("size_chart", words, [row.held for row in rows], language)

    def _claims(self) -> None:
        now = [
            held
            for held in self.shelf.claims
            if self._holds(held.row.valid_from, held.row.valid_until)
        ]
        for count, held in enumerate(now, 1):
            tail = f"_{count}" if count > 1 else ""
            valid = (held.row.valid_from, held.row.valid_until)
            for field, text in (
                ("certificate", held.row.claim),
                ("certificate_issuer", held.row.issuer),
                ("certificate_number", held.row.number),
            ):
                self._add(field + tail, Words((text,)), [held], valid=valid)

    # --- policies and answers ----------------------------------------------------------------

    def _policies(self) -> None:
        delivery = [held for held in self.shelf.policies if held.row.kind == "delivery"]
        # a country's own row before that of its union
        for held in sorted(delivery, key=lambda held: held.row.region != "EU"):
            for code in regions().within(held.row.region):
                self._delivery(held, code)
        if delivery:
            rows = delivery
            for language in LANGUAGES:
                names = tuple(regions().name(held.row.region, language) for held in delivery)
                self._add("delivery_regions", Words(names, language), rows, language)
        for kind, field, unit in (
            ("returns", "return_days", "day"),
            ("warranty", "warranty_months", "month"),
        ):
            for held in self.shelf.policies:
                if held.row.kind == kind and held.row.low:
                    self._add(field, Quantity(Decimal(held.row.low), unit), [held])

    def _delivery(self, held: Held[PolicyRow], code: str) -> None:
        row, rows = held.row, [held]
        span = Span(Decimal(row.low), Decimal(row.high), "day")
        self._add("delivery_days", span, rows, code)
        for field, amount in (("delivery_fee", row.fee), ("free_delivery_from", row.free_from)):
            if amount is not None:
                self._add(field, Money(_cents(amount), row.currency), rows, code)
            else:
                self.facts.pop(fact_id(self.shelf.sku, field, code), None)
        for language in LANGUAGES:
            words = Words((regions().name(code, language),), language)
            self._add("delivery_region", words, rows, code, language)

    def _faq(self) -> None:
        for held in self.shelf.faq:
            language = _language(held.row.language)
            words = Words((held.row.answer,), language)
            self._add("answer", words, [held], held.row.faq_id, language)


def _language(text: str) -> Language:
    for language in LANGUAGES:
        if text == language:
            return language
    raise ValueError(f"{text} is not a language the host speaks")


def _cents(amount: Decimal) -> Decimal:
    """As the merchant wrote it, at least two decimals: 39.9000 in the table is 39.90."""
    shorter = amount.normalize()
    return amount.quantize(Decimal("0.01")) if shorter == round(shorter, 2) else shorter


def _money(row: OfferRow) -> Money:
    return Money(_cents(row.amount), row.currency)


def _span(rows: Iterable[Held[OfferRow]]) -> tuple[datetime | None, datetime | None]:
    """The stretch in which all of them hold."""
    begins = [held.row.valid_from for held in rows if held.row.valid_from is not None]
    ends = [held.row.valid_until for held in rows if held.row.valid_until is not None]
    return max(begins, default=None), min(ends, default=None)


def boundaries(shelf: Shelf) -> list[datetime]:
    """The moments at which a fact of the shelf begins or ends, in order."""
    moments: set[datetime] = set()
    rows: list[OfferRow | ClaimRow] = [held.row for held in shelf.offers]
    rows += [held.row for held in shelf.claims]
    for row in rows:
        moments.update(at for at in (row.valid_from, row.valid_until) if at is not None)
    return sorted(moments)
