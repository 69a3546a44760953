"""What a question means, so that alike ones can be answered together."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from agent.types import Facts, Focus, Language, Meaning, Row, Topic
from catalog.ask import Ask
from catalog.search import Embedder
from catalog.store import Embedders, Store

log = logging.getLogger(__name__)

_TEXTS = re.compile(r"answer|care|point_\d+")
"""Fields of the shop's texts, each of which answers more than one question."""
_LANGUAGE = re.compile(r"/(?:fr|zh)$")
_NUMBER = re.compile(r"\d+")
_KEPT = 512


class Meanings:
    """Of one shop's questions. Understanding runs on the catalog's thread, embedding on one of its
    own: nothing waits on the event loop."""

    def __init__(self, store: Store, embedders: Embedders | None) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="meaning")
        self._embedders = embedders
        self._models: Mapping[Language, Embedder] | None = None
        self._known: OrderedDict[tuple[object, ...], Meaning] = OrderedDict()

    def close(self) -> None:
        self._thread.shutdown()

    async def meaning(self, question: str, language: Language, focus: Focus) -> Meaning:
        """What *question* means while the show is about *focus*. Some milliseconds, on threads.
        Raises BackendError."""
        place = (question, language, focus, self._store.version)
        if place in self._known:
            self._known.move_to_end(place)
            return self._known[place]
        facts = await self._store.facts(question, language, focus)
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._thread, self._meaning, question, language, focus, facts
        )
        self._known[place] = found
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found

    def _meaning(self, question: str, language: Language, focus: Focus, facts: Facts) -> Meaning:
        ask = self._store.asked(question)
        key: tuple[str, ...] = ()
        if facts.asked:
            ids = tuple(_LANGUAGE.sub("", fact.id) for fact in facts.asked)
            key = (*ids, *(fact.field for fact in facts.asked))
        told = any(_TEXTS.fullmatch(fact.field) for fact in facts.asked)
        whole = bool(key) and not (told or ask.rest or facts.topic is Topic.OFFER)
        guard = _choice(ask)
        if not whole:
            guard |= _named(ask, question, focus)
        sku = facts.product.sku if facts.product else ""
        rows: dict[str, Row] = {} if whole else self._rows(question, language)
        return Meaning(key, whole, ask.follows or ask.before, sku, guard, rows)

    def _rows(self, question: str, language: Language) -> dict[str, Row]:
        models = self._loaded()
        rows = {}
        if "fr" in models:
            rows["many"] = models["fr"].encode([question])[0]
        if language == "en" and "en" in models:
            rows["en"] = models["en"].encode([question])[0]
        return rows

    def _loaded(self) -> Mapping[Language, Embedder]:
        if self._models is None:
            try:
                self._models = self._embedders() if self._embedders else {}
            except (ImportError, OSError) as error:
                log.warning("alike questions are told by facts alone", extra={"why": str(error)})
                self._models = {}
        return self._models


def _choice(ask: Ask) -> frozenset[str]:
    """The colours, sizes, places and bounds of a question."""
    found = {f"colour {family}" for family, _ in ask.colours}
    found |= {f"size {size}" for size in ask.sizes} | {f"figure {one}" for one in ask.figures}
    found |= {f"region {ask.region}"} if ask.region else set()
    found |= {f"bound {ask.bound[0]} {ask.bound[1]}"} if ask.bound else set()
    return frozenset(found | ({f"still {ask.remembered}"} if ask.remembered else set()))


def _named(ask: Ask, question: str, focus: Focus) -> frozenset[str]:
    """The products and numbers that a question names, and what was on show as it was asked."""
    found = {f"product {' '.join(sorted(skus))}" for skus in ask.named}
    found |= {f"link {link}" for link in ask.links}
    found |= {f"number {number}" for number in _NUMBER.findall(question)}
    return frozenset(found | {f"shown {focus.pinned}"})
