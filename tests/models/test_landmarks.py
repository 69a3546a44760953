import os
from collections.abc import Iterator
from importlib.metadata import version

import numpy as np
import pytest

from models.landmarks import (
    CHIN,
    FOREHEAD,
    LEFT_CORNER,
    LEFT_EYE,
    NOSE_TIP,
    RIGHT_CORNER,
    RIGHT_EYE,
    Landmarks,
    _hushed,
    person,
)
from tests.drawn_face import draw, over


@pytest.fixture(scope="module")
def finder() -> Iterator[Landmarks]:
    with Landmarks(faces=2) as finder:
        yield finder


def test_mediapipe_is_the_version_that_does_not_phone_home() -> None:
    assert version("mediapipe") == "0.10.14"


@pytest.mark.real
def test_a_drawn_face_is_found_where_it_is(finder: Landmarks) -> None:
    picture = draw()[..., :3]
    [points] = finder.find(picture)
    assert points.shape == (478, 3)
    x, y = points[:, 0], points[:, 1]
    assert x[LEFT_EYE] < x[LEFT_CORNER] < x[NOSE_TIP] < x[RIGHT_CORNER] < x[RIGHT_EYE]
    assert y[FOREHEAD] < y[LEFT_EYE] < y[NOSE_TIP] < y[LEFT_CORNER] < y[CHIN]
    assert abs(x[NOSE_TIP] - 360) < 12


@pytest.mark.real
def test_each_face_is_found(finder: Landmarks) -> None:
    both = np.hstack([draw()[..., :3]] * 2)
    assert len(finder.find(both)) == 2


@pytest.mark.real
def test_no_face_is_no_error(finder: Landmarks) -> None:
    assert finder.find(np.full((300, 200, 3), 200, np.uint8)) == []
    assert finder.find(np.zeros((1, 1, 3), np.uint8)) == []


@pytest.mark.real
def test_a_person_is_told_from_the_wall_behind() -> None:
    drawing = draw()
    sure, truth = person(over(drawing)), drawing[..., 3] > 127
    assert sure.shape == truth.shape
    assert ((sure > 0.5) == truth).mean() > 0.95


@pytest.mark.real
def test_starting_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    Landmarks().close()
    assert capfd.readouterr() == ("", "")


def test_hushing_hides_no_error(capfd: pytest.CaptureFixture[str]) -> None:
    with _hushed():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        os.write(2, b"E0000 graph failed\n")
    assert capfd.readouterr().err == "E0000 graph failed\n"
