"""Twitch's chat over IRC: read without an account.

Twitch's documentation, "Twitch Chat & Chatbots" (dev.twitch.tv/docs/chat/irc): a nick that begins
with "justinfan" reads a channel without a token. ``agent.feeds.eventsub`` is the way that Twitch
prefers, and needs one.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

from websockets.asyncio.client import ClientConnection

from agent.feeds import irc
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item, Removal
from agent.feeds.websocket import websocket
from agent.types import Stream

URL = "wss://irc-ws.chat.twitch.tv:443"
ORIGIN = "https://www.twitch.tv"
JOIN_S = 15.0
"""From connected to joined at most."""
PING_S = 60.0
"""Without a line for so long, the server is asked whether it is there; after as long again
without an answer it is not."""
_CHANNEL = re.compile(r"[a-z0-9_]{1,25}")


def channel_name(written: str) -> str:
    """The channel that somebody calls *written*. Raises ValueError."""
    name = written.lower().removeprefix("#")
    if not _CHANNEL.fullmatch(name):
        raise ValueError(f"{written!r} is no channel of Twitch; take the name in its address")
    return name


class TwitchChat:
    """The chat of one channel."""

    platform = "twitch"

    def __init__(self, channel: str, *, url: str = URL, ping_s: float = PING_S) -> None:
        """Raises ValueError."""
        self.room = channel_name(channel)
        self._url = url
        self._ping_s = ping_s

    async def items(self) -> Stream[Item]:
        async with websocket(self._url, origin=ORIGIN, ping_s=None) as server:
            nick = f"justinfan{10_000 + secrets.randbelow(90_000)}"
            for line in (
                "CAP REQ :twitch.tv/tags twitch.tv/commands",
                "CAP END",
                f"NICK {nick}",
                f"USER {nick} 0 * :{nick}",
            ):
                await _send(server, line)
            async with aclosing(self._commands(server)) as commands:
                try:
                    async with asyncio.timeout(JOIN_S):
                        await self._join(server, commands)
                except TimeoutError:
                    raise FeedError(
                        f"not let into #{self.room} within {JOIN_S:.0f} s; is that its name?"
                    ) from None
                yield Alive()
                async for command in commands:
                    if command.name == "RECONNECT":
                        raise FeedError("the platform is restarting this server")
                    if (item := self._item(command)) is not None:
                        yield item

    async def _commands(self, server: ClientConnection) -> Stream[irc.Command]:
        """What the server says; its pings are answered, and it is asked when it is quiet."""
        asked = False
        while True:
            try:
                async with asyncio.timeout(self._ping_s):
                    received = await server.recv()
            except TimeoutError:
                if asked:
                    raise FeedError("the server no longer answers") from None
                asked = True
                await _send(server, "PING :candor")
                continue
            asked = False
            text = received if isinstance(received, str) else received.decode("utf-8", "replace")
            for line in text.splitlines():
                command = irc.parse(line)
                if command is None:
                    continue
                if command.name == "PING":
                    await _send(server, f"PONG :{command.params[-1] if command.params else ''}")
                else:
                    yield command

    async def _join(self, server: ClientConnection, commands: AsyncIterator[irc.Command]) -> None:
        async for command in commands:
            match command.name:
                case "001":
                    await _send(server, f"JOIN #{self.room}")
                case "366" if self._here(command.params[1:2]):
                    return
                case "NOTICE" if "authentication failed" in " ".join(command.params).lower():
                    raise FeedRefused("the platform lets nobody in without an account just now")
                case "403" | "471" | "473" | "474" | "475":
                    why = command.params[-1] if command.params else command.name
                    raise FeedRefused(f"#{self.room}: {why}; look at the channel's name")
                case "ERROR":
                    raise FeedError(" ".join(command.params) or "the server said ERROR")

    def _here(self, params: tuple[str, ...]) -> bool:
        return [name.lower() for name in params] == [f"#{self.room}"]

    def _item(self, command: irc.Command) -> Item | None:
        if not self._here(command.params[:1]):
            return None
        tags = command.tags
        match command.name:
            case "PRIVMSG" if len(command.params) > 1:
                return FeedLine(
                    self.platform,
                    self.room,
                    tags.get("id", ""),
                    tags.get("user-id") or command.nick,
                    tags.get("display-name") or command.nick,
                    irc.said(command.params[1]),
                    _when(tags.get("tmi-sent-ts", "")),
                    frozenset(
                        badge.partition("/")[0]
                        for badge in tags.get("badges", "").split(",")
                        if badge
                    ),
                )
            case "CLEARMSG" if tags.get("target-msg-id"):
                return Removal(self.platform, self.room, id=tags["target-msg-id"])
            case "CLEARCHAT":
                user = tags.get("target-user-id") or (command.params[1:2] or ("",))[0]
                return Removal(self.platform, self.room, user_id=user)
        return None


async def _send(server: ClientConnection, line: str) -> None:
    await server.send(f"{line}\r\n")


def _when(milliseconds: str) -> datetime:
    if milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 15:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    return datetime.now(UTC)
