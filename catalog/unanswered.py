"""What viewers asked and the catalog had no answer to, kept for the staff with its counts."""

import hashlib
import logging
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

import duckdb
import numpy as np
from numpy.typing import NDArray

from agent.types import Language
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.sql import parse

log = logging.getLogger(__name__)

MOST = 2000
"""Questions that are kept; beyond, the least asked go, of those the oldest."""
LONGEST = 300
"""Characters of a question."""
WAITING = 200
"""Questions that may wait to be written; beyond, they are dropped and counted."""
ALIKE = 0.85
"""Cosine from which on two questions are one in other words."""
_LATE_VECTORS = 32
"""Older questions that get their vector at one time, once there is a model."""
_PRIVATE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\+?\d[\d\s().-]{6,}\d")
"""Addresses and numbers of persons: not for the staff's list."""

Vector: TypeAlias = NDArray[np.float32]
Meaning: TypeAlias = Callable[[str, Language], Vector | None]
"""Gives the unit vector of a text; None where there is no model, or not yet."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stays open."""

    id: str
    text: str
    """As it was first asked."""
    language: Language
    sku: str
    """What it was about; "" where it was the shop, or nobody could tell."""
    asked: int
    """By how many, in whatever words."""
    first_at: datetime
    last_at: datetime


class Unanswered:
    """The list (``agent.ports.Questions``). ``note`` may be called on the air's clock: it never
    waits. All else is read from memory, and written on a thread of its own, beside the facts."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        meaning: Meaning = lambda text, language: None,
        *,
        keep_days: int = 30,
    ) -> None:
        self._connection = database.beside()
        self._clock = clock
        self._meaning = meaning
        self.keep_days = keep_days
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="catalog-questions")
        self._lock = threading.Lock()
        self._waiting = 0
        self._vectors: dict[str, Vector] = {}
        self.losses: Counter[str] = Counter()
        """Questions not kept, by reason: flood, crowded_out, expired, failed."""
        try:
            self._run("make_unanswered")
            rows = self._run("find_unanswered")
        except duckdb.Error as error:
            raise CatalogError(f"{database.path}: no list of questions: {error}") from error
        found = [
            Question(*row)
            for row in cast(list[tuple[str, str, Language, str, int, datetime, datetime]], rows)
        ]
        self._questions = {question.id: question for question in found}
        self._by_words = {_words_of(q.text, q.language, q.sku): q.id for q in found}

    def close(self) -> None:
        """Write what waits."""
        self._pool.shutdown()
        self._connection.close()

    # --- asked -------------------------------------------------------------------------------

    def note(self, text: str, language: Language, sku: str, asked: int = 1) -> None:
        with self._lock:
            if self._waiting >= WAITING:
                self.losses["flood"] += asked
                return
            self._waiting += 1
        try:
            self._pool.submit(self._take, text, language, sku, asked)
        except RuntimeError:  # the show has ended
            self.losses["flood"] += asked

    def _take(self, text: str, language: Language, sku: str, asked: int) -> None:
        try:
            self.expire()
            self._keep(text, language, sku, asked)
        except duckdb.Error as error:
            self.losses["failed"] += asked
            log.error("a question could not be kept", extra={"error": str(error)[:200]})
        finally:
            with self._lock:
                self._waiting -= 1

    def _keep(self, text: str, language: Language, sku: str, asked: int) -> None:
        text = _clean(text)
        words = _words_of(text, language, sku)
        if not words[0]:
            return
        now = self._clock()
        vector = self._meaning(text, language)
        known = self._by_words.get(words) or self._alike(vector, language, sku)
        if known is not None:
            one = self._questions[known]
            again = replace(one, asked=one.asked + asked, last_at=now)
            self._run("ask_again", again.asked, now, known)
            self._questions[known] = again
            self._by_words.setdefault(words, known)
            return
        name = hashlib.sha256("\0".join(words).encode()).hexdigest()[:12]
        one = Question(name, text, language, sku, asked, now, now)
        self._run("add_unanswered", name, text, language, sku, asked, now, now)
        self._questions[name] = one
        self._by_words[words] = name
        if vector is not None:
            self._vectors[name] = vector
        self._make_room(name)

    def _alike(self, vector: Vector | None, language: Language, sku: str) -> str | None:
        """The question that means the same, where there is a model to tell."""
        if vector is None:
            return None
        same = [q for q in self._questions.values() if (q.language, q.sku) == (language, sku)]
        for one in [q for q in same if q.id not in self._vectors][:_LATE_VECTORS]:
            late = self._meaning(one.text, language)
            if late is not None:
                self._vectors[one.id] = late
        best = max(
            ((float(self._vectors[q.id] @ vector), q.id) for q in same if q.id in self._vectors),
            default=(0.0, ""),
        )
        return best[1] if best[0] >= ALIKE else None

    def _make_room(self, newest: str) -> None:
        while len(self._questions) > MOST:
            least = min(
                (q for q in self._questions.values() if q.id != newest),
                key=lambda q: (q.asked, q.last_at),
            )
            self.losses["crowded_out"] += least.asked
            self._drop(least.id)

    def expire(self) -> None:
        """Let go of what was last asked more than ``keep_days`` ago."""
        before = self._clock() - timedelta(days=self.keep_days)
        for one in [q for q in self._questions.values() if q.last_at < before]:
            self.losses["expired"] += one.asked
            self._drop(one.id)

    # --- for the staff -----------------------------------------------------------------------

    def all(self) -> Sequence[Question]:
        """Most asked first, of those the latest."""
        before = self._clock() - timedelta(days=self.keep_days)
        kept = [q for q in list(self._questions.values()) if q.last_at >= before]
        return sorted(kept, key=lambda q: (q.asked, q.last_at), reverse=True)

    def get(self, name: str) -> Question | None:
        return self._questions.get(name)

    def dismiss(self, name: str) -> bool:
        """Let go of a question that has been answered, or wants no answer; False where there is
        none such. Blocking, some milliseconds."""
        return self._pool.submit(self._dismiss, name).result()

    def settle(self) -> None:
        """Wait until what was noted is written. Blocking."""
        self._pool.submit(lambda: None).result()

    def _dismiss(self, name: str) -> bool:
        if name not in self._questions:
            return False
        self._drop(name)
        return True

    def _drop(self, name: str) -> None:
        self._run("drop_unanswered", name)
        del self._questions[name]
        self._vectors.pop(name, None)
        for words in [words for words, own in self._by_words.items() if own == name]:
            del self._by_words[words]

    def _run(self, name: str, *parameters: object) -> list[tuple[object, ...]]:
        statement = _statements()[name]
        return self._connection.execute(statement, list(parameters) or None).fetchall()


@cache
def _statements() -> dict[str, str]:
    return parse(Path(__file__).with_name("unanswered.sql").read_text(encoding="utf-8"))


def _clean(text: str) -> str:
    """One line of plain text, without what points to a person."""
    plain = "".join(
        " " if unicodedata.category(char)[0] in "CZ" else char
        for char in unicodedata.normalize("NFKC", text[: 4 * LONGEST])
    )
    return " ".join(_PRIVATE.sub("…", plain).split())[:LONGEST]


def _words_of(text: str, language: str, sku: str) -> tuple[str, str, str]:
    """What makes two questions the same: the words, whatever their case and punctuation."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    return words, language, sku
