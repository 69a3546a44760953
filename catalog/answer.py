"""What the catalog answers to a question: never a fact of another product than was meant."""

from collections.abc import Sequence
from datetime import datetime

from agent.types import Fact, Facts, Focus, Language, Topic
from catalog import extremes, measures
from catalog.ask import Ask, Part, understand
from catalog.book import Book
from catalog.choose import Choice
from catalog.extremes import is_extreme
from catalog.fields import BUYING, SHOP_TOPICS, USUAL
from catalog.fitting import fitted
from catalog.free import AHEAD
from catalog.known import known
from catalog.meant import MeantAnswer
from catalog.measures import Worn
from catalog.search import Search

_SAID = frozenset((Topic.CARE, Topic.SIZES, Topic.MATERIAL, Topic.DIMENSIONS, Topic.FREE))
"""Of what an answer may tell more than the field does."""
_COLUMNS = frozenset((*BUYING, Topic.WARRANTY, Topic.CERTIFICATE, Topic.ORIGIN))
"""What is in its column or nowhere."""
_FAR = 0.15
"""By how much it has to be nearer to the question than that."""
_SIZING = frozenset((Topic.SIZES, Topic.DIMENSIONS, Topic.WEIGHT, Topic.FREE, Topic.OVERVIEW))
"""What a line about a size for somebody may be read as besides."""
_HOW_LONG = frozenset(("combien", "temps", "long", "time"))


class Answerer:
    """Answers from one book at a time. ``turn`` may be called from another thread."""

    def __init__(self, book: Book, search: Search) -> None:
        self._search = search
        self._known = known(book, search)

    def turn(self, book: Book, *, texts: bool) -> None:
        """Follow a change of facts; *texts*: of words, too."""
        self._known = self._known.follow(book, texts=texts)

    def facts(self, question: str, language: Language, focus: Focus, now: datetime) -> Facts:
        worn = measures.read(question)
        line = worn.rest if worn else question
        asked = _Answer(self._known, self._search, line, language, focus, now)
        return (asked.sized(worn) if worn else None) or asked.facts()

    def current(self, name: str, now: datetime) -> Fact | None:
        """A fact as it is now: one of a row, or the cheapest and dearest of the shop."""
        words = self._known
        if is_extreme(name):
            return extremes.current(name, words.book, words.names, now)
        return words.book.current(name, now)

    def explain(self, question: str) -> Ask:
        """How a question is read."""
        return understand(question, self._known)


