"""A merchant's line on how a name sounds can change nothing that the gate has passed."""

from pathlib import Path

import pytest

from agent.app import _names
from agent.config import ConfigError
from agent.rules.respelt import objections, unfit


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Nïke", "Nykee"),
        ("lambswool", "lambs wool"),
        ("Hygge", "hoo-ga"),
        ("Loewe", "loe-way"),
        ("Sennheiser", "zen-high-zer"),
        ("Hermès", "air-mess"),
        ("HP-MUG", "H P mug"),
        ("JBL", "J B L"),
        ("Xiaomi", "shao mee"),
        ("Leicester", "lester"),
        ("IO", "eye-oh"),
    ],
)
def test_names_may_be_written_by_their_sounds(written: str, spoken: str) -> None:
    assert unfit(written, spoken) is None


@pytest.mark.parametrize(
    ("written", "spoken", "why"),
    [
        ("Velora", "certified organic", "'certified' means something"),
        ("lamp", "organic lamp", "does not sound like"),
        ("Velora", "waterproof", "does not sound like"),
        ("Aiea", "vegan", "does not sound like"),
        ("台灯", "vegan", "does not sound like"),
        ("Velora", "écologique", "does not sound like"),
        ("Velora", "the best", "'the' means something"),
        ("Nota", "no", "'no' means something"),
        ("Lumo", "loom at 10", "numbers, prices and shares"),
        ("Lumo", "looms ten", "'ten' means something"),
        ("three", "thirty", "one of the host's own words"),
        ("trente", "trento", "one of the host's own words"),
        ("AI", "eye", "one of the host's own words"),
        ("not", "knot", "one of the host's own words"),
        ("Lumo Two", "loomo tu", "one of the host's own words"),
        ("Lumo", "loomoo loomoo loomoo loomoo", "longer than the name"),
    ],
)
def test_what_would_be_said_otherwise_is_refused(written: str, spoken: str, why: str) -> None:
    assert why in (unfit(written, spoken) or "")


def test_each_refused_line_is_named() -> None:
    lines = {"Nïke": "Nykee", "Velora": "free Velora", "Kumo": "kew mo"}
    (one,) = objections(lines)
    assert one.startswith("Velora = free Velora: 'free'")


def test_a_show_with_a_wrong_line_does_not_start(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("Nïke = Nykee\nVelora = free Velora\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"names\.txt: Velora = free Velora: 'free' means"):
        _names(file)
    file.write_text("Nïke\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"names\.txt:1: expected 'written = spoken'"):
        _names(file)
    file.write_text("Nïke = Nykee\n", encoding="utf-8")
    assert _names(file) == {"Nïke": "Nykee"}
