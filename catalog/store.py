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
from catalog.ask import ASK_FIELDS
from catalog.book import Book, page
from catalog.changes import Changes
from catalog.db import Database, is_empty
from catalog.errors import CatalogError
from catalog.rows import AttributeRow, FaqRow, Held, Row
from catalog.search import KINDS, Embedder, Search, Vectors
from catalog.shelf import Shelf, shelves
from catalog.unanswered import Unanswered

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Embedders = Callable[[], Mapping[Language, Embedder]]


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

    def __init__(self, database: Database, book: Book, clock: Clock) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="catalog-write")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="catalog-read")
        self._search = Search(book)
        self._answerer = Answerer(book, self._search)
        self._embedder = ThreadPoolExecutor(1, thread_name_prefix="catalog-embed")
        self._embedding: asyncio.Future[None] | None = None
        self._models: Mapping[Language, Embedder] = {}
        self._open_changes()
        self.unanswered = Unanswered(database, clock, self._meaning)
        """What was asked and not known."""

    @classmethod
    async def open(
        cls, path: Path, clock: Clock = wall_clock, embedders: Embedders | None = None
    ) -> "Store":
        """Open the catalog and read it whole; with *embedders*, texts are embedded behind the
        show. Raises CatalogError, with what to do: no file, no products in it, held by another
        process, damaged or no catalog."""
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
            holding = database.holding()
            if is_empty(holding):
                raise CatalogError(
                    f"{path}: the catalog has no products; load some with "
                    f"`candor catalog load FOLDER --db {path}`"
                )
            shop, by_sku = shelves(holding, database.withdrawals())
            if shop is None:
                raise CatalogError(f"{path}: the catalog does not say whose shop it is")
            pages = {sku: page(shelf, shop) for sku, shelf in by_sku.items()}
            return cls(database, Book(shop, pages, database.version), clock)
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
        return self._book.current(fact_id, self._clock())

    def product(self, sku: str) -> Product | None:
        return self._book.product(sku, self._clock())

    def products(self) -> Sequence[Product]:
        now = self._clock()
        found = (self._book.product(sku, now) for sku in self._book.skus)
        return [product for product in found if product is not None]

    def names(self) -> Sequence[str]:
        """The shop's name, then the products' in English: hints for speech recognition."""
        titles = (self.product(sku) for sku in self._book.skus)
        return [self.shop.name, *(_first(product.title) for product in titles if product)]

    async def facts(self, question: str, language: Language, focus: Focus) -> Facts:
        """What is known that answers *question*. Some milliseconds on the reading thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._reader, self._answerer.facts, question, language, focus, self._clock()
        )

    def sheet(self, sku: str) -> Sequence[Fact]:
        """All facts of a product at this moment. Raises CatalogError."""
        return list(self._book.pages[self._owner(sku)].at(self._clock()).values())

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
        known: dict[str, Mapping[str, bytes]] = {}
        for model in {id(m): m for m in models.values()}.values():
            known[model.name] = self._writer.submit(self._database.vectors, model.name).result()
        fresh = self._search.embed(models, known)
        self._models = models
        for name, vectors in fresh.items():
            if vectors:
                self._writer.submit(self._database.keep_vectors, name, vectors).result()
        log.info("search knows what words mean", extra={"models": sorted(known)})

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

    def _forget(self, sku: str) -> None:
        pages = {name: page for name, page in self._book.pages.items() if name != sku}
        self._book = Book(self._book.shop, pages, self._database.version)
        self._answerer.turn(self._book, texts=True)
        self._search.turn(self._book, sku)

    def _follow(self, sku: str, held: Sequence[Held[Row]]) -> None:
        book = self._book
        for one in held:
            book = book.turned(one, sku)
        self._book = book
        texts = any(isinstance(one.row, AttributeRow | FaqRow) for one in held)
        self._answerer.turn(book, texts=texts)
        if texts:
            self._search.turn(book, sku)


def _first(fact: Fact) -> str:
    items = getattr(fact.value, "items", ("",))
    return str(items[0])
