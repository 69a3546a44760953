"""What texts mean: questions and documents as vectors, made behind the show and kept."""

import contextlib
import hashlib
import logging
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from agent.types import LANGUAGES, Language
from catalog.vectors import Few, Many, Older, Rows, RowsFile, Vectors

log = logging.getLogger(__name__)
T = TypeVar("T")
CHUNK = 8
"""Texts embedded at a time: some tenths of a second, after which others may have the processor."""
_SAVED = 256
_TOLD_S = 30.0
_QUESTIONS = 64
_TEXTS = 60_000
"""Vectors of single texts at hand."""


class Embedder(Protocol):
    """A text embedding model; blocking."""

    name: str
    """With its version: vectors of one name can be compared."""
    dims: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (texts, dims)."""
        ...


Models = Mapping[Language, Embedder]
Keep = Callable[[str, Mapping[str, bytes]], None]
"""Takes the vectors of a model, by sha256 of their text, to be kept."""
Known = Callable[[str], Mapping[str, bytes]]
"""Gives those of a model that were kept."""
Texts = Callable[[Language], Iterable[tuple[int, str]]]
"""Places, and what of a product is embedded for one who speaks the language."""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def stand_back() -> None:
    """Let the other threads go first: Linux has a niceness for each thread."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


@dataclass(frozen=True, slots=True)
class View:
    """The products as one who speaks a language finds them."""

    model: Embedder
    vectors: Vectors
    file: RowsFile | None = None
    """Of a large shop."""


