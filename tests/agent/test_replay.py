"""A recorded chat as a whole show."""

import asyncio
import json
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from agent.__main__ import main
from agent.app import CannotBegin
from agent.ledger import verify
from agent.replay import read
from agent.types import Rung, Utterance
from catalog import sample
from models.voices import load_voice
from tests.film import lengths


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "no lines"),
        ("not json", "line 1: not JSON"),
        ("[1, 2]", "line 1: give an object"),
        ('{"at": 1, "user": "Ann", "text": "hi"}\n{"user": "Ann", "text": "hi"}', "line 2: at:"),
        ('{"at": -1, "user": "Ann", "text": "hi"}', "line 1: at:"),
        ('{"at": 1, "user": 7, "text": "hi"}', "line 1: user:"),
        ('{"at": 1, "user": "Ann"}', 'one of "text", "voice"'),
        ('{"at": 1, "user": "Ann", "event": "wave"}', "line 1: event: give one of entry, like"),
        ('{"at": 1, "user": "Ann", "event": "gift", "count": 0}', "line 1: count: give a number"),
        ('{"at": 1, "user": "Ann", "voice": "gone.wav"}', "no such file: .*gone.wav"),
    ],
)
def test_a_faulty_chat_is_named_by_line_and_field(tmp_path: Path, lines: str, says: str) -> None:
    chat = tmp_path / "chat.jsonl"
    chat.write_text(lines)
    with pytest.raises(CannotBegin, match=says):
        read(chat)


@pytest.mark.real
def test_a_chat_of_typed_and_spoken_lines_becomes_a_show(tmp_path: Path) -> None:
    sample.build(tmp_path / "shop.duckdb")
    config = tmp_path / "candor.toml"
    config.write_text(
        f'[show]\ncatalog = "{tmp_path / "shop.duckdb"}"\n[writer]\nenabled = false\n'
    )
    _speak("How much is the kettle?", tmp_path / "ask.wav")
    (tmp_path / "noise.wav").write_bytes(b"not a sound at all")
    chat = tmp_path / "chat.jsonl"
    rows = [
        {"at": 0.5, "user": "Ann", "text": "what is number 4 made of"},
        {"at": 1.0, "user": "Ben", "voice": "ask.wav"},
        {"at": 1.5, "user": "Cem", "voice": "noise.wav"},
        {"at": 1.6, "user": "Dan", "event": "gift"},
    ]
    chat.write_text("\n".join(json.dumps(row) for row in rows))
    out = tmp_path / "out"
    assert main(["replay", str(chat), "--out", str(out), "--config", str(config)]) == 0
    summary = json.loads((out / "summary.json").read_text())
    assert summary["answered"] == 3
    assert [item["line"] for item in summary["refused_at_the_door"]] == [3]
    assert summary["times_s"]["first_audio"]["n"] == 3
    record = (out / "show.jsonl").read_text()
    assert "HP-KETTLE/price" in record
    assert not list(verify(out / "show.jsonl"))
    seen, heard = lengths(out / "show.mp4")
    assert abs(seen - heard) < 0.3


def _speak(text: str, file: Path) -> None:
    """*text* as a viewer's voice message."""

    async def speak() -> list[np.ndarray]:
        voice = load_voice("hibari")
        line = Utterance(text, text, Rung.TEMPLATE)  # a viewer's words: they never air
        async with aclosing(voice.speak(line)) as chunks:
            pieces = [chunk.samples async for chunk in chunks]
        voice.close()
        return pieces

    soundfile.write(file, np.concatenate(asyncio.run(speak())), 24_000)
