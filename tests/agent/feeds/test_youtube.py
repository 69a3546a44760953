"""Against pages as Google's documentation describes them."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item, Removal
from agent.feeds.youtube import YouTubeChat
from tests.agent.feeds.platform import first, platform

Row = dict[str, object]
NOW = datetime.now(UTC)


def row(id: str, kind: str, at: datetime = NOW, **details: object) -> Row:
    return {
        "id": id,
        "snippet": {"type": kind, "publishedAt": at.isoformat(), **details},
        "authorDetails": {
            "channelId": "UC42",
            "displayName": "Mei",
            "isChatModerator": True,
            "isChatOwner": False,
        },
    }


def written(id: str, words: str, at: datetime = NOW) -> Row:
    return row(id, "textMessageEvent", at, textMessageDetails={"messageText": words})


@dataclass
class Google:
    """Pages one after another; a number is a status, with a reason."""

    pages: list[list[Row] | tuple[int, str]]
    live: bool = True
    asked: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    async def videos(self, request: Request) -> Response:
        self.keys.add(request.headers["X-Goog-Api-Key"])
        details = {"activeLiveChatId": "chat"} if self.live else {}
        return JSONResponse({"items": [{"liveStreamingDetails": details}]})

    async def messages(self, request: Request) -> Response:
        assert "key" not in request.query_params
        assert request.query_params["liveChatId"] == "chat"
        token = request.query_params.get("pageToken", "")
        self.asked.append(token)
        number = int(token.removeprefix("p") or 0)
        page = self.pages[number] if number < len(self.pages) else []
        if isinstance(page, tuple):
            status, why = page
            fault = {"code": status, "message": "no", "errors": [{"reason": why}]}
            self.pages[number] = []
            return JSONResponse({"error": fault}, status)
        return JSONResponse(
            {"items": page, "nextPageToken": f"p{number + 1}", "pollingIntervalMillis": 10}
        )

    def routes(self) -> list[Route]:
        return [Route("/videos", self.videos), Route("/liveChat/messages", self.messages)]


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.feeds.youtube.LEAST_S", 0.0)


def watched(
    google: Google, count: int, *, units: int = 10_000_000, hours: float = 12
) -> list[Item]:
    """The first *count* items."""

    async def watch() -> list[Item]:
        async with platform(google.routes()) as port:
            api = f"http://127.0.0.1:{port}"
            feed = YouTubeChat("vid", "secret", units=units, hours=hours, api=api)
            return await first(feed, count)

    return asyncio.run(watch())


def lines(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, FeedLine)]


def test_what_was_written_paid_for_or_taken_back_comes_page_by_page() -> None:
    google = Google(
        [
            [
                written("1", "how much is it?"),
                row("2", "superChatEvent", superChatDetails={"userComment": "and in blue?"}),
                row("3", "newSponsorEvent"),
            ],
            [
                row("4", "messageDeletedEvent", messageDeletedDetails={"deletedMessageId": "1"}),
                row(
                    "5",
                    "userBannedEvent",
                    userBannedDetails={"bannedUserDetails": {"channelId": "UC42"}},
                ),
            ],
        ]
    )
    items = [item for item in watched(google, 7) if item != Alive()]
    assert items == [
        FeedLine(
            "youtube", "vid", "1", "UC42", "Mei", "how much is it?", NOW, frozenset({"moderator"})
        ),
        FeedLine(
            "youtube", "vid", "2", "UC42", "Mei", "and in blue?", NOW, frozenset({"moderator"})
        ),
        Removal("youtube", "vid", id="1"),
        Removal("youtube", "vid", user_id="UC42"),
    ]
    assert google.asked == ["", "p1"]
    assert google.keys == {"secret"}


def test_a_break_goes_on_at_the_page_where_it_was() -> None:
    google = Google([[written("1", "one")], (503, "backendError"), [written("2", "two")]])
    google.pages[1] = (503, "backendError")

    async def watch() -> list[Item]:
        async with platform(google.routes()) as port:
            feed = YouTubeChat("vid", "secret", units=10**7, api=f"http://127.0.0.1:{port}")
            with pytest.raises(FeedError, match="503"):
                await first(feed, 9)
            return await first(feed, 5)

    assert lines(asyncio.run(watch())) == ["two"]
    assert google.asked[:4] == ["", "p1", "p1", "p2"]


def test_the_chat_of_before_we_came_is_not_answered() -> None:
    old = written("0", "an hour ago", NOW - timedelta(hours=1))
    assert lines(watched(Google([[old, written("1", "now")]]), 3)) == ["now"]


@pytest.mark.parametrize(
    ("google", "why"),
    [
        (Google([], live=False), "is not live, or has no chat"),
        (Google([(403, "liveChatEnded")]), "the chat is over"),
        (Google([(403, "liveChatDisabled")]), "switched off"),
        (Google([(403, "forbidden")]), "403: no"),
    ],
)
def test_what_somebody_has_to_mend_is_told(google: Google, why: str) -> None:
    with pytest.raises(FeedRefused, match=why):
        watched(google, 3)


def test_being_asked_to_slow_down_is_no_refusal() -> None:
    with pytest.raises(FeedError, match="too often") as told:
        watched(Google([(403, "rateLimitExceeded")]), 3)
    assert not isinstance(told.value, FeedRefused)


def test_the_units_of_a_day_are_not_overdrawn() -> None:
    google = Google([])
    with pytest.raises(FeedRefused, match="11 units of this day are spent"):
        watched(google, 99, units=11, hours=0)
    assert len(google.asked) == 2  # 1 for the video, 5 for each page


def test_pages_are_asked_for_as_slowly_as_the_units_ask_for() -> None:
    feed = YouTubeChat("vid", "secret", hours=1, units=10_000)
    assert feed._pause_s(1000) == pytest.approx(1.8)  # 3600 s over 2000 pages
    assert feed._pause_s(60_000) == 60


def test_a_spent_quota_is_known_without_asking_again() -> None:
    google = Google([(403, "quotaExceeded")])

    async def watch() -> None:
        async with platform(google.routes()) as port:
            feed = YouTubeChat("vid", "secret", api=f"http://127.0.0.1:{port}")
            for _ in range(3):
                with pytest.raises(FeedRefused):
                    await first(feed, 3)

    asyncio.run(watch())
    assert len(google.asked) == 1
