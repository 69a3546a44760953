"""Against a server that speaks EventSub as Twitch's documentation has it."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from agent.feeds.eventsub import TwitchEvents
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item, Removal
from tests.agent.feeds.platform import first, platform

AT = "2026-11-26T08:00:01.634234626Z"


def message(kind: str, **payload: object) -> dict[str, object]:
    return {
        "metadata": {"message_id": "m", "message_type": kind, "message_timestamp": AT},
        "payload": payload,
    }


def chat(id: str, words: str, kind: str = "channel.chat.message") -> dict[str, object]:
    event = {
        "broadcaster_user_id": "1337",
        "chatter_user_id": "42",
        "chatter_user_login": "mei",
        "chatter_user_name": "Mei",
        "target_user_id": "42",
        "message_id": id,
        "message": {"text": words, "fragments": []},
        "badges": [{"set_id": "moderator", "id": "1", "info": ""}],
    }
    return message("notification", subscription={"type": kind, "status": "enabled"}, event=event)


@dataclass
class Twitch:
    """What it does on each connection is a list of messages; then it keeps it."""

    connections: list[list[dict[str, object]]]
    scopes: list[str] = field(default_factory=lambda: ["user:read:chat"])
    refusal: int = 0
    keepalive: int = 10
    asked: list[object] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    port: int = 0

    async def validate(self, request: Request) -> Response:
        if request.headers["Authorization"] != "OAuth right":
            return JSONResponse({"status": 401, "message": "invalid access token"}, 401)
        return JSONResponse({"client_id": "app", "user_id": "7", "scopes": self.scopes})

    async def users(self, request: Request) -> Response:
        login = request.query_params["login"]
        return JSONResponse({"data": [{"id": "1337"}] if login == "shop" else []})

    async def subscribe(self, request: Request) -> Response:
        if self.refusal:
            return JSONResponse({"message": "no room"}, self.refusal)
        self.asked.append((request.headers["Client-Id"], await request.json()))
        return JSONResponse({"data": []}, 202)

    async def socket(self, socket: WebSocket) -> None:
        await socket.accept()
        number = len(self.closed) + 1
        self.closed.append(0)
        session = {"id": f"s{number}", "keepalive_timeout_seconds": self.keepalive}
        await socket.send_json(message("session_welcome", session=session))
        for told in self.connections[number - 1]:
            if told["metadata"]["message_type"] == "session_reconnect":  # type: ignore[index]
                url = {"reconnect_url": f"ws://127.0.0.1:{self.port}/again"}
                told = message("session_reconnect", session=url)
            await socket.send_json(told)
        with contextlib.suppress(WebSocketDisconnect):
            await socket.receive()
        self.closed[number - 1] = 1

    def routes(self) -> list[Route | WebSocketRoute]:
        return [
            Route("/validate", self.validate),
            Route("/helix/users", self.users),
            Route("/helix/eventsub/subscriptions", self.subscribe, methods=["POST"]),
            WebSocketRoute("/ws", self.socket),
            WebSocketRoute("/again", self.socket),
        ]


def watched(
    twitch: Twitch, count: int, *, channel: str = "shop", token: str = "right"
) -> list[Item]:
    async def watch() -> list[Item]:
        async with platform(twitch.routes()) as port:
            twitch.port = port
            here = f"127.0.0.1:{port}"
            feed = TwitchEvents(
                channel,
                token,
                socket=f"ws://{here}/ws",
                helix=f"http://{here}/helix",
                identity=f"http://{here}/validate",
            )
            return await first(feed, count)

    return asyncio.run(watch())


def line(id: str, words: str) -> FeedLine:
    at = datetime(2026, 11, 26, 8, 0, 1, 634234, UTC)
    return FeedLine("twitch", "shop", id, "42", "Mei", words, at, frozenset({"moderator"}))


def test_lines_and_removals_come_once_the_chat_was_subscribed_to() -> None:
    twitch = Twitch(
        [
            [
                message("session_keepalive"),
                chat("a", "how much is it?"),
                chat("a", "", "channel.chat.message_delete"),
                chat("", "", "channel.chat.clear_user_messages"),
                chat("", "", "channel.chat.clear"),
            ]
        ]
    )
    assert watched(twitch, 5) == [
        Alive(),
        line("a", "how much is it?"),
        Removal("twitch", "shop", id="a"),
        Removal("twitch", "shop", user_id="42"),
        Removal("twitch", "shop"),
    ]
    clients, bodies = zip(*twitch.asked, strict=True)
    assert set(clients) == {"app"}
    assert bodies[0] == {
        "type": "channel.chat.message",
        "version": "1",
        "condition": {"broadcaster_user_id": "1337", "user_id": "7"},
        "transport": {"method": "websocket", "session_id": "s1"},
    }


def test_a_server_that_hands_over_loses_no_line_and_its_connection_is_closed() -> None:
    twitch = Twitch(
        [
            [chat("a", "one"), message("session_reconnect"), chat("b", "two")],
            [chat("c", "three")],
        ]
    )
    lines = [item for item in watched(twitch, 4) if isinstance(item, FeedLine)]
    assert [one.text for one in lines] == ["one", "two", "three"]
    assert len(twitch.asked) == 4  # the subscriptions came with it
    assert twitch.closed[0] == 1


def test_silence_beyond_what_the_welcome_allows_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agent.feeds.eventsub._GRACE_S", 0.1)
    with pytest.raises(FeedError, match="nothing came"):
        watched(Twitch([[]], keepalive=0), 2)


@pytest.mark.parametrize(
    ("twitch", "channel", "token", "why"),
    [
        (Twitch([[]]), "shop", "wrong", "invalid access token"),
        (Twitch([[]], scopes=["chat:read"]), "shop", "right", "no scope user:read:chat"),
        (Twitch([[]]), "other", "right", "knows no channel other"),
        (Twitch([[]], refusal=403), "shop", "right", "403: no room"),
        (
            Twitch([[message("revocation", subscription={"status": "user_removed"})]]),
            "shop",
            "right",
            "user_removed",
        ),
    ],
)
def test_what_somebody_has_to_mend_is_told(
    twitch: Twitch, channel: str, token: str, why: str
) -> None:
    with pytest.raises(FeedRefused, match=why):
        watched(twitch, 2, channel=channel, token=token)


@pytest.mark.parametrize("told", [[], 1, None, {"payload": 3}, {"metadata": {"message_type": []}}])
def test_a_message_of_no_known_form_is_passed_over(told: object) -> None:
    twitch = Twitch([[]])

    async def odd(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json(message("session_welcome", session={"id": "s"}))
        await socket.send_json(told)
        await socket.send_json(chat("a", "one"))
        await socket.receive()

    twitch.socket = odd  # type: ignore[method-assign]
    assert watched(twitch, 2)[1] == line("a", "one")
