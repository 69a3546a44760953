"""Free questions: no column answers them, so a detail, an approved answer or a text may."""

from collections.abc import Mapping, Sequence

from agent.types import Fact, Facts, Language, Topic
from catalog.ask import Rest
from catalog.details import asked_for, told_by, told_in
from catalog.fields import BUYING
from catalog.question import Question
from catalog.roots import akin, all_roots
from catalog.search import Hit
from catalog.text import fold, is_cjk, tokens
from catalog.unnamed import unnamed

PLAIN: Mapping[Language, float] = {"en": 0.43, "fr": 0.43, "zh": 0.49}
"""What a text has to weigh to be taken to answer a free question: its cosine, and what it has of
the question's words. Of 160 questions, with and without an answer, those that weighed as much had
it in all but three."""
AHEAD_OF_ALL = 0.02
"""By how much it has to weigh more than the next."""
SURE = 0.6
"""What a text has to weigh where another weighs as much."""
NEAR, AHEAD = 0.36, 0.16
"""What it has to weigh where it is far ahead, and how far."""
TOLD: Mapping[Language, float] = {"en": 0.43, "fr": 0.28, "zh": 0.28}
"""What it has to weigh where it has most of the words: the multilingual model gives little to
words without their accents."""
_HALF = 0.3
_MOST = 0.5
PLAIN_MEANING: Mapping[Language, float] = {"en": 0.45, "fr": 0.5, "zh": 0.5}
"""Cosine from which an approved answer is to that question."""
AHEAD_MEANING: Mapping[Language, float] = {"en": 0.4, "fr": 0.36, "zh": 0.4}
"""Cosine from which a part of a product is told of."""
SOME_MEANING: Mapping[Language, float] = {"en": 0.22, "fr": 0.3, "zh": 0.3}
"""Cosine below which nothing that is known has to do with the question."""
_PERHAPS = 0.14
"""More where something is pointed at that the product may not have."""
_OF_ANSWERS = 0.1
"""More of an approved answer, of which each question is compared."""
FOUND_MEANING: Mapping[Language, float] = {"en": 0.42, "fr": 0.42, "zh": 0.42}
"""Cosine from which "something to keep warm" may mean a product."""
CLEARLY = 0.15
"""By how much a product has to be ahead of the next to be the one that is meant."""
_SHARED = 0.3
"""What it weighs, as a cosine, that all words that are left of a question stand in a text."""
_SHARED_MEANING = ((0.33, 0.75), (0.4, 0.4), (0.45, 0.0))
"""Cosine from which words in common count, by the part that they are of what is left of an English
question. Below it no more than a third of such texts answered (``evals.retrieval``, all three
sets): a word may be shared by chance."""
_LOOKED = 10
"""Hits that are looked at."""
_SAYS = 4
"""Chinese characters beside the name that ask for more than to hear of the thing."""
_HOW = frozenset(("comment", "how", "is", "are", "est", "sont", "kind"))


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
        answers = (
            self._approved(sku)
            or self._detail(sku, plainly=True)
            or self._answers(sku)
            or self._detail(sku)
        )
        if answers is not None:
            return answers
        hits = self._hits(sku)
        related = any(
            (hit.words > 0 and self._shared(hit))
            or hit.meaning >= SOME_MEANING[self.language] + _OF_ANSWERS * ("/" in hit.field)
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

    def _wondered(self, sku: str) -> Facts | None:
        """ "How is it decaffeinated?", all of it words of its name: a detail, if one is called
        so; also of a Chinese line of small words alone, as phrases are cut into characters, and
        then a text of it that plainly means the same."""
        words = [word for word in tokens(self.question) if word.isalnum()]
        if not any(word in _HOW or is_cjk(word) for word in words):
            return None
        detail = self._detail(sku, plainly=True)
        small = [word for word in words if is_cjk(word) and word not in "".join(self.ask.called)]
        if detail is not None or len(small) < _SAYS:
            return detail
        hits = self._hits(sku)
        best = self._best(hits)
        found = self._hit(best) if best is not None and best.document.sku else None
        return self._pack(Topic.FREE, sku, [found], hits) if found is not None else None

    def _answers(self, sku: str | None) -> Facts | None:
        """An approved answer or a text of the product (or of the shop) that plainly answers."""
        if not self.ask.rest and not self.ask.asking:
            return None
        hits = self._hits(sku)
        best = self._best(hits)
        found = self._hit(best) if best is not None else None
        return self._pack(Topic.FREE, sku, [found], hits) if found is not None else None

    def _best(self, hits: Sequence[Hit]) -> Hit | None:
        """That which has most of the meaning and the words of the question, where it has enough of
        them, and more than the next. Where a thing is named that is not here it has its words."""
        thing = any(rest.elsewhere for rest in self.ask.rest)
        weighed = sorted(
            ((self._weight(hit), place, hit) for place, hit in enumerate(hits[:_LOOKED])),
            key=lambda one: (-one[0], one[1]),
        )
        if not weighed:
            return None
        weight, _, best = weighed[0]
        ahead = weight - weighed[1][0] if len(weighed) > 1 else weight
        shared = self._counted(best)
        if thing and not shared:
            return None
        if not self.search.ready:
            return best if shared else None
        plain = weight >= PLAIN[self.language] and ahead >= AHEAD_OF_ALL
        plain |= weight >= SURE  # of two such either answers
        near = weight >= NEAR and ahead >= AHEAD and not self.ask.has
        told = weight >= TOLD[self.language] and shared >= _HALF and ahead >= AHEAD_OF_ALL
        return best if plain or near or told else None

    def _weight(self, hit: Hit) -> float:
        of_answers = _OF_ANSWERS * ("/" in hit.field)
        return hit.meaning - of_answers + _SHARED * self._counted(hit)

    def _counted(self, hit: Hit) -> float:
        """What words in common count: nothing where the meaning is far from the question's."""
        shared = self._shared(hit)
        far = self.search.ready and hit.meaning < self._least(shared)
        return 0.0 if far else shared

    def _least(self, shared: float) -> float:
        """Cosine that a text has to have that shares so much of the question's words."""
        if not shared or self.language != "en":
            return 0.0
        return next(least for least, part in _SHARED_MEANING if shared >= part)

    def _perhaps(self, sku: str | None) -> Facts:
        """To nothing that plainly answers: what a text of the product has to do with it is for the
        writer to see; where none has, it is not known."""
        if sku is None or (self.ask.has and not self.ask.points):
            return self._unknown()
        hits = self._hits(sku)
        least = SOME_MEANING[self.language] + _PERHAPS
        near = any(hit.document.sku and hit.meaning >= least for hit in hits[:3])
        return self._pack(Topic.FREE, sku, [], hits) if near else self._unknown()

    def _approved(self, sku: str | None, ahead: float = 0.0) -> Facts | None:
        """An approved answer to just that: it means it and has words of it, or is that much
        *ahead* of all other texts."""
        if not self.ask.rest and not (ahead and self.ask.sizes):
            return None
        hits = self._hits(sku)
        best = self._best(hits)
        if best is None or "/" not in best.field or best.meaning < PLAIN_MEANING[self.language]:
            return None
        next_best = max((hit.meaning for hit in hits if hit is not best), default=0.0)
        far = best.meaning - next_best >= ahead
        if not (far if ahead else self._shared(best)):
            return None
        found = self._hit(best)
        return self._pack(Topic.FREE, sku, [found], hits) if found is not None else None

    def _plainly(self, sku: str | None) -> Facts | None:
        """A text of the product that has every word that is left of the question: "is the fabric
        see-through" where the fabric is asked for."""
        if sku is None or not self.ask.rest or self.ask.sizes or self.ask.colours:
            return None
        hits = self._hits(sku)
        best = self._best(hits)
        if best is None or not best.document.sku or self._shared(best) < 1.0:
            return None
        if best.meaning < max((hit.meaning for hit in hits), default=0.0):
            return None
        found = self._hit(best)
        return self._pack(Topic.FREE, sku, [found], hits) if found is not None else None

    def _told_of(self, sku: str) -> Facts | None:
        """A text of the product that has half of the question's words, those of a kind among them,
        and plainly its meaning."""
        hits = self._hits(sku)
        best = self._best(hits)
        if best is None or not best.document.sku or self._counted(best) < _MOST:
            return None
        if not all(self._has(best, word) for word in self.ask.called if not is_cjk(word)):
            return None
        found = self._hit(best)
        return self._pack(Topic.FREE, sku, [found], hits) if found is not None else None

    def _of_held(self, held: str, named: str) -> Facts | None:
        """ "Is the filter included": a part of what is shown that a text of it tells of, though
        filters are sold, too: it has the name and what is asked of it, and no text of the filters
        has the latter. Only where the name is no more than a word for a kind."""
        ask = self.ask
        if not ask.kinds or ask.links or any(part.topic in BUYING for part in ask.parts):
            return None
        asked = [word for rest in ask.rest for word in rest.words if len(word) > 3]
        words = [word for word in ask.called if not is_cjk(word)]
        if not asked or not words:
            return None
        hits = self.search.find(self.question, self.language, "fact", (held, named))
        if any(h.document.sku == named and any(self._has(h, w) for w in asked) for h in hits):
            return None
        for hit in hits:
            of_it = hit.document.sku == held and "/" not in hit.field
            if of_it and all(self._has(hit, word) for word in (*words, *asked)):
                found = self._hit(hit)
                return self._pack(Topic.FREE, held, [found], hits) if found else None
        return None

    def _said_of(self, sku: str | None) -> Facts | None:
        """ "Is there a pocket?", "does the hood fold away?": the thing is a part of what is shown,
        as one of its texts says."""
        if sku is None:
            return None
        things = [rest for rest in self.ask.rest if rest.pointed or rest.elsewhere]
        hits = sorted(
            (hit for hit in self._hits(sku)[:_LOOKED] if hit.document.sku), key=self._weight
        )
        for hit in hits[-2:][::-1]:
            near = hit.meaning >= AHEAD_MEANING[self.language]
            plain = hit.meaning >= SURE or (self._weight(hit) >= PLAIN[self.language] and not near)
            every = self._all_of if self.ask.has and hit.meaning < SURE else self._some_of
            if (near and all(every(rest, hit) for rest in things)) or (
                plain and self._counted(hit) >= (_HALF if near else 1.0)
            ):
                found = self._hit(hit)
                if found is not None:
                    return self._pack(Topic.FREE, sku, [found], hits[::-1])
        return None

    def _of_shop(self) -> Facts | None:
        """An approved answer of the shop that plainly is to this, whichever of several products
        is meant: "will my top shrink in the laundry"."""
        if self.ask.links or not self.ask.rest or any(p.topic in BUYING for p in self.ask.parts):
            return None
        hits = self._hits(None)
        plain = PLAIN_MEANING[self.language] + _OF_ANSWERS
        if not hits or "/" not in hits[0].field or hits[0].meaning < plain:
            return None
        found = self._hit(hits[0])
        return self._pack(Topic.FREE, None, [found], hits) if found is not None else None

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
        if ask.has:
            return None  # "do you have a ceiling lamp"
        return self._answers(sku)

    def _hits(self, sku: str | None) -> list[Hit]:
        owners = ("",) if sku is None else (sku, "")
        meant = unnamed(self.question, self.ask.called, self.language)
        return self.search.find(self.question, self.language, "fact", owners, meant=meant)

    # --- words in common ---------------------------------------------------------------------

    def _shared(self, hit: Hit) -> float:
        """How much of what nothing else explains of the question a text has, 0 to 1: its words,
        and those that stand for the same. Small talk is no part of it."""
        if not self.ask.rest:
            asking = [word for word in self.ask.asking if word]
            return float(bool(asking) and any(self._has(hit, word) for word in asking))
        return sum(self._share_of(rest, hit) for rest in self.ask.rest) / len(self.ask.rest)

    def _share_of(self, rest: Rest, hit: Hit) -> float:
        """1 where a word of *rest* stands in the text; of Chinese less, where characters do."""
        run = "".join(rest.words)
        if self._some_of(rest, hit):
            told = [word for word in rest.words if len(word) > 2]
            if is_cjk(run) or len(told) < 2:
                return 1.0
            return 0.5 + 0.5 * sum(self._has(hit, word) for word in told) / len(told)
        if not is_cjk(run):
            return 0.0
        joined = _joined(hit)
        return 0.5 * sum(letter in joined for letter in run) / len(run)

    def _some_of(self, rest: Rest, hit: Hit) -> bool:
        run = "".join(rest.words)
        if len(run) >= 2 and not run.isascii() and run in _joined(hit):
            return True
        return any(len(word) > 2 and self._has(hit, word) for word in rest.words) or bool(
            not run.isascii() and told_in(run) & told_in(_joined(hit))
        )

    def _all_of(self, rest: Rest, hit: Hit) -> bool:
        run = "".join(rest.words)
        if not run.isascii():
            return run in _joined(hit)
        return all(self._has(hit, word) for word in rest.words)

    def _has(self, hit: Hit, word: str) -> bool:
        theirs = [token for token in tokens(_text(hit)) if token.isalnum()]
        if akin(word, all_roots(theirs)):
            return True
        codes = told_by(word)
        some = hit.meaning >= SOME_MEANING[self.language]
        return bool(codes) and some and any(codes & told_by(other) for other in theirs)


def _text(hit: Hit) -> str:
    return f"{hit.document.title} {hit.document.body}"


def _joined(hit: Hit) -> str:
    return "".join(tokens(fold(_text(hit))))
