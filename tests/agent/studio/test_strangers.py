"""What strangers may send to the server: nothing of it breaks it, or holds it up for others."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from agent.studio import commands, patience
from agent.studio.commands import MalformedError
from agent.studio.uploads import plain_name
from tests.agent.studio.fakes import TOKEN, Room

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["do", "text", "name", "on", "sku", "x"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room() as server:
        yield server


def raw(room: Room, *parts: bytes, wait_s: float = 5.0) -> bytes:
    """What comes back for bytes as they are; b"" where the server hangs up."""
    host, port = room.listener.getsockname()[:2]
    with socket.create_connection((host, port), timeout=wait_s) as client:
        with contextlib.suppress(OSError):
            for part in parts:
                client.sendall(part)
            client.shutdown(socket.SHUT_WR)
            return client.recv(4096)
        return b""


def well(room: Room) -> bool:
    return bool(httpx.get(f"{room.base}/health", timeout=5).json()["ok"])


@FEW
@given(
    st.binary(max_size=200)
    | st.just(b"GET / HTTP/1.1\r\nHost: ").flatmap(
        lambda start: st.binary(max_size=80).map(lambda rest: start + rest + b"\r\n\r\n")
    )
)
def test_any_bytes_leave_the_server_well(room: Room, data: bytes) -> None:
    answer = raw(room, data)
    assert not answer or answer.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert well(room)


@FEW
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_path_and_query_is_answered_without_a_fault_of_ours(
    room: Room, path: str, query: str
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=room.base, headers=headers) as client:
        for base in ("/", "/pages/", "/product/", "/api/catalog/", "/api/load/", "/api/load?name="):
            place = f"{base}{quote(path, safe='')}"
            joint = "&" if "?" in place else "?"
            url = f"{place}{joint}q={quote(query)}&limit={quote(query)}"
            assert client.get(url).status_code < 500


@FEW
@given(st.text(max_size=100) | JSON.map(json.dumps))
def test_any_text_is_a_command_or_is_refused_in_words(text: str) -> None:
    for read in (commands.viewer_command, commands.studio_command, commands.login):
        with contextlib.suppress(MalformedError):
            read(text)


@pytest.mark.parametrize("path", ["/room", "/studio/socket", "/media"])
def test_whatever_a_socket_is_sent_the_next_one_is_served(room: Room, path: str) -> None:
    @settings(max_examples=12, deadline=None)
    @given(st.lists(st.text(max_size=60) | st.binary(max_size=60), max_size=3))
    def send(messages: list[str | bytes]) -> None:
        with contextlib.suppress(WebSocketException), connect(room.sockets + path) as client:
            for message in messages:
                client.send(message)
        assert well(room)

    send()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_name_of_an_upload_leads_anywhere(name: str) -> None:
    plain = plain_name(name)
    assert plain
    assert not set(plain) & set("/\\\0")
    assert not plain.startswith(".")
    assert len(plain.encode()) <= 160


def test_heads_beyond_all_bounds_are_refused(room: Room) -> None:
    start = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    one = b"X-Long: " + b"a" * 200_000 + b"\r\n"
    many = b"".join(b"X-%d: a\r\n" % n for n in range(20_000))
    for head in (one, many):
        answer = raw(room, start, head, b"\r\n")  # or it hangs up before all of it is sent
        assert not answer or b" 400 " in answer[:20]
    assert well(room)


def test_who_says_nothing_or_too_slowly_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    with Room() as room:
        place = room.listener.getsockname()[:2]
        with contextlib.ExitStack() as stack:
            idle = [stack.enter_context(socket.create_connection(place)) for _ in range(150)]
            slow = idle[0]
            slow.sendall(b"GET / HTTP/1.1\r\n")
            assert well(room)  # others are served meanwhile
            with contextlib.suppress(OSError):
                for _ in range(10):
                    time.sleep(0.1)
                    slow.sendall(b"X")
            for client in idle:
                client.settimeout(5)
                with contextlib.suppress(ConnectionResetError):
                    assert client.recv(10) == b""
        # Who has asked is not concerned: a socket stays open, and a further request comes late.
        with httpx.Client(base_url=room.base) as web, connect(f"{room.sockets}/room") as viewer:
            viewer.recv(timeout=5)
            assert web.get("/health").status_code == 200
            time.sleep(0.6)
            assert web.get("/health").status_code == 200
            viewer.send(json.dumps({"do": "ask", "text": "still here"}))
            assert "taken" in str(viewer.recv(timeout=5))
