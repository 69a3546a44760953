"""What viewers and the operator may do to a running show."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from agent.cards import listed
from agent.hostile import Flag, question_in
from agent.names import VIEWERS, safe_name
from agent.plaintext import fold
from agent.ports import BackendError, Ears
from agent.show import Show
from agent.status import card, stats
from agent.types import (
    ChatMessage,
    Event,
    Focus,
    Heard,
    Language,
    Source,
    Stream,
)
from agent.understand import Kind, Understanding, understand

MAX_TEXT = 500
"""Characters of a typed line."""
UNSURE = -0.8
"""Mean log probability below which one asks a viewer to say it again (speech.md, section 2)."""
A_VIEWER = VIEWERS["en"]
UNSHOWN = "…"
"""What is shown in place of words that nobody else should have to read."""
_UNANSWERED = frozenset({Kind.EMOJI_ONLY, Kind.HOSTILE})


class Names(Protocol):
    """Who knows what the shop's things are called."""

    def names(self) -> Sequence[str]: ...


@dataclass
class ShowDesk:
    """The one real ``agent.ports.Desk``."""

    show: Show
    ears: Ears | None
    names: Names
    host_name: str = "Mia"

    async def ask(self, author: str, text: str) -> str:
        """Take a viewer's typed line; gives its id. Raises ValueError with a text for them."""
        return self._take(author, text, Source.VIEWER, None).id

    async def ask_aloud(self, author: str, recording: bytes) -> str:
        """Take a viewer's voice message; gives what was heard. Raises ValueError with a text for
        the viewer."""
        if self.ears is None:
            raise ValueError("Voice messages are switched off here. Please type your question.")
        try:
            heard = await self.ears.hear(recording, self.names.names())
        except BackendError as error:
            raise ValueError(str(error)) from error
        if not heard.text or heard.confidence < UNSURE:
            raise ValueError("I could not make that out. Please say it again, or type it.")
        return self._take(author, heard.text, Source.VOICE, heard).text

    def stop(self) -> None:
        self.show.interrupted.set()
        self.show.inbox.clear()
        self.show.hub.tell("stopped", {"by": "operator"})

    def take_over(self, on: bool) -> None:
        self.show.taken_over = on
        if on:
            self.show.interrupted.set()
        self.show.inbox.wake()
        self.show.hub.tell("taken_over", {"on": on})

    async def say(self, text: str, language: Language) -> None:
        """The operator's words: first in the inbox, and through the gate like anyone's."""
        understanding = understand(text, language)
        self._offer(
            self._message("operator", understanding.text, language, Source.OPERATOR, None),
            Understanding(understanding.text, language, Kind.QUESTION),
        )

    def pin(self, sku: str) -> None:
        product = self.show.catalog.product(sku)
        if product is None:
            raise KeyError(sku)
        self.show.focus = Focus(sku, sku)
        self.show.hub.tell("pinned", {"card": card(product, self.show.language)})

    def snapshot(self) -> Event:
        show = self.show
        on_show = show.card()
        return Event(
            "state",
            asyncio.get_running_loop().time(),
            {
                "shop": show.shop,
                "host": self.host_name,
                "language": show.language,
                "card": card(on_show, show.language) if on_show else None,
                "products": [card(item, show.language) for item in listed(show)],
                "taken_over": show.taken_over,
                "voice_messages": self.ears is not None,
                "stats": stats(show),
            },
        )

    def events(self) -> Stream[Event]:
        return self.show.hub.events()

    def _take(self, author: str, text: str, source: Source, heard: Heard | None) -> ChatMessage:
        if len(text) > MAX_TEXT:
            raise ValueError(f"Please keep it under {MAX_TEXT} characters.")
        understanding = understand(text, self.show.language)
        tried = understanding.flag
        named = "" if tried is Flag.DISTRESS else author  # nobody else needs to know who
        message = self._message(named, _shown(understanding), understanding.language, source, heard)
        told = {
            "id": message.id,
            "author": message.author,
            "text": understanding.text,
            "language": message.language,
            "source": source.value,
            "kind": understanding.kind.value,
        }
        if tried is not None:
            told |= {"flag": tried.value, "shown": message.text}
        self.show.inbox.note(tried)
        self.show.hub.tell("asked", told)
        if understanding.kind in _UNANSWERED:
            self.show.inbox.refuse(message, understanding.kind.value)
        else:
            self._offer(message, understanding, fold(author)[:80])
        if tried is Flag.DISTRESS:
            self._alert(message, understanding, author)
        return message

    def _alert(self, message: ChatMessage, understanding: Understanding, author: str) -> None:
        """Tell the operator that someone may hurt themselves, by the name they go by; and let the
        host answer it even where the line asks for something that goes first."""
        name = safe_name(author) or VIEWERS[self.show.language]
        told = {"id": message.id, "why": "distress", "author": name, "text": understanding.text}
        self.show.hub.tell("alert", told)
        if understanding.kind is Kind.IDENTITY:
            self._offer(message, replace(understanding, kind=Kind.DISTRESS), fold(author)[:80])

    def _message(
        self,
        author: str,
        text: str,
        language: Language | None,
        source: Source,
        heard: Heard | None,
    ) -> ChatMessage:
        now = asyncio.get_running_loop().time()
        operator = source is Source.OPERATOR
        name = author if operator else safe_name(author) or VIEWERS[self.show.language]
        return ChatMessage(secrets.token_hex(6), name, text, now, language, source, heard)

    def _offer(self, message: ChatMessage, understanding: Understanding, viewer: str = "") -> None:
        self.show.inbox.offer(message, understanding, viewer)


def _shown(understanding: Understanding) -> str:
    """*understanding*'s words as all may read them: of abuse only the question in it, of distress
    nothing."""
    if understanding.flag is Flag.ABUSE:
        return question_in(understanding.text) or UNSHOWN
    return UNSHOWN if understanding.flag is Flag.DISTRESS else understanding.text