class Meaning:
    """Built and changed on one thread at a time; asked from any."""

    def __init__(
        self, stopped: threading.Event, folder: Path | None, older: Path | None = None
    ) -> None:
        """*folder*: where the vectors of a large shop are kept; without, they are in memory.
        *older*: where some may be taken from."""
        self._stopped = stopped
        self._folder = folder
        self._older = older
        self._models: Models = {}
        self._views: Mapping[Language, View] = {}
        self._texts: OrderedDict[tuple[str, str], Rows] = OrderedDict()
        self._asked: OrderedDict[tuple[str, str], Rows] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether products are found by what they mean."""
        return bool(self._views)

    @property
    def models(self) -> Models:
        return self._models

    def view(self, language: Language) -> View | None:
        return self._views.get(language)

    def question(self, text: str, language: Language) -> Rows | None:
        """Its vector, made once for all that is searched for it; None without a model."""
        model = self._models.get(language)
        if model is None:
            return None
        key = (model.name, text)
        with self._lock:
            found = self._asked.get(key)
        if found is None:
            found = model.encode([text])[0]
            with self._lock:
                self._asked[key] = found
                if len(self._asked) > _QUESTIONS:
                    self._asked.popitem(last=False)
        return found

    def text(self, text: str, language: Language) -> Rows | None:
        """The vector of a text that was embedded; None while it is not."""
        model = self._models.get(language)
        return None if model is None else self._texts.get((model.name, sha(text)))

    # --- embedding ---------------------------------------------------------------------------

    def start(self, models: Models, known: Known) -> None:
        """Use these models. Vectors that were kept are taken in."""
        for name in {model.name for model in models.values()}:
            for key, vector in known(name).items():
                self._take(name, key, np.frombuffer(vector, np.float32))
        self._models = models

    def _take(self, name: str, key: str, vector: Rows) -> None:
        with self._lock:
            self._texts[name, key] = vector
            if len(self._texts) > _TEXTS:
                self._texts.popitem(last=False)

    def learn(self, texts: Iterable[tuple[Language, str]], keep: Keep | None = None) -> None:
        """Embed those that are not yet, a few at a time; vectors are given to *keep*."""
        by_model: dict[str, tuple[Embedder, dict[str, str]]] = {}
        for language, text in texts:
            model = self._models.get(language)
            if model is not None and (key := sha(text)) and (model.name, key) not in self._texts:
                by_model.setdefault(model.name, (model, {}))[1][key] = text
        for name, (model, wanted) in by_model.items():
            fresh: dict[str, bytes] = {}
            for shas in _chunks(list(wanted)):
                if self._stopped.is_set():
                    break
                rows = model.encode([wanted[key] for key in shas])
                for key, row in zip(shas, rows, strict=True):
                    self._take(name, key, row)
                    fresh[key] = row.tobytes()
                if keep is not None and len(fresh) >= _SAVED:
                    keep(name, fresh)
                    fresh = {}
            if keep is not None and fresh:
                keep(name, fresh)

    def build(self, texts: Texts, count: int, alike: Callable[[Language], str]) -> None:
        """Vectors of all products; those of one model and *alike* are shared. Blocking: hours for
        a million, of which those are saved that were done before."""
        views: dict[Language, View] = {}
        made: dict[tuple[str, str], View] = {}
        for language in LANGUAGES:
            model = self._models[language]
            key = (model.name, alike(language))
            if key not in made:
                build = self._build_few if self._folder is None else self._build_many
                view = build(model, key[1], texts(language), count)
                if view is None:
                    return
                made[key] = view
            views[language] = made[key]
        self._views = views

    def _build_few(
        self, model: Embedder, key: str, texts: Iterable[tuple[int, str]], count: int
    ) -> View | None:
        vectors = Few(model.dims)
        places: list[int] = []
        rows: list[Rows] = []
        for chunk in _chunks(list(texts)):
            if self._stopped.is_set():
                return None
            rows.extend(self._rows(model, [text for _, text in chunk]))
            places.extend(place for place, _ in chunk)
        if places:
            vectors.put(places, np.stack(rows))
        return View(model, vectors)

    def _build_many(
        self, model: Embedder, key: str, texts: Iterable[tuple[int, str]], count: int
    ) -> View | None:
        assert self._folder is not None
        name = re.sub(r"[^\w.-]+", "_", f"{model.name}-{key}")
        file = RowsFile(self._folder / f"{name}.rows", model.dims, count)
        older = Older(self._older / f"{name}.rows") if self._older else None
        told = time.monotonic()
        places: list[int] = []
        some: list[str] = []
        keys: list[int] = []

        def embed() -> None:
            file.put(places, model.encode(some), keys)
            for one in (places, some, keys):
                one.clear()

        for done, (place, text) in enumerate(texts):
            if self._stopped.is_set():
                file.flush()
                return None
            short = _short(text)
            if int(file.shas[place]) != short:
                row = older.row(short) if older is not None else None
                if row is not None:
                    file.put([place], row, [short])
                else:
                    places.append(place)
                    some.append(text)
                    keys.append(short)
            if len(places) >= CHUNK:
                embed()
            if time.monotonic() - told > _TOLD_S:
                told = time.monotonic()
                log.info(
                    "texts are being embedded",
                    extra={"model": model.name, "done": done, "of": count},
                )
        if places:
            embed()
        file.flush()
        return View(model, Many(file, self._folder / f"{name}.faiss"), file)

    def _rows(self, model: Embedder, texts: Sequence[str]) -> Rows:
        keys = [sha(text) for text in texts]
        missing = [at for at, key in enumerate(keys) if (model.name, key) not in self._texts]
        found: dict[int, Rows] = {}
        if missing:
            made = model.encode([texts[at] for at in missing])
            found = dict(zip(missing, made, strict=True))
        return np.stack(
            [
                found[at] if at in found else self._texts[model.name, key]
                for at, key in enumerate(keys)
            ]
        )

    def follow(self, place: int, text: Mapping[Language, str]) -> None:
        """A product's text is another now; empty: it is gone."""
        seen: set[int] = set()
        for language, view in self._views.items():
            if id(view.vectors) in seen:
                continue
            seen.add(id(view.vectors))
            words = text.get(language, "")
            if not words:
                view.vectors.remove([place])
                continue
            row = self._rows(view.model, [words])
            if view.file is not None:
                view.file.put([place], row, [_short(words)])
            view.vectors.put([place], row)

    def close(self) -> None:
        for view in self._views.values():
            view.vectors.close()


def _short(text: str) -> int:
    """The first eight bytes of the sha256, and never 0."""
    return int(sha(text)[:16], 16) or 1


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
