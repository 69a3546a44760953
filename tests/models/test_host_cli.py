from argparse import Namespace
from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.__main__ import parser
from agent.admission import standing
from models import host_cli
from models.atlas import Atlas
from models.face import default_host
from tests.drawn_face import draw


def asked(*words: str) -> Namespace:
    return parser().parse_args(["host", *words])


def refused(picture: Path, record: Path) -> str:
    return "there is no record"


def test_the_sheet_shows_the_built_in_host_in_all_that_she_does(tmp_path: Path) -> None:
    file = tmp_path / "sheet.png"
    assert host_cli.run(asked("sheet", str(file)), tmp_path, refused) == 0
    page = cv2.imread(str(file))
    assert page is not None
    assert page.shape[0] > 1200
    assert page.shape[1] == 1504


@pytest.mark.real
def test_a_picture_without_a_face_is_refused_with_what_to_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wall.png"
    cv2.imwrite(str(file), np.full((600, 500, 3), 190, np.uint8))
    assert host_cli.run(asked("new", str(file)), tmp_path / "cache", refused) == 1
    told = capsys.readouterr().err
    assert "no face was found; use one that shows a whole head from the front" in told
    assert not list(tmp_path.glob("*-sheet.png"))


@pytest.mark.parametrize("holds", [True, False])
def test_a_face_is_kept_only_where_its_consent_holds(
    tmp_path: Path,
    holds: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept: list[Path] = []

    def make(picture: Path, cache: Path) -> Atlas:
        kept.append(cache)
        return default_host()

    monkeypatch.setattr(host_cli, "make_atlas", make)
    file, cache = tmp_path / "ann.png", tmp_path / "cache"
    cv2.imwrite(str(file), draw())
    reason = host_cli.HOLDS if holds else "it ended yesterday"
    assert host_cli.run(asked("new", str(file)), cache, lambda picture, record: reason) == 0
    told = capsys.readouterr().out
    assert (kept == [cache]) is holds
    assert ("it ended yesterday" in told) is not holds
    assert f'portrait = "{file}"' in told
    assert (tmp_path / "ann-sheet.png").is_file()


def test_a_picture_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nobody.png"
    assert host_cli.run(asked("new", str(file)), tmp_path, standing) == 2
    assert "nobody.png" in capsys.readouterr().err


def test_without_a_record_a_picture_of_ones_own_stands_refused(tmp_path: Path) -> None:
    file = tmp_path / "ann.png"
    cv2.imwrite(str(file), draw())
    assert "NO_RECORD" in standing(file, tmp_path / "consent.json")
