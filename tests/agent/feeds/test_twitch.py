import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection, serve

from agent.feeds import irc
from agent.feeds.keep import Keeper, State
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Removal
from agent.feeds.twitch import TwitchChat
from tests.agent.feeds.ircd import HERE, Ircd, Writer

# As Twitch's documentation describes its lines; the words are ours.
LINE = (
    "@badge-info=;badges=subscriber/6,moderator/1;color=#0000FF;display-name=Mei;"
    "id=b34ccfc7-4977-403a-8a94-33c6bac34fb8;room-id=1337;tmi-sent-ts=1507246572675;user-id=42 "
    ":mei!mei@mei.tmi.twitch.tv PRIVMSG #shop :how much is number 2?"
)


@given(st.text())
def test_whatever_a_server_says_is_read_or_passed_over(line: str) -> None:
    irc.parse(line)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z-]{1,8}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
        max_size=4,
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=40),
)
def test_tags_and_words_come_through_as_they_were_written(tags: dict[str, str], text: str) -> None:
    escapes = str.maketrans({";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"})
    head = ";".join(f"{name}={value.translate(escapes)}" for name, value in tags.items())
    command = irc.parse(f"{f'@{head} ' if head else ''}:ann!a@b PRIVMSG #shop :{text}")
    assert command == irc.Command("PRIVMSG", ("#shop", text), "ann", tags)


async def _speaks(server: ServerConnection, *then: str) -> None:
    """Let a client in as Twitch does, say *then*, and keep the connection."""
    async for received in server:
        for line in str(received).splitlines():
            if line.startswith("NICK"):
                nick = line.split()[1]
                await server.send(f":tmi.twitch.tv 001 {nick} :Welcome, GLHF!\r\n")
            if line.startswith("JOIN"):
                await server.send(f":tmi.twitch.tv 366 {nick} #shop :End of /NAMES list\r\n")
                for said in then:
                    await server.send(f"{said}\r\n")


def items_of(*then: str, count: int) -> list[object]:
    async def watch() -> list[object]:
        async with serve(lambda server: _speaks(server, *then), "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            found: list[object] = []
            async with asyncio.timeout(10):
                async with aclosing(
                    TwitchChat("#Shop", url=f"ws://127.0.0.1:{port}").items()
                ) as feed:
                    async for item in feed:
                        found.append(item)
                        if len(found) == count:
                            break
            return found

    return asyncio.run(watch())


def test_a_line_comes_with_who_wrote_it_when_and_the_platforms_own_id() -> None:
    assert items_of(LINE, count=2) == [
        Alive(),
        FeedLine(
            "twitch",
            "shop",
            "b34ccfc7-4977-403a-8a94-33c6bac34fb8",
            "42",
            "Mei",
            "how much is number 2?",
            datetime(2017, 10, 5, 23, 36, 12, 675000, tzinfo=UTC),
            frozenset({"subscriber", "moderator"}),
        ),
    ]


def test_what_moderators_take_back_is_told() -> None:
    gone = items_of(
        "@login=mei;target-msg-id=abc :tmi.twitch.tv CLEARMSG #shop :some words",
        "@room-id=1337;target-user-id=42 :tmi.twitch.tv CLEARCHAT #shop :mei",
        "@room-id=1337 :tmi.twitch.tv CLEARCHAT #shop",
        count=4,
    )
    assert gone[1:] == [
        Removal("twitch", "shop", id="abc"),
        Removal("twitch", "shop", user_id="42"),
        Removal("twitch", "shop"),
    ]


def test_a_server_that_is_to_be_restarted_is_left() -> None:
    with pytest.raises(FeedError, match="restarting"):
        items_of(":tmi.twitch.tv RECONNECT", count=2)


def test_a_server_that_no_longer_answers_is_left() -> None:
    async def watch() -> None:
        async with serve(_speaks, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            feed = TwitchChat("shop", url=f"ws://127.0.0.1:{port}", ping_s=0.1)
            async with asyncio.timeout(10), aclosing(feed.items()) as items:
                async for _ in items:
                    pass

    with pytest.raises(FeedError, match="no longer answers"):
        asyncio.run(watch())


@pytest.fixture(scope="module")
def ircd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ircd]:
    if not HERE:
        pytest.skip("Debian's inspircd is not installed")
    server = Ircd(Path(tmp_path_factory.mktemp("ircd")))
    server.start()
    yield server
    server.kill()


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - nobody here could set an event
        await asyncio.sleep(0.01)


def test_a_real_server_is_read_killed_and_read_again(ircd: Ircd) -> None:
    heard: list[str] = []
    states: list[State] = []

    def hear(line: FeedLine) -> str:
        heard.append(f"{line.user}: {line.text}")
        return str(len(heard))

    async def watch() -> None:
        keeper = Keeper(
            TwitchChat("shop", url=ircd.url),
            hear,
            lambda gone: None,
            tell=lambda keeper: states.append(keeper.health.state),
            draw=lambda low, high: 0.2,
        )
        async with asyncio.timeout(60):
            running = asyncio.create_task(keeper.run())
            await _until(lambda: states[-1:] == [State.UP])
            ann = await asyncio.to_thread(Writer, ircd, "ann", "shop")
            ann.write("蓝色的有吗 🙂", *(f"line {number}" for number in range(1000)))
            await _until(lambda: len(heard) == 1001)
            await asyncio.to_thread(ircd.kill)
            await _until(lambda: states[-1:] == [State.DOWN])
            await asyncio.to_thread(ircd.start)
            await _until(lambda: states[-1:] == [State.UP])
            ben = await asyncio.to_thread(Writer, ircd, "ben", "shop")
            ben.write("back again")
            await _until(lambda: len(heard) == 1002)
            running.cancel()
            ann.close()
            ben.close()

    asyncio.run(watch())
    assert heard[0] == "ann: 蓝色的有吗 🙂"
    assert heard[1:1001] == [f"ann: line {number}" for number in range(1000)]
    assert heard[1001] == "ben: back again"


def test_a_channel_that_lets_nobody_in_is_told_with_what_to_look_at(ircd: Ircd) -> None:
    async def watch() -> None:
        async with aclosing(TwitchChat("closed", url=ircd.url).items()) as items:
            async for _ in items:
                pass

    owner = Writer(ircd, "owner", "closed")
    owner.close_to_others()
    with pytest.raises(FeedRefused, match="look at the channel's name"):
        asyncio.run(watch())
    owner.close()


@pytest.mark.parametrize("name", ["", "no such one", "a,b", "x\r\nPRIVMSG #b :c", "https://x"])
def test_a_name_that_is_no_channels_is_refused_before_anything_is_sent(name: str) -> None:
    with pytest.raises(ValueError, match="is no channel of Twitch"):
        TwitchChat(name)
