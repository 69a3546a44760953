"""Against a peer that speaks the open platform's protocol; the peer's packets were read by an
independent client (blivedm) when it was written."""

import asyncio
import contextlib
import hashlib
import hmac
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from agent.feeds.bilibili import Access, BilibiliChat
from agent.feeds.bilipacket import LARGEST, Op, Packet, PacketError, packed, packets
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item
from tests.agent.feeds.platform import first, platform


def deflated(*inner: bytes) -> bytes:
    return packed(Op.MESSAGE, zlib.compress(b"".join(inner)), 2)


def danmu(id: str, words: str, *, at: object = 1_764_000_000, admin: int = 0) -> bytes:
    data = {"uname": "小美", "open_id": "o42", "msg": words, "msg_id": id, "timestamp": at}
    message = {"cmd": "LIVE_OPEN_PLATFORM_DM", "data": data | {"is_admin": admin}}
    return packed(Op.MESSAGE, msgspec.json.encode(message), 0)


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(PacketError):
        list(packets(data))


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5), st.booleans())
def test_packets_come_through_one_after_another_and_deflated(
    bodies: list[bytes], small: bool
) -> None:
    whole = [packed(Op.MESSAGE, body) for body in bodies]
    data = deflated(*whole) if small else b"".join(whole)
    assert list(packets(data)) == [Packet(Op.MESSAGE, body) for body in bodies]


def test_a_little_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(PacketError, match="larger"):
        list(packets(deflated(b"\0" * (LARGEST + 1))))


def test_packets_do_not_nest_without_end() -> None:
    with pytest.raises(PacketError, match="deflated within deflated"):
        list(packets(deflated(deflated(danmu("1", "x")))))


@dataclass
class Bilibili:
    sends: list[bytes]
    admits: int = 0
    start: int = 0
    answers: bool = True
    asked: list[tuple[str, object]] = field(default_factory=list)
    beats: int = 0
    port: int = 0

    async def api(self, request: Request) -> Response:
        body = await request.body()
        heads = {
            name: value for name, value in request.headers.items() if name.startswith("x-bili")
        }
        lines = "\n".join(f"{name}:{heads[name]}" for name in sorted(heads))
        right = hmac.new(b"secret", lines.encode(), hashlib.sha256).hexdigest()
        assert heads["x-bili-accesskeyid"] == "key"
        assert heads["x-bili-content-md5"] == hashlib.md5(body).hexdigest()
        assert request.headers["authorization"] == right
        what = request.path_params["what"]
        self.asked.append((what, msgspec.json.decode(body)))
        if what == "start" and self.start:
            return JSONResponse({"code": self.start, "message": "身份码错误"})
        link = f"ws://127.0.0.1:{self.port}/sub"
        socket = {"auth_body": '{"roomid":1}', "wss_link": [link]}
        data = {"game_info": {"game_id": "g1"}, "websocket_info": socket}
        return JSONResponse({"code": 0, "message": "0", "data": data})

    async def chat(self, socket: WebSocket) -> None:
        await socket.accept()
        assert list(packets(await socket.receive_bytes())) == [Packet(Op.AUTH, b'{"roomid":1}')]
        answer = msgspec.json.encode({"code": self.admits})
        await socket.send_bytes(packed(Op.AUTH_ANSWER, answer))
        for sent in self.sends:
            await socket.send_bytes(sent)
        try:
            while True:
                [packet] = packets(await socket.receive_bytes())
                self.beats += packet.op == Op.HEARTBEAT
                if self.answers:
                    await socket.send_bytes(packed(Op.HEARD, b"\0\0\0\1") + b"[echo]")
        except WebSocketDisconnect:
            pass

    def routes(self) -> list[Route | WebSocketRoute]:
        return [
            Route("/v2/app/{what}", self.api, methods=["POST"]),
            WebSocketRoute("/sub", self.chat),
        ]


def watched(bilibili: Bilibili, count: int, beat_s: float = 20.0, pause_s: float = 0) -> list[Item]:
    async def watch() -> list[Item]:
        async with platform(bilibili.routes()) as port:
            bilibili.port = port
            access = Access("key", "secret", "code")
            feed = BilibiliChat(99, access, api=f"http://127.0.0.1:{port}", beat_s=beat_s)
            if not pause_s:
                return await first(feed, count)
            watching = asyncio.create_task(first(feed, count))
            await asyncio.sleep(pause_s)
            watching.cancel()
            await asyncio.wait([watching])
            return []

    return asyncio.run(watch())


def test_lines_come_and_the_app_is_started_and_ended() -> None:
    bilibili = Bilibili(
        [
            packed(Op.MESSAGE, b'{"cmd":"LIVE_OPEN_PLATFORM_LIKE","data":{}}', 0),
            deflated(danmu("1", "多少钱"), danmu("2", "蓝色有吗", admin=1)),
            danmu("3", "hello", at="soon"),
        ]
    )
    alive, one, two, three = watched(bilibili, 4)
    at = datetime.fromtimestamp(1_764_000_000, UTC)
    assert alive == Alive()
    assert one == FeedLine("bilibili", "app 99", "1", "o42", "小美", "多少钱", at)
    assert two == FeedLine(
        "bilibili", "app 99", "2", "o42", "小美", "蓝色有吗", at, frozenset({"moderator"})
    )
    assert isinstance(three, FeedLine)
    assert bilibili.asked == [
        ("start", {"code": "code", "app_id": 99}),
        ("end", {"game_id": "g1", "app_id": 99}),
    ]


def test_both_heartbeats_go_on_while_nobody_writes() -> None:
    bilibili = Bilibili([])
    watched(bilibili, 2, beat_s=0.05, pause_s=1.0)
    assert bilibili.beats >= 3
    assert ("heartbeat", {"game_id": "g1"}) in bilibili.asked
    assert bilibili.asked[-1][0] == "end"


def test_a_chat_that_no_longer_answers_is_left() -> None:
    with pytest.raises(FeedError, match="no longer answers"):
        watched(Bilibili([], answers=False), 2, beat_s=0.05)


def test_a_pass_that_is_not_taken_is_tried_again_and_a_wrong_code_waits_for_somebody() -> None:
    with pytest.raises(FeedError, match="did not take the pass"):
        watched(Bilibili([], admits=-101), 2)
    with pytest.raises(FeedRefused, match="4002: 身份码错误"):
        watched(Bilibili([], start=4002), 2)


def test_bytes_that_are_no_packets_end_the_connection_and_the_app() -> None:
    bilibili = Bilibili([b"nonsense"])
    with pytest.raises(FeedError, match="cannot be read"):
        watched(bilibili, 2)
    assert bilibili.asked[-1][0] == "end"
