"""Products and facts by what a question is about: words (tantivy) and meaning (vectors), fused."""

import logging
import threading
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from string import punctuation
from typing import cast

import numpy as np

from agent.types import LANGUAGES, Language
from catalog.brief import Brief, brief_of
from catalog.library import Library
from catalog.search_facts import Facts, Read, ranked
from catalog.search_meaning import Embedder, Keep, Known, Meaning, Models, stand_back
from catalog.search_rank import NEAREST, Hit, fused
from catalog.search_texts import (
    KINDS,
    Document,
    Kind,
    facts,
    kinds_of,
    languages_of,
    name_words,
    product,
    read_in,
)
from catalog.search_words import NAMING, Words, words_of
from catalog.shelf import Shelf
from catalog.spelling import Spelling
from catalog.text import fold
from catalog.vectors import Rows as Vectors

__all__ = ["KINDS", "Document", "Embedder", "Hit", "Kind", "Search", "Vectors"]
log = logging.getLogger(__name__)


class Search:
    """Finds products and facts in three languages, on any thread. Changes come from one thread, and
    are taken in on another: they are found some tens of milliseconds later."""

    def __init__(
        self, library: Library, folder: Path | None = None, older: Path | None = None
    ) -> None:
        """*folder*: where the index of a large shop is kept; without, it is in memory. *older*:
        where it was before, and vectors may be taken from."""
        own = library.shelf("")
        self._library = library
        self._kinds = kinds_of(own if own is not None else Shelf(""))
        self._words = Words(folder / "words" if folder else None)
        self._stopped = threading.Event()
        self._meaning = Meaning(self._stopped, folder, older)
        self._names: dict[str, int] = {}
        self._own = array("B")
        """By place: the languages its title is written in, a bit for each."""
        self._masks: Counter[int] = Counter()
        self._facts = Facts()
        self._spelling = Spelling()
        self._lock = threading.Lock()
        self._pending: dict[str, Brief | None] = {}
        self._waiting = False
        self._indexing = ThreadPoolExecutor(1, thread_name_prefix="catalog-index")
        self._keep: Keep | None = None

    # --- filling -----------------------------------------------------------------------------

    def fill(self, briefs: Iterable[tuple[int, Brief]]) -> None:
        """Index all products, by place in order."""

        def documents() -> Iterator[tuple[int, Sequence[Document]]]:
            for place, brief in briefs:
                self._count(place, brief)
                yield place, self._documents(brief)

        self._words.build(documents())

    def _count(self, place: int, brief: Brief) -> None:
        names = self._names
        for word in name_words(brief, self._kinds):
            if word in names:
                names[word] += 1
            else:
                names[word] = 1
                self._spelling.add(word)
        mask = _mask(brief)
        while len(self._own) <= place:
            self._own.append(0)
        self._own[place] = mask
        self._masks[mask] += 1

    def _forget_names(self, brief: Brief) -> None:
        for word in name_words(brief, self._kinds):
            left = self._names.get(word, 1) - 1
            if left:
                self._names[word] = left
            else:
                self._names.pop(word, None)

    def _documents(self, brief: Brief) -> list[Document]:
        """As the index has it: once in each language that it is written in."""
        own = languages_of(brief) or ("en",)
        return [product(brief, self._kinds, language) for language in own]

    def state(self) -> dict[str, object]:
        """What is kept beside the index of a large shop."""
        return {"names": self._names, "own": self._own.tobytes()}

    def take_state(self, state: Mapping[str, object]) -> None:
        self._names = cast(dict[str, int], state["names"])
        self._own.frombytes(cast(bytes, state["own"]))
        self._masks = Counter(self._own)
        for word in self._names:
            self._spelling.add(word)

    # --- following changes -------------------------------------------------------------------

    def turn(self, before: Shelf | None, after: Shelf | None) -> None:
        """Follow changed texts: None for a product that was not, or is no longer."""
        old = brief_of(before) if before is not None else None
        new = brief_of(after) if after is not None else None
        known = after if after is not None else before
        if known is None:
            return
        if not known.sku:
            self._kinds = kinds_of(known)
        elif old is None or new is None or _said(old) != _said(new):
            place = self._library.roll.any_place(known.sku)
            if place is None:
                return
            if old is not None and place < len(self._own):
                self._forget_names(old)
                self._masks[self._own[place]] -= 1
            if new is not None:
                self._count(place, new)
            self._submit(known.sku, new)
        if after is not None and self._meaning.models:
            texts = [(lang, t) for lang in LANGUAGES for d in facts(after, lang) for t in d.texts]
            self._behind(partial(self._meaning.learn, texts, self._keep))

    def _submit(self, sku: str, brief: Brief | None) -> None:
        with self._lock:
            self._pending[sku] = brief
            first, self._waiting = not self._waiting, True
        if first:
            self._behind(self._drain)

    def _behind(self, work: Callable[[], None]) -> None:
        """Do it on the indexing thread, unless the show is over."""
        with suppress(RuntimeError):
            self._indexing.submit(work)

    def _drain(self) -> None:
        """Take in all that changed meanwhile, in one commit."""
        with self._lock:
            pending, self._pending = self._pending, {}
            self._waiting = False
        places = {sku: self._library.roll.any_place(sku) for sku in pending}
        for sku, brief in pending.items():
            if (place := places[sku]) is not None:
                self._words.put(place, self._documents(brief) if brief is not None else ())
        self._words.commit()
        if not self._meaning.ready:
            return
        for sku, brief in pending.items():
            if (place := places[sku]) is not None and not self._stopped.is_set():
                self._meaning.follow(place, self._texts(brief))

    def _texts(self, brief: Brief | None) -> dict[Language, str]:
        if brief is None:
            return {}
        return {lang: product(brief, self._kinds, lang).text for lang in LANGUAGES}

    def settle(self) -> None:
        """Wait until all changes so far are taken in."""
        self._indexing.submit(lambda: None).result()

    def stop(self) -> None:
        """Give up embedding soon."""
        self._stopped.set()

    def close(self) -> None:
        self.stop()
        self._indexing.shutdown()
        self._words.close()
        self._meaning.close()

    # --- meaning -----------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether meaning counts, and not words alone."""
        return self._meaning.ready

    def embed(self, models: Models, known: Known, keep: Keep) -> None:
        """Give every text its vector: of a small shop the facts, too; of a large one the products,
        and facts once they are asked for. Blocking: seconds for a hundred texts."""
        stand_back()
        self._keep = keep
        if self._masks and _share(self._masks, "en") < 0.5:
            # English questions, too, are put to texts in other languages
            models = {**models, "en": models["fr"]}
        self._meaning.start(models, known)
        if self._library.whole:
            self._meaning.learn(self._all_texts(), keep)
        else:
            log.info("facts are embedded when they are asked for", extra={"products": len(self)})
        count = self._library.roll.places
        self._meaning.build(self._product_texts, count, self._alike)
        with self._lock:
            changed = list(self._pending)
        for sku in changed:
            self._submit(sku, self._library.brief(sku))

    def __len__(self) -> int:
        return len(self._library.roll)

    def _alike(self, language: Language) -> str:
        """Languages that products read the same in share their vectors."""
        return language if _share(self._masks, language) else "any"

    def _product_texts(self, language: Language) -> Iterator[tuple[int, str]]:
        roll = self._library.roll
        for place in range(roll.places):
            brief = None if place in roll.gone else self._library.brief(roll.sku(place))
            if brief is not None:
                yield place, product(brief, self._kinds, language).text

    def _all_texts(self) -> Iterator[tuple[Language, str]]:
        roll = self._library.roll
        for sku in ("", *(roll.sku(place) for place in range(roll.places))):
            shelf = self._library.shelf(sku)
            if shelf is None:
                continue
            for language in LANGUAGES:
                if sku:
                    yield language, product(brief_of(shelf), self._kinds, language).text
                for document in facts(shelf, language):
                    for text in document.texts:
                        yield language, text

    def want(self, skus: Sequence[str]) -> None:
        """These are spoken of: have the meaning of their facts, too."""
        if self._library.whole or not self._meaning.models or self._stopped.is_set():
            return
        texts = [
            (language, text)
            for language in LANGUAGES
            for read in self._reads(skus, language)
            for document in read.documents
            for text in document.texts
            if self._meaning.text(text, language) is None
        ]
        if texts:
            self._behind(partial(self._meaning.learn, texts, None))

    # --- finding -----------------------------------------------------------------------------

    @property
    def title_words(self) -> Mapping[str, int]:
        """In how many products' names (title, also called, brand, category; in any language) a
        word stands: words as ``catalog.text.tokens`` gives them, not stemmed."""
        return self._names

    def candidates(self, words: Sequence[str], count: int = 30) -> list[str]:
        """Skus of products of which a name shares a word with these, stems compared, best first:
        over the texts of all languages."""
        text = " ".join(words)
        looked = {lang: words_of(text, lang) for lang in LANGUAGES if self._written(lang)}
        roll = self._library.roll
        found = self._words.find(looked, count, NAMING)
        return [roll.sku(place) for place, _ in found if place not in roll.gone]

    def find(
        self,
        question: str,
        language: Language,
        kind: Kind,
        skus: Iterable[str] | None = None,
        count: int = NEAREST,
        *,
        meant: str = "",
    ) -> list[Hit]:
        """Documents of a kind (of these products alone), best first. Scores are fused as a weighted
        sum of words and meaning, each scaled to 0..1 over the hits. Facts are those of *skus*, ""
        for the shop's own; of a large shop none without. *meant*: the question by whose meaning
        facts are found, where its words are to be those of another."""
        if kind == "product":
            return self._find_products(question, language, skus, count)
        if skus is None:
            roll = self._library.roll
            skus = ["", *map(roll.sku, roll.order)] if self._library.whole else []
        read = self._reads(skus, language)
        return ranked(read, question, meant or question, language, self._meaning)[:count]

    def _written(self, language: Language) -> bool:
        """Whether there are products that have texts in it."""
        return _share(self._masks, language) > 0

    def _find_products(
        self, question: str, language: Language, skus: Iterable[str] | None, count: int
    ) -> list[Hit]:
        roll = self._library.roll
        among = None
        if skus is not None:
            among = [place for sku in skus if (place := roll.place(sku)) is not None]
            if not among:
                return []
        question = self._mended(question)
        words, covered = self._by_words(question, language, among)
        meaning = self._by_meaning(question, language, among, words)
        places = [p for p in {**words, **(meaning or {})} if p < len(self._own)]
        places = [place for place in places if place not in roll.gone]
        if not places:
            return []
        lexical = np.array([words.get(place, 0.0) for place in places], np.float32)
        semantic = None
        if meaning is not None:
            semantic = np.array([meaning.get(place, 0.0) for place in places], np.float32)
        parts = [covered.get(_reading(self._own[place], language), 0.0) for place in places]
        score = fused(lexical, semantic, np.array(parts, np.float32), language)
        order = np.lexsort((np.array(places), -score))[:count]
        return [
            Hit(
                roll.sku(places[at]),
                "",
                float(score[at]),
                float(lexical[at]),
                float(semantic[at]) if semantic is not None else 0.0,
                partial(self._document, roll.sku(places[at]), language),
            )
            for at in order.tolist()
            if score[at] > 0
        ]

    def _by_words(
        self, question: str, language: Language, among: Sequence[int] | None
    ) -> tuple[dict[int, float], dict[Language, float]]:
        """BM25 by place, each product in the language that the one who asks reads it in; and how
        much of the question the texts of each such language have."""
        found: dict[int, float] = {}
        covered: dict[Language, float] = {}
        masks = list(self._masks.items())  # they may grow meanwhile
        readings = {_reading(mask, language) for mask, count in masks if count > 0}
        for reading in readings:
            words = words_of(question, reading)
            covered[reading] = self._words.covered(words, reading)
            for place, score in self._words.find({reading: words}, NEAREST, among=among):
                mask = self._own[place] if place < len(self._own) else 0
                if len(readings) == 1 or _reading(mask, language) == reading:
                    found[place] = score
        return found, covered

    def _by_meaning(
        self,
        question: str,
        language: Language,
        among: Sequence[int] | None,
        words: Iterable[int],
    ) -> dict[int, float] | None:
        """Cosines by place of the nearest, and of those found by words; None without vectors."""
        view = self._meaning.view(language)
        query = self._meaning.question(question, language) if view is not None else None
        if view is None or query is None:
            return None
        found: dict[int, float] = {}
        rest = list(among or ())
        if among is None:
            near, cosines = view.vectors.nearest(query, NEAREST)
            found = dict(zip(near.tolist(), cosines.tolist(), strict=True))
            rest = [place for place in words if place not in found]
        return found | dict(zip(rest, view.vectors.cosines(query, rest).tolist(), strict=True))

    def _mended(self, question: str) -> str:
        """The question with what its unknown words may be meant for behind each of them: words of
        names that are near."""
        words: list[str] = []
        for word in question.split():
            plain = fold(word).strip(punctuation)
            near = [] if self._has(plain) else self._spelling.near(plain, self._names)
            words += [word, *near]
        return " ".join(words)

    def _has(self, word: str) -> bool:
        """Whether a word stands in a text of any language, stems compared."""
        return any(
            self._words.often(stem, language)
            for language in LANGUAGES
            if self._written(language)
            for stem in words_of(word, language)
        )

    def _document(self, sku: str, language: Language) -> Document:
        brief = self._library.brief(sku)
        if brief is None:
            return Document("product", sku, "", "", "", "")
        return product(brief, self._kinds, language)

    def _reads(self, skus: Iterable[str], language: Language) -> list[Read]:
        shelves = (self._library.shelf(sku) for sku in dict.fromkeys(skus))
        return [self._facts.read(shelf, language) for shelf in shelves if shelf is not None]


def _said(brief: Brief) -> object:
    return brief.category, brief.texts


def _bit(language: Language) -> int:
    return 1 << LANGUAGES.index(language)


def _mask(brief: Brief) -> int:
    return sum(_bit(language) for language in languages_of(brief))


def _reading(mask: int, language: Language) -> Language:
    return read_in(tuple(one for one in LANGUAGES if mask & _bit(one)), language)


def _share(masks: Counter[int], language: Language) -> float:
    """Of the products, those with a title in the language."""
    counts = list(masks.items())  # they may grow meanwhile
    total = sum(count for _, count in counts)
    own = sum(count for mask, count in counts if mask & _bit(language))
    return own / total if total else 0.0
