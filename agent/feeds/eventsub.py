"""Twitch's chat over EventSub, the way that Twitch prefers; it needs a user's token.

Twitch's documentation: "Getting Events Using WebSockets", "WebSocket Messages", "Subscription
Types" (dev.twitch.tv/docs/eventsub), "Validating Tokens" (dev.twitch.tv/docs/authentication).
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from agent.feeds.http import ask, mapping, moment, rows, text
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item, Removal
from agent.feeds.twitch import channel_name
from agent.feeds.websocket import websocket
from agent.types import Stream

SOCKET = "wss://eventsub.wss.twitch.tv/ws"
HELIX = "https://api.twitch.tv/helix"
IDENTITY = "https://id.twitch.tv/oauth2/validate"
TOKEN = "CANDOR_TWITCH_TOKEN"  # noqa: S105 - the name of a variable
_SCOPE = "user:read:chat"
_KINDS = (
    "channel.chat.message",
    "channel.chat.message_delete",
    "channel.chat.clear_user_messages",
    "channel.chat.clear",
)
_WELCOME_S = 15.0
_GRACE_S = 5.0
"""More than the silence that the welcome allows."""
_LOOK_S = 3600.0
"""Twitch asks that a token in use is looked at once an hour."""
_LAST_S = 0.2
"""How long the old connection is listened to after the new one is there."""


@dataclass(frozen=True, slots=True)
class _Account:
    """Who reads, and whose chat."""

    headers: Mapping[str, str]
    user: str
    channel: str


_LONGEST_S = 600.0
"""Twitch's own most between two signs of life."""


class TwitchEvents:
    """The chat of one channel."""

    platform = "twitch"

    def __init__(
        self,
        channel: str,
        token: str,
        *,
        socket: str = SOCKET,
        helix: str = HELIX,
        identity: str = IDENTITY,
    ) -> None:
        """*token*: of any user, with the scope user:read:chat. Raises ValueError."""
        self.room = channel_name(channel)
        self._token = token
        self._socket, self._helix, self._identity = socket, helix, identity

    async def items(self) -> Stream[Item]:
        async with httpx.AsyncClient() as http:
            account = await self._account(http)
            async with aclosing(self._session(self._socket, http, account)) as items:
                async for item in items:
                    yield item

    async def _account(self, http: httpx.AsyncClient) -> _Account:
        """Raises FeedError."""
        own = await ask(
            http, "GET", self._identity, headers={"Authorization": f"OAuth {self._token}"}
        )
        scopes = own.get("scopes")
        if not isinstance(scopes, list) or _SCOPE not in scopes:
            raise FeedRefused(f"the token has no scope {_SCOPE}: make one that has, in {TOKEN}")
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Client-Id": text(own.get("client_id")),
        }
        users = await ask(
            http, "GET", f"{self._helix}/users", headers=headers, params={"login": self.room}
        )
        for user in rows(users.get("data")):
            return _Account(headers, text(own.get("user_id")), text(user.get("id")))
        raise FeedRefused(f"Twitch knows no channel {self.room}: take the name in its address")

    async def _session(
        self,
        url: str,
        http: httpx.AsyncClient,
        account: _Account,
        before: ClientConnection | None = None,
    ) -> Stream[Item]:
        """One connection. One that takes over from the connection *before* has its subscriptions,
        and ends it."""
        async with websocket(url, ping_s=None) as server:
            kind, welcome = await self._next(server, _WELCOME_S)
            if kind != "session_welcome":
                raise FeedError(f"Twitch began with {kind!r}, and not with a welcome")
            session = _session(welcome)
            silence = session.get("keepalive_timeout_seconds")
            patience = min(silence if isinstance(silence, int) else 10, _LONGEST_S) + _GRACE_S
            if before is None:
                await self._subscribe(http, account, text(session.get("id")))
                yield Alive()
            else:
                async for item in self._last(before):
                    yield item
            clock = asyncio.get_running_loop().time
            looked = clock()
            while True:
                if clock() - looked > _LOOK_S:
                    looked = clock()
                    await self._account(http)
                kind, message = await self._next(server, patience)
                if kind == "notification":
                    if (told := self._item(message)) is not None:
                        yield told
                elif kind == "revocation":
                    status = text(_subscription(message).get("status"))
                    raise FeedRefused(f"Twitch took the subscription back: {status}")
                elif kind == "session_reconnect":
                    new = text(_session(message).get("reconnect_url"))
                    async with aclosing(self._session(new, http, account, server)) as rest:
                        async for item in rest:
                            yield item
                    return

    async def _last(self, server: ClientConnection) -> Stream[Item]:
        """What *server* still had to tell; then it is closed."""
        try:
            while True:
                kind, message = await self._next(server, _LAST_S)
                if kind == "notification" and (item := self._item(message)) is not None:
                    yield item
        except (FeedError, ConnectionClosed):
            await server.close()

    async def _next(
        self, server: ClientConnection, patience_s: float
    ) -> tuple[str, Mapping[str, object]]:
        """The kind of the next message, and the message. Raises FeedError, ConnectionClosed."""
        try:
            async with asyncio.timeout(patience_s):
                received = await server.recv()
        except TimeoutError:
            raise FeedError(f"nothing came for {patience_s:.0f} s") from None
        try:
            message = mapping(msgspec.json.decode(received))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise FeedError("a message is no JSON") from None
        kind = text(mapping(message.get("metadata")).get("message_type"))
        return kind, message

    async def _subscribe(self, http: httpx.AsyncClient, account: _Account, session: str) -> None:
        """Raises FeedError."""
        for kind in _KINDS:
            body = {
                "type": kind,
                "version": "1",
                "condition": {"broadcaster_user_id": account.channel, "user_id": account.user},
                "transport": {"method": "websocket", "session_id": session},
            }
            url = f"{self._helix}/eventsub/subscriptions"
            await ask(http, "POST", url, headers=account.headers, body=body, accept=(409,))

    def _item(self, message: Mapping[str, object]) -> Item | None:
        event = mapping(mapping(message.get("payload")).get("event"))
        match text(_subscription(message).get("type")):
            case "channel.chat.message":
                return FeedLine(
                    self.platform,
                    self.room,
                    text(event.get("message_id")),
                    text(event.get("chatter_user_id")),
                    text(event.get("chatter_user_name")),
                    text(mapping(event.get("message")).get("text")),
                    moment(mapping(message.get("metadata")).get("message_timestamp")),
                    frozenset(text(badge.get("set_id")) for badge in rows(event.get("badges"))),
                )
            case "channel.chat.message_delete" if text(event.get("message_id")):
                return Removal(self.platform, self.room, id=text(event.get("message_id")))
            case "channel.chat.clear_user_messages" if text(event.get("target_user_id")):
                return Removal(self.platform, self.room, user_id=text(event.get("target_user_id")))
            case "channel.chat.clear":
                return Removal(self.platform, self.room)
        return None


def _session(message: Mapping[str, object]) -> Mapping[str, object]:
    return mapping(mapping(message.get("payload")).get("session"))


def _subscription(message: Mapping[str, object]) -> Mapping[str, object]:
    return mapping(mapping(message.get("payload")).get("subscription"))
