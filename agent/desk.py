"""What viewers and the operator may do to a running show."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from agent.blocked import Blocklist
from agent.bucket import Bucket
from agent.cards import listed
from agent.feeds.line import FeedLine
from agent.hostile import Flag, question_in
from agent.inbox import Waiting
from agent.intake import Unread
from agent.names import VIEWERS, safe_name
from agent.plaintext import clean, fold
from agent.ports import BackendError, Ears, Fate
from agent.reading import Reading
from agent.show import Show
from agent.sieve import Sight, sight
from agent.status import card, stats
from agent.types import (
    ChatMessage,
    Event,
    Focus,
    Heard,
    Language,
    RoomEvent,
    Source,
    Stream,
    What,
)
from agent.understand import Kind, Understanding, understand

MAX_TEXT = 500
"""Characters of a typed line."""
UNSURE = -0.8
"""Mean log probability below which one asks a viewer to say it again (speech.md, section 2)."""
A_VIEWER = VIEWERS["en"]
UNSHOWN = "…"
"""What is shown in place of words that nobody else should have to read."""
TOLD_PER_S, TOLD_AT_ONCE = 25.0, 100.0
"""Lines that the pages and the record are told of one by one; of more, those that are answered.
Nobody reads faster, and a record of a flood would push out what was said."""
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
    _told: Bucket = field(default_factory=lambda: Bucket(TOLD_PER_S, TOLD_AT_ONCE))
    _reading: Reading = field(default_factory=Reading)
    _blocked: Blocklist = field(default_factory=Blocklist)

    def __post_init__(self) -> None:
        self.show.intake.reader = self._read
        self.show.inbox.asked = self._tell_asked

    async def ask(
        self, author: str, text: str, *, viewer: str = "", fate: Fate | None = None
    ) -> str:
        """Take a viewer's typed line; gives its id. *fate* is told what becomes of it. Raises
        ValueError with a text for them."""
        return self._line(author, text, viewer, fate)

    async def happened(self, events: Sequence[RoomEvent]) -> None:
        """Take what viewers did without words."""
        for event in events:
            name = safe_name(event.viewer) if event.viewer else ""
            if event.what is What.ORDER:  # nobody else's matter, and no proof of anything
                name = ""
            viewer = name or VIEWERS[self.show.language]
            message = self._message(viewer, event.what.value, self.show.language, Source.EVENT)
            self.show.inbox.offer_event(message, event)

    def hear(self, line: FeedLine) -> str:
        """Take a line of another platform's chat; gives its id. Raises ValueError."""
        viewer = f"{line.platform} {line.user_id}"
        return self._line(line.user, line.text, viewer)

    def forget(self, ids: Sequence[str]) -> None:
        """Answer and show these lines no more: their platform has taken them back."""
        gone = frozenset(ids)
        self.show.intake.forget(gone)
        self.show.inbox.forget(gone)
        if self.show.turn is not None and self.show.turn.message.id in gone:
            self.show.interrupted.set()

    async def ask_aloud(self, author: str, recording: bytes, *, viewer: str = "") -> str:
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
        understanding = self._reading.read(heard.text, self.show.language)
        viewer = viewer or fold(author)[:80]
        if self._blocked.bars(viewer, heard.text):
            self.show.inbox.count("blocked")
            raise ValueError("That cannot be taken here.")
        self._take(author, understanding, viewer, Source.VOICE, heard=heard)
        return understanding.text

    def stop(self) -> None:
        self.show.interrupted.set()
        self.show.intake.clear()
        self.show.inbox.clear()
        self.show.hub.tell("stopped", {"by": "operator"})

    def take_over(self, on: bool) -> None:
        self.show.taken_over = on
        if on:
            self.show.interrupted.set()
        self.show.inbox.wake()
        self.show.hub.tell("taken_over", {"on": on})

    def block(self, line: str, on: bool) -> None:
        """Take nothing more of whoever wrote *line*, or take it again. Raises ValueError."""
        if on:
            self.forget(self._blocked.block(line))
        else:
            self._blocked.let_back(line)
        self.show.hub.tell("blocked", self._blocked.told())

    def block_word(self, word: str, on: bool) -> None:
        """Take no line with *word* in it, or take such again. Raises ValueError."""
        self._blocked.word(word, on)
        self.show.hub.tell("blocked", self._blocked.told())

    async def say(self, text: str, language: Language) -> None:
        """The operator's words: first in the inbox, and through the gate like anyone's."""
        understanding = understand(text, language)
        self._offer(
            self._message("operator", understanding.text, language, Source.OPERATOR),
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
                "blocked": self._blocked.told(),
                "voice_messages": self.ears is not None,
                "stats": stats(show),
            },
        )

    def events(self) -> Stream[Event]:
        return self.show.hub.events()

    def _line(self, author: str, text: str, viewer: str = "", fate: Fate | None = None) -> str:
        """Take a typed line: at once, or when there is time to read it; gives its id. *viewer*:
        who it is where names may be anyone's; by default the name."""
        viewer = viewer or fold(author)[:80]
        known = self._reading.known(text, self.show.language)
        looks = sight(text) if known is None and len(text) <= MAX_TEXT else Sight.PLAIN
        if looks is not Sight.GRAVE and self._blocked.bars(viewer, text):
            self.show.inbox.count("blocked")
            if fate is not None:
                fate({"what": "dropped", "reason": "blocked"})
            return secrets.token_hex(6)
        if not looks.read:
            line = self._not_read(author, text, looks, fate)
            self._blocked.note(line, viewer, safe_name(author) or VIEWERS[self.show.language])
            return line
        now, line = asyncio.get_running_loop().time(), secrets.token_hex(6)
        unread = Unread(line, author, viewer, text, now, looks, fate)
        self._blocked.note(line, viewer, safe_name(author) or VIEWERS[self.show.language])
        if looks is not Sight.GRAVE and self.show.intake.floods(viewer, now):
            self._lost(unread, "flooding")
        elif known is not None or len(text) > MAX_TEXT or self.show.intake.at_once():
            try:
                self._read(unread)
            except ValueError:
                self.show.inbox.count("unreadable")
                raise
        else:
            self.show.intake.put(unread)
        return line

    def _read(self, line: Unread) -> None:
        """Raises ValueError with a text for the viewer."""
        understanding = self._reading.read(line.text, self.show.language)
        self._take(
            line.author, understanding, line.viewer, Source.VIEWER, line=line, fate=line.fate
        )

    def _not_read(self, author: str, text: str, looks: Sight, fate: Fate | None) -> str:
        """A line that needs no close look, and no answer."""
        reason = looks.name.lower()
        if fate is not None:
            fate({"what": "dropped", "reason": reason})
        if not self._told.take():
            self.show.inbox.count(reason)
            return secrets.token_hex(6)
        shown = UNSHOWN if looks is Sight.SPAM else clean(text)
        message = self._message(author, shown, self.show.language, Source.VIEWER)
        told = self._asked(message, clean(text), reason)
        self.show.hub.tell("asked", told | ({"shown": shown} if looks is Sight.SPAM else {}))
        self.show.inbox.refuse(message, reason)
        return message.id

    def _take(
        self,
        author: str,
        understanding: Understanding,
        viewer: str,
        source: Source,
        *,
        heard: Heard | None = None,
        line: Unread | None = None,
        fate: Fate | None = None,
    ) -> None:
        tried = understanding.flag
        named = "" if tried is Flag.DISTRESS else author  # nobody else needs to know who
        message = self._message(
            named, _shown(understanding), understanding.language, source, heard, line
        )
        self.show.inbox.note(tried)
        told = self._told.take() or tried is Flag.DISTRESS
        if told:
            self._tell(message, understanding)
        if understanding.kind in _UNANSWERED:
            self.show.inbox.refuse(message, understanding.kind.value, told=told, fate=fate)
        else:
            self._offer(message, understanding, viewer, fate, told=told)
        if tried is Flag.DISTRESS:
            self._alert(message, understanding, author, viewer)

    def _tell_asked(self, item: Waiting) -> None:
        """Tell of a line that is answered, and was not told of as it came."""
        if item.event is None:
            self._tell(item.message, item.understanding)

    def _tell(self, message: ChatMessage, understanding: Understanding) -> None:
        told = self._asked(message, understanding.text, understanding.kind.value)
        if understanding.flag is not None:
            told |= {"flag": understanding.flag.value, "shown": message.text}
        self.show.hub.tell("asked", told)

    def _asked(self, message: ChatMessage, text: str, kind: str) -> dict[str, object]:
        return {
            "id": message.id,
            "author": message.author,
            "text": text,
            "language": message.language,
            "source": message.source.value,
            "kind": kind,
        }

    def _lost(self, line: Unread, reason: str) -> None:
        self.show.lost(line, reason)

    def _alert(
        self, message: ChatMessage, understanding: Understanding, author: str, viewer: str
    ) -> None:
        """Tell the operator that someone may hurt themselves, by the name they go by; and let the
        host answer it even where the line asks for something that goes first."""
        name = safe_name(author) or VIEWERS[self.show.language]
        told = {"id": message.id, "why": "distress", "author": name, "text": understanding.text}
        self.show.hub.tell("alert", told)
        if understanding.kind is Kind.IDENTITY:
            self._offer(message, replace(understanding, kind=Kind.DISTRESS), viewer)

    def _message(
        self,
        author: str,
        text: str,
        language: Language | None,
        source: Source,
        heard: Heard | None = None,
        line: Unread | None = None,
    ) -> ChatMessage:
        now = line.at if line else asyncio.get_running_loop().time()
        ours = source in (Source.OPERATOR, Source.EVENT)
        name = author if ours else safe_name(author) or VIEWERS[self.show.language]
        made = line.id if line else secrets.token_hex(6)
        return ChatMessage(made, name, text, now, language, source, heard)

    def _offer(
        self,
        message: ChatMessage,
        understanding: Understanding,
        viewer: str = "",
        fate: Fate | None = None,
        *,
        told: bool = True,
    ) -> None:
        show = self.show
        show.inbox.offer(message, understanding, viewer, focus=show.focus, fate=fate, told=told)


def _shown(understanding: Understanding) -> str:
    """*understanding*'s words as all may read them: of abuse only the question in it, of distress
    nothing."""
    if understanding.flag is Flag.ABUSE:
        return question_in(understanding.text) or UNSHOWN
    return UNSHOWN if understanding.flag is Flag.DISTRESS else understanding.text
