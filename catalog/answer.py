"""What the catalog answers to a question: never a fact of another product than was meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from agent.types import LANGUAGES, Fact, Facts, Focus, Language, Money, Product, Topic
from catalog.ask import Ask, Part, Rest, understand
from catalog.book import Book
from catalog.choose import Choice, choose
from catalog.fields import BY_REGION, CONTEXT, CONTEXT_SIZE, SHOP_TOPICS, USUAL
from catalog.known import Known, known
from catalog.search import Hit, Search
from catalog.text import stem, tokens

PLAIN_MEANING: Mapping[Language, float] = {"en": 0.45, "fr": 0.5, "zh": 0.5}
"""Cosine from which an answer or text is taken to answer a free question."""
SOME_MEANING: Mapping[Language, float] = {"en": 0.22, "fr": 0.3, "zh": 0.3}
"""Cosine below which nothing that is known has to do with the question."""
FOUND_MEANING: Mapping[Language, float] = {"en": 0.42, "fr": 0.42, "zh": 0.42}
"""Cosine from which "something to keep warm" may mean a product."""
CLEARLY = 0.15
"""By how much a product has to be ahead of the next to be the one that is meant."""


class Answerer:
    """Answers from one book at a time. ``turn`` may be called from another thread."""

    def __init__(self, book: Book, search: Search) -> None:
        self._search = search
        self._known = known(book)

    def turn(self, book: Book, *, texts: bool) -> None:
        """Follow a change of facts; *texts*: of words, too."""
        self._known = known(book) if texts else replace(self._known, book=book)

    def facts(self, question: str, language: Language, focus: Focus, now: datetime) -> Facts:
        return _Answer(self._known, self._search, question, language, focus, now).facts()

    def explain(self, question: str) -> Ask:
        """How a question is read."""
        return understand(question, self._known.lexicon)


class _Answer:
    """One question."""

    def __init__(
        self,
        words: Known,
        search: Search,
        question: str,
        language: Language,
        focus: Focus,
        now: datetime,
    ) -> None:
        self.book, self.search = words.book, search
        self.vocabulary, self.titles = words.vocabulary, words.titles
        self.question, self.language, self.now = question, language, now
        self.focus = Focus(
            focus.pinned if focus.pinned in self.book.pages else None,
            focus.spoken_of if focus.spoken_of in self.book.pages else None,
        )
        self.ask = understand(question, words.lexicon)

    def fact(self, sku: str, field: str, *, variant: str = "", region: str = "") -> Fact | None:
        return self.book.fact(
            sku, field, self.now, language=self.language, variant=variant, region=region
        )

    def facts(self) -> Facts:
        ask = self.ask
        topics = [part.topic for part in ask.parts]
        for topic in (Topic.CHEAPEST, Topic.DEAREST):
            if topic in topics or (topic is Topic.CHEAPEST and ask.bound is not None):
                return self._superlative(topic)
        if Topic.RANGE in topics and not (ask.links or ask.named):
            return self._range()
        if ask.links or ask.named or ask.before:
            sku = self._meant()
            if sku is not None:
                return self._about(sku)
            return self._answered() or self._unknown()
        if ask.parts:
            return self._unnamed()
        return self._free()

    # --- which product -----------------------------------------------------------------------

    def _meant(self) -> str | None:
        """The one product that the line names; None if it is several, or none that there is."""
        ask = self.ask
        if ask.links:
            skus = {self.book.by_number.get(link) for link in ask.links}
            if len(skus) != 1:
                return None
            sku = skus.pop()
            if sku is None or (ask.named and not all(sku in names for names in ask.named)):
                return None
            return sku
        if not ask.named:
            return self.focus.spoken_of if ask.before else None
        meant = frozenset.intersection(*ask.named)
        if len(meant) > 1:
            held = [s for s in (self.focus.pinned, self.focus.spoken_of) if s in meant]
            return held[0] if held else None
        if len(meant) != 1:
            return None
        (sku,) = meant
        return None if any(self._compound(rest, sku) for rest in ask.rest) else sku

    def _compound(self, rest: Rest, sku: str) -> bool:
        """ "dog jacket", "lamp shade", "housse de la lampe": something else that has the name in
        its own. On the side of the noun even a word of the product's texts makes it another thing;
        on the side of adjectives such a word ("wool") does not."""
        noun_last = self.language != "fr"
        head = rest.of_name or (noun_last and rest.after_name)
        beside = rest.beside_name or rest.after_name
        if head and any(stem(word) not in self.titles[sku] for word in rest.words):
            return True
        return beside and self._foreign(rest.words, sku)

    def _foreign(self, words: Iterable[str], sku: str | None) -> bool:
        known = self.vocabulary.get(sku or "", frozenset())
        return any(stem(word) not in known for word in words)

    def _unnamed(self) -> Facts:
        """A question with a topic and no name in it: about what is shown, or about something that
        the shop does not sell."""
        sku = self.focus.pinned or self.focus.spoken_of
        ask = self.ask
        to_nowhere = [rest for rest in ask.rest if rest.to and not rest.pointed]
        delivery = any(part.topic is Topic.DELIVERY for part in ask.parts)
        if delivery and to_nowhere and ask.region is None:
            return self._pack(Topic.DELIVERY, sku, [self.fact(sku or "", "delivery_regions")])
        strange = [rest for rest in ask.rest if self._foreign(rest.words, sku)]
        if strange and (
            not ask.points or any(rest.pointed for rest in strange) or (ask.has and not ask.points)
        ):
            answers = self._answers(sku)
            return answers if answers is not None else self._unknown()
        if sku is not None:
            return self._about(sku)
        if all(part.topic in SHOP_TOPICS for part in ask.parts):
            return self._about(None)
        return self._unknown()

    def _unknown(self, sku: str | None = None) -> Facts:
        return self._pack(Topic.UNKNOWN, sku, [])

    # --- what of it --------------------------------------------------------------------------

    def _about(self, sku: str | None) -> Facts:
        parts = self.ask.parts
        choice = self._choice(sku)
        if choice is not None and choice.missing:
            # an option that there is not: what there is answers it, whatever was asked of it
            fields = [(Topic.COLOURS if f == "colours" else Topic.SIZES, f) for f in choice.missing]
            return self._pack(fields[0][0], sku, [self.fact(sku or "", f) for _, f in fields])
        of_choice = {Topic.STOCK, Topic.COLOURS, Topic.SIZES}
        if choice is not None and choice.variant and {part.topic for part in parts} <= of_choice:
            parts = (Part(Topic.STOCK),)
        elif choice is not None and any(part.topic not in of_choice for part in parts):
            # "size M price": the size is named, and not asked for
            said = {Topic.SIZES} if "size" in choice.said else set()
            said |= {Topic.COLOURS} if "colour" in choice.said else set()
            parts = tuple(part for part in parts if part.topic not in said)
        if not parts and self.ask.has and sku is not None and not self.ask.rest:
            parts = (Part(Topic.STOCK),)
        if not parts and not self.ask.rest and (self.ask.links or self.ask.named):
            parts = (Part(Topic.OVERVIEW),)
        if not parts or all(p.topic is Topic.FREE and not p.fields for p in parts):
            return self._free_about(sku)
        asked: list[Fact | None] = []
        topic: Topic | None = None
        for part in parts:
            found = [fact for fact in self._part(part, sku, choice) if fact is not None]
            if found and topic is None:
                topic = part.topic
            asked += found
        if topic is None:
            answers = self._answers(sku)
            return answers if answers is not None else self._unknown(sku)
        return self._pack(topic, sku, asked)

    def _choice(self, sku: str | None) -> Choice | None:
        if sku is None:
            return None
        return choose(self.book.pages[sku].shelf, self.ask.colours, self.ask.sizes)

    def _part(self, part: Part, sku: str | None, choice: Choice | None) -> Sequence[Fact | None]:
        owner = sku or ""
        fields = part.fields or USUAL.get(part.topic, ())
        if part.topic is Topic.DELIVERY:
            return self._delivery(owner, part)
        if part.topic in (Topic.PRICE, Topic.OFFER, Topic.STOCK) and choice and choice.variant:
            named = [f for f in ("colour", "size") if f in choice.said]
            return [
                self.fact(owner, field, variant=choice.variant)
                or (self.fact(owner, field) if field not in ("stock", "colour", "size") else None)
                for field in (*named, *fields)
                if field != "price_from"
            ]
        if part.topic is Topic.STOCK and choice and choice.variants:
            return []  # several variants are meant, and their sum was not asked for
        if part.topic in (Topic.COLOURS, Topic.SIZES) and choice and choice.variant:
            named = [f for f in ("colour", "size") if f in choice.said]
            return [self.fact(owner, f, variant=choice.variant) for f in (*named, "stock")]
        if part.topic is Topic.OFFER and self.fact(owner, "list_price") is None:
            return [self.fact(owner, "price") or self.fact(owner, "price_from")]
        if part.topic is Topic.SIZES and self.fact(owner, "sizes") is None:
            return [self.fact(owner, f) for f in USUAL[Topic.DIMENSIONS]]
        if part.topic is Topic.DIMENSIONS:
            found = [self.fact(owner, f) for f in fields]
            if not any(found):
                found = [self.fact(owner, f) for f in USUAL[Topic.DIMENSIONS]]
            return found if any(found) else [self.fact(owner, "sizes")]
        return [self.fact(owner, field) for field in fields]

    def _delivery(self, owner: str, part: Part) -> Sequence[Fact | None]:
        region = self.ask.region or self.book.shop.row.market
        if self.fact(owner, "delivery_days", region=region) is None:
            return [self.fact(owner, "delivery_regions")]
        fields = part.fields or (
            USUAL[Topic.DELIVERY] if self.ask.region else USUAL[Topic.DELIVERY][1:]
        )
        if self.ask.region and "delivery_region" not in fields:
            fields = ("delivery_region", *fields)
        return [self.fact(owner, field, region=region) for field in fields]

    # --- the shop as a whole -----------------------------------------------------------------

    def _range(self) -> Facts:
        return self._pack(Topic.RANGE, None, [self.fact("", "range")])

    def _superlative(self, topic: Topic) -> Facts:
        """The cheapest or dearest of what can be bought, of a kind and within a bound if those are
        named. A thing is as cheap as its cheapest variant."""
        ask = self.ask
        among = {s for n in ask.links if (s := self.book.by_number.get(n)) is not None}
        if ask.named:
            among |= frozenset.union(*ask.named)
        if not among and ask.loose:
            return self._unknown()
        if not among:
            words = [stem(word) for rest in ask.rest for word in rest.words]
            among = {s for s in self.book.skus if all(w in self._kind(s) for w in words)}
        priced: list[tuple[Decimal, str]] = []
        for sku in among:
            product = self.book.product(sku, self.now)
            if product is None or product.price is None or _sold_out(product):
                continue
            fact = product.price
            if topic is Topic.DEAREST and fact.field == "price_from":
                fact = self.fact(sku, "price_to") or fact
            if isinstance(fact.value, Money):
                amount = fact.value.amount
                if ask.bound is None or (amount < ask.bound[1]) == (ask.bound[0] == "under"):
                    priced.append((amount, sku))
        if not priced:
            return self._unknown()
        best = min(priced)[0] if topic is Topic.CHEAPEST else max(priced)[0]
        winners = sorted(sku for amount, sku in priced if amount == best)
        sku = winners[0]
        field = "price_from" if topic is Topic.CHEAPEST else "price_to"
        price = self.fact(sku, "price") or self.fact(sku, field)
        return self._pack(topic, sku, [self.fact(sku, "title"), price])

    def _kind(self, sku: str) -> set[str]:
        """Words for the kind of thing that it is."""
        product = self.book.pages[sku].shelf.product
        name = product.row.category if product is not None else ""
        shelf = self.book.pages[""].shelf
        words = set(tokens(name))
        for language in LANGUAGES:
            held = shelf.attributes.get((f"category:{name}", "category", language))
            if held is not None and held.row.words:
                words.update(tokens(held.row.words[0]))
        return {stem(word) for word in words}

    # --- free questions ----------------------------------------------------------------------

    def _free(self) -> Facts:
        """A line without a topic or a name."""
        ask = self.ask
        sku = self.focus.pinned or self.focus.spoken_of
        if ask.colours or ask.sizes:
            return self._about(sku) if sku is not None and not ask.rest else self._unknown()
        named = any(rest.pointed or rest.elsewhere for rest in ask.rest)
        if (ask.has or ask.purpose or named) and ask.rest and not ask.points:
            answers = self._answers(None)
            return answers if answers is not None else self._discover()
        if ask.empty:
            return self._pack(Topic.FREE, sku, [])
        return self._free_about(sku)

    def _discover(self) -> Facts:
        """ "Do you have something for a walk in the rain?": a product, if one clearly fits."""
        if not self.ask.purpose or any(rest.elsewhere for rest in self.ask.rest):
            return self._unknown()  # a thing is named, and none here is called so
        hits = self.search.find(self.question, self.language, "product")
        if hits and hits[0].meaning >= FOUND_MEANING[self.language]:
            sku = hits[0].document.sku
            if len(hits) == 1 or hits[0].score - hits[1].score >= CLEARLY:
                return self._pack(Topic.OVERVIEW, sku, self._plain(sku, "title", "point_1"))
        return self._unknown()

    def _plain(self, sku: str, *fields: str) -> list[Fact | None]:
        return [self.fact(sku, field) for field in fields]

    def _free_about(self, sku: str | None) -> Facts:
        answers = self._answers(sku)
        if answers is not None:
            return answers
        hits = self._hits(sku)
        related = any(
            (hit.words > 0 and self._shares(hit)) or hit.meaning >= SOME_MEANING[self.language]
            for hit in hits[:3]
        )
        topic = Topic.FREE if related or not self.ask.rest else Topic.UNKNOWN
        return self._pack(topic, sku, [], hits)

    def _answers(self, sku: str | None) -> Facts | None:
        """An approved answer or a text of the product (or of the shop) that plainly answers."""
        if not self.ask.rest:
            return None
        hits = self._hits(sku)
        for place, hit in enumerate(hits[:4]):
            near = place < 2 and hit.meaning >= PLAIN_MEANING[self.language]
            if near or self._shares(hit):
                found = self._hit(hit)
                if found is not None:
                    return self._pack(Topic.FREE, sku, [found], hits)
        return None

    def _answered(self) -> Facts | None:
        """ "bulb lamp included?": nobody can tell a compound from a clumsy question; but where a
        text of the named product plainly answers, it was the question."""
        ask = self.ask
        if ask.parts or ask.links or len(ask.named) != 1 or len(ask.named[0]) != 1:
            return None
        return self._answers(next(iter(ask.named[0])))

    def _hits(self, sku: str | None) -> list[Hit]:
        owners = ("",) if sku is None else (sku, "")
        return self.search.find(self.question, self.language, "fact", owners)

    def _shares(self, hit: Hit) -> bool:
        """Whether it has a word of the question in it that is more than small talk."""
        text = f"{hit.document.title} {hit.document.body}"
        theirs = {stem(word) for word in tokens(text)}
        joined = "".join(tokens(text))
        for rest in self.ask.rest:
            run = "".join(rest.words)
            if len(run) >= 2 and not run.isascii() and run in joined:
                return True
            if any(len(word) > 3 and stem(word) in theirs for word in rest.words):
                return True
        return False

    def _hit(self, hit: Hit) -> Fact | None:
        field = hit.document.field
        if "/" not in field:
            return self.fact(hit.document.sku, field)
        for name in (f"{field}/{self.language}" if self.language != "en" else field, field):
            found = self.book.current(name, self.now)
            if found is not None:
                return found
        return None

    # --- together ----------------------------------------------------------------------------

    def _pack(
        self, topic: Topic, sku: str | None, asked: Sequence[Fact | None], hits: Sequence[Hit] = ()
    ) -> Facts:
        product = self.book.product(sku, self.now, self.language) if sku is not None else None
        first: dict[str, Fact] = {}
        for fact in asked:
            if fact is not None:
                first.setdefault(fact.field, fact)
        context = self._context(sku, first, hits)
        return Facts(topic, product, tuple(first.values()), tuple(context), self.book.version)

    def _context(
        self, sku: str | None, asked: Mapping[str, Fact], hits: Sequence[Hit]
    ) -> list[Fact]:
        """What else may help the writer: what search found, then the usual."""
        found: dict[str, Fact] = {}

        def add(fact: Fact | None) -> None:
            if fact is not None and fact.field not in asked and len(found) < CONTEXT_SIZE:
                found.setdefault(fact.field, fact)

        owner = sku or ""
        add(self.fact("", "shop_name") if sku is None else self.fact(owner, "title"))
        for hit in hits[:4]:
            add(self._hit(hit))
        region = self.ask.region or self.book.shop.row.market
        for field in CONTEXT:
            if field in BY_REGION:
                add(self.fact(owner, field, region=region))
            else:
                add(self.fact(owner, field))
        return list(found.values())


def _sold_out(product: Product) -> bool:
    stock = product.stock
    return stock is not None and getattr(stock.value, "amount", None) == 0
