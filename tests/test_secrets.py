"""Nothing that a show leaves behind, prints or serves holds one of its secrets."""

import re
import time
from pathlib import Path
from typing import Final

import httpx
import pytest
from websockets.sync.client import connect

from catalog import sample
from tests.running import running

SECRETS: Final = {
    name: f"{name.lower()}-q7Zs{number}Kp"
    for number, name in enumerate(
        (
            "CANDOR_STUDIO_TOKEN",
            "CANDOR_MERCHANT_TOKEN",
            "CANDOR_WRITER_KEY",
            "CANDOR_KEY_GONE",
            "CANDOR_TWITCH_TOKEN",
            "CANDOR_YOUTUBE_KEY",
            "CANDOR_BILIBILI_KEY",
            "CANDOR_BILIBILI_SECRET",
            "CANDOR_BILIBILI_CODE",
            "CANDOR_WEBHOOK_SECRET",
        )
    )
}
CONFIG: Final = """
[show]
catalog = "{folder}/shop.duckdb"
folder = "{folder}/shows"
[writer]
url = "http://127.0.0.1:9/v1"
[ears]
enabled = false
[[output]]
name = "gone"
platform = "own-site"
url = "rtmp://127.0.0.1:9/live"
"""


def holding(data: bytes) -> list[str]:
    return [name for name, secret in SECRETS.items() if secret.encode() in data]


@pytest.mark.real
def test_no_log_page_record_or_number_of_a_whole_show_holds_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    sample.build(tmp_path / "shop.duckdb")
    (tmp_path / "candor.toml").write_text(CONFIG.format(folder=tmp_path))
    operator = {"Authorization": f"Bearer {SECRETS['CANDOR_STUDIO_TOKEN']}"}
    merchant = {"Authorization": f"Bearer {SECRETS['CANDOR_MERCHANT_TOKEN']}"}
    served = b""
    with running(tmp_path, verbose=True) as show:
        base, sockets = show.watch.rstrip("/"), show.watch.rstrip("/").replace("http", "ws")
        with (
            connect(f"{sockets}/studio/socket", additional_headers=operator) as studio,
            connect(f"{sockets}/room") as viewer,
        ):
            viewer.send('{"do": "ask", "text": "how much is number 1?"}')
            until = time.monotonic() + 60
            while b'"outputs":[{' not in served or b'"answered"' not in served:
                assert time.monotonic() < until, served[-2000:]
                served += str(studio.recv(timeout=30)).encode()
            served += str(viewer.recv(timeout=5)).encode()
        paths = ["/", "/studio", "/metrics", "/health", "/api/plan", "/api/catalog", "/nowhere"]
        for headers in (operator, merchant, {"Authorization": "Bearer wrong"}, {}):
            for path in paths:
                served += httpx.get(base + path, headers=headers).content
        served += httpx.post(f"{base}/api/hook", content=b"x").content
        assert show.end() == 0
        printed = "".join(show.output)
    assert re.search(r"Studio\s+http://\S+/studio\n", printed)
    left = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {".jsonl", ".mp4", ".duckdb"} <= {file.suffix for file in left}
    assert holding(printed.encode() + served) == []
    assert [(file.name, held) for file in left if (held := holding(file.read_bytes()))] == []
