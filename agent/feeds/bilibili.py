"""Bilibili's live chat by its open platform, with the app of a registered developer.

Bilibili Open Live (open-live.bilibili.com/document): an app is started for the broadcaster's
identity code, gives an address and a pass for the chat, wants a heartbeat every 20 s, and is ended.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection

from agent.feeds.bilipacket import Op, Packet, PacketError, packed, packets
from agent.feeds.http import ask, mapping, text
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item
from agent.feeds.websocket import websocket
from agent.types import Stream

API = "https://live-open.biliapi.com"
KEY, SECRET, CODE = "CANDOR_BILIBILI_KEY", "CANDOR_BILIBILI_SECRET", "CANDOR_BILIBILI_CODE"
BEAT_S = 20.0
"""Between two heartbeats, of the app and of the chat."""
_ADMITTED_S = 10.0


@dataclass(frozen=True, slots=True)
class Access:
    """What the platform gave the developer and the broadcaster; secrets."""

    key: str
    secret: str
    code: str
    """主播身份码, of the broadcaster."""


class BilibiliChat:
    """The chat of one broadcaster."""

    platform = "bilibili"

    def __init__(self, app: int, access: Access, *, api: str = API, beat_s: float = BEAT_S) -> None:
        """*app*: the app's number (项目 ID)."""
        self.room = f"app {app}"
        self._app = app
        self._access = access
        self._api = api
        self._beat_s = beat_s

    async def items(self) -> Stream[Item]:
        async with (
            httpx.AsyncClient() as http,
            self._started(http) as (address, pass_, game),
            websocket(address, ping_s=None) as server,
        ):
            await server.send(packed(Op.AUTH, pass_))
            await self._admitted(server)
            yield Alive()
            clock = asyncio.get_running_loop().time
            beat_at, heard_at = clock() + self._beat_s, clock()
            while True:
                try:
                    async with asyncio.timeout_at(beat_at):
                        received = await server.recv()
                except TimeoutError:
                    if clock() - heard_at > 2.5 * self._beat_s:
                        raise FeedError("the chat no longer answers") from None
                    await server.send(packed(Op.HEARTBEAT))
                    await self._ask(http, "/v2/app/heartbeat", {"game_id": game})
                    beat_at = clock() + self._beat_s
                    continue
                heard_at = clock()
                for packet in _packets(received):
                    if packet.op == Op.MESSAGE and (item := self._item(packet.body)):
                        yield item

    @asynccontextmanager
    async def _started(self, http: httpx.AsyncClient) -> AsyncIterator[tuple[str, bytes, str]]:
        """The app started, and ended at the end: the chat's address, the pass, the app's run."""
        body = {"code": self._access.code, "app_id": self._app}
        data = await self._ask(http, "/v2/app/start", body)
        socket = mapping(data.get("websocket_info"))
        links = socket.get("wss_link")
        address = text(links[0]) if isinstance(links, list) and links else ""
        game = text(mapping(data.get("game_info")).get("game_id"))
        try:
            if not address:
                raise FeedError("Bilibili gave no address of the chat")
            yield address, text(socket.get("auth_body")).encode(), game
        finally:
            with suppress(FeedError):
                await self._ask(http, "/v2/app/end", {"game_id": game, "app_id": self._app})

    async def _admitted(self, server: ClientConnection) -> None:
        """Raises FeedError."""
        try:
            async with asyncio.timeout(_ADMITTED_S):
                answer = next(iter(_packets(await server.recv())), None)
        except TimeoutError:
            raise FeedError("Bilibili did not answer the pass") from None
        code = _json(answer.body).get("code") if answer and answer.op == Op.AUTH_ANSWER else None
        if code != 0:
            raise FeedError(f"Bilibili did not take the pass ({code})")

    async def _ask(
        self, http: httpx.AsyncClient, path: str, body: Mapping[str, object]
    ) -> Mapping[str, object]:
        content = msgspec.json.encode(body)
        told = await ask(
            http,
            "POST",
            f"{self._api}{path}",
            headers=signed(content, self._access.key, self._access.secret),
            content=content,
        )
        if told.get("code") != 0:
            why = f"Bilibili answered {told.get('code')}: {text(told.get('message'))}"
            raise (FeedRefused if path.endswith("start") else FeedError)(why)
        return mapping(told.get("data"))

    def _item(self, body: bytes) -> Item | None:
        message = _json(body)
        command = message.get("cmd")
        if command == "LIVE_OPEN_PLATFORM_INTERACTION_END":
            raise FeedError("Bilibili ended the app's run")
        if command != "LIVE_OPEN_PLATFORM_DM":
            return None
        data = mapping(message.get("data"))
        at = data.get("timestamp")
        return FeedLine(
            self.platform,
            self.room,
            text(data.get("msg_id")),
            text(data.get("open_id")) or text(data.get("uname")),
            text(data.get("uname")),
            text(data.get("msg")),
            datetime.fromtimestamp(at, UTC)
            if isinstance(at, int) and 0 < at < 1 << 33
            else datetime.now(UTC),
            frozenset({"moderator"}) if data.get("is_admin") == 1 else frozenset(),
        )


def signed(content: bytes, key: str, secret: str) -> dict[str, str]:
    """The heads of a request with the body *content* (Bilibili Open Live, "签名")."""
    heads = {
        "x-bili-accesskeyid": key,
        "x-bili-content-md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "x-bili-signature-method": "HMAC-SHA256",
        "x-bili-signature-nonce": secrets.token_hex(16),
        "x-bili-signature-version": "1.0",
        "x-bili-timestamp": str(int(time.time())),
    }
    lines = "\n".join(f"{name}:{heads[name]}" for name in sorted(heads))
    signature = hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()
    return heads | {
        "Authorization": signature,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


def _packets(received: str | bytes) -> list[Packet]:
    """Raises FeedError."""
    try:
        return list(packets(received if isinstance(received, bytes) else received.encode()))
    except PacketError as error:
        raise FeedError(f"what Bilibili sent cannot be read: {error}") from error


def _json(body: bytes) -> Mapping[str, object]:
    try:
        return mapping(msgspec.json.decode(body))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
