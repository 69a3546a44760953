"""Where an AI host may sell, and what it must show there."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from agent.__main__ import main
from agent.label import Label
from agent.profiles import STALE_AFTER_DAYS, Terms, profiles, terms
from catalog import sample

TODAY = date(2026, 11, 25)


def asked(
    platforms: Sequence[str],
    markets: Sequence[str] = ("US",),
    registered: Mapping[str, str] | None = None,
    *,
    attended: bool = False,
    today: date = TODAY,
) -> Terms:
    return terms(
        platforms,
        markets,
        registered=registered or {},
        attended=attended,
        notice_every_s=900,
        keep_days=100,
        today=today,
    )


def test_where_an_ai_voice_is_barred_the_show_does_not_start_whatever_else_is_said() -> None:
    found = asked(["tiktok-shop-us"], registered={"tiktok-shop-us": "123"}, attended=True)
    assert "may not sell there" in found.refusals[0]


def test_what_is_missing_is_named_one_by_one() -> None:
    both = asked(["douyin"])
    assert len(both.refusals) == 2
    assert "[registered] douyin" in both.refusals[0]
    assert "attended = true" in both.refusals[1]
    assert not asked(["douyin"], registered={"douyin": "A-1"}, attended=True).refusals
    assert asked(["douyin"], registered={"douyin": "  "}, attended=True).refusals


def test_one_barred_platform_among_several_stops_the_show() -> None:
    assert asked(["own-site", "youtube", "tiktok-shop-us"]).refusals


def test_a_platform_nobody_looked_at_is_refused_and_a_market_is_warned_of() -> None:
    assert "nobody has looked" in asked(["new-thing"]).refusals[0]
    found = asked(["own-site"], ["BR"])
    assert not found.refusals
    assert "BR" in found.warnings[0]


def test_the_strictest_of_what_applies_holds() -> None:
    found = asked(["own-site"], ["US", "CN", "FR"])
    assert found.notice_every_s == 600
    assert found.keep_days == 1096
    assert {"AI 生成 · 数字人", "PUBLICITÉ"} <= set(found.label)


def test_an_entry_that_nobody_looked_at_for_half_a_year_is_warned_of() -> None:
    late = profiles().platforms["youtube"].last_verified + timedelta(days=STALE_AFTER_DAYS + 1)
    assert any("youtube" in warning for warning in asked(["youtube"], today=late).warnings)


def test_the_label_bears_what_the_market_asks_and_is_read_back_with_it() -> None:
    plain, more = Label("en"), Label("en", also=("PUBLICITÉ", "AI-GENERATED HOST"))
    assert more.rows == ("AI-GENERATED HOST", "PUBLICITÉ")
    picture = np.full((1280, 720, 3), 90, np.uint8)
    more.draw(picture)
    assert more.drawn_on(picture)
    assert more.visible_in(picture)
    assert not plain.drawn_on(picture)


def test_the_command_refuses_to_go_on_the_air_where_it_is_barred(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("barred")
    sample.build(folder / "shop.duckdb")
    file = folder / "candor.toml"
    file.write_text(
        f'[show]\ncatalog = "{folder / "shop.duckdb"}"\nplatforms = ["tiktok-shop-us"]\n'
        "[writer]\nenabled = false\n[server]\nport = 0\n"
    )
    assert main(["run", "--config", str(file)]) == 2
    assert "may not sell there" in capsys.readouterr().err
