from agent.moods import mood_for
from agent.types import Mood
from agent.understand import Kind
from tests.agent.test_loop import Script, ask, play
from tests.fakes import Paper, show


def test_a_greeting_is_smiled_at_and_a_complaint_is_not() -> None:
    assert {mood_for(kind) for kind in (Kind.GREETING, Kind.THANKS)} == {Mood.WARM}
    serious = (
        Kind.ORDER_TROUBLE,
        Kind.COMPLAINT,
        Kind.CONTACT,
        Kind.HEALTH,
        Kind.DISTRESS,
        Kind.HOSTILE,
    )
    assert {mood_for(kind, greets=True) for kind in serious} == {Mood.CALM}
    assert mood_for(Kind.QUESTION) is mood_for(None) is Mood.PLAIN


async def test_the_face_goes_with_what_is_answered() -> None:
    paper = Paper()
    script: Script = [
        (20.0, ask("hello!")),
        (40.0, ask("my order arrived broken")),
        (60.0, ask("How much is the lamp?")),
    ]
    made, _ = show(stage=paper)
    await play(made, script, 75.0)
    moods = {
        question: {scene.mood for scene in paper.scenes if scene.question == question}
        for question in ("hello!", "my order arrived broken", "How much is the lamp?")
    }
    assert moods == {
        "hello!": {Mood.WARM},
        "my order arrived broken": {Mood.CALM},
        "How much is the lamp?": {Mood.PLAIN},
    }
    assert paper.scenes[20].mood is Mood.WARM, "the opening notice says hello"
