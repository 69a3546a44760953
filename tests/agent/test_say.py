"""One question through the whole real pipeline: said, filmed, heard again."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
import soundfile

from agent.__main__ import main
from agent.label import Label
from catalog import sample
from models.asr import WhisperEars
from tests.film import pictures, sound

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("say")
    sample.build(folder / "shop.duckdb")
    file = folder / "candor.toml"
    file.write_text(
        f'[show]\ncatalog = "{folder / "shop.duckdb"}"\nfolder = "{folder / "shows"}"\n'
        "[writer]\nenabled = false\n"
    )
    return file


def say(config: Path, question: str, *options: str) -> dict[str, Any]:
    out = config.with_name("reply.json")
    assert main(["say", question, "--config", str(config), "--json", str(out), *options]) == 0
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


@pytest.mark.parametrize("voice", ["hibari", "coqui"])
def test_a_price_is_said_filmed_and_heard_again(config: Path, voice: str) -> None:
    film = config.with_name(f"{voice}.mp4")
    reply = say(config, "How much is number 2?", "--voice", voice, "--out", str(film))
    [sentence] = reply["sentences"]
    assert "$14.50" in sentence["text"]
    assert "fourteen dollars and fifty cents" in sentence["spoken"]
    assert [item["fact"] for item in sentence["evidence"]][-1].endswith("price")
    assert sentence["rung"] == "fact"
    times = reply["times_s"]
    assert times["facts"] <= times["first_sentence"] <= times["first_audio"]
    assert times["first_audio"] <= times["first_frame"] <= times["done"]

    label, recording = Label("en"), io.BytesIO()
    soundfile.write(recording, *sound(film), format="WAV")
    heard = asyncio.run(WhisperEars().hear(recording.getvalue(), ["Harbour & Pine"]))
    assert "14.50" in heard.text
    assert "AI host" in heard.text
    assert all(label.visible_in(image) for image in pictures(film))


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("\u200b\u202e \u0007", "nothing to read"),
        ("x" * 10_000, "under 500"),
    ],
)
def test_a_line_that_says_nothing_is_refused_with_a_word_to_the_viewer(
    config: Path, question: str, why: str
) -> None:
    reply = say(config, question)
    assert reply["sentences"] == []
    assert why in reply["not_answered"]


def test_a_question_in_french_is_answered_in_french_on_the_screen(config: Path) -> None:
    reply = say(config, "c'est combien le numéro 3 ?")
    assert reply["language"] == "fr"
    answer, note = reply["sentences"]
    assert "64,95" in answer["text"]
    assert "voix" in note["text"]  # that there is none for French, said once in a while
    assert "no voice" in note["spoken"]


def test_what_cannot_begin_is_a_message_and_no_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "candor.toml"
    file.write_text(f'[show]\ncatalog = "{tmp_path / "nowhere.duckdb"}"\n')
    assert main(["say", "hi", "--config", str(file)]) == 2
    said = capsys.readouterr().err
    assert "nowhere.duckdb" in said
    assert "Traceback" not in said
