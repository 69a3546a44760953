"""What the pages are told: every event to the studio, to viewers what concerns them."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from agent.types import Event

_VIEWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "asked": ("id", "author", "text", "language", "source"),
    "picked": ("id", "author", "text", "language"),
    "said": ("id", "text", "language", "rung", "frame"),
    "answered": ("id",),
    "pinned": ("card",),
    "cards": ("cards", "gone"),
    "notice": ("frame",),
    "state": ("shop", "host", "label", "language", "card", "products", "voice_messages"),
}
"""Kinds of events, and what of them, that a viewer is told. Never what was refused."""
_KEPT: Final = {"asked": 60, "picked": 30, "said": 60, "refused": 30, "answered": 50, "alert": 10}
"""How many past events a page that opens is given."""
_NAMES: Final = {"asked": "chat"}
_CHAT_PER_BATCH: Final = 20
"""Chat lines that viewers are shown at once: nobody reads more."""


def line(events: Iterable[Mapping[str, object]]) -> str:
    """*events* as one message: ``{"events": [{"kind": ...}, ...]}``."""
    return msgspec.json.encode({"events": list(events)}).decode()


def for_studio(event: Event) -> dict[str, object]:
    return {**event.data, "kind": event.kind, "at": round(event.at, 3)}


def for_viewers(event: Event) -> dict[str, object] | None:
    names = _VIEWERS.get(event.kind)
    if names is None:
        return None
    told = {"kind": event.kind} | {n: event.data[n] for n in names if n in event.data}
    if "shown" in event.data:  # of a line that not everyone should have to read
        told["text"] = event.data["shown"]
    return told


class Past:
    """The last events of the kinds that a page shows when it opens."""

    def __init__(self) -> None:
        self._events = {kind: deque[Event](maxlen=most) for kind, most in _KEPT.items()}

    def add(self, event: Event) -> None:
        if event.kind in self._events:
            self._events[event.kind].append(event)

    def state(self, snapshot: Event) -> dict[str, object]:
        """*snapshot* for the studio, with what it does not say itself: chat, said, refused and
        answered."""
        past = {
            _NAMES.get(kind, kind): [for_studio(event) for event in events]
            for kind, events in self._events.items()
        }
        return {**past, **for_studio(snapshot)}

    def viewers_state(self, snapshot: Event) -> dict[str, object]:
        """*snapshot* for viewers, with chat and said."""
        past = {
            _NAMES.get(kind, kind): [for_viewers(event) for event in self._events[kind]]
            for kind in ("asked", "said")
        }
        return {**past, **(for_viewers(snapshot) or {})}


class Batch:
    """Events for viewers that wait for the next message."""

    def __init__(self) -> None:
        self._events: list[dict[str, object]] = []
        self._chat = 0
        self.crowded_out = 0
        """Chat lines that viewers were not shown, as there were too many."""

    def add(self, event: Event) -> None:
        told = for_viewers(event)
        if told is None:
            return
        if event.kind == "asked":
            self._chat += 1
            if self._chat > _CHAT_PER_BATCH:
                self.crowded_out += 1
                return
        self._events.append(told)

    def take(self) -> str | None:
        """The message; None when nothing happened."""
        if not self._events:
            return None
        told = line(self._events)
        self._events.clear()
        self._chat = 0
        return told
