"""A chat that somebody else's program posts to us, signed: for platforms without a client here.

One request is JSON lines, each one record of ``agent.feeds.line``; its signature is HMAC-SHA256
over "timestamp.body" with a secret that both sides know (docs/webhook.md). What passes goes the way
of every feed, through ``agent.feeds.keep``: each line once, removals, silence, health.
"""

import asyncio
import hmac
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from agent.bucket import Bucket
from agent.events import MOST
from agent.feeds.line import Alive, FeedLine, Happening, Item, Removal
from agent.types import RoomEvent, Stream, What

SECRET: Final = "CANDOR_WEBHOOK_SECRET"  # noqa: S105 - the name of the variable
LEAST_SECRET: Final = 16
"""Characters."""
WINDOW_S: Final = 300.0
"""How far the sender's clock may be from ours."""
BODY_BYTES: Final = 64 * 1024
AT_ONCE: Final = 200
"""Records in one request."""
REQUESTS: Final = (20.0, 100.0)
"""A second in the long run, and at once."""
RECORDS: Final = (300.0, 3000.0)
"""Likewise."""
WAITING: Final = 5000
"""Records that may wait for the show's turn."""
_REMEMBERED: Final = int(REQUESTS[1] + REQUESTS[0] * 2 * WINDOW_S) + 1
"""All signatures that can have been taken while one of them still counts."""
_STAMP: Final = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
_LINE = (
    '{"kind": "line", "platform": "own-site", "id": "1", "user": "Ann", "text": "how much is it?"}'
)

_Id = Annotated[str, Meta(max_length=200)]
_Name = Annotated[str, Meta(max_length=80)]
_Platform = Annotated[str, Meta(min_length=1, max_length=40)]


class _Record(Struct, tag_field="kind", forbid_unknown_fields=True):
    platform: _Platform
    """As in agent/profiles.toml."""


class _Line(_Record, tag="line"):
    user: _Name
    text: Annotated[str, Meta(min_length=1, max_length=500)]
    room: _Id = ""
    id: _Id = ""
    user_id: _Id = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None
    badges: Annotated[list[_Name], Meta(max_length=16)] = []

    def item(self) -> Item:
        at = self.at.astimezone(UTC) if self.at else datetime.now(UTC)
        who = self.user_id or self.user
        badges = frozenset(self.badges)
        return FeedLine(self.platform, self.room, self.id, who, self.user, self.text, at, badges)


class _Removal(_Record, tag="removal"):
    room: _Id = ""
    id: _Id = ""
    user_id: _Id = ""
    everything: bool = False

    def item(self) -> Item:
        if not (self.id or self.user_id or self.everything):
            raise ValueError('say what is taken back: id, user_id, or "everything": true')
        if self.everything:
            return Removal(self.platform, self.room)
        return Removal(self.platform, self.room, self.id, self.user_id)


class _Event(_Record, tag="event"):
    what: What
    room: _Id = ""
    id: _Id = ""
    user: _Name = ""
    count: Annotated[int, Meta(ge=1, le=MOST)] = 1

    def item(self) -> Item:
        event = RoomEvent(self.what, self.user, self.count)
        return Happening(self.platform, self.room, self.id, event)


_DECODER = msgspec.json.Decoder(_Line | _Removal | _Event)


