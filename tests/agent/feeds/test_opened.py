"""Other platforms' chats as a merchant sets them, and what the show makes of their lines."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.config import Config, ConfigError, Secrets, load, secrets
from agent.desk import ShowDesk
from agent.feeds.bilibili import BilibiliChat
from agent.feeds.eventsub import TwitchEvents
from agent.feeds.line import FeedLine
from agent.feeds.opened import feeds
from agent.feeds.twitch import TwitchChat
from agent.feeds.youtube import YouTubeChat
from agent.loop import run
from tests.fakes import Shelf, show

ALL = Config.model_validate({"show": {"platforms": ["twitch", "youtube", "bilibili"]}})


def config(**feed: object) -> Config:
    return Config.model_validate(ALL.model_dump() | {"feed": [feed]})


def keys(**names: str) -> Secrets:
    return secrets(names)


def test_each_platform_is_read_with_what_it_wants() -> None:
    twitch = config(platform="twitch", channel="Shop")
    assert isinstance(feeds(twitch, keys())[0], TwitchChat)
    assert isinstance(feeds(twitch, keys(CANDOR_TWITCH_TOKEN="t"))[0], TwitchEvents)
    youtube = config(platform="youtube", channel="dQw4")
    assert isinstance(feeds(youtube, keys(CANDOR_YOUTUBE_KEY="k"))[0], YouTubeChat)
    bilibili = config(platform="bilibili", channel=17)
    given = keys(CANDOR_BILIBILI_KEY="k", CANDOR_BILIBILI_SECRET="s", CANDOR_BILIBILI_CODE="c")
    assert isinstance(feeds(bilibili, given)[0], BilibiliChat)


@pytest.mark.parametrize(
    ("settings", "given", "says"),
    [
        (config(platform="youtube", channel="x"), keys(), "youtube wants CANDOR_YOUTUBE_KEY"),
        (config(platform="twitch", channel="no such"), keys(), "'no such' is no channel"),
        (
            config(platform="bilibili", channel="x"),
            keys(CANDOR_BILIBILI_KEY="k", CANDOR_BILIBILI_SECRET="s", CANDOR_BILIBILI_CODE="c"),
            "the app's number",
        ),
        (
            Config.model_validate({"feed": [{"platform": "twitch", "channel": "shop"}]}),
            keys(),
            "add 'twitch' to platforms",
        ),
    ],
)
def test_what_is_set_wrongly_is_told_before_anything_is_on_the_air(
    settings: Config, given: Secrets, says: str
) -> None:
    with pytest.raises(ConfigError, match=rf"\[\[feed\]\] number 1.*{says}"):
        feeds(settings, given)


def test_a_wrong_key_of_a_feed_is_named_with_the_ones_there_are(tmp_path: Path) -> None:
    file = tmp_path / "candor.toml"
    file.write_text("[[feed]]\nplatform = 'twitch'\nchanel = 'shop'\n")
    with pytest.raises(ConfigError, match=r"\[\[feed\]\] number 1: chanel .*mean channel"):
        load(file)


def line(text: str, id: str = "1", user: str = "Mei") -> FeedLine:
    return FeedLine("twitch", "shop", id, user.lower(), user, text, datetime.now(UTC))


async def test_a_line_of_another_platform_is_answered_on_the_air() -> None:
    stage, air = show()
    desk = ShowDesk(stage, None, Shelf())
    running = asyncio.create_task(run(stage))
    desk.hear(line("how much is it?"))
    await asyncio.sleep(60)
    stage.ended.set()
    await running
    assert any("twenty-nine dollars" in said for said in air.lines())


async def test_two_who_chose_the_same_name_are_two_viewers() -> None:
    stage, _ = show()
    desk = ShowDesk(stage, None, Shelf())
    desk.hear(FeedLine("twitch", "shop", "1", "42", "Mei", "how much is it?", datetime.now(UTC)))
    desk.hear(FeedLine("youtube", "vid", "1", "42", "Mei", "how much is it?", datetime.now(UTC)))
    waiting = await stage.inbox.next()
    assert len(waiting.asked_by) == 2


async def test_what_the_platform_takes_back_is_answered_no_more() -> None:
    stage, _ = show()
    desk = ShowDesk(stage, None, Shelf())
    gone = desk.hear(line("how much is it?"))
    desk.forget([gone, "unknown"])
    assert len(stage.inbox) == 0
    assert stage.inbox.losses["taken_back"] == 1


async def test_what_is_taken_back_while_it_is_answered_leaves_the_picture() -> None:
    stage, _ = show()
    desk = ShowDesk(stage, None, Shelf())
    running = asyncio.create_task(run(stage))
    await asyncio.sleep(30)  # after the notice
    asked = desk.hear(line("how much is it?"))
    while stage.turn is None or stage.turn.message.id != asked:  # noqa: ASYNC110 - no event
        await asyncio.sleep(0.01)
    desk.forget([asked])
    await asyncio.sleep(0.2)
    assert stage.turn is None
    assert stage.scene(None).question == ""
    stage.ended.set()
    await running
