from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings

from agent.backdrop import BackdropError, from_picture, shop
from agent.compose import Stage
from agent.types import LANGUAGES, REST, Language, Mouth, Scene
from tests.stage_fakes import SCENES, Cutout, lamp

STAGES = {language: Stage(Cutout(), language) for language in LANGUAGES}
FULL = Scene(
    card=lamp(),
    caption="It's €24.90 today.",
    asker="Mei Lin",
    question="how much is the lamp?",
    speaking=True,
)


@settings(deadline=None, max_examples=60)
@given(SCENES)
def test_the_label_stands_on_every_picture_whatever_else_is_on_it(scene: Scene) -> None:
    for stage in STAGES.values():
        image = stage.draw(scene, Mouth(open=0.5), 7)
        assert image.shape == (1280, 720, 3)
        assert image.dtype == np.uint8
        assert stage.label.drawn_on(image)
        assert stage.label.visible_in(image)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_very_first_picture_is_labelled(language: Language) -> None:
    fresh = Stage(Cutout(), language)
    assert fresh.label.drawn_on(fresh.draw(Scene(), REST, 0))


@settings(deadline=None, max_examples=25)
@given(SCENES)
def test_nothing_is_laid_out_where_the_label_stands(scene: Scene) -> None:
    stage = STAGES["en"]
    x0, y0, x1, y1 = stage.label.box
    label, stage.label = stage.label, _Nothing(stage.label)  # type: ignore[assignment]
    try:
        bare = stage.draw(scene, REST, 3)[y0:y1, x0:x1].copy()
    finally:
        stage.label = label
    assert np.array_equal(bare, stage._backdrop[y0:y1, x0:x1])


class _Nothing:
    def __init__(self, label: object) -> None:
        self.box = label.box  # type: ignore[attr-defined]

    def draw(self, image: object) -> None:
        pass


def test_a_host_that_fills_the_picture_does_not_cover_the_label() -> None:
    stage = Stage(Cutout((720, 1280)), "en")
    assert stage.label.drawn_on(stage.draw(FULL, REST, 0))


def test_an_image_is_the_callers_until_two_further_calls() -> None:
    stage = Stage(Cutout(), "en")
    first = stage.draw(Scene(), REST, 0)
    kept = first.copy()
    stage.draw(FULL, REST, 3)
    stage.draw(FULL, REST, 6)
    assert np.array_equal(first, kept)


def test_each_part_of_a_scene_shows() -> None:
    stage = STAGES["en"]
    full = stage.draw(FULL, REST, 1).copy()
    for scene in (
        replace(FULL, card=None),
        replace(FULL, caption=""),
        replace(FULL, question=""),
        replace(FULL, speaking=False),
    ):
        without = stage.draw(scene, REST, 1)
        assert (np.abs(full.astype(int) - without) > 20).sum() > 500, scene


def test_the_same_frame_is_drawn_alike() -> None:
    one, other = Stage(Cutout(), "en"), Stage(Cutout(), "en")
    for number in (0, 1, 40):
        assert np.array_equal(one.draw(FULL, REST, number), other.draw(FULL, REST, number))


def test_a_card_changes_with_its_facts() -> None:
    stage = STAGES["en"]
    plenty = stage.draw(Scene(card=lamp(stock=12)), REST, 1).copy()
    gone = stage.draw(Scene(card=lamp(stock=0)), REST, 1).copy()
    assert not np.array_equal(plenty, gone)
    assert not np.array_equal(plenty, stage.draw(Scene(card=lamp(offer=False)), REST, 1))


def test_a_card_shows_the_products_picture(tmp_path: Path) -> None:
    blue = np.zeros((600, 600, 3), np.uint8)
    blue[:] = (255, 0, 0)
    cv2.imwrite(str(tmp_path / "p.png"), blue)
    (tmp_path / "bad.png").write_bytes(b"no picture")
    stage = STAGES["en"]

    def blues(image: np.ndarray) -> int:
        return int((image == (255, 0, 0)).all(axis=2).sum())

    for name in (None, "missing.png", "bad.png"):
        card = replace(lamp(), image=tmp_path / name if name else None)
        assert blues(stage.draw(Scene(card=card), REST, 1)) == 0
    card = replace(lamp(), image=tmp_path / "p.png")
    assert blues(stage.draw(Scene(card=card), REST, 1)) > 10_000


def test_a_long_show_keeps_no_more_tiles_than_it_needs() -> None:
    stage = Stage(Cutout(), "en")
    for number in range(80):
        stage.draw(Scene(caption=f"Sentence {number}."), REST, number)
    assert len(stage._tiles) <= 48


def test_a_merchants_picture_fills_the_backdrop(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "wide.jpg"), np.full((300, 900, 3), 77, np.uint8))
    room = from_picture(tmp_path / "wide.jpg", (720, 1280))
    stage = Stage(Cutout(), "en", backdrop=room)
    image = stage.draw(Scene(), REST, 0)
    assert stage.label.drawn_on(image)
    assert abs(int(image[200, 700, 0]) - 77) <= 2
    with pytest.raises(BackdropError, match=r"no\.jpg"):
        from_picture(tmp_path / "no.jpg", (720, 1280))
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(BackdropError, match="not a picture"):
        from_picture(tmp_path / "text.png", (720, 1280))


def test_a_host_larger_than_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than the picture"):
        Stage(Cutout((800, 1000)), "en", backdrop=shop((720, 1280)))
