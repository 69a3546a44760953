import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.lettering import balanced, clean, lay, lines, written
from tests.stage_fakes import TEXTS


@settings(deadline=None, max_examples=120)
@given(TEXTS, st.integers(60, 700), st.integers(1, 4))
def test_lines_keep_to_their_width_and_number(text: str, width: int, most: int) -> None:
    shown, font = written(text, 28, bold=False)
    broken = lines(shown, font, width, most)
    assert len(broken) <= most
    assert all(font.getlength(line) <= width + 1 for line in broken)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_a_line_break_loses_no_letter(text: str) -> None:
    shown, font = written(text, 28, bold=False)
    broken = lines(shown, font, 500, 100)
    assert "".join("".join(broken).split()) == "".join(shown.split())
    again = balanced(shown, font, 500, broken)
    assert "".join("".join(again).split()) == "".join(shown.split())


def test_what_is_cut_short_ends_in_an_ellipsis() -> None:
    shown, font = written("one two three four five six seven eight", 28, bold=False)
    assert lines(shown, font, 200, 1)[0].endswith("…")


def test_no_chinese_line_begins_with_a_comma() -> None:
    shown, font = written(
        "今天的价格，是二十四块九，送货，两天，退货，三十天。" * 3, 28, bold=False
    )
    for width in range(120, 400, 7):
        assert not any(line[0] in "，。" for line in lines(shown, font, width, 99))


def test_no_line_breaks_between_an_amount_and_its_currency() -> None:
    shown, font = written("Elle coûte 24,90\u202f€ et 5\xa0g\u202f!", 28, bold=False)
    for width in range(130, 500, 9):
        broken = " ".join(lines(shown, font, width, 99))
        assert "24,90\xa0€" in broken
        assert "5\xa0g\xa0!" in broken


def test_controls_and_marks_of_direction_are_left_out() -> None:
    assert clean("\u202ea\x00b\u200b\tc\n d\x1b") == "ab c d"


def test_an_emoji_leaves_no_box() -> None:
    assert written("Hi 🔥 there", 28, bold=True)[0] == "Hi there"


def test_french_and_chinese_are_written_with_what_the_project_brings() -> None:
    for text in ("Œuvre à 24,90 € – « été », s’il vous plaît…", "库存 12 件，已售罄"):
        assert written(text, 28, bold=True)[0] == text


def test_a_tile_that_hangs_over_is_cut() -> None:
    tile = np.full((10, 10, 4), 255, np.uint8)
    picture = np.zeros((20, 20, 3), np.uint8)
    lay(tile, picture, 15, -5)
    lay(tile, picture, 50, 50)
    assert picture.sum() == 255 * 3 * 25
