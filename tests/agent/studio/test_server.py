import asyncio
import json
import random
import socket
import struct
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from agent.studio import sockets as sockets_module
from agent.studio.settings import CannotServe, StudioSettings, open_port
from tests.agent.publish.synthetic import SMALL
from tests.agent.studio.fakes import TOKEN, Room

Told = dict[str, object]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    image = tmp_path_factory.mktemp("pictures") / "lamp.png"
    image.write_bytes(b"\x89PNG lamp")
    with Room({"SKU-1": image}, origins=("https://shop.example",)) as server:
        yield server


def events(client: ClientConnection, until: str) -> list[Told]:
    """All events up to the first of kind *until*."""
    told: list[Told] = []
    while True:
        told += json.loads(client.recv(timeout=5))["events"]
        if any(event["kind"] == until for event in told):
            return told


def last(client: ClientConnection, kind: str) -> Told:
    return next(event for event in events(client, kind) if event["kind"] == kind)


def open_studio(room: Room) -> ClientConnection:
    client = connect(f"{room.sockets}/studio/socket")
    client.send(json.dumps({"token": TOKEN}))
    return client


def test_a_viewer_asks_and_everyone_reads_it(room: Room) -> None:
    with connect(f"{room.sockets}/room") as one, connect(f"{room.sockets}/room") as two:
        state = last(one, "state")
        assert (state["shop"], state["host"]) == ("Lantern & Co", "Mia")
        assert last(two, "state")
        one.send(json.dumps({"do": "ask", "name": "Ann", "text": "how much is the lamp?"}))
        assert last(one, "taken")["id"]
        asked = last(two, "asked")
        assert (asked["author"], asked["text"]) == ("Ann", "how much is the lamp?")
    assert ("Ann", "how much is the lamp?") in room.desk.asked


def test_viewers_are_not_told_what_was_refused(room: Room) -> None:
    with connect(f"{room.sockets}/room") as viewer, open_studio(room) as operator:
        assert last(viewer, "state")
        assert last(operator, "state")
        room.tell("refused", id="r", text="the best ever", rule="absolute", reason="no source")
        room.tell(
            "said", id="r", text="It is €24.90.", spoken="x", rung="fact", evidence=[], frame=1
        )
        assert last(operator, "refused")["rule"] == "absolute"
        told = events(viewer, "said")
        assert "refused" not in {event["kind"] for event in told}
        assert "evidence" not in told[-1]


def test_a_page_that_opens_late_is_told_what_was_said(room: Room) -> None:
    with open_studio(room) as operator:
        assert last(operator, "state")
        room.tell("said", id="late", text="It ships today.", rung="fact", evidence=[], frame=77)
        assert last(operator, "said")
    with connect(f"{room.sockets}/room") as viewer:
        said = last(viewer, "state")["said"]
        assert isinstance(said, list)
        assert said[-1]["text"] == "It ships today."


def test_a_voice_message_is_heard_or_refused_with_a_reason(room: Room) -> None:
    with connect(f"{room.sockets}/room") as viewer:
        viewer.send(b"RIFF and so on")
        assert last(viewer, "heard")["text"] == "how much is the lamp"
        viewer.send(b"no sound")
        assert last(viewer, "sorry")["reason"] == "That is not sound."
        viewer.send(b"RIFF")
        assert "One voice message" in str(last(viewer, "sorry")["reason"])


def test_the_operator_commands_the_desk(room: Room) -> None:
    commands: list[Told] = [
        {"do": "stop"},
        {"do": "take_over", "on": True},
        {"do": "say", "text": "Welcome!", "language": "fr"},
        {"do": "pin", "sku": "SKU-2"},
        {"do": "block", "on": True, "line": "m1"},
        {"do": "block", "on": False, "word": "scam"},
    ]
    with open_studio(room) as operator:
        for command in commands:
            operator.send(json.dumps(command))
            assert last(operator, "done")["do"] == command["do"]
        operator.send(json.dumps({"do": "pin", "sku": "SKU-9"}))
        assert last(operator, "sorry")["reason"] == "There is no product SKU-9."
    wanted = [("stop",), ("take_over", True), ("say", "Welcome!", "fr"), ("pin", "SKU-2")]
    blocked = [("block", "m1", True), ("block_word", "scam", False)]
    assert room.desk.done == [*wanted, *blocked]