class _Answer(MeantAnswer):
    """One question."""

    def facts(self) -> Facts:
        found = self._read()
        if found.topic is not Topic.UNKNOWN or found.asked:
            return found
        return self._last_look() or found

    def _read(self) -> Facts:
        ask = self.ask
        topics = [part.topic for part in ask.parts]
        if (pair := self._pair(topics)) is not None:
            return pair
        for topic in (Topic.CHEAPEST, Topic.DEAREST):
            # "is the display under 5 inches" bounds no price
            bound = ask.bound is not None and (ask.has or not ask.predicate)
            if topic in topics or (topic is Topic.CHEAPEST and bound):
                return self._superlative(topic)
        if Topic.RANGE in topics and not (ask.links or ask.named):
            return self._range()
        # "can this play hd dvds": others' names by chance, and it is said what is spoken of
        this = ask.points and not ask.links and not any(p.topic in BUYING for p in ask.parts)
        if ask.contradicted:
            return self._perhaps(self._held()) if this else self._unknown()
        if ask.links or ask.named or ask.before:
            sku = self._meant()
            held = self._held()
            if sku is not None and held is not None and sku != held:
                if this and ask.indefinite:
                    return self._about(held)  # "does it come in a jar"
                if (own := self._of_held(held, sku)) is not None:
                    return own
            if sku is not None:
                return self._about(sku)
            found = self._answered() or self._of_shop() or self._which()
            return found or (self._perhaps(self._held()) if this else self._unknown())
        if ask.parts:
            return self._unnamed()
        return self._free()

    def sized(self, worn: Worn) -> Facts | None:
        """The size for who measures *worn*; None where it is about no one product, or about
        another matter."""
        ask = self.ask
        sku = self._meant() if ask.links or ask.named or ask.before else self._held()
        if sku is None or {part.topic for part in ask.parts} - _SIZING:
            return None
        asked = fitted(self, sku, worn)
        return self._pack(Topic.SIZES, sku, asked) if asked else self._unknown(sku)

    def _unnamed(self) -> Facts:
        """A question with a topic and no name in it: about what is shown, or about something that
        the shop does not sell."""
        sku = self._held()
        ask = self.ask
        french = self.language == "fr"  # "à Lyon": in English it would be an article
        to_nowhere = [rest for rest in ask.rest if rest.to and (french or not rest.pointed)]
        delivery = any(part.topic is Topic.DELIVERY for part in ask.parts)
        terms = all(part.topic in SHOP_TOPICS for part in ask.parts)
        if delivery and to_nowhere and ask.region is None:
            return self._pack(Topic.DELIVERY, sku, [self.fact(sku or "", "delivery_regions")])
        buys = any(part.topic in BUYING for part in ask.parts)
        strange = [
            rest
            for rest in ask.rest
            if (self._foreign(rest.words, sku) or (buys and rest.elsewhere and not ask.points))
            and not (terms and not rest.pointed and not rest.elsewhere)
        ]
        if any((buys or rest.pointed) and self._another(rest, sku) for rest in strange):
            return self._unknown()  # "how many settings on the granit", while another is shown
        if strange and (
            not ask.points or any(rest.pointed for rest in strange) or (ask.has and not ask.points)
        ):
            answers = None if buys else self._answers(sku)
            return answers or (self._unknown() if buys else self._perhaps(sku))
        if sku is not None:
            return self._about(sku)
        if all(part.topic in SHOP_TOPICS for part in ask.parts):
            return self._about(None)
        return self._unknown()

    # --- what of it --------------------------------------------------------------------------

    def _about(self, sku: str | None) -> Facts:
        parts = self.ask.parts
        if (
            parts
            and {part.topic for part in parts} <= _SAID
            and (told := self._approved(sku, _FAR))
        ):
            return told
        if {part.topic for part in parts} == {Topic.MATERIAL} and (own := self._plainly(sku)):
            return own
        choice = self._choice(sku)
        if choice is not None and choice.missing:
            # an option that there is not: what there is answers it, whatever was asked of it
            fields = [(Topic.COLOURS if f == "colours" else Topic.SIZES, f) for f in choice.missing]
            return self._pack(fields[0][0], sku, [self.fact(sku or "", f) for _, f in fields])
        of_choice = {Topic.STOCK, Topic.COLOURS, Topic.SIZES}
        if self._remembers(sku):
            parts = (*(p for p in parts if p.topic not in of_choice), Part(Topic.PRICE))
        topics = {part.topic for part in parts}
        if choice is not None and choice.variants and topics <= of_choice:
            if not choice.variant:
                return self._pack(Topic.STOCK, sku, self._several(sku or "", choice))
            parts = (Part(Topic.STOCK),)
        elif choice is not None and any(part.topic not in of_choice for part in parts):
            # "size M price": the size is named, and not asked for
            said = {Topic.SIZES} if "size" in choice.said else set()
            said |= {Topic.COLOURS} if "colour" in choice.said else set()
            parts = tuple(part for part in parts if part.topic not in said)
            if self.ask.has and choice.variants and topics == {Topic.PRICE}:
                parts = (Part(Topic.STOCK), *parts)  # "u have it in red? how much"
        if not parts and self.ask.has and sku is not None and not self.ask.rest:
            parts = (Part(Topic.STOCK),)
        if not parts and not self.ask.rest and (self.ask.links or self.ask.named):
            if sku is not None and (detail := self._wondered(sku)) is not None:
                return detail
            parts = (Part(Topic.OVERVIEW),)
        if not parts or all(p.topic is Topic.FREE and not p.fields for p in parts):
            return self._free_about(sku)
        described = parts == (Part(Topic.OVERVIEW),) and bool(self.ask.rest)
        # "combien de temps infuser le sencha": a time, and not that of the delivery
        described = described or (
            self._details_alone(sku)
            and set(self.ask.asking) <= _HOW_LONG
            and {part.topic for part in parts} <= {Topic.DELIVERY, Topic.PRICE}
        )
        if described and (detail := self._detail(sku, plainly=True)) is not None:
            return detail
        timed = {part.topic for part in parts} == {Topic.DELIVERY} and not self.ask.region
        timed = timed and bool(self.ask.rest) and set(self.ask.asking) <= _HOW_LONG
        if sku and timed and (told := self._answers(sku)) is not None:
            return told  # "combien de temps laisser le sencha dans l'eau"
        asked: list[Fact | None] = []
        topic: Topic | None = None
        for part in parts:
            found = [fact for fact in self._part(part, sku, choice) if fact is not None]
            if found and topic is None:
                topic = part.topic
            asked += found
        if topic is None:
            answers = self._detail(sku) or self._answers(sku)
            if answers is None and not {part.topic for part in parts} & _COLUMNS:
                answers = self._perhaps(sku)
            return answers if answers is not None else self._unknown(sku)
        return self._pack(topic, sku, asked)

    def _several(self, owner: str, choice: Choice) -> list[Fact | None]:
        """Of a choice that leaves several variants, such as a colour in all sizes: that there is
        such; or that it is sold out, where each of them is."""
        stock = [self.fact(owner, "stock", variant=name) for name in choice.variants]
        left = [
            name
            for name, fact in zip(choice.variants, stock, strict=True)
            if fact is None or getattr(fact.value, "amount", None) != 0
        ]
        fields: list[str] = [f for f in ("colour", "size") if f in choice.said]
        fields += [] if left else ["stock"]
        return [self.fact(owner, f, variant=(left or choice.variants)[0]) for f in fields]

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
        several = self.fact(owner, "price") is None
        if part.topic is Topic.PRICE and several and choice and choice.variants:
            prices = [self.fact(owner, "price", variant=name) for name in choice.variants]
            values = {fact.value if fact is not None else None for fact in prices}
            if len(values) == 1 and prices[0] is not None and "size" in choice.said:
                # "how much is the large blanket", in either colour
                return [self.fact(owner, "size", variant=choice.variants[0]), prices[0]]
        if part.topic is Topic.STOCK and choice and choice.variants:
            return self._several(owner, choice)  # their sum was not asked for
        if part.topic in (Topic.COLOURS, Topic.SIZES) and choice and choice.variant:
            named = [f for f in ("colour", "size") if f in choice.said]
            return [self.fact(owner, f, variant=choice.variant) for f in (*named, "stock")]
        reduced = any(self.fact(owner, f) for f in ("list_price", "offer_ends"))
        if part.topic is Topic.OFFER and not reduced:
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

    def _free(self) -> Facts:
        """A line without a topic or a name."""
        ask = self.ask
        sku = self._held()
        if ask.colours or ask.sizes:
            if ask.rest:
                return self._answers(sku) or self._unknown()  # "is the light a warm white"
            return self._about(sku) if sku is not None else self._unknown()
        named = any(
            (rest.pointed or rest.elsewhere) and self._foreign(rest.words, sku) for rest in ask.rest
        )
        if sku and any(rest.pointed and self._another(rest, sku) for rest in ask.rest):
            return self._perhaps(sku) if ask.points else self._unknown()
        if (ask.has or ask.purpose or named) and ask.rest and not ask.points:
            own = self._said_of(sku)
            if own is None and not (ask.has or ask.purpose):
                own = self._approved(sku, AHEAD)
            own = own or self._answers(None)
            return own or (self._discover() if ask.purpose else self._perhaps(sku))
        if ask.empty:
            detail = self._wondered(sku) if sku and ask.has else None
            return detail or self._pack(Topic.FREE, sku, [])
        return self._free_about(sku)

    def _last_look(self) -> Facts | None:
        """A text of what is shown that has most of the words of a line that could not be read, and
        its meaning. Never where a word may be another product's name."""
        ask, sku = self.ask, self._held()
        buys = any(part.topic in BUYING for part in ask.parts)
        if sku is None or buys or ask.has or ask.purpose or ask.links or ask.before:
            return None
        if len(ask.kinds) < len(ask.named) or any(self._another(r, sku) for r in ask.rest):
            return None
        return self._told_of(sku)
