from dataclasses import replace

from agent.attention import CARD_S, QUESTION_S, REST_S, Attention, Target
from agent.compose import Stage
from agent.types import REST, Scene
from tests.stage_fakes import Cutout, lamp

FPS = 25
IDLE = Scene(card=lamp())
ASKED = replace(IDLE, asker="Ann", question="how much is it?")
OTHER = replace(IDLE, card=replace(lamp(), sku="LAMP-02"))


def looks(*scenes: tuple[Scene, float]) -> list[Target]:
    """What is looked at in each frame of *scenes*, each as many seconds long."""
    attention = Attention(FPS)
    frames = [scene for scene, seconds in scenes for _ in range(round(seconds * FPS))]
    return [attention.target(scene, number) for number, scene in enumerate(frames)]


def seconds(seen: list[Target], target: Target) -> float:
    return seen.count(target) / FPS


def test_a_question_that_is_picked_is_looked_at_once_and_then_the_viewer() -> None:
    seen = looks((IDLE, 2), (ASKED, 8))
    assert seconds(seen, Target.QUESTION) == round(QUESTION_S * FPS) / FPS
    first = seen.index(Target.QUESTION)
    assert 2 < first / FPS < 2.3
    assert set(seen[first + round(QUESTION_S * FPS) :]) == {Target.VIEWER}


def test_a_product_that_is_put_on_show_is_looked_at() -> None:
    seen = looks((IDLE, 3), (OTHER, 3))
    assert seconds(seen, Target.CARD) == round(CARD_S * FPS) / FPS
    assert seen.index(Target.CARD) > 3 * FPS


def test_the_card_that_the_show_begins_with_is_no_news() -> None:
    assert set(looks((IDLE, 5))) == {Target.VIEWER}


def test_between_two_looks_the_viewer_is_looked_at() -> None:
    seen = looks((IDLE, 2), (ASKED, 0.3), (replace(ASKED, card=OTHER.card), 6))
    end = len(seen) - seen[::-1].index(Target.QUESTION)
    assert set(seen[end : end + round(REST_S * FPS)]) == {Target.VIEWER}
    assert seconds(seen, Target.CARD) > 0.5


def test_nothing_is_looked_at_that_is_gone() -> None:
    seen = looks((IDLE, 2), (ASKED, 0.5), (Scene(), 3))
    assert set(seen[round(2.5 * FPS) :]) == {Target.VIEWER}


def test_a_busy_chat_does_not_make_her_restless() -> None:
    scenes = [(replace(ASKED, question=f"question {n}"), 1.0) for n in range(30)]
    seen = looks((IDLE, 1), *scenes)
    assert seconds(seen, Target.VIEWER) > 0.5 * len(seen) / FPS


def test_she_looks_up_to_the_chat_and_down_to_the_product() -> None:
    host = Cutout()
    stage = Stage(host, "en")

    def after(scene: Scene, first: int) -> tuple[float, float]:
        for number in range(first, first + 10):
            stage.draw(scene, REST, number)
        assert host.manner
        return host.manner.x, host.manner.y

    assert after(IDLE, 0) == (0, 0)
    x, y = after(ASKED, 10)
    assert x < -0.2
    assert y < -0.3
    for number in range(20, 120):
        stage.draw(ASKED, REST, number)
    assert after(replace(ASKED, card=OTHER.card), 120)[1] > 0.5