@pytest.mark.parametrize(
    "first",
    ["{}", '{"token": "wrong"}', "rubbish", '{"token": null}', b"\x00", "[" * 4000, "é" * 9],
)
def test_the_studio_is_shut_without_its_token(room: Room, first: str | bytes) -> None:
    with connect(f"{room.sockets}/studio/socket") as client:
        client.send(first)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=5)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4401


def test_a_tool_may_bring_the_token_in_its_header(room: Room) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with connect(f"{room.sockets}/studio/socket", additional_headers=headers) as client:
        assert last(client, "state")
    assert httpx.get(f"{room.base}/metrics").status_code == 401
    metrics = httpx.get(f"{room.base}/metrics", headers=headers)
    assert "candor_events_total" in metrics.text


@pytest.mark.parametrize("path", ["/room", "/media", "/studio/socket"])
def test_pages_of_other_sites_open_no_socket(room: Room, path: str) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://["):
        with pytest.raises(InvalidStatus) as refused:
            connect(room.sockets + path, additional_headers={"Origin": origin}).close()
        assert refused.value.response.status_code == 403
    for origin in (room.base, "https://shop.example"):
        connect(room.sockets + path, additional_headers={"Origin": origin}).close()


def test_a_name_that_is_not_ours_is_refused(room: Room) -> None:
    answer = httpx.get(room.base, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.text) == (403, "this server is not known by that name\n")


def test_pages_may_load_nothing_from_elsewhere(room: Room) -> None:
    for path in ("/", "/studio", "/pages/watch.js", "/pages/vendor/htm-preact.js"):
        answer = httpx.get(room.base + path)
        assert answer.status_code == 200
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert httpx.get(f"{room.base}/health").json() == {"ok": True}
    for path in ("/pages/../server.py", "/pages/%2e%2e/server.py", "/pages//etc/passwd"):
        assert httpx.get(room.base + path).status_code == 404


def test_a_product_has_its_picture(room: Room) -> None:
    answer = httpx.get(f"{room.base}/product/SKU-1.png")
    assert (answer.status_code, answer.content) == (200, b"\x89PNG lamp")
    assert httpx.get(f"{room.base}/product/SKU-2.png").status_code == 404


def test_rubbish_is_answered_and_the_socket_stays_open(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sockets_module, "Bucket", lambda *_: Generous())
    rng = random.Random(5)
    samples: list[str] = [
        *(
            "",
            "null",
            "[]",
            "{}",
            '"ask"',
            "[" * 4000,
            "{" * 4000,
            "9" * 400,
            "😀",
            "\x00",
        ),
        *('{"do": "ask"}', '{"do": "ask", "text": 5}', '{"do": "ask", "text": ""}', "x" * 5000),
        *('{"do": "stop"}', '{"do": "pin", "sku": {}}', '{"do": "ask", "text": "\\ud800"}'),
        *('{"do": "ask", "text": "a", "more": 1}', '{"do": "hello", "name": null}'),
        '{"do": "ask", "text": "' + "y" * 3000 + '"}',
    ]
    valid = '{"do": "ask", "name": "Ann", "text": "how much?"}'
    for _ in range(60):
        cut = list(valid)
        for _ in range(rng.randrange(1, 6)):
            cut[rng.randrange(len(cut))] = chr(rng.choice([34, 92, 123, 125, 0, 233, 0x1F600]))
        samples.append("".join(cut))
    for path, first in (("/room", None), ("/studio/socket", json.dumps({"token": TOKEN}))):
        with connect(room.sockets + path) as client:
            if first:
                client.send(first)
            assert last(client, "state")
            for sample in samples:
                if path != "/room" and '"do": "stop"' in sample:
                    continue
                client.send(sample)
            client.send(json.dumps({"do": "nothing like it"}))
            told: list[Told] = []
            while not any("nothing like it" in str(event.get("reason")) for event in told):
                told += events(client, "sorry")
            assert sum(event["kind"] == "sorry" for event in told) > 40
    assert not [r for r in caplog.records if r.exc_info]


class Generous:
    def take(self) -> bool:
        return True