class HookError(Exception):
    """A request is not taken: says why, and what to do. *status* is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def sign(secret: str, stamp: str, body: bytes) -> str:
    """What a sender puts into Candor-Signature."""
    return "v1=" + hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()


def read(body: bytes, platforms: Sequence[str]) -> list[Item]:
    """The records in *body*, JSON lines, of *platforms* alone. Raises HookError (422)."""
    lines = [(n, one) for n, one in enumerate(body.split(b"\n"), 1) if one.strip()]
    if not lines:
        raise HookError(422, f"the body is empty; send JSON lines, as {_LINE}")
    if len(lines) > AT_ONCE:
        raise HookError(422, f"{len(lines)} records in one request; send at most {AT_ONCE}")
    return [_read(number, one, platforms) for number, one in lines]


def _read(number: int, line: bytes, platforms: Sequence[str]) -> Item:
    try:
        record: _Line | _Removal | _Event = _DECODER.decode(line)
        if record.platform not in platforms:
            known = ", ".join(platforms)
            raise ValueError(
                f"platform: this show is not set for it, but for {known}: add it to platforms in "
                "[show] of candor.toml, so that its rules on AI hosts hold"
            )
        return record.item()
    except RecursionError:
        raise HookError(422, f"line {number}: nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError, ValueError) as error:
        raise HookError(422, f"line {number}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """msgspec names the field and what was expected of it, never the value."""
    text = str(error)
    if "$.what" in text:
        return f"{text}: one of {', '.join(What)}"
    if "$.kind" in text or "`kind`" in text:
        return f"{text}: kind is one of line, removal, event"
    if isinstance(error, msgspec.ValidationError):
        return text
    if isinstance(error, msgspec.DecodeError):
        return f"{text}; each line is one JSON object, as {_LINE}"
    return text


class HookFeed:
    """The feed that requests are taken into."""

    platform = "webhook"
    room = "/api/hook"

    def __init__(
        self, secret: str, platforms: Sequence[str], clock: Callable[[], float] = time.time
    ) -> None:
        """*clock*: seconds since 1970. Raises ValueError for a secret that can be guessed."""
        if len(secret) < LEAST_SECRET:
            raise ValueError(
                f"{SECRET} is too short: at least {LEAST_SECRET} characters, as `openssl rand "
                "-hex 32` gives"
            )
        self._secret = secret
        self._platforms = tuple(platforms)
        self._clock = clock
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._requests, self._records = Bucket(*REQUESTS), Bucket(*RECORDS)
        self._queue: asyncio.Queue[Item] = asyncio.Queue(WAITING)

    async def items(self) -> Stream[Item]:
        """What is posted; for as long as the show runs."""
        yield Alive()
        while True:
            yield await self._queue.get()

    def take(self, stamp: str, signature: str, body: bytes) -> int:
        """Take all of *body*, or nothing; gives how many records. Raises HookError."""
        self._verify(stamp, signature, body)
        if not self._requests.take():
            raise HookError(429, f"more than {REQUESTS[0]:.0f} requests a second: gather records")
        items = read(body, self._platforms)
        if self._queue.maxsize - self._queue.qsize() < len(items):
            raise HookError(429, "the show has not caught up yet: wait a second")
        if not self._records.take(len(items)):
            raise HookError(
                429,
                f"more than {RECORDS[0]:.0f} records a second; send likes and entries together, as "
                'one event with a count: {"what": "like", "count": 250}',
            )
        self._taken[signature] = None
        while len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)
        for item in items:
            self._queue.put_nowait(item)
        return len(items)

    def _verify(self, stamp: str, signature: str, body: bytes) -> None:
        """Raises HookError: 401 for who does not know the secret, 409 for what was taken before."""
        if not _STAMP.fullmatch(stamp):
            raise HookError(401, "Candor-Timestamp: seconds since 1970, as in the signed text")
        wanted = sign(self._secret, stamp, body)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise HookError(
                401,
                "Candor-Signature: not right; it is v1= and the hex of HMAC-SHA256 over "
                f'"timestamp.body" with {SECRET}',
            )
        off = float(stamp) - self._clock()
        if abs(off) > WINDOW_S:
            raise HookError(
                401,
                f"Candor-Timestamp: {abs(off):.0f} s {'ahead' if off > 0 else 'old'}; at most "
                f"{WINDOW_S:.0f} s: set the sender's clock, and sign each request anew",
            )
        if signature in self._taken:
            raise HookError(409, "this very request was taken before; it is not taken twice")
