"""The chats of other platforms that a show answers: as they are set, kept connected, and shown."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from agent.config import Config, ConfigError, FeedSettings, Secrets
from agent.feeds import bilibili, eventsub, hook, youtube
from agent.feeds.bilibili import Access, BilibiliChat
from agent.feeds.eventsub import TwitchEvents
from agent.feeds.hook import HookFeed
from agent.feeds.keep import Keeper
from agent.feeds.line import Feed, FeedLine
from agent.feeds.twitch import TwitchChat
from agent.feeds.youtube import YouTubeChat
from agent.types import RoomEvent

Tell = Callable[[str, Mapping[str, object]], None]


class Room(Protocol):
    """Where the lines go: the show's desk."""

    def hear(self, line: FeedLine) -> str:
        """Take a line; gives its id in the show. Raises ValueError."""
        ...

    def forget(self, ids: Sequence[str]) -> None:
        """Answer and show these no more."""
        ...

    async def happened(self, events: Sequence[RoomEvent]) -> None:
        """Take what viewers did without words."""
        ...


def feeds(config: Config, secrets: Secrets) -> list[Feed]:
    """Raises ConfigError where one is set wrongly, before anything is on the air."""
    keys = secrets.feed_keys
    chats = [
        _feed(f"[[feed]] number {number}", one, config.platforms, keys)
        for number, one in enumerate(config.feed, 1)
    ]
    if hook.SECRET in keys:
        try:
            chats.append(HookFeed(keys[hook.SECRET], config.platforms))
        except ValueError as error:
            raise ConfigError(str(error)) from error
    return chats


def _feed(where: str, one: FeedSettings, platforms: Sequence[str], keys: Mapping[str, str]) -> Feed:
    if one.platform not in platforms:
        raise ConfigError(
            f"{where}: add {one.platform!r} to platforms in [show], so that its rules on AI hosts "
            "hold for this show"
        )

    def key(name: str) -> str:
        if name not in keys:
            raise ConfigError(f"{where}: {one.platform} wants {name}: set it in the environment")
        return keys[name]

    try:
        match one.platform:
            case "twitch" if eventsub.TOKEN in keys:
                return TwitchEvents(one.channel, keys[eventsub.TOKEN])
            case "twitch":
                return TwitchChat(one.channel)
            case "youtube":
                return YouTubeChat(one.channel, key(youtube.KEY), hours=one.hours, units=one.units)
            case "bilibili":
                if not one.channel.isdecimal():
                    raise ValueError("Bilibili's is the app's number (项目 ID)")
                access = Access(key(bilibili.KEY), key(bilibili.SECRET), key(bilibili.CODE))
                return BilibiliChat(int(one.channel), access)
    except ValueError as error:
        raise ConfigError(f"{where}: channel: {error}") from error


class Feeds:
    """All of a show's feeds. What happens to them is told to *tell*."""

    def __init__(self, feeds: Sequence[Feed], room: Room, tell: Tell) -> None:
        self._tell = tell
        self.hook = next((feed for feed in feeds if isinstance(feed, HookFeed)), None)
        """Where signed requests go."""
        self._keepers = [
            Keeper(feed, room.hear, room.forget, room.happened, tell=self._changed)
            for feed in feeds
        ]

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for keeper in self._keepers:
                tasks.create_task(keeper.run(), name=f"feed {keeper.feed.platform}")

    def health(self) -> list[dict[str, object]]:
        """Of each: platform, room, state, why, counts, and the age of its last line in seconds."""
        now = asyncio.get_running_loop().time()
        return [
            {
                "platform": keeper.feed.platform,
                "room": keeper.feed.room,
                "state": keeper.health.state.value,
                "why": keeper.health.why,
                "counts": dict(keeper.health.counts),
                "last_s": None
                if keeper.health.last_at is None
                else round(now - keeper.health.last_at, 1),
            }
            for keeper in self._keepers
        ]

    def _changed(self, keeper: Keeper) -> None:
        data = {
            "platform": keeper.feed.platform,
            "room": keeper.feed.room,
            "state": keeper.health.state.value,
            "why": keeper.health.why,
        }
        self._tell("feed", data)
