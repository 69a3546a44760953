from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from agent.articulate import mouths
from agent.types import Mouth
from evals.lipsync import compare, gates, report, watch
from models.atlas import Atlas, premultiplied
from models.face import Face
from models.landmarks import Landmarks, Points
from models.picture import PictureError, read_picture
from models.portrait import PortraitError, Reason, _base, forget, make_atlas
from models.warp_eyes import EyesRig
from models.warp_mouth import MouthRig
from tests.drawn_face import draw, over
from tests.spoken import spoken

Picture = NDArray[np.uint8]


def save(file: Path, picture: Picture) -> Path:
    assert cv2.imwrite(str(file), picture)
    return file


@pytest.fixture(scope="module")
def points() -> Points:
    with Landmarks() as finder:
        return finder.find(over(draw()))[0]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def host(cache: Path) -> Atlas:
    return make_atlas(save(cache / "drawing.png", draw()), cache)


@pytest.mark.real
def test_a_drawing_becomes_a_host_that_fits_the_stage(host: Atlas) -> None:
    height, width = host.base.shape[:2]
    assert (width, height <= 1000) == (720, True)
    assert host.base[10, 10, 3] == 0, "cut free"
    assert host.base[-1, 360, 3] == 255, "stands on the floor"


@pytest.mark.real
def test_a_drawing_speaks_with_its_lips(host: Atlas) -> None:
    phones, seconds = spoken()
    track = mouths(phones, seconds, 25)[:110]
    face = Face(host)
    clip = compare(
        watch(over_grey(face.layer(mouth, i)) for i, mouth in enumerate(track)),
        track,
        [phone for phone in phones if phone.end < 4.4],
    )
    assert gates(clip) == [], report(clip)


def over_grey(layer: Picture) -> Picture:
    behind = 200 * (255 - layer[..., 3:].astype(np.uint16)) // 255
    return (layer[..., :3] + behind).astype(np.uint8)


@pytest.mark.real
def test_the_same_picture_is_made_once_and_forgotten_when_told(
    host: Atlas, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = cache / "drawing.png"
    monkeypatch.setattr("models.portrait.Landmarks", None)
    assert np.array_equal(make_atlas(drawing, cache).base, host.base)
    [folder] = cache.glob("portrait-*")
    (folder / "atlas.json").write_text("{")
    monkeypatch.undo()
    assert make_atlas(drawing, cache).mouth_box == host.mouth_box, "a spoilt one is made anew"
    forget(drawing, cache)
    assert not list(cache.glob("portrait-*"))


@pytest.mark.real
def test_a_picture_with_a_wall_behind_is_cut_free(tmp_path: Path) -> None:
    wall, _ = read_picture(save(tmp_path / "wall.jpg", over(draw(), (120, 160, 200))))
    base, _ = _base(wall)
    assert base[10, 10, 3] == 0
    assert base[345, 360, 3] == 255


@pytest.mark.real
def test_a_tilted_head_is_set_upright() -> None:
    turn = cv2.getRotationMatrix2D((360, 400), 12, 0.8)
    base, _ = _base(np.asarray(cv2.warpAffine(draw(), turn, (720, 1000)), np.uint8))
    with Landmarks() as finder:
        [face] = finder.find(over_grey(base))
    assert abs(face[33, 1] - face[263, 1]) < 4


def small(picture: Picture, points: Points) -> Picture:
    tiny = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return np.asarray(tiny, np.uint8)


def two(picture: Picture, points: Points) -> Picture:
    return np.hstack([picture, picture])


def nobody(picture: Picture, points: Points) -> Picture:
    return np.full_like(picture, 200)


def tilted(picture: Picture, points: Points) -> Picture:
    turn = cv2.getRotationMatrix2D((360, 450), 35, 0.7)
    return np.asarray(cv2.warpAffine(picture, turn, (720, 1000)), np.uint8)


def turned(picture: Picture, points: Points) -> Picture:
    """One half of the face squeezed, as it is when the head turns."""
    columns, rows = np.meshgrid(np.arange(720, dtype=np.float32), np.arange(1000, dtype=np.float32))
    nose = 360
    source = np.where(columns < nose, nose - (nose - columns) / 0.35, columns).astype(np.float32)
    return np.asarray(cv2.remap(picture, source, rows, cv2.INTER_LINEAR), np.uint8)


def beheaded(picture: Picture, points: Points) -> Picture:
    return picture[:610]


def half(picture: Picture, points: Points) -> Picture:
    return picture[:, 240:]


def shouting(picture: Picture, points: Points) -> Picture:
    rig = MouthRig(premultiplied(picture), points)
    x0, y0, x1, y1 = rig.box
    picture[y0:y1, x0:x1] = rig.crop(Mouth(open=0.8))
    return picture


def asleep(picture: Picture, points: Points) -> Picture:
    for x in (288, 432):  # skin over the eyes, and a line for the lids
        cv2.ellipse(picture, (x, 378), (54, 34), 0, 0, 360, (150, 182, 232, 255), -1, cv2.LINE_AA)
        cv2.ellipse(picture, (x, 380), (44, 14), 0, 0, 180, (13, 19, 38, 255), 5, cv2.LINE_AA)
    return picture


def masked(picture: Picture, points: Points) -> Picture:
    cv2.ellipse(picture, (360, 540), (110, 72), 0, 0, 360, (205, 190, 170, 255), -1, cv2.LINE_AA)
    return picture


def blurred(picture: Picture, points: Points) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 14), np.uint8)


