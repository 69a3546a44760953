"""Free questions: no column answers them, so a detail, an approved answer or a text may."""

from collections.abc import Mapping

from agent.types import Fact, Facts, Language, Topic
from catalog.details import asked_for
from catalog.fields import BUYING
from catalog.question import Question
from catalog.search import Hit
from catalog.text import stem, tokens

PLAIN_MEANING: Mapping[Language, float] = {"en": 0.45, "fr": 0.5, "zh": 0.5}
"""Cosine from which an answer or text is taken to answer a free question."""
SOME_MEANING: Mapping[Language, float] = {"en": 0.22, "fr": 0.3, "zh": 0.3}
"""Cosine below which nothing that is known has to do with the question."""
FOUND_MEANING: Mapping[Language, float] = {"en": 0.42, "fr": 0.42, "zh": 0.42}
"""Cosine from which "something to keep warm" may mean a product."""
CLEARLY = 0.15
"""By how much a product has to be ahead of the next to be the one that is meant."""


class FreeAnswer(Question):
    """Of a line that asks for no field."""

    # --- free questions ----------------------------------------------------------------------

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
        answers = self._detail(sku, plainly=True) or self._answers(sku) or self._detail(sku)
        if answers is not None:
            return answers
        hits = self._hits(sku)
        related = any(
            (hit.words > 0 and self._shares(hit)) or hit.meaning >= SOME_MEANING[self.language]
            for hit in hits[:3]
        )
        topic = Topic.FREE if related or not self.ask.rest else Topic.UNKNOWN
        return self._pack(topic, sku, [], hits)

    def _detail(self, sku: str | None, *, plainly: bool = False) -> Facts | None:
        """What the shop tells of the product under a name of its own, where that is asked."""
        if sku is None:
            return None
        left = [word for rest in self.ask.rest for word in rest.words]
        found = asked_for(self.question, self._details(sku), left)
        if found is None or (plainly and not found.plainly):
            return None
        return self._pack(Topic.FREE, sku, [found.fact])

    def _answers(self, sku: str | None) -> Facts | None:
        """An approved answer or a text of the product (or of the shop) that plainly answers."""
        if not self.ask.rest and not self.ask.asking:
            return None
        hits = self._hits(sku)
        for place, hit in enumerate(hits[:4]):
            thing = any(rest.elsewhere for rest in self.ask.rest)
            near = place < 2 and hit.meaning >= PLAIN_MEANING[self.language] and not thing
            if near or self._shares(hit):
                found = self._hit(hit)
                if found is not None:
                    return self._pack(Topic.FREE, sku, [found], hits)
        return None

    def _answered(self) -> Facts | None:
        """ "bulb lamp included?": nobody can tell a compound from a clumsy question; but where a
        text of the named product plainly answers, it was the question."""
        ask = self.ask
        buys = any(part.topic in BUYING for part in ask.parts)
        if buys or ask.links or len(ask.named) != 1 or len(ask.named[0]) != 1:
            return None
        sku = next(iter(ask.named[0]))
        if ask.predicate and not any(rest.beside_name or rest.of_name for rest in ask.rest):
            return self._free_about(sku)
        return self._answers(sku)

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
        return not self.ask.rest and any(stem(word) in theirs for word in self.ask.asking)