def test_too_many_lines_are_refused(room: Room) -> None:
    with connect(f"{room.sockets}/room") as viewer:
        for _ in range(8):
            viewer.send(json.dumps({"do": "ask", "text": "spam"}))
        assert last(viewer, "sorry")["reason"] == "Slow down a little, please."


def test_a_message_beyond_all_bounds_ends_its_socket(room: Room) -> None:
    # Only the head of a masked binary frame (RFC 6455 §5.2): the length that it announces is
    # refused before a byte of it is read. Bytes left unread would reset the connection, and a
    # reset may overtake the close frame that says why.
    head = struct.pack("!BBQ4x", 0x82, 0xFF, 2 * 1024 * 1024 + 1)
    with connect(f"{room.sockets}/room") as viewer:
        viewer.socket.sendall(head)
        with pytest.raises(ConnectionClosed) as closed:
            events(viewer, "never")
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1009


def test_one_address_cannot_take_all_the_room() -> None:
    with Room(most_sockets_per_address=2, most_sockets=3) as room:
        one, two = connect(f"{room.sockets}/room"), connect(f"{room.sockets}/room")
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{room.sockets}/room")
        assert refused.value.response.status_code == 403
        one.close()
        two.close()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                connect(f"{room.sockets}/room").close()
                break
            except InvalidStatus:
                time.sleep(0.05)
        else:
            pytest.fail("a place that was given up stays taken")


def test_a_viewer_who_does_not_read_is_dropped_and_another_sees_all() -> None:
    async def watch(room: Room) -> None:
        stalled = socket.create_connection(("127.0.0.1", room.listener.getsockname()[1]))
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.sendall(
            b"GET /media HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        async with connect_async(f"{room.sockets}/media", max_size=None) as quick:
            assert "avc1" in str(await quick.recv())
            async with asyncio.timeout(30):
                while not room.preview.dropped:
                    room.loop.call_soon_threadsafe(room.preview._spread, b"\0" * 50_000, False)
                    assert await quick.recv()
            assert await quick.recv()
        stalled.close()

    with Room(encoding=SMALL) as room:
        asyncio.run(watch(room))


def test_an_address_that_others_reach_needs_a_token() -> None:
    for token in ("", "short"):
        with pytest.raises(CannotServe, match="CANDOR_STUDIO_TOKEN"):
            StudioSettings(host="0.0.0.0", token=token)
    assert "secret" not in repr(StudioSettings(host="0.0.0.0", token="secret-secret-secret"))
    assert len(StudioSettings().token) >= 32
    assert StudioSettings().token != StudioSettings().token


def test_a_taken_port_is_said_with_the_remedy() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotServe, match=rf"port {port} .*candor\.toml"):
            open_port(StudioSettings(port=port))
    with pytest.raises(CannotServe, match="no address"):
        open_port(StudioSettings(host="no such host", token="x" * 20))


def test_pictures_outside_the_catalog_are_not_served(room: Room) -> None:
    for sku in ("..%2F..%2Fetc%2Fpasswd", "%00", "x" * 3000):
        assert httpx.get(f"{room.base}/product/{sku}.png").status_code in (400, 404)


def test_who_wrote_a_line_learns_what_becomes_of_it_and_nobody_else_does(room: Room) -> None:
    with connect(f"{room.sockets}/room") as one, connect(f"{room.sockets}/room") as two:
        assert last(one, "state")
        assert last(two, "state")
        one.send(json.dumps({"do": "ask", "name": "Ann", "text": "lol"}))
        told = events(one, "fate")
        kinds = [event["kind"] for event in told if event["kind"] in ("taken", "fate")]
        assert kinds == ["taken", "fate"]
        assert told[-1] | {"kind": "fate"} == told[-1]
        assert told[-1]["reason"] == "hype"
        room.tell("said", id="x", text="It ships today.", rung="fact", evidence=[], frame=1)
        assert "fate" not in {event["kind"] for event in events(two, "said")}


def test_one_page_is_one_viewer_under_any_name(room: Room) -> None:
    with connect(f"{room.sockets}/room") as one, connect(f"{room.sockets}/room") as two:
        for client, name in ((one, "Ann"), (one, "Ben"), (two, "Ann")):
            client.send(json.dumps({"do": "ask", "name": name, "text": "hello there"}))
            assert last(client, "taken")
    first, second, third = room.desk.viewers[-3:]
    assert first == second
    assert first != third
