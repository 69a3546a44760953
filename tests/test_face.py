import numpy as np
import pytest

from agent.types import REST, Mouth
from models.atlas import Atlas
from models.face import Face, default_host
from models.motion import Pose
from tests.stage_fakes import tiny_atlas

STILL = Pose(x=0, y=0, roll=0, turn=0, breath=0, blink=0, gaze=0, brow=0)


@pytest.fixture(scope="module")
def host() -> Atlas:
    return default_host()


def test_a_still_host_is_her_portrait(host: Atlas) -> None:
    layer = Face(host).posed(REST, STILL)
    # At most a trace of compression: the picture is not moved by a fraction of a pixel.
    apart = np.abs(layer.astype(int) - host.base)
    assert apart[:380].mean() < 0.5
    assert np.array_equal(layer[700:], host.base[700:])


def over(layer: np.ndarray, colour: int = 200) -> np.ndarray:
    """The layer over one grey, blended in one go."""
    behind = colour * (255 - layer[..., 3:].astype(np.float32)) / 255
    return layer[..., :3] + behind


@pytest.mark.parametrize("size", [(720, 1280), (432, 768)])
@pytest.mark.parametrize(
    "pose",
    [
        STILL,
        Pose(x=4, y=3, roll=0.012, turn=-4, breath=2, blink=0.6, gaze=0.7, brow=0.4),
        Pose(x=-5, y=-2, roll=-0.02, turn=5, breath=0, blink=0, gaze=0, brow=0, smile=1, look=1),
        Pose(x=60, y=-40, roll=0.2, turn=5, breath=0, blink=0, gaze=0, brow=0),
    ],
    ids=["still", "about", "smiling", "far"],
)
def test_drawn_in_bands_the_host_is_as_blended_whole(
    host: Atlas, pose: Pose, size: tuple[int, int]
) -> None:
    face = Face(host.fitted(size))
    picture = np.full((face.size[1], face.size[0], 3), 200, np.uint8)
    face.put(picture, Mouth(open=0.4), pose)
    apart = np.abs(picture - over(face.posed(Mouth(open=0.4), pose)))
    assert apart.max() <= 2


def test_what_is_not_made_anew_has_not_moved_to_be_seen(host: Atlas) -> None:
    face, other = Face(host), Face(host)
    picture = np.empty((face.size[1], face.size[0], 3), np.uint8)
    for number in range(40):
        mouth = Mouth(open=0.6) if 10 < number < 13 else REST
        picture[:] = 200
        face.draw(picture, mouth, number)
        apart = np.abs(picture - over(other.layer(mouth, number)))
        assert apart.mean() < 0.25
        assert np.quantile(apart, 0.999) < 8


def test_a_face_moved_right_stands_right() -> None:
    atlas = tiny_atlas()
    atlas.base[:, :, :3] = np.arange(0, 240, 3, dtype=np.uint8)[:80][None, :, None]
    still = Face(atlas).posed(REST, STILL).copy()
    moved = Face(atlas).posed(REST, Pose(12, 0, 0, 0, 0, 0, 0, 0))
    assert moved[2, 40, 0] < still[2, 40, 0]


def test_each_mouth_shows(host: Atlas) -> None:
    face = Face(host)
    x0, y0, x1, y1 = host.mouth_box
    seen = [
        face.posed(mouth, STILL)[y0:y1, x0:x1].astype(int).copy()
        for mouth in (
            REST,
            Mouth(open=0.9),
            Mouth(open=0.3, wide=1.0),
            Mouth(open=0.3, wide=-1.0),
            Mouth(press=1.0),
            Mouth(lip_teeth=1.0),
            Mouth(open=0.3, tongue=1.0),
            Mouth(open=0.2, hush=1.0),
        )
    ]
    for i, one in enumerate(seen):
        for other in seen[:i]:
            assert np.abs(one - other).mean() > 0.4


def test_an_open_mouth_is_dark_inside_and_a_pressed_one_is_not(host: Atlas) -> None:
    face = Face(host)
    x, y = 360, 516
    assert face.posed(Mouth(open=1.0), STILL)[y - 3 : y + 3, x - 8 : x + 8, 2].mean() < 110
    assert (
        face.posed(Mouth(open=1.0, press=1.0), STILL)[y - 3 : y + 3, x - 8 : x + 8, 2].mean() > 130
    )


def test_the_same_frames_are_drawn_alike(host: Atlas) -> None:
    one, other = Face(host), Face(host)
    for number in (0, 1, 2, 50):
        mouth = Mouth(open=number / 50)
        assert np.array_equal(one.layer(mouth, number), other.layer(mouth, number))


def test_a_layer_is_premultiplied(host: Atlas) -> None:
    layer = Face(host).layer(Mouth(open=0.4), 33)
    assert (layer[..., :3] <= layer[..., 3:]).all()


def test_the_default_host_says_who_she_is(host: Atlas) -> None:
    assert "not based on any individual" in host.about
    assert "CC0" in host.about
