"""candor.toml: strict, with errors that say what to do."""

from pathlib import Path

import pytest

from agent.config import Config, ConfigError, load, secrets


def test_no_file_gives_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None) == Config()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[voice]\nengin = 'coqui'", r"\[voice\] engin is not a key; did you mean engine\?"),
        ("[voyce]\n", r"voyce is not a key; did you mean voice\?"),
        ("[voice]\nengine = 'siri'", r"\[voice\] engine: input should be 'hibari' or 'coqui'"),
        ("[server]\nport = 99999", r"\[server\] port: .*65535"),
        ("[show]\nnotice_every_s = 100000", r"\[show\] notice_every_s: .*900"),
        ("[show]\nnotice_every_s = 0", r"\[show\] notice_every_s: .*300"),
        ("[label]\nshown = false", r"label is not a key"),
        ("not toml", "not TOML"),
    ],
)
def test_a_wrong_setting_names_file_key_and_remedy(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "candor.toml"
    file.write_text(content)
    with pytest.raises(ConfigError, match=says) as caught:
        load(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "nowhere.toml")


def test_a_secret_does_not_show() -> None:
    kept = secrets({"CANDOR_STUDIO_TOKEN": "hunter2hunter2"})
    assert kept.studio_token == "hunter2hunter2"
    assert "hunter2" not in repr(kept)
