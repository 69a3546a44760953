import json
from pathlib import Path

import numpy as np
import pytest

from agent.types import REST, Mouth
from models.atlas import GRIDS, Atlas, AtlasError, Grid, premultiplied, straight
from tests.stage_fakes import tiny_atlas


def grey_of(atlas: Atlas, mouth: Mouth) -> int:
    out = np.empty_like(atlas.mouth.crops[0, 0])
    atlas.pose_mouth(mouth, out, out.copy())
    assert out.min(axis=(0, 1)).tolist() == out.max(axis=(0, 1)).tolist()
    return int(out[0, 0, 0])


def test_a_mouth_between_two_crops_is_their_mix() -> None:
    atlas = tiny_atlas()
    assert grey_of(atlas, Mouth(open=0.5, wide=0.0)) == 50
    assert grey_of(atlas, Mouth(open=0.5, wide=0.5)) == 55
    assert grey_of(atlas, Mouth(open=0.25, wide=-1.0)) == 25
    assert grey_of(atlas, Mouth(open=9.0, wide=9.0)) == 90


def test_the_weights_around_any_point_sum_to_one() -> None:
    grid = tiny_atlas().mouth
    for x in np.linspace(-0.5, 1.5, 23):
        for y in np.linspace(-1.5, 1.5, 23):
            assert sum(weight for _, weight in grid.cells((x, y))) == pytest.approx(1)


def test_pressed_lips_are_shut_whatever_else_the_mouth_does() -> None:
    atlas = tiny_atlas()
    shut = grey_of(atlas, Mouth(press=1.0))
    assert grey_of(atlas, Mouth(open=1.0, wide=-1.0, tongue=1.0, hush=1.0, press=1.0)) == shut


def test_an_atlas_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    atlas = tiny_atlas()
    atlas.save(tmp_path / "host", quality=101)
    again = Atlas.load(tmp_path / "host")
    assert (again.mouth_box, again.eye_box, again.pivot, again.about) == (
        (15, 40, 65, 85),
        (10, 8, 70, 36),
        (40.0, 90.0),
        "a test",
    )
    assert np.array_equal(again.base, atlas.base)
    for name in GRIDS:
        before, after = getattr(atlas, name), getattr(again, name)
        assert after.axes == before.axes
        middle = (slice(None),) * (before.crops.ndim - 3) + (slice(12, -12), slice(12, -12))
        assert np.array_equal(after.crops[middle], before.crops[middle])


def test_a_loaded_crop_meets_the_base_without_a_seam(tmp_path: Path) -> None:
    tiny_atlas().save(tmp_path, quality=101)
    crops = Atlas.load(tmp_path).mouth.crops
    assert (crops[:, :, 0, :, :] == 255).all()
    assert (crops[:, :, :, -1, :] == 255).all()


def test_a_broken_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="holds no atlas"):
        Atlas.load(tmp_path)
    tiny_atlas().save(tmp_path, quality=101)
    (tmp_path / "mouth.webp").write_bytes(b"not a picture")
    with pytest.raises(AtlasError, match=r"mouth\.webp is not a picture"):
        Atlas.load(tmp_path)
    tiny_atlas().save(tmp_path, quality=101)
    (tmp_path / "eyes.webp").write_bytes((tmp_path / "mouth.webp").read_bytes())
    with pytest.raises(AtlasError, match="sheet of eyes"):
        Atlas.load(tmp_path)
    about = json.loads((tmp_path / "atlas.json").read_text())
    (tmp_path / "atlas.json").write_text(json.dumps(about | {"format": 9}))
    with pytest.raises(AtlasError, match="format 9"):
        Atlas.load(tmp_path)


def test_crops_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Grid(((0.0, 1.0),), np.zeros((3, 4, 4, 4), np.uint8))
    with pytest.raises(ValueError, match="must rise"):
        Grid(((1.0, 0.0),), np.zeros((2, 4, 4, 4), np.uint8))


def test_a_scaled_atlas_is_whole() -> None:
    half = tiny_atlas().scaled(0.5)
    assert half.base.shape == (50, 40, 4)
    assert half.mouth.crops.shape[-3:-1] == (half.mouth_box[3] - half.mouth_box[1], 24)
    assert grey_of(half, REST) == grey_of(tiny_atlas(), REST)


def test_a_host_is_fitted_to_any_picture() -> None:
    for size in ((720, 1280), (1280, 720), (40, 40)):
        height, width = tiny_atlas().fitted(size).base.shape[:2]
        assert width <= size[0]
        assert height <= size[1] * 5 / 6 + 1
        assert width == size[0] or height >= size[1] * 5 / 6 - 1


def test_premultiplying_is_undone() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (20, 20, 4), np.uint8)
    picture[..., 3] = np.maximum(picture[..., 3], 128)
    back = straight(premultiplied(picture))
    assert np.abs(back.astype(int) - picture).max() <= 1
