"""On virtual time: a feed that breaks, repeats itself, or falls silent."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime

from agent.feeds.keep import REFUSED_PAUSE_S, Keeper, State
from agent.feeds.line import Alive, FeedError, FeedLine, FeedRefused, Item, Removal
from agent.types import Stream

NOW = datetime(2026, 11, 26, tzinfo=UTC)
GONE: list[Item | float | FeedError] = [FeedError("gone")]


def line(id: str = "", text: str = "hello", user: str = "ann") -> FeedLine:
    return FeedLine("twitch", "shop", id, user, user, text, NOW)


class Played:
    """A feed as a script has it: items, seconds of quiet, and how each connection ends."""

    platform, room = "twitch", "shop"

    def __init__(self, *connections: list[Item | float | FeedError]) -> None:
        self._connections = iter(connections)
        self.tried: list[float] = []

    async def items(self) -> Stream[Item]:
        self.tried.append(asyncio.get_running_loop().time())
        for step in next(self._connections, [float("1e9")]):
            if isinstance(step, FeedError):
                raise step
            if isinstance(step, float):
                await asyncio.sleep(step)
            else:
                yield step


class Room:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.gone: list[list[str]] = []
        self._ids = itertools.count(1)

    def hear(self, one: FeedLine) -> str:
        if one.text == "too long":
            raise ValueError("Please keep it under 500 characters.")
        self.heard.append(one.text)
        return f"m{next(self._ids)}"


async def kept(
    feed: Played, seconds: float, draw: Callable[[float, float], float] = lambda low, high: high
) -> tuple[Room, Keeper, list[State]]:
    room, states = Room(), list[State]()
    keeper = Keeper(
        feed,
        room.hear,
        room.gone.append,
        tell=lambda keeper: states.append(keeper.health.state),
        draw=draw,
    )
    running = asyncio.create_task(keeper.run())
    await asyncio.sleep(seconds)
    running.cancel()
    await asyncio.wait([running])
    return room, keeper, states


async def test_each_line_is_heard_once_though_the_platform_sends_it_again_after_a_break() -> None:
    feed = Played(
        [Alive(), line("1", "one"), line("2", "two"), FeedError("gone")],
        [Alive(), line("2", "two"), line("3", "three")],
    )
    room, keeper, _ = await kept(feed, 30)
    assert room.heard == ["one", "two", "three"]
    assert keeper.health.counts["twice"] == 1


async def test_lines_without_an_id_are_all_heard() -> None:
    room, _, _ = await kept(Played([line(text="hi"), line(text="hi")]), 30)
    assert room.heard == ["hi", "hi"]


async def test_pauses_double_up_to_a_minute_and_are_drawn_below_that() -> None:
    feed = Played(*[GONE] * 9)
    await kept(feed, 400)
    gaps = [after - before for before, after in itertools.pairwise(feed.tried)]
    assert gaps == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    drawn = Played(*[GONE] * 9)
    await kept(drawn, 400, lambda low, high: (low + high) / 2)
    assert len(drawn.tried) == 10
    assert drawn.tried[-1] - drawn.tried[0] == sum(gaps) / 2


async def test_a_feed_that_was_steady_is_tried_again_at_once() -> None:
    feed = Played(GONE, GONE, GONE, [Alive(), 100.0, *GONE], GONE)
    await kept(feed, 200)
    gaps = [after - before for before, after in itertools.pairwise(feed.tried)]
    assert gaps == [1, 2, 4, 101, 2]


async def test_a_refusal_waits_for_somebody_to_mend_it_and_is_told_with_its_reason() -> None:
    feed = Played([FeedRefused("the token has run out; make a new one")])
    _, keeper, states = await kept(feed, REFUSED_PAUSE_S - 1)
    assert len(feed.tried) == 1
    assert states == [State.REFUSED]
    assert keeper.health.why == "the token has run out; make a new one"


async def test_a_chat_that_falls_silent_is_told_and_told_again_when_it_speaks() -> None:
    feed = Played([Alive(), 1000.0, line("1"), 400.0, line("2"), 10.0])
    _, _, states = await kept(feed, 1405)
    assert states == [State.UP, State.SILENT, State.UP]  # nobody had written in the first 1000 s


async def test_what_the_platform_takes_back_is_taken_from_the_show_and_only_that() -> None:
    feed = Played(
        [
            line("1", user="ann"),
            line("2", user="ben"),
            line("3", user="ann"),
            Removal("twitch", "shop", id="2"),
            Removal("twitch", "shop", user_id="ann"),
            Removal("twitch", "shop", user_id="ann"),
            line("4", user="cleo"),
            Removal("twitch", "shop"),
        ]
    )
    room, _, _ = await kept(feed, 30)
    assert room.gone == [["m2"], ["m1", "m3"], ["m4"]]


async def test_a_line_that_the_show_does_not_take_is_counted_and_the_feed_goes_on() -> None:
    room, keeper, _ = await kept(Played([line("1", "too long"), line("2", "fine")]), 30)
    assert room.heard == ["fine"]
    assert keeper.health.counts["refused"] == 1


async def test_a_burst_leaves_the_show_its_turns() -> None:
    feed, room = Played([line(str(number)) for number in range(5000)]), Room()
    running = asyncio.create_task(Keeper(feed, room.hear, room.gone.append).run())
    turns = 0
    while len(room.heard) < 5000:
        await asyncio.sleep(0)
        turns += 1
    running.cancel()
    await asyncio.wait([running])
    assert turns >= 4999
