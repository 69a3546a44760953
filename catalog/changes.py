"""What may be changed while the show runs: on disk first, then in the memory of the show."""

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from babel.numbers import get_currency_precision

from agent.ports import (
    Change,
    EndOffer,
    SetAnswer,
    SetOffer,
    SetPrice,
    SetStock,
    SetText,
    Withdraw,
)
from agent.types import LANGUAGES, Language
from catalog.commits import Commits, Fresh, Part
from catalog.db import Database
from catalog.errors import CatalogError, SlipError
from catalog.rows import AttributeRow, FaqRow, Held, OfferRow, Row, StockRow, key_of
from catalog.shelf import Shelf

SLIP = 8
"""A price that becomes this many times the old one, or less than this part of it, is taken for a
slip of the hand (a missing or doubled digit) unless one says that it is meant."""
MOST_IN_BATCH = 1000
_NAME = re.compile(r"[\w.-]{1,60}")
_TEXT_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LONGEST = 2000
"""Characters of a text or an answer."""


class Changes(ABC):
    """The changing side of a ``catalog.store.Store`` (``agent.ports.Backroom``). When a call
    returns, the change is on disk and ``current`` says it. All raise CatalogError, and then nothing
    has changed."""

    _database: Database
    _writer: ThreadPoolExecutor
    """The one thread that writes."""
    _clock: Callable[[], datetime]
    _commits: Commits

    @abstractmethod
    def _currency(self) -> str:
        """ISO 4217 code of the shop's prices."""

    @abstractmethod
    def _owner(self, name: str) -> str:
        """The sku of a variant, or the sku itself. Raises CatalogError."""

    @abstractmethod
    def _variants(self, name: str) -> list[str]:
        """A variant's own name; all variants of a sku. Raises CatalogError."""

    @abstractmethod
    def _shelf(self, sku: str) -> Shelf:
        """The rows of a product that there is."""

    @abstractmethod
    def _follow(self, sku: str, held: Sequence[Held[Row]]) -> None:
        """Take rows that were written into memory; on the writing thread."""

    @abstractmethod
    def _publish(self) -> None:
        """Let what was taken in be seen, all at once; on the writing thread."""

    @abstractmethod
    def _forget(self, sku: str) -> None:
        """Read a product anew, rows of which are gone; on the writing thread."""

    def _open_changes(self) -> None:
        """Be ready for changes; once the file and the writing thread are there."""
        self._commits = Commits(
            self._database, self._writer, self._clock, self._written, self._publish
        )

    def _written(self, sku: str, held: Sequence[Held[Row]], gone: bool) -> None:
        if gone:
            self._forget(sku)
        else:
            self._follow(sku, held)

    @property
    def database(self) -> Database:
        return self._database

    def exclusively(self, work: Callable[[], None]) -> None:
        """Do *work* on the writing thread, and wait for it: nobody else writes meanwhile."""
        try:
            done = self._writer.submit(work)
        except RuntimeError as error:
            raise CatalogError("the catalog is closed: the show has ended") from error
        done.result()

    # --- what may be changed -----------------------------------------------------------------

    async def change(self, changes: Sequence[Change]) -> int:
        """Do all of *changes*, at most MOST_IN_BATCH, in one transaction, or none of them. Gives
        the catalog's version."""
        if not changes:
            raise CatalogError("there is nothing to change")
        if len(changes) > MOST_IN_BATCH:
            raise CatalogError(
                f"{len(changes)} changes at once; at most {MOST_IN_BATCH}: send several batches, "
                "or upload a file"
            )

        def work(fresh: Fresh, now: datetime) -> list[Part]:
            seen = dict(fresh)
            parts: list[Part] = []
            for number, one in enumerate(changes, 1):
                try:
                    part = self._part(one, seen, now)
                except CatalogError as error:
                    where = f"change {number} of {len(changes)}: " if len(changes) > 1 else ""
                    raise type(error)(f"{where}{error}") from error
                seen |= {key_of(row): row for row, _ in part.added}
                parts.append(part)
            return parts

        # shielded: a change that has begun is finished, whatever becomes of who asked for it
        return await asyncio.shield(asyncio.wrap_future(self._commits.submit(work)))

    async def set_price(self, variant: str, amount: Decimal, *, sure: bool = False) -> int:
        """A new regular price of a variant (or, by sku, of all its variants). Gives the catalog's
        version. With *sure*, also one that looks like a slip."""
        return await self.change([SetPrice(variant, amount, sure=sure)])

    async def set_offer(
        self,
        variant: str,
        name: str,
        amount: Decimal,
        begins: datetime | None,
        ends: datetime | None,
        *,
        sure: bool = False,
    ) -> int:
        """An offer by *name* on a variant (or, by sku, on all), or a change of it."""
        return await self.change([SetOffer(variant, name, amount, begins, ends, sure=sure)])

    async def end_offer(self, variant: str, name: str) -> int:
        """The offer by *name* holds no longer, from now on."""
        return await self.change([EndOffer(variant, name)])

    async def set_stock(self, variant: str, quantity: int | None) -> int:
        """How many there are of a variant; None: uncounted."""
        return await self.change([SetStock(variant, quantity)])

    async def set_text(self, sku: str, name: str, language: Language, *words: str) -> int:
        """A text of a product, such as "material" or "point_1"."""
        return await self.change([SetText(sku, name, language, words)])

    async def set_answer(
        self, sku: str, name: str, language: Language, question: str, answer: str
    ) -> int:
        """An approved answer to a question about a product (sku "" for the shop)."""
        return await self.change([SetAnswer(sku, name, language, question, answer)])

    async def withdraw(self, sku: str) -> int:
        """The shop sells the product no longer; a later load brings it back."""
        return await self.change([Withdraw(sku)])

    # --- as rows -----------------------------------------------------------------------------

    def _part(self, change: Change, seen: Fresh, now: datetime) -> Part:
        match change:
            case SetPrice():
                return self._price(change, seen)
            case SetStock():
                return self._stock(change)
            case SetOffer():
                return self._offer(change, seen, now)
            case EndOffer():
                return self._end(change, seen, now)
            case SetText():
                return self._text(change)
            case SetAnswer():
                return self._answer(change)
            case Withdraw():
                return self._withdrawal(change.sku)

    def _price(self, change: SetPrice, seen: Fresh) -> Part:
        currency = self._money(change.amount, change.currency)
        sku, rows = self._owner(change.name), []
        for name in self._variants(change.name):
            before = self._regular(sku, name, seen)
            if before is not None and not change.sure:
                _check_slip(name, before.amount, change.amount)
            row = OfferRow(f"{name}/list", name, "list", change.amount, currency, None, None)
            rows.append(row)
        return _added(sku, rows)

    def _offer(self, change: SetOffer, seen: Fresh, now: datetime) -> Part:
        currency = self._money(change.amount, change.currency)
        _check_name(change.offer, "an offer's name")
        if change.offer == "list":
            raise CatalogError('"list" is the regular price; give the offer another name')
        for at in (change.begins, change.ends):
            if at is not None and at.tzinfo is None:
                raise CatalogError('an offer\'s times need their zone, as "2026-11-27T20:00+01:00"')
        if change.begins and change.ends and change.ends <= change.begins:
            raise CatalogError(f"the offer ends ({change.ends}) before it begins ({change.begins})")
        sku, rows = self._owner(change.name), []
        for name in self._variants(change.name):
            regular = self._regular(sku, name, seen)
            if regular is None:
                raise CatalogError(f"{name} has no regular price; set that first")
            if change.amount >= regular.amount:
                raise CatalogError(
                    f"{name}: an offer of {change.amount} is not below the regular price, "
                    f"{regular.amount.normalize():f} {regular.currency}"
                )
            if not change.sure:
                _check_slip(name, regular.amount, change.amount)
            key = f"{name}/{change.offer}"
            known = self._known_offer(sku, key, seen) is not None
            if change.ends and change.ends <= now and not known:
                raise CatalogError(f"the offer would be over already, since {change.ends}")
            row = OfferRow(key, name, "sale", change.amount, currency, change.begins, change.ends)
            rows.append(row)
        return _added(sku, rows)

    def _end(self, change: EndOffer, seen: Fresh, now: datetime) -> Part:
        sku, rows = self._owner(change.name), []
        for name in self._variants(change.name):
            row = self._known_offer(sku, f"{name}/{change.offer}", seen)
            if row is None or row.kind == "list":
                continue
            if row.valid_until is None or row.valid_until > now:
                # one that has not begun never will: [now, now) is empty
                begins = min(row.valid_from, now) if row.valid_from else None
                rows.append(replace(row, valid_from=begins, valid_until=now))
        if not rows:
            raise CatalogError(f"{change.name} has no offer {change.offer} that could be ended")
        return _added(sku, rows)

    def _stock(self, change: SetStock) -> Part:
        quantity = change.quantity
        if quantity is not None and not 0 <= quantity < 2**31:
            raise CatalogError(f"{quantity} is not a stock: it is 0 or more")
        names = self._variants(change.name)
        if len(names) > 1:
            raise CatalogError(f"{change.name}: say of which variant: {', '.join(names)}")
        return _added(self._owner(change.name), [StockRow(names[0], quantity)])

    def _text(self, change: SetText) -> Part:
        sku = self._product(change.sku)
        _check_language(change.language)
        if not _TEXT_NAME.fullmatch(change.field):
            raise CatalogError(
                f"{change.field!r} is no name for a text; such are material, care, point_1"
            )
        words = [_text(word, f"{sku}: {change.field}") for word in change.words]
        if not words:
            raise CatalogError(f"{sku}: {change.field} is empty")
        return _added(sku, [AttributeRow(sku, change.field, change.language, tuple(words))])

    def _answer(self, change: SetAnswer) -> Part:
        sku = self._product(change.sku) if change.sku else ""
        _check_language(change.language)
        _check_name(change.answer_id, "an answer's name")
        question = _text(change.question, "the question")
        answer = _text(change.answer, "the answer")
        row = FaqRow(change.answer_id, sku, change.language, question, answer)
        return Part(sku, [(row, change.source)])

    def _withdrawal(self, sku: str) -> Part:
        shelf = self._shelf(self._product(sku))
        held: list[Held[Row]] = [*([shelf.product] if shelf.product else [])]
        held += [*shelf.variants, *shelf.offers, *shelf.stock.values(), *shelf.attributes.values()]
        held += [*shelf.policies, *shelf.faq, *shelf.claims, *shelf.figures]
        return Part(sku, gone=[(one.row, "live") for one in held])

    # --- what it is checked against ----------------------------------------------------------

    def _product(self, sku: str) -> str:
        if self._owner(sku) != sku:
            raise CatalogError(f"{sku} is a variant; name its product, {self._owner(sku)}")
        return sku

    def _money(self, amount: Decimal, currency: str) -> str:
        """The currency. Raises CatalogError where *amount* is no price in it."""
        own = self._currency()
        if currency and currency.upper() != own:
            raise CatalogError(f"the shop's prices are in {own}, not in {currency}")
        if not amount.is_finite() or not 0 < amount < 10**10:
            raise CatalogError(f"{amount} is not a price: it is to be above zero")
        places = get_currency_precision(own)
        if amount != round(amount, places):
            raise CatalogError(f"{amount} is not a price: {own} has {places} decimals")
        return own

    def _known_offer(self, sku: str, key: str, seen: Fresh) -> OfferRow | None:
        fresh = seen.get((OfferRow.TABLE, key))
        if isinstance(fresh, OfferRow):
            return fresh
        return next((h.row for h in self._shelf(sku).offers if h.row.offer_id == key), None)

    def _regular(self, sku: str, variant: str, seen: Fresh) -> OfferRow | None:
        """The regular price of a variant, as it is or is about to be."""
        fresh = seen.get((OfferRow.TABLE, f"{variant}/list"))
        if isinstance(fresh, OfferRow):
            return fresh
        listed = [
            held
            for held in self._shelf(sku).offers
            if held.row.variant_id == variant and held.row.kind == "list"
        ]
        return max(listed, key=lambda held: held.ver).row if listed else None


def _added(sku: str, rows: Iterable[Row]) -> Part:
    return Part(sku, [(row, "live") for row in rows])


def _check_slip(name: str, before: Decimal, after: Decimal) -> None:
    if after >= before * SLIP or after * SLIP <= before:
        more = after > before
        times = after / before if more else before / after
        raise SlipError(
            f"{name}: {after} is {times:.0f} times {'more' if more else 'less'} than its price "
            f"now, {before.normalize():f}. If that is meant, confirm it (sure)"
        )


def _check_name(name: str, what: str) -> None:
    if not _NAME.fullmatch(name):
        raise CatalogError(
            f"{name[:60]!r} is not {what}: at most 60 letters, digits, points, hyphens"
        )


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise CatalogError(f"{language!r} is no language of the host's: {', '.join(LANGUAGES)}")


def _text(text: str, what: str) -> str:
    text = text.strip()
    if not text:
        raise CatalogError(f"{what} is empty")
    if len(text) > _LONGEST:
        raise CatalogError(f"{what} has {len(text)} characters; at most {_LONGEST}")
    if any(ord(char) < 32 and char not in "\n\t" for char in text):
        raise CatalogError(f"{what} has control characters in it")
    return text
