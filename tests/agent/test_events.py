"""What the host says to what viewers do without words."""

from collections.abc import Awaitable, Callable

import pytest

from agent import events
from agent.desk import A_VIEWER, ShowDesk
from agent.events import EVERY_S
from agent.rules import vet
from agent.types import LANGUAGES, Facts, Language, RoomEvent, Rung, Topic, Utterance, What
from tests.agent.test_loop import Script, after_notice, ask, play
from tests.fakes import show


def did(what: What, viewer: str = "", count: int = 1) -> Callable[[ShowDesk], Awaitable[object]]:
    return lambda desk: desk.happened([RoomEvent(what, viewer, count)])


def test_every_text_is_there() -> None:
    events.check()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("heard", LANGUAGES)
@pytest.mark.parametrize("what", What)
def test_the_gate_lets_every_thanks_through(
    what: What, language: Language, heard: Language
) -> None:
    for variety in range(3):
        for viewer in ("Ann", "王芳", A_VIEWER, ""):
            for line in events.thanks(what, viewer, language, heard, variety):
                said = vet(
                    line,
                    Facts(Topic.UNKNOWN, None),
                    rung=Rung.TEMPLATE,
                    language=language,
                    voice_language=heard,
                )
                assert isinstance(said, Utterance)


async def test_a_gift_is_thanked_for_by_name_once_in_a_while() -> None:
    stage, air = show()
    script: Script = [(20.0 + n, did(What.GIFT, "Ann")) for n in range(9)]
    await play(stage, script, 40)
    assert len(after_notice(air)) == 1
    assert "Ann" in after_notice(air)[0]
    assert stage.inbox.losses == {"thanked": 8}


async def test_a_hundred_people_who_come_in_get_one_welcome_that_counts_nobody() -> None:
    stage, air = show()
    script: Script = [(20.0, did(What.ENTRY, f"Viewer {n}")) for n in range(100)]
    await play(stage, script, 40)
    (line,) = after_notice(air)
    assert not any(char.isdigit() for char in line)
    assert stage.inbox.events == {"entry": 100}
    assert stage.inbox.adds_up


async def test_who_ordered_is_named_to_nobody() -> None:
    stage, air = show()
    told = await play(stage, [(20.0, did(What.ORDER, "Zoe", 3))], 40)
    assert len(after_notice(air)) == 1
    assert "Zoe" not in repr([event for event in told if event.kind != "stats"])
    assert [event.data["author"] for event in told if event.kind == "picked"] == [A_VIEWER]


async def test_a_question_goes_before_thanks_for_a_like() -> None:
    stage, air = show()
    script: Script = [
        (20.0, ask("How much is the lamp?", "Ann")),
        (20.1, did(What.LIKE, "Ben")),
        (20.2, ask("What is it made of?", "Zoe")),
    ]
    await play(stage, script, 60)
    lines = " ".join(after_notice(air))
    assert lines.index("solid oak") < lines.index("likes")


async def test_a_thanks_that_comes_too_late_is_not_said() -> None:
    stage, air = show()
    stage.taken_over = True

    async def give_back(desk: ShowDesk) -> None:
        desk.take_over(False)

    late: Script = [(20.0, did(What.FOLLOW, "Ann")), (50.0, give_back)]
    await play(stage, late, 60)
    assert after_notice(air) == []
    assert stage.inbox.losses == {"expired": 1}


async def test_the_same_is_thanked_for_again_after_a_while() -> None:
    stage, air = show()
    again = 20.0 + EVERY_S[What.GIFT] + 5
    await play(stage, [(20.0, did(What.GIFT)), (again, did(What.GIFT))], again + 20)
    assert len(after_notice(air)) == 2
