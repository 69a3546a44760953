"""Which product a line means, and which of several it sets beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from agent.types import Fact, Facts, Money, Topic
from catalog import extremes
from catalog.ask import Rest
from catalog.details import means, parts_of
from catalog.extremes import Extreme
from catalog.fields import BUYING
from catalog.free import FreeAnswer
from catalog.kinds import trade
from catalog.names import soft_words
from catalog.text import stem

MEASURED: Mapping[Topic, str] = {Topic.WEIGHT: "weight"}
SIDE_BY_SIDE = ("capacity", "battery_hours", "height")
"""What can be told of two products at once."""
_PRICED = frozenset((Topic.COMPARE, Topic.PRICE, Topic.CHEAPEST, Topic.DEAREST))


class MeantAnswer(FreeAnswer):
    """Of a line that names products."""

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
            meant = self._chosen(meant)
        if len(meant) > 1:
            held = [s for s in (self.focus.pinned, self.focus.spoken_of) if s in meant]
            if any(self._another(rest, sku) for rest in self.ask.rest for sku in held):
                return None
            return held[0] if held and not self._otherwise(held[0]) else None
        if len(meant) != 1:
            return None
        (sku,) = meant
        return None if self._otherwise(sku) else sku

    def _otherwise(self, sku: str) -> bool:
        return any(self._compound(rest, sku) for rest in self.ask.rest)

    def _which(self) -> Facts | None:
        """Asks back where a few words fit several products: their names, three at most."""
        if self.ask.links or not self.ask.named:
            return None
        meant = frozenset.intersection(*self.ask.named)
        if len(meant) < 2 or any(self._otherwise(sku) for sku in meant):
            return None
        if any(self._another(rest, None) for rest in self.ask.rest):
            return None
        first = sorted(meant, key=self.book.number)[:3]
        titles = [self.fact(sku, "title") for sku in first]
        facts = [
            replace(fact, field="title" if count == 1 else f"title_{count}")
            for count, fact in enumerate((f for f in titles if f is not None), 1)
        ]
        return Facts(Topic.WHICH, None, tuple(facts), (), self.book.version)

    def _pair(self, topics: Sequence[Topic]) -> Facts | None:
        """The prices of the two products that a line compares, or what they measure."""
        ask = self.ask
        measured = next((MEASURED[t] for t in topics if t in MEASURED), "")
        fields = (field for part in ask.parts for field in part.fields)
        measured = measured or next((field for field in fields if field in SIDE_BY_SIDE), "")
        if not measured and not set(topics) & _PRICED:
            return None
        linked = (self.book.by_number.get(link) for link in ask.links)
        skus = [sku for sku in linked if sku is not None]
        skus += [next(iter(names)) for names in ask.named if len(names) == 1]
        skus = list(dict.fromkeys(skus))
        unclear = any(len(names) != 1 for names in ask.named) or len(skus) < len(ask.links)
        if Topic.COMPARE in topics and len(skus) == 1:
            held = self.focus.pinned or self.focus.spoken_of
            skus += [held] if held and held != skus[0] and ask.points else []
        if len(skus) != 2 or unclear or any(self._otherwise(sku) for sku in skus):
            return self._unknown() if Topic.COMPARE in topics else None
        if measured and not set(topics) & _PRICED:
            return self._side_by_side(skus, measured)
        prices = [self.fact(sku, "price") or self.fact(sku, "price_from") for sku in skus]
        titles = [self.fact(sku, "title") for sku in skus]
        topic = next((t for t in (Topic.CHEAPEST, Topic.DEAREST) if t in topics), Topic.COMPARE)
        amounts = [_amount(price) for price in prices]
        if amounts[0] is None or amounts[1] is None:
            return self._unknown()
        turned = topic is not Topic.COMPARE and amounts[0] != amounts[1]
        if turned and (amounts[0] > amounts[1]) == (topic is Topic.CHEAPEST):
            skus, prices, titles = skus[::-1], prices[::-1], titles[::-1]
        asked = [fact for fact in (titles[0], prices[0]) if fact is not None]
        asked += [
            replace(fact, field=f"other_{fact.field}")
            for fact in (titles[1], prices[1])
            if fact is not None
        ]
        product = self.book.product(skus[0], self.now, self.language)
        return Facts(Topic.COMPARE, product, tuple(asked), (), self.book.version)

    def _side_by_side(self, skus: Sequence[str], field: str) -> Facts | None:
        """What two products weigh, hold or measure; None where one of them does not say."""
        found = [self.fact(sku, name) for sku in skus for name in ("title", field)]
        if not all(found):
            return None
        asked = [fact for fact in found if fact is not None]
        others = [replace(fact, field=f"other_{fact.field}") for fact in asked[2:]]
        product = self.book.product(skus[0], self.now, self.language)
        return Facts(Topic.COMPARE, product, (*asked[:2], *others), (), self.book.version)

    def _compound(self, rest: Rest, sku: str) -> bool:
        """ "dog jacket", "lamp shade", "housse de la lampe": something else that has the name in
        its own. On the side of the noun even a word of the product's texts makes it another thing;
        on the side of adjectives such a word ("wool") does not."""
        buys = any(part.topic in BUYING for part in self.ask.parts)
        if not buys and means(rest.words, self._details(sku)):
            return False  # "the climate for the hoodie"
        details = self._details(sku)
        if not buys and rest.of_name and any(means((word,), details) for word in rest.words):
            return False  # "combien de degrés l'eau pour le thé"
        if not buys and all(map(parts_of, rest.words)):
            return False  # "a tag in the tee's neck"
        if not buys and self.language == "fr" and rest.after_name and not rest.elsewhere:
            return False  # "l'enceinte tient combien d'heures": a verb follows, and no noun
        if rest.of_name and rest.elsewhere:
            return True
        users = {word for word in map(stem, rest.words) if word in trade().users}
        if users and self._foreign(users, sku):
            return True  # "the hoodie for my dog"
        noun_last = self.language != "fr"
        head = rest.of_name or (noun_last and rest.after_name)
        beside = rest.beside_name or rest.after_name
        own = self.names.card(self.book, sku).words
        if head and any(stem(word) not in own for word in rest.words):
            return True
        return beside and self._foreign(rest.words, sku)

    def _superlative(self, topic: Topic) -> Facts:
        """The cheapest or dearest of what can be bought, of a kind and within a bound if those are
        named. A thing is as cheap as its cheapest variant."""
        ask = self.ask
        among = {s for n in ask.links if (s := self.book.by_number.get(n)) is not None}
        whole = [names for names in ask.named if len(names) == 1 or not ask.kinds]
        if whole and not ask.kinds:
            among |= frozenset.union(*whole)
        strange = any(rest.elsewhere for rest in ask.rest)
        several = len(set(ask.kinds)) > 1 and not among
        if ask.contradicted or (not among and ask.figures) or (among and strange) or several:
            return self._unknown()
        filed = {stem(word) for rest in ask.rest for word in rest.words}
        known = {w for c in self.names.categories(self.book) for w in self._filed(c)}
        filed -= trade().generic - known
        asked = Extreme(
            topic is Topic.DEAREST,
            () if among else tuple(tuple(sorted(codes)) for codes in ask.kinds),
            () if among else tuple(sorted(filed)),
            tuple(sorted(among)),
            ask.bound,
        )
        found = extremes.told(asked, self.book, self.names, self.now, self.language)
        if found is None:
            return self._unknown()
        return self._pack(topic, found[0].sku, found)

    def _another(self, rest: Rest, sku: str | None) -> bool:
        """Whether a word of another product's name is in it, so that nobody can tell which of the
        two is meant."""
        own = self.names.card(self.book, sku).vocabulary if sku else frozenset()
        stems = {stem(word) for word in rest.words} - own - soft_words()
        return any(word in self.names for word in stems)

    def _filed(self, category: str) -> frozenset[str]:
        return self.names.category(self.book, category)[1]


def _amount(price: Fact | None) -> Decimal | None:
    return price.value.amount if price is not None and isinstance(price.value, Money) else None