@pytest.mark.real
@pytest.mark.parametrize(
    ("spoil", "reasons"),
    [
        (nobody, {Reason.NO_FACE}),
        (two, {Reason.TWO_FACES}),
        (small, {Reason.TOO_SMALL}),
        (tilted, {Reason.TILTED}),
        (turned, {Reason.TURNED, Reason.NO_FACE}),
        (beheaded, {Reason.CUT_OFF}),
        (half, {Reason.CUT_OFF, Reason.TURNED, Reason.NO_FACE}),
        (shouting, {Reason.MOUTH_OPEN}),
        (asleep, {Reason.EYES_SHUT}),
        (masked, {Reason.MOUTH_COVERED}),
        (blurred, {Reason.BLURRED}),
    ],
)
def test_a_face_that_cannot_speak_is_refused_with_the_reason(
    tmp_path: Path,
    points: Points,
    spoil: Callable[[Picture, Points], Picture],
    reasons: set[Reason],
) -> None:
    file = save(tmp_path / "spoilt.png", spoil(draw(), points))
    with pytest.raises(PortraitError) as refused:
        make_atlas(file, tmp_path)
    assert refused.value.reason in reasons
    assert "; " in str(refused.value), "says what to change"
    assert not list(tmp_path.glob("portrait-*"))


@pytest.mark.real
def test_at_rest_a_host_is_its_picture(points: Points) -> None:
    picture = premultiplied(draw())
    mouth, eyes = MouthRig(picture, points), EyesRig(picture, points)
    for box, crop in ((mouth.box, mouth.crop(Mouth())), (eyes.box, eyes.crop(0, 0, 0))):
        x0, y0, x1, y1 = box
        assert np.abs(crop.astype(int) - picture[y0:y1, x0:x1]).max() <= 6


def test_what_is_no_picture_is_said_to_be_none(tmp_path: Path) -> None:
    text = tmp_path / "face.png"
    text.write_text("not a picture")
    with pytest.raises(PictureError, match="not a picture"):
        read_picture(text)
    empty = tmp_path / "empty.jpg"
    empty.touch()
    with pytest.raises(PictureError, match="not a picture"):
        read_picture(empty)
    cut = save(tmp_path / "cut.png", draw())
    cut.write_bytes(cut.read_bytes()[:20_000])
    with pytest.raises(PictureError, match="cannot be read"):
        read_picture(cut)
    gif = tmp_path / "moving.gif"
    Pillow.new("P", (20, 20)).save(gif)
    with pytest.raises(PictureError, match="not a picture in PNG"):
        read_picture(gif)


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    Pillow.new("1", (9000, 9000)).save(bomb)
    assert bomb.stat().st_size < 50_000
    with pytest.raises(PictureError, match="9000x9000"):
        read_picture(bomb)
    huge = tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.truncate(31 * 1024 * 1024)
    with pytest.raises(PictureError, match="31 MB"):
        read_picture(huge)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "1", "CMYK"])
def test_every_kind_of_colour_is_read(tmp_path: Path, mode: str) -> None:
    file = tmp_path / ("picture.jpg" if mode == "CMYK" else "picture.png")
    Pillow.new(mode, (30, 40)).save(file)
    picture, digest = read_picture(file)
    assert picture.shape == (40, 30, 4)
    assert len(digest) == 64


def test_a_photo_on_its_side_is_set_up(tmp_path: Path) -> None:
    file = tmp_path / "side.jpg"
    photo = Pillow.new("RGB", (40, 20))
    exif = photo.getexif()
    exif[0x0112] = 6
    photo.save(file, exif=exif)
    assert read_picture(file)[0].shape == (40, 20, 4)
