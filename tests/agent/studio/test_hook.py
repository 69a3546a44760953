"""What bridges post: whose requests are taken, what of them, and what is said of the rest."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.config import Config, ConfigError, secrets
from agent.feeds.hook import BODY_BYTES, HookError, HookFeed, read, sign
from agent.feeds.line import FeedLine, Removal
from agent.feeds.opened import feeds
from agent.studio import hook as hook_module
from agent.types import What
from tests.agent.studio.fakes import TOKEN, Room

SECRET = "a-secret-of-the-tests-0123456789"
LINE = {"kind": "line", "platform": "douyin", "room": "7", "user": "Mei", "text": "how much?"}


@pytest.fixture
def room() -> Iterator[Room]:
    with Room(hook=HookFeed(SECRET, ["own-site", "douyin"])) as server:
        yield server


def posted(
    room: Room,
    *records: object,
    secret: str = SECRET,
    off_s: float = 0.0,
    body: bytes | None = None,
) -> httpx.Response:
    body = body or "\n".join(json.dumps(one) for one in records).encode()
    stamp = f"{time.time() + off_s:.6f}"
    headers = {"Candor-Timestamp": stamp, "Candor-Signature": sign(secret, stamp, body)}
    return httpx.post(f"{room.base}/api/hook", content=body, headers=headers)


def until(holds: Callable[[], bool]) -> None:
    """Wait for what the show's thread does."""
    for _ in range(200):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")


def test_what_a_bridge_posts_is_heard_taken_back_and_thanked_for(room: Room) -> None:
    first = LINE | {"id": "1", "user_id": "u1"}
    answer = posted(
        room,
        first,
        LINE | {"id": "2", "user_id": "u2", "at": "2026-11-26T12:00:00+08:00", "badges": ["vip"]},
        {"kind": "event", "platform": "douyin", "what": "gift", "user": "Mei", "count": 3},
        {"kind": "removal", "platform": "own-site", "id": "1"},
        {"kind": "removal", "platform": "douyin", "room": "7", "user_id": "u1"},
    )
    assert (answer.status_code, answer.json()) == (200, {"taken": 5})
    assert posted(room, first).json() == {"taken": 1}  # signed anew, and known by its id
    until(lambda: counted(room, "up", "lines", "twice", "events") == [1, 2, 1, 1])
    assert [line.user_id for line in room.desk.heard] == ["u1", "u2"]
    assert room.desk.heard[1].at.isoformat() == "2026-11-26T04:00:00+00:00"
    assert room.desk.forgotten == ["h1"]
    assert [(one.what, one.viewer, one.count) for one in room.desk.happenings] == [
        (What.GIFT, "Mei", 3)
    ]


