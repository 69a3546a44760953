"""What viewers did without words, told over HTTP by who has the token: the shop's own system, or a
bridge to a platform. Never by a viewer."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from agent.events import MOST
from agent.ports import Desk
from agent.studio.commands import MalformedError
from agent.studio.limits import Bucket
from agent.types import RoomEvent, What

BYTES: Final = 32 * 1024
"""Of one request."""
AT_ONCE: Final = 200
"""Events in one request."""
EVENTS: Final = (100.0, 1000.0)
"""A second in the long run, and at once. A thousand likes are one event with a count."""


class Happened(Struct, forbid_unknown_fields=True):
    what: What
    viewer: Annotated[str, Meta(max_length=80)] = ""
    """As the platform calls them; "" where it does not say."""
    count: Annotated[int, Meta(ge=1, le=MOST)] = 1
    """Likes, gifts, orders or people."""


class Batch(Struct, forbid_unknown_fields=True):
    events: Annotated[list[Happened], Meta(min_length=1, max_length=AT_ONCE)]


class TooManyError(Exception):
    """More than anybody could be thanked for; says what to do."""


class Happenings:
    """Takes events for *desk*, so many a second."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bucket = Bucket(*EVENTS)

    async def take(self, body: bytes) -> int:
        """Take all of *body*, or nothing; gives how many. Raises MalformedError, TooManyError."""
        try:
            events = msgspec.json.decode(body, type=Batch).events
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            raise MalformedError(_reason(error)) from error
        if not self._bucket.take(len(events)):
            raise TooManyError(
                f"too many events: {EVENTS[0]:.0f} a second; send likes and entries together, "
                'as one event with a count: {"what": "like", "count": 250}'
            )
        await self._desk.happened([RoomEvent(one.what, one.viewer, one.count) for one in events])
        return len(events)


def _reason(error: Exception) -> str:
    """Names the field and what was expected of it."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    text = str(error)
    if "enum value" in text:
        return f"{text}: one of {', '.join(What)}"
    return f'{text}; send {{"events": [{{"what": "gift", "viewer": "Ann", "count": 1}}]}}'
