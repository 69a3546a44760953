"""YouTube's live chat by its Data API, within the day's quota.

Google's documentation: "LiveChatMessages: list", "Videos: list", "Quota Calculator"
(developers.google.com/youtube/v3/live). A project has 10,000 units a day unless Google grants
more, and a page of the chat costs 5: asked every 5 seconds, as YouTube suggests in a lively chat,
they last three hours. So pages are asked for no faster than the units last for the show's hours.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from agent.feeds.http import ask, mapping, moment, reason, rows, text
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item, Removal
from agent.types import Stream

API = "https://www.googleapis.com/youtube/v3"
KEY = "CANDOR_YOUTUBE_KEY"
UNITS = 10_000
PAGE_UNITS, VIDEO_UNITS = 5, 1
MOST = 2000
"""Lines of a page."""
LEAST_S = 1.0
"""Between two pages, whatever YouTube suggests."""
_DAY = ZoneInfo("America/Los_Angeles")
"""Units are given anew at midnight there."""
_LATE = timedelta(seconds=30)
"""Lines older than this, of before we came, are left out: the first page has the whole chat."""
_OVER = {
    "liveChatEnded": "the chat is over",
    "liveChatDisabled": "the chat of this video is switched off",
    "liveChatNotFound": "the chat is gone",
}
_ROLES = {"isChatOwner": "owner", "isChatModerator": "moderator", "isChatSponsor": "member"}


_MOST_MS = 60_000
"""Between two pages, whatever is suggested."""


class YouTubeChat:
    """The chat of one live video."""

    platform = "youtube"

    def __init__(
        self, video: str, key: str, *, hours: float = 12.0, units: int = UNITS, api: str = API
    ) -> None:
        """*hours*: that the units of a day are to last."""
        self.room = video
        self._key = key
        self._seconds = hours * 3600
        self._units = units
        self._api = api
        self._left = units
        self._day = datetime.now(_DAY).date()
        self._token = ""
        """Of the page to come; kept over a break, so that nothing of the chat is lost."""
        self._came = datetime.now(UTC)

    async def items(self) -> Stream[Item]:
        async with httpx.AsyncClient() as http:
            chat = await self._chat(http)
            yield Alive()
            while True:
                page = await self._page(http, chat)
                for row in rows(page.get("items")):
                    if (item := self._item(row)) is not None:
                        yield item
                self._token = text(page.get("nextPageToken")) or self._token
                if page.get("offlineAt"):
                    raise FeedRefused("the broadcast is over")
                yield Alive()
                await asyncio.sleep(self._pause_s(page.get("pollingIntervalMillis")))

    def _pause_s(self, suggested_ms: object) -> float:
        """As YouTube suggests, but so that the units last."""
        suggested = (
            min(max(suggested_ms, 0), _MOST_MS) / 1000 if isinstance(suggested_ms, int) else 5.0
        )
        pages = max(1, self._left // PAGE_UNITS)
        now = datetime.now(_DAY)
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), _DAY)
        lasts = min(self._seconds, (midnight - now).total_seconds())
        return max(LEAST_S, suggested, lasts / pages)

    def _spend(self, units: int) -> None:
        """Raises FeedError where the day's units are spent."""
        today = datetime.now(_DAY).date()
        if today != self._day:
            self._day, self._left = today, self._units
        if self._left < units:
            raise FeedRefused(f"the {self._units} units of this day are spent; ask Google for more")
        self._left -= units

    async def _ask(
        self, http: httpx.AsyncClient, what: str, params: Mapping[str, str], units: int
    ) -> Mapping[str, object]:
        self._spend(units)
        headers = {"X-Goog-Api-Key": self._key}
        try:
            return await ask(http, "GET", f"{self._api}/{what}", headers=headers, params=params)
        except FeedError as error:
            why = reason(error)
            if why in _OVER:
                raise FeedRefused(_OVER[why]) from error
            if why == "quotaExceeded":
                self._left = 0
            if why == "pageTokenInvalid":
                self._token = ""
            if why == "rateLimitExceeded":
                raise FeedError("asked too often") from error
            raise

    async def _chat(self, http: httpx.AsyncClient) -> str:
        found = await self._ask(
            http, "videos", {"part": "liveStreamingDetails", "id": self.room}, VIDEO_UNITS
        )
        for video in rows(found.get("items")):
            if chat := text(mapping(video.get("liveStreamingDetails")).get("activeLiveChatId")):
                return chat
        raise FeedRefused(f"video {self.room} is not live, or has no chat: look at its address")

    async def _page(self, http: httpx.AsyncClient, chat: str) -> Mapping[str, object]:
        params = {
            "liveChatId": chat,
            "part": "id,snippet,authorDetails",
            "maxResults": str(MOST),
        }
        if self._token:
            params["pageToken"] = self._token
        return await self._ask(http, "liveChat/messages", params, PAGE_UNITS)

    def _item(self, row: Mapping[str, object]) -> Item | None:
        snippet, author = mapping(row.get("snippet")), mapping(row.get("authorDetails"))
        match text(snippet.get("type")):
            case "messageDeletedEvent":
                gone = text(mapping(snippet.get("messageDeletedDetails")).get("deletedMessageId"))
                return Removal(self.platform, self.room, id=gone) if gone else None
            case "userBannedEvent":
                details = mapping(snippet.get("userBannedDetails"))
                gone = text(mapping(details.get("bannedUserDetails")).get("channelId"))
                return Removal(self.platform, self.room, user_id=gone) if gone else None
            case "textMessageEvent":
                said = text(mapping(snippet.get("textMessageDetails")).get("messageText"))
            case "superChatEvent":
                said = text(mapping(snippet.get("superChatDetails")).get("userComment"))
            case _:
                return None
        at = moment(snippet.get("publishedAt"))
        if not said or at < self._came - _LATE:
            return None
        return FeedLine(
            self.platform,
            self.room,
            text(row.get("id")),
            text(author.get("channelId")),
            text(author.get("displayName")),
            said,
            at,
            frozenset(role for name, role in _ROLES.items() if author.get(name) is True),
        )
