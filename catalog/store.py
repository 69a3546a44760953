"""The catalog of a running show: facts from memory, changes to the file and the memory at once."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.types import Fact, Facts, Focus, Language, Product
from catalog.answer import Answerer
from catalog.ask import ASK_FIELDS, Ask
from catalog.book import Book
from catalog.changes import Changes
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.listed import Listed
from catalog.opening import Opened, catch_up, opened, reread
from catalog.rows import AttributeRow, FaqRow, Held, Row
from catalog.search import KINDS, Embedder, Vectors
from catalog.shelf import Shelf
from catalog.unanswered import Unanswered

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Embedders = Callable[[], Mapping[Language, Embedder]]
NAMED = 500
"""Products whose names speech recognition is told."""


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shop:
    name: str
    zone: str
    """IANA name; times are spoken in it."""
    currency: str
    """ISO 4217."""
    market: str
    """ISO 3166; the country that is meant where nobody names one."""


class Store(Changes):
    """The one owner of a catalog file (``agent.ports.Catalog``).

    Reading a fact is a look into memory. Changes go through one writer thread: when the call
    returns, the change is on disk, and ``current`` says it. Questions are understood on a thread
    of their own, as text embedding takes some milliseconds.
    """

    def __init__(self, database: Database, found: Opened, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="catalog-write")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="catalog-read")
        self._take(found)
        self._embedder = ThreadPoolExecutor(1, thread_name_prefix="catalog-embed")
        self._embedding: asyncio.Future[None] | None = None
        self._models: Mapping[Language, Embedder] = {}
        self._open_changes()
        self.unanswered = Unanswered(database, clock, self._meaning)
        """What was asked and not known."""

    def _take(self, found: Opened) -> None:
        self._said_anew = False
        """Whether texts changed in what is being taken in."""
        self._library, self._search = found.library, found.search
        self._synced = found.version
        """The version up to which all was read from the file; changes are followed one by one."""
        self._book = Book(found.library, found.version)
        self._answerer = Answerer(self._book, self._search)

    @classmethod
    async def open(
        cls, path: Path, clock: Clock = wall_clock, embedders: Embedders | None = None
    ) -> "Store":
        """Open the catalog; a small one is read whole, of a large one an index is made where there
        is none yet. With *embedders*, texts are embedded behind the show. Raises CatalogError, with
        what to do: no file, no products in it, held by another process, damaged or no catalog."""
        store = await asyncio.to_thread(cls.open_now, path, clock)
        if embedders is not None:
            loop = asyncio.get_running_loop()
            store._embedding = loop.run_in_executor(store._embedder, store._embed, embedders)
        else:
            log.info("search is by words alone", extra={"reason": "no embedding models given"})
        return store

    @classmethod
    def open_now(cls, path: Path, clock: Clock = wall_clock) -> "Store":
        """As *open*, blocking, and without embedding."""
        database = Database(path)
        try:
            return cls(database, opened(database, clock()), clock)
        except BaseException:
            database.close()
            raise

    async def close(self) -> None:
        """Finish what is being written and let go of the file."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """As *close*, blocking."""
        self._search.stop()
        self._embedder.shutdown()
        self._search.close()
        self._reader.shutdown()
        self._writer.shutdown()
        self.unanswered.close()
        self._database.close()

    # --- what is known -----------------------------------------------------------------------

    @property
    def shop(self) -> Shop:
        row = self._book.shop.row
        return Shop(row.name, row.zone, row.currency, row.market)

    @property
    def version(self) -> int:
        """Of the whole catalog; grows with each change."""
        return self._book.version

    def current(self, fact_id: str) -> Fact | None:
        return self._answerer.current(fact_id, self._clock())

    def product(self, sku: str) -> Product | None:
        return self._book.product(sku, self._clock())

    def categories(self) -> frozenset[str]:
        """Of all products that are sold."""
        return self._book.categories()

    def products(self) -> Sequence[Product]:
        """All products by link number, each read when it is looked at: a shop may have a million,
        so go through the first of them only, or search (*find_products*)."""
        return Listed(self._book, self._clock())

    def find_products(self, text: str, count: int) -> Sequence[Product]:
        """By sku or a variant's id, by link number, and by words of the names, best first; without
        *text* the first by number."""
        book, now = self._book, self._clock()
        if not text.strip():
            return self.products()[:count]
        found: list[str | None] = [book.owner(text.strip())]
        if (number := text.strip().lstrip("#")).isdecimal() and len(number) < 10:
            found.append(book.by_number.get(int(number)))
        found += self._search.candidates(text.split(), count)
        skus = list(dict.fromkeys(sku for sku in found if sku is not None))[:count]
        return [product for sku in skus if (product := book.product(sku, now)) is not None]

    def names(self) -> Sequence[str]:
        """The shop's name, then the first products' in English: hints for speech recognition."""
        return [self.shop.name, *(_first(product.title) for product in self.products()[:NAMED])]

    async def facts(self, question: str, language: Language, focus: Focus) -> Facts:
        """What is known that answers *question*. Some milliseconds on the reading thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, self._facts, question, language, focus)

    def _facts(self, question: str, language: Language, focus: Focus) -> Facts:
        now = self._clock()
        found = self._answerer.facts(question, language, focus, now)
        spoken = (found.product.sku if found.product else None, focus.pinned, focus.spoken_of)
        skus = [sku for sku in dict.fromkeys(spoken) if sku is not None]
        skus += sorted({fact.sku for fact in (*found.asked, *found.context)} - {"", *skus})
        self._library.stay(skus, now)
        self._search.want(skus)
        return found

    def sheet(self, sku: str) -> Sequence[Fact]:
        """All facts of a product at this moment; of the shop, for "". Raises CatalogError."""
        owner = self._owner(sku) if sku else ""
        return list(self._book.pages[owner].at(self._clock()).values())

    def owner(self, name: str) -> str | None:
        """The sku that a sku or a variant's id belongs to."""
        return self._book.owner(name)

    def shelf(self, sku: str) -> Shelf:
        """The rows of a product. Raises CatalogError."""
        return self._shelf(self._owner(sku))

    def named(self, words: str, count: int) -> Sequence[str]:
        """Skus of products whose names share words with these, best first."""
        return self._search.candidates(words.split(), count)

    def history(self, sku: str) -> Sequence[tuple[object, ...]]:
        """All that was ever said of a product, oldest first (``Database.history``). Blocking."""
        return self._database.history(sku)

    def asked(self, question: str) -> Ask:
        """How a question is read. Blocking, a millisecond or few."""
        return self._answerer.explain(question)

    def explain(self, question: str, language: Language) -> Sequence[str]:
        """How a question is read, and what search finds for it, for people. Blocking."""
        ask = self._answerer.explain(question)
        read = [f"{name}: {found}" for name in ASK_FIELDS if (found := getattr(ask, name))]
        for kind in KINDS:
            for hit in self._search.find(question, language, kind)[:5]:
                what = hit.document.field or hit.document.title
                read.append(
                    f"{kind} {hit.document.sku} {what}: {hit.score:.2f} "
                    f"(words {hit.words:.2f}, meaning {hit.meaning:.2f})"
                )
        return read

    # --- meaning of texts --------------------------------------------------------------------

    async def embedded(self) -> bool:
        """Wait until texts are embedded; False where they will not be."""
        if self._embedding is not None:
            await asyncio.shield(self._embedding)
        return self._search.ready

    def _meaning(self, text: str, language: Language) -> Vectors | None:
        model = self._models.get(language)
        return model.encode([text])[0] if model is not None else None

    def _embed(self, embedders: Embedders) -> None:
        try:
            models = embedders()
        except (ImportError, OSError) as error:
            log.warning("search is by words alone", extra={"reason": str(error)})
            return
        self._models = models
        self._search.embed(models, self._kept_vectors, self._keep_vectors)
        if self._search.ready:
            log.info(
                "search knows what words mean",
                extra={"models": sorted({model.name for model in models.values()})},
            )

    def _kept_vectors(self, model: str) -> Mapping[str, bytes]:
        if not self._library.whole:
            return {}  # those of a large shop lie beside its index
        return self._writer.submit(self._database.vectors, model).result()

    def _keep_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        if self._library.whole:
            self._writer.submit(self._database.keep_vectors, model, vectors).result()

    # --- what changes ------------------------------------------------------------------------

    def _currency(self) -> str:
        return self._book.shop.row.currency

    def _owner(self, name: str) -> str:
        """The sku of a variant, or the sku itself."""
        sku = self._book.owner(name)
        if sku is None:
            raise CatalogError(f"{name}: no such product or variant")
        return sku

    def _variants(self, name: str) -> list[str]:
        variants = self._book.pages[self._owner(name)].shelf.variants
        names = [held.row.variant_id for held in variants]
        return [name] if name in names else names

    def _shelf(self, sku: str) -> Shelf:
        return self._book.pages[sku].shelf

    def _follow(self, sku: str, held: Sequence[Held[Row]]) -> None:
        before = self._library.shelf(sku)
        if before is None:
            return
        after, known = before, before.version
        for one in held:
            if one.ver > known:  # what was read from the file since has it already
                after = after.with_row(one)
        # of the version that the whole transaction makes, so that nobody sees a part of it
        self._library.put(after, self._database.version, self._clock())
        if any(isinstance(one.row, AttributeRow | FaqRow) for one in held):
            self._search.turn(before, after)
            self._said_anew = True

    def _forget(self, sku: str) -> None:
        if not self._reread([sku]):
            self._open_anew()
        self._said_anew = True

    def _publish(self) -> None:
        self._turn(self._database.version, texts=self._said_anew)
        self._said_anew = False

    def _turn(self, version: int, *, texts: bool) -> None:
        self._book = Book(self._library, max(version, self._book.version))
        self._answerer.turn(self._book, texts=texts)

    @property
    def database(self) -> Database:
        return self._database

    def exclusively(self, work: Callable[[], None]) -> None:
        """Do *work* while nobody else writes, and wait for it."""
        self._writer.submit(work).result()

    def reload(self, skus: Sequence[str] | None) -> None:
        """Take in what was written into the file by other ways than a change: of these products, or
        all that is new. On the writing thread. So much that a large shop is better read anew takes
        as long as opening it did; the show goes on with what it knew meanwhile."""
        if not self._reread(skus):
            self._open_anew()
        self._turn(self._database.version, texts=True)

    def _reread(self, skus: Sequence[str] | None) -> bool:
        version, now = self._database.version, self._clock()
        connection = self._database.beside()
        try:
            if skus is not None:
                some = set(skus)
                return reread(connection, self._library, self._search, some, version, now)
            since = self._synced
            done = catch_up(connection, self._library, self._search, since, version, now)
        finally:
            connection.close()
        if done:
            self._synced = version
        return done

    def _open_anew(self) -> None:
        before = self._search
        self._take(opened(self._database, self._clock(), anew=True))
        self._reader.submit(before.close)  # behind the questions that are being read with it
        if self._models:
            self._embedder.submit(self._embed, lambda: self._models)

    def take_in(self, skus: Sequence[str] | None) -> None:
        """As *reload*, from a thread that does not write. Where they are many, all is read beside
        the show, and only put in its place on the writing thread: changes go on meanwhile."""
        if skus is not None:
            self.exclusively(lambda: self.reload(skus))
            return
        found = opened(self._database, self._clock(), anew=True)
        self.exclusively(lambda: self._exchange(found))

    def _exchange(self, found: Opened) -> None:
        """Go on with what was read anew, and with what was changed since."""
        before, version = self._search, self._database.version
        connection = self._database.beside()
        try:
            since, now = found.version, self._clock()
            done = catch_up(connection, found.library, found.search, since, version, now)
        finally:
            connection.close()
        if not done:
            found.search.close()
            self.reload(None)
            return
        self._take(found)
        self._synced = version
        self._turn(version, texts=True)
        self._reader.submit(before.close)  # behind the questions that are being read with it
        if self._models:
            self._embedder.submit(self._embed, lambda: self._models)


def _first(fact: Fact) -> str:
    items = getattr(fact.value, "items", ("",))
    return str(items[0])
