"""Telling of the show never waits, and what is lost is counted."""

from contextlib import aclosing

from agent.hub import Hub


async def test_a_listener_hears_from_the_call_on() -> None:
    hub = Hub()
    hub.tell("before", {})
    events = hub.events()
    hub.tell("after", {"n": 1})
    async with aclosing(events):
        assert (await anext(events)).kind == "after"


async def test_a_slow_listener_loses_the_oldest_counted_and_costs_nobody_else() -> None:
    hub = Hub(backlog=3)
    slow, quick = hub.events(), hub.events()
    async with aclosing(slow), aclosing(quick):
        for number in range(5):
            hub.tell("line", {"n": number})
            assert (await anext(quick)).data["n"] == number
        assert hub.lost == 2
        assert [(await anext(slow)).data["n"] for _ in range(3)] == [2, 3, 4]
