"""Whatever a platform sends, or somebody in its place: it is read, passed over, or refused as a
fault of the feed; it never breaks the show, and never fills its memory."""

import json
import struct
import sys
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.feeds import irc
from agent.feeds.bilibili import Access, BilibiliChat
from agent.feeds.bilipacket import LARGEST, Op, PacketError, packed, packets
from agent.feeds.eventsub import TwitchEvents
from agent.feeds.http import moment
from agent.feeds.keep import LONGEST, REMEMBERED, Keeper
from agent.feeds.line import FeedError, FeedLine, Removal
from agent.feeds.twitch import TwitchChat
from agent.feeds.youtube import YouTubeChat

FEW = settings(max_examples=50, deadline=None)
WORDS = (
    *("type", "id", "snippet", "authorDetails", "payload", "event", "subscription", "metadata"),
    *("message_id", "message", "text", "badges", "data", "cmd", "timestamp", "msg", "open_id"),
    *("publishedAt", "textMessageDetails", "messageText", "channel.chat.message"),
    *("textMessageEvent", "LIVE_OPEN_PLATFORM_DM", "0001-01-01T00:00:00+14:00"),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(WORDS)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
    ),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=8)


@FEW
@given(st.text(max_size=300) | st.text("@:; =\\!#\x01badgesPRIVMSG09", max_size=80))
def test_any_line_is_irc_or_none(line: str) -> None:
    command = irc.parse(line)
    if command is not None:
        item = TwitchChat("shop")._item(command)
        assert item is None or isinstance(item, FeedLine | Removal)


@FEW
@given(
    st.binary(max_size=200)
    | st.builds(
        lambda length, head, version, op, body: (
            struct.pack(">IHHII", length, head, version, op, 1) + body
        ),
        *(st.integers(0, 40), st.integers(0, 40), st.integers(0, 4), st.integers(0, 9)),
        st.binary(max_size=40),
    )
)
def test_any_bytes_are_packets_or_a_fault_of_the_feed(data: bytes) -> None:
    with suppress(PacketError):
        list(packets(data))


def test_what_unpacks_to_more_than_a_message_is_refused_before_it_fills_the_memory() -> None:
    bomb = zlib.compress(b"\0" * (LARGEST + 1))
    with pytest.raises(PacketError, match="unpacked larger"):
        list(packets(packed(Op.MESSAGE, bomb, 2)))


@FEW
@given(OBJECTS, st.binary(max_size=60))
def test_any_message_of_bilibili_is_a_line_or_passed_over(
    message: Mapping[str, object], rubbish: bytes
) -> None:
    chat = BilibiliChat(1, Access("k", "s", "c"))
    for body in (json.dumps({**message, "cmd": "LIVE_OPEN_PLATFORM_DM"}).encode(), rubbish):
        with suppress(FeedError):
            item = chat._item(body)
            assert item is None or isinstance(item, FeedLine)


@FEW
@given(OBJECTS, OBJECTS)
def test_any_row_of_youtube_is_an_item_or_passed_over(
    row: Mapping[str, object], snippet: Mapping[str, object]
) -> None:
    chat = YouTubeChat("x", "key")
    for kind in ("textMessageEvent", "messageDeletedEvent", "userBannedEvent", "superChatEvent"):
        item = chat._item({**row, "snippet": {**snippet, "type": kind}})
        assert item is None or isinstance(item, FeedLine | Removal)


@FEW
@given(OBJECTS, OBJECTS)
def test_any_event_of_twitch_is_an_item_or_passed_over(
    message: Mapping[str, object], event: Mapping[str, object]
) -> None:
    chat = TwitchEvents("shop", "token")
    for kind in ("channel.chat.message", "channel.chat.message_delete", "channel.chat.clear"):
        told = {**message, "payload": {"subscription": {"type": kind}, "event": event}}
        item = chat._item(told)
        assert item is None or isinstance(item, FeedLine | Removal)


@FEW
@given(VALUES)
def test_any_time_is_a_time(value: object) -> None:
    assert moment(value).tzinfo is UTC


@pytest.mark.parametrize(
    "edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-30T00:00:00Z"]
)
def test_the_ends_of_the_calendar_are_now(edge: str) -> None:
    assert abs((moment(edge) - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize(
    "suggested", [10**400, -(10**400), 10**9, None, "soon"], ids=lambda one: str(one)[:5]
)
def test_no_suggestion_of_youtube_stops_its_chat(suggested: object) -> None:
    assert 0 < YouTubeChat("x", "key", units=10**9)._pause_s(suggested) <= 60.0


def line(number: int, **more: str) -> FeedLine:
    made = FeedLine("twitch", "shop", f"{number}", f"u{number}", "Ann", "hello", datetime.now(UTC))
    return replace(made, **more)  # type: ignore[arg-type]  # all of them texts


async def test_what_is_remembered_of_a_flood_is_bounded() -> None:
    keeper = Keeper(TwitchChat("shop"), lambda taken: f"own {taken.id}", lambda ids: None)
    for number in range(REMEMBERED + 500):
        await keeper._take(line(number), 0.0)
    for name in ("id", "user_id", "user"):
        await keeper._take(line(7, **{name: "x" * (LONGEST + 1)}), 0.0)
    assert (len(keeper._known), len(keeper._taken)) == (REMEMBERED, REMEMBERED)
    assert keeper.health.counts["refused"] == 3
    assert sys.getsizeof(keeper._known) < 2 * 1024**2
