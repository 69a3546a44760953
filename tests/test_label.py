from collections.abc import Callable

import cv2
import numpy as np
import pytest

from agent.backdrop import shop
from agent.label import TEXTS, Label
from agent.types import LANGUAGES, Image, Language
from tests.h264 import round_trip


@pytest.fixture(params=LANGUAGES)
def label(request: pytest.FixtureRequest) -> Label:
    language: Language = request.param
    return Label(language)


@pytest.fixture(scope="module")
def room() -> Image:
    return shop((720, 1280))


def ink_rows(label: Label, image: Image) -> list[int]:
    """Heights in pixels of the label's lines, as they stand on the image."""
    x0, y0, x1, y1 = label.box
    ink = (image[y0:y1, x0:x1].min(axis=2) > 200).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ink, [False]]).astype(int)))
    return [int(b - a) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def test_the_text_is_a_twentieth_of_the_shortest_side(label: Label, room: Image) -> None:
    image = room.copy()
    label.draw(image)
    rows = ink_rows(label, image)
    assert len(rows) >= len(TEXTS[label.language])
    assert min(row for row in rows if row > 15) >= 36


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 720), (480, 854)])
def test_the_text_grows_with_the_picture(size: tuple[int, int]) -> None:
    for language in LANGUAGES:
        label = Label(language, size)
        image = np.full((size[1], size[0], 3), 128, np.uint8)
        label.draw(image)
        assert max(ink_rows(label, image)) >= 0.05 * min(size)
        assert label.drawn_on(image)
        assert label.visible_in(image)


def test_the_words_are_those_that_the_law_asks_for() -> None:
    assert "AI" in TEXTS["zh"][0]
    assert "生成" in TEXTS["zh"][0]
    assert "数字人" in TEXTS["zh"][0]
    assert "IMAGES VIRTUELLES" in TEXTS["fr"][0]
    assert "AI-GENERATED" in TEXTS["en"][0]


def test_a_label_is_found_where_it_was_drawn_and_nowhere_else(label: Label, room: Image) -> None:
    image = room.copy()
    assert not label.drawn_on(image)
    assert not label.visible_in(image)
    label.draw(image)
    assert label.drawn_on(image)
    assert label.visible_in(image)
    assert not Label("en" if label.language != "en" else "zh").visible_in(image)


def test_one_wrong_pixel_is_noticed(label: Label, room: Image) -> None:
    image = room.copy()
    label.draw(image)
    x0, y0, x1, y1 = label.box
    image[(y0 + y1) // 2, (x0 + x1) // 2] ^= 1
    assert not label.drawn_on(image)


def test_a_covered_part_is_noticed_even_after_encoding(label: Label, room: Image) -> None:
    x0, y0, x1, y1 = label.box
    for left in range(x0 + 25, x1 - 80, 60):
        image = room.copy()
        label.draw(image)
        image[y0:y1, left : left + 60] = room[y0:y1, left : left + 60]
        assert not label.drawn_on(image)
        assert not label.visible_in(image), left


def test_a_covered_line_is_noticed(room: Image) -> None:
    label = Label("fr")
    image = room.copy()
    label.draw(image)
    x0, y0, x1, y1 = label.box
    image[(y0 + y1) // 2 : y1, x0:x1] = (26, 18, 16)
    assert not label.visible_in(image)


def test_a_faint_label_does_not_count(label: Label, room: Image) -> None:
    image = room.copy()
    label.draw(image)
    faint = (image.astype(np.float32) * 0.25 + 90).astype(np.uint8)
    assert not label.visible_in(faint)


def test_a_label_moved_or_of_another_size_does_not_count(label: Label, room: Image) -> None:
    image = room.copy()
    label.draw(image)
    assert not label.visible_in(np.roll(image, 40, axis=1))
    assert not label.drawn_on(image[:640, :360])


def test_the_label_is_read_after_h264_at_a_streams_bitrate(label: Label, room: Image) -> None:
    frames = []
    for number in range(12):
        image = np.roll(room, 3 * number, axis=0)
        label.draw(image)
        frames.append(image)
    decoded = round_trip(frames, kbit=1000)
    assert len(decoded) == 12
    assert all(label.visible_in(image) for image in decoded)
    small = cv2.resize(decoded[-1], (540, 960), interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert label.visible_in(small)
    assert not any(label.visible_in(image) for image in round_trip([room] * 3, kbit=1000))


def cropped(image: Image, room: Image, label: Label) -> Image:
    return cv2.resize(image[12:], (720, 1280)).astype(np.uint8)


def blurred(image: Image, room: Image, label: Label) -> Image:
    return cv2.GaussianBlur(image, (0, 0), 5).astype(np.uint8)


def thirty_percent(image: Image, room: Image, label: Label) -> Image:
    return cv2.addWeighted(image, 0.3, room, 0.7, 0).astype(np.uint8)


def under_the_caption(image: Image, room: Image, label: Label) -> Image:
    x0, y0, x1, y1 = label.box
    moved = room.copy()
    moved[900 : 900 + y1 - y0, x0:x1] = image[y0:y1, x0:x1]
    moved[940:1100] = 20
    return moved


def in_another_language(image: Image, room: Image, label: Label) -> Image:
    other = room.copy()
    Label("zh" if label.language == "en" else "en").draw(other)
    return other


def in_coarse_blocks(image: Image, room: Image, label: Label) -> Image:
    few = cv2.resize(image, (60, 107), interpolation=cv2.INTER_AREA)
    return cv2.resize(few, (720, 1280), interpolation=cv2.INTER_NEAREST).astype(np.uint8)


@pytest.mark.parametrize(
    "spoil",
    [
        cropped,
        blurred,
        thirty_percent,
        under_the_caption,
        in_another_language,
        in_coarse_blocks,
    ],
)
def test_a_spoilt_label_is_missing_in_what_a_viewer_gets(
    spoil: Callable[[Image, Image, Label], Image], label: Label, room: Image
) -> None:
    image = room.copy()
    label.draw(image)
    spoilt = np.ascontiguousarray(spoil(image, room, label))
    assert not label.drawn_on(spoilt)
    assert not any(label.visible_in(seen) for seen in round_trip([spoilt] * 2, kbit=600))


def test_the_label_is_read_on_a_small_screen_at_a_low_bitrate(label: Label, room: Image) -> None:
    image = room.copy()
    label.draw(image)
    seen = round_trip([image] * 4, kbit=300)[-1]
    for width in (360, 240):
        small = cv2.resize(seen, (width, width * 16 // 9), interpolation=cv2.INTER_AREA)
        assert label.visible_in(small.astype(np.uint8))


def test_the_slate_is_labelled(label: Label) -> None:
    slate = label.slate()
    assert slate.shape == (1280, 720, 3)
    assert label.drawn_on(slate)
    assert (slate[550:750].max(axis=2) > 200).any()
