"""candor.toml: strict, with errors that say what to do."""

from pathlib import Path

import pytest

from agent.admission import Admission, NotAdmittedError
from agent.config import Config, ConfigError, load, secrets
from agent.outputs import targets


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
        (
            "[[output]]\nname = 'a'\nplatform = 'own-site'\nurl = 'rtmp://h/a'\nkey = 'sekrit'",
            "set CANDOR_KEY_ and the name",
        ),
        (
            "[[output]]\nname = 'a'\nplatform = 'own-site'\nurl = 'rtmp://u:sekrit@h/a'",
            "number 1: url: the server's address",
        ),
        (
            "[[output]]\nname = 'a'\nplatform = 'own-site'\nurl = 'rtmp://h/a?key=sekrit'",
            "no key, no",
        ),
        (
            "[[output]]\nname = 'a'\nplatform = 'own-site'\nurl = 'http://sekrit/a'",
            "as rtmps://live.example.com/app",
        ),
        (
            "[[output]]\nname = 'sekrit key'\nplatform = 'own-site'\nurl = 'rtmp://h/a'",
            "small letters, digits and hyphens",
        ),
        (
            "[[output]]\nname = 'a'\nplatform = 'own-site'\nurl = 'rtmp://h/a'\nurls = 'sekrit'",
            "urls is not a key; known",
        ),
        ("[[output]]\nname = 'a'\nurl = 'rtmp://h/a'", "number 1: platform: say whose rules hold"),
        ("[[output]]\nname = 'a'\nplatform = 'x'\n", "number 1: url: the server's address"),
        (
            "[[output]]\nname = 'a-b'\nplatform = 'own-site'\nurl = 'rtmp://h/a'\n"
            "[[output]]\nname = 'a-b'\nplatform = 'own-site'\nurl = 'rtmp://h/b'",
            "two outputs have the same name",
        ),
        ("not toml", "not TOML"),
    ],
)
def test_a_wrong_setting_names_file_key_and_remedy(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "candor.toml"
    file.write_text(content)
    with pytest.raises(ConfigError, match=says) as caught:
        load(file)
    assert str(file) in str(caught.value)
    assert "sekrit" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "nowhere.toml")


def test_a_secret_does_not_show() -> None:
    kept = secrets({"CANDOR_STUDIO_TOKEN": "hunter2hunter2"})
    assert kept.studio_token == "hunter2hunter2"
    assert "hunter2" not in repr(kept)


def test_a_stream_key_comes_from_the_environment_and_does_not_show(tmp_path: Path) -> None:
    file = tmp_path / "candor.toml"
    file.write_text(
        "[[output]]\nname = 'my-shop'\nplatform = 'own-site'\nurl = 'rtmps://live.example/app'"
    )
    config, kept = load(file), secrets({"CANDOR_KEY_MY_SHOP": " hunter2hunter2\n", "PATH": "/bin"})
    assert "hunter2" not in repr(kept)
    [target] = targets(config, kept)
    assert (target.name, target.place, target.key) == (
        "my-shop",
        "rtmps://live.example",
        "hunter2hunter2",
    )
    assert "hunter2" not in repr(target)


def test_a_key_that_would_go_unencrypted_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "candor.toml"
    for host, warned in (("live.example", True), ("127.0.0.1:1935", False)):
        caplog.clear()
        file.write_text(f"[[output]]\nname = 'a'\nplatform = 'own-site'\nurl = 'rtmp://{host}/app'")
        targets(load(file), secrets({"CANDOR_KEY_A": "hunter2"}))
        assert ("unencrypted" in caplog.text) is warned
        assert "hunter2" not in caplog.text


def test_an_output_without_its_key_is_refused_before_the_show(tmp_path: Path) -> None:
    file = tmp_path / "candor.toml"
    file.write_text(
        "[[output]]\nname = 'shop'\nplatform = 'own-site'\nurl = 'rtmp://live.example/app'"
    )
    with pytest.raises(ConfigError, match="as CANDOR_KEY_SHOP, or keyless = true"):
        targets(load(file), secrets({}))
    file.write_text(file.read_text() + "\nkeyless = true\nca = 'none.pem'")
    with pytest.raises(ConfigError, match=r"ca: there is no file none\.pem"):
        targets(load(file), secrets({}))


def test_an_output_keeps_to_the_rules_of_whoever_owns_the_server(tmp_path: Path) -> None:
    file = tmp_path / "candor.toml"
    file.write_text(
        "[[output]]\nname = 'shop'\nplatform = 'own-site'\nurl = 'rtmps://live.twitch.tv/app'"
    )
    with pytest.raises(ConfigError, match='write platform = "twitch"'):
        targets(load(file), secrets({"CANDOR_KEY_SHOP": "hunter2"}))
    file.write_text(file.read_text().replace("own-site", "twitch"))
    assert load(file).platforms == ("own-site", "twitch")
    assert len(targets(load(file), secrets({"CANDOR_KEY_SHOP": "hunter2"}))) == 1


def test_no_show_goes_out_to_where_ai_hosts_are_barred(tmp_path: Path) -> None:
    file = tmp_path / "candor.toml"
    file.write_text(
        "[[output]]\nname = 'a'\nplatform = 'tiktok-shop-us'\nurl = 'rtmps://push.tiktok.example/a'"
    )
    with pytest.raises(NotAdmittedError, match="tiktok-shop-us: an AI host may not sell there"):
        Admission(load(file), "US", lambda: ())
