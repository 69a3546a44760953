"""A flood is read at a pace, what matters first, and what is not read is counted."""

import asyncio

from agent.desk import ShowDesk
from agent.intake import READ_AT_ONCE, READ_PER_S, ROOM, STALE_S, Intake, Unread
from agent.sieve import Sight
from tests.fakes import Shelf, show


def line(number: int, sight: Sight = Sight.PLAIN) -> Unread:
    at = asyncio.get_running_loop().time()
    return Unread(str(number), "Ann", f"viewer {number}", f"line {number}", at, sight)


async def read_for(intake: Intake, seconds: float) -> list[Unread]:
    read: list[Unread] = []
    intake.reader = read.append
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(intake.work())
        await asyncio.sleep(seconds)
        work.cancel()
    return read


async def test_what_matters_is_read_first() -> None:
    intake = Intake(lambda unread, reason: None)
    kinds = (Sight.PLAIN, Sight.ASKS, Sight.GRAVE)
    for number, kind in enumerate(kinds * 3):
        intake.put(line(number, kind))
    read = await read_for(intake, 1)
    assert [one.sight for one in read] == [kind for kind in reversed(kinds) for _ in range(3)]


async def test_no_more_is_read_in_a_second_than_there_is_time_for() -> None:
    intake = Intake(lambda unread, reason: None)
    for number in range(ROOM[Sight.ASKS]):
        intake.put(line(number, Sight.ASKS))
    assert len(await read_for(intake, 0.5)) <= READ_AT_ONCE + READ_PER_S * 0.5


async def test_the_oldest_gives_way_and_each_loss_is_told() -> None:
    lost: list[tuple[str, str]] = []
    intake = Intake(lambda unread, reason: lost.append((unread.id, reason)))
    room = ROOM[Sight.PLAIN]
    for number in range(room + 3):
        intake.put(line(number))
    assert len(intake) == room
    assert lost == [("0", "unread"), ("1", "unread"), ("2", "unread")]
    intake.clear()
    assert (len(intake), len(lost)) == (0, room + 3)


async def test_a_line_that_waited_too_long_is_not_read() -> None:
    lost: list[str] = []
    intake = Intake(lambda unread, reason: lost.append(reason))
    intake.put(line(1))
    await asyncio.sleep(STALE_S + 1)
    assert await read_for(intake, 1) == []
    assert lost == ["unread"]


async def test_what_was_taken_back_is_not_read() -> None:
    lost: list[str] = []
    intake = Intake(lambda unread, reason: lost.append(reason))
    intake.put(line(1))
    intake.put(line(2))
    intake.forget({"1"})
    assert [one.id for one in await read_for(intake, 1)] == ["2"]
    assert lost == ["taken_back"]


async def test_who_asks_whether_one_is_real_gets_through_a_flood() -> None:
    stage, _ = show()
    at = ShowDesk(stage, None, Shelf())
    for number in range(600):
        await at.ask(f"Viewer {number}", f"what about thing {number} then?")
    await at.ask("Zoe", "so are you an actual human being or what")
    reading = asyncio.ensure_future(stage.intake.work())
    await asyncio.sleep(0.1)
    reading.cancel()
    assert (await stage.inbox.next()).message.author == "Zoe"
    assert stage.inbox.adds_up
    stage.ledger.close()