def counted(room: Room, *names: str) -> list[float]:
    """What the metrics say of the feed."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    text = httpx.get(f"{room.base}/metrics", headers=headers).text
    labels = '{platform="webhook",room="/api/hook"} '
    return [float(text.split(f"candor_feed_{name}{labels}")[1].split()[0]) for name in names]


def test_only_who_knows_the_secret_is_heard_and_each_request_once(room: Room) -> None:
    assert posted(room, LINE, secret="another secret, as long").status_code == 401
    late = posted(room, LINE, off_s=-400)
    assert late.status_code == 401
    assert "400 s old" in late.json()["error"]
    assert "ahead" in posted(room, LINE, off_s=400).json()["error"]
    body, stamp = json.dumps(LINE).encode(), str(int(time.time()))
    headers = {"Candor-Timestamp": stamp, "Candor-Signature": sign(SECRET, stamp, body)}
    url = f"{room.base}/api/hook"
    assert httpx.post(url, content=body).status_code == 401
    assert httpx.post(url, content=body + b" ", headers=headers).status_code == 401
    assert httpx.post(url, content=body, headers=headers).json() == {"taken": 1}
    again = httpx.post(url, content=body, headers=headers)
    assert again.status_code == 409
    assert "taken before" in again.json()["error"]
    assert httpx.get(url).status_code == 405


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (LINE | {"platform": "tiktok"}, "line 2: platform: .*add it to platforms in"),
        (LINE | {"text": "x" * 501}, r"line 2: .*length <= 500.*\$\.text"),
        ({"kind": "line", "platform": "douyin", "user": "Mei"}, "line 2: .*field `text`"),
        (LINE | {"kind": "gift"}, "line 2: .*one of line, removal, event"),
        (LINE | {"colour": "red"}, "line 2: .*unknown field `colour`"),
        (
            {"kind": "event", "platform": "douyin", "what": "wave"},
            "entry, like, follow, gift, order",
        ),
        ({"kind": "event", "platform": "douyin", "what": "like", "count": 0}, r"\$\.count"),
        ({"kind": "removal", "platform": "douyin"}, "say what is taken back"),
        ([LINE], "line 2: "),
    ],
)
def test_a_faulty_record_is_named_and_nothing_of_its_request_is_taken(
    record: object, says: str
) -> None:
    body = f"{json.dumps(LINE)}\n{json.dumps(record)}".encode()
    with pytest.raises(HookError, match=says) as refused:
        read(body, ["own-site", "douyin"])
    assert refused.value.status == 422
    assert "Mei" not in str(refused.value)


def test_what_is_too_long_too_slow_or_too_much_is_refused(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook_module, "BODY_S", 0.2)
    assert posted(room, body=b" " * (BODY_BYTES + 1)).status_code == 413

    def trickle() -> Iterator[bytes]:
        yield b"{"
        time.sleep(0.6)
        yield b"}"

    headers = {"Candor-Timestamp": "1", "Candor-Signature": "v1=0"}
    slow = httpx.post(f"{room.base}/api/hook", content=trickle(), headers=headers)
    assert slow.status_code == 408
    assert "at most 200" in posted(room, *[LINE] * 201).json()["error"]
    statuses = [posted(room, LINE, secret="wrong").status_code for _ in range(30)]
    assert statuses.count(429) > 5
    assert posted(room, LINE).status_code == 200  # who knows the secret does not suffer from it


async def test_a_flood_of_records_is_refused_and_what_waits_is_bounded() -> None:
    feed = HookFeed(SECRET, ["douyin"], clock=lambda: 1000.0)
    body = b"\n".join([json.dumps(LINE).encode()] * 200)
    statuses = []
    for n in range(40):
        stamp = f"1000.{n}"
        try:
            feed.take(stamp, sign(SECRET, stamp, body), body)
        except HookError as error:
            statuses.append(error.status)
    assert statuses == [429] * 25
    items = feed.items()
    assert len([await anext(items) for _ in range(3001)]) == 3001
    await items.aclose()


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_whatever_is_posted_is_read_or_refused_in_words(body: bytes) -> None:
    with contextlib.suppress(HookError):
        assert all(isinstance(one, FeedLine | Removal) for one in read(body, ["own-site"]))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=80))
def test_no_signature_but_the_right_one_is_taken(stamp: str, signature: str) -> None:
    async def attempt() -> None:
        with pytest.raises(HookError) as refused:
            HookFeed(SECRET, ["own-site"]).take(stamp, signature, b"{}")
        assert refused.value.status == 401

    asyncio.run(attempt())


def test_deep_nesting_is_refused_in_words() -> None:
    with pytest.raises(HookError, match="line 1: "):
        read(b"[" * 60_000, ["own-site"])


def test_without_a_secret_nothing_is_taken_and_a_short_one_is_refused() -> None:
    with Room() as shut:
        answer = posted(shut, LINE)
        assert answer.status_code == 404
        assert "CANDOR_WEBHOOK_SECRET" in answer.json()["error"]
    with pytest.raises(ConfigError, match=r"CANDOR_WEBHOOK_SECRET is too short.*openssl"):
        feeds(Config(), secrets({"CANDOR_WEBHOOK_SECRET": "short"}))
    [feed] = feeds(Config(), secrets({"CANDOR_WEBHOOK_SECRET": SECRET}))
    assert isinstance(feed, HookFeed)


def test_the_bridge_in_the_handbook_is_heard_and_told_of_its_faults(room: Room) -> None:
    handbook = Path(__file__).parents[3] / "docs" / "webhook.md"
    code = handbook.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        env={"CANDOR_URL": room.base, "CANDOR_WEBHOOK_SECRET": SECRET},
        input="Ann\thow much is it?\nBob\t\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "line 1" in done.stderr
    assert "text" in done.stderr
    until(
        lambda: [(line.user, line.text) for line in room.desk.heard] == [("Ann", "how much is it?")]
    )
