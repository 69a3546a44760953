"""What comes from another platform's chat: one record, whatever the platform."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from agent.types import RoomEvent, Stream


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One line that a viewer wrote on another platform."""

    platform: str
    """As in agent/profiles.toml."""
    room: str
    """The channel, video or room there."""
    id: str
    """The platform's own, by which it is known again; empty where it gives none."""
    user_id: str
    """Stays the same when the name changes; the name where the platform gives no other."""
    user: str
    """As it is shown there."""
    text: str
    at: datetime
    """When it was written, by the platform's clock; UTC."""
    badges: frozenset[str] = frozenset()
    """What the platform says of who wrote it: "moderator", "subscriber"."""


@dataclass(frozen=True, slots=True)
class Removal:
    """The platform, or its moderators, took something back: it is not to be answered any more."""

    platform: str
    room: str
    id: str = ""
    """Of one line."""
    user_id: str = ""
    """All that this one wrote. Neither: all that anybody wrote."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What a viewer there did without words."""

    platform: str
    room: str
    id: str
    """As a line's."""
    event: RoomEvent


@dataclass(frozen=True, slots=True)
class Alive:
    """The feed is connected, and has nothing to tell."""


Item: TypeAlias = FeedLine | Removal | Happening | Alive


class FeedError(Exception):
    """The feed broke off, or could not be reached: it is tried again."""


class FeedRefused(FeedError):  # noqa: N818 - a verdict of the platform
    """The platform does not let us in as things are: says why, and what to do."""


class Feed(Protocol):
    """One chat of one platform. ``agent.feeds.keep`` keeps it connected."""

    platform: str
    room: str

    def items(self) -> Stream[Item]:
        """Connect, and give what comes until it breaks off; each call connects anew. The first
        item comes once the platform has let us in. Raises FeedError, and nothing else."""
        ...
