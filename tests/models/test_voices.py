"""The contract of every voice, on the two real ones."""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from agent.ports import BackendError
from agent.types import AudioChunk, Rung, Utterance
from models import voices
from models.phones import PHONES
from models.speech import Speaker
from models.voices import load_voice
from tests.models.sounds import said

SENTENCE = "The mug holds nine hundred millilitres, and it keeps tea hot for twelve hours."


@pytest.fixture(scope="module")
def chunks(voice: Speaker) -> list[AudioChunk]:
    """SENTENCE, spoken."""
    return list(voice.chunks(SENTENCE))


@pytest.mark.real
def test_phones_lie_inside_the_sound_of_their_clause(chunks: list[AudioChunk]) -> None:
    begins = [i for i, chunk in enumerate(chunks) if chunk.phones]
    assert begins[0] == 0
    assert len(begins) == 2
    for begin, end in zip(begins, [*begins[1:], len(chunks)], strict=True):
        seconds = sum(len(chunk.samples) for chunk in chunks[begin:end]) / chunks[0].rate
        phones = chunks[begin].phones
        assert phones[0].start >= 0
        assert phones[0].start < 0.1
        assert phones[-1].end <= seconds
        assert all(phone.start < phone.end for phone in phones)
        assert all(a.end <= b.start + 1e-6 for a, b in pairwise(phones))
        assert {phone.symbol for phone in phones} <= PHONES


@pytest.mark.real
def test_the_sounds_of_the_sentence_come_in_order(chunks: list[AudioChunk]) -> None:
    spoken = "".join(phone.symbol for chunk in chunks for phone in chunk.phones)
    assert re.search("m.ɡ.*h.*n.*k.*t.*h.*t.*f.*t.*w.*l.*v", spoken)
    assert "dr" not in spoken


@pytest.mark.real
def test_hiss_is_heard_where_a_phone_hisses(voice: Speaker, chunks: list[AudioChunk]) -> None:
    phones = chunks[0].phones
    until = next(i for i, chunk in enumerate(chunks) if i and chunk.phones)
    sound = np.concatenate([chunk.samples for chunk in chunks[:until]])

    def hiss(start: float, end: float) -> float:
        part = sound[int(start * voice.rate) : int(end * voice.rate)]
        power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
        high = np.fft.rfftfreq(len(part), 1 / voice.rate) > 3500
        return float(power[high].sum() / max(1e-9, power.sum()))

    vowels = [hiss(p.start, p.end) for p in phones if p.symbol in ("ʌ", "oʊ", "aɪ", "ɪ", "ə")]
    hissing = [hiss(p.start, p.end) for p in phones if p.symbol in ("s", "z")]
    assert min(hissing) > 0.2
    assert np.median(vowels) < 0.05


@pytest.mark.real
def test_there_is_no_click_and_no_clipping(chunks: list[AudioChunk]) -> None:
    sound = np.concatenate([chunk.samples for chunk in chunks])
    assert sound.dtype == np.float32
    assert np.abs(sound).max() < 1
    assert abs(sound[0]) < 0.01
    assert abs(sound[-1]) < 0.01
    assert 0.1 < np.sqrt(np.mean(sound[np.abs(sound) > 0.01] ** 2)) < 0.25


@pytest.mark.real
def test_the_same_words_sound_the_same_whatever_was_said_before(voice: Speaker) -> None:
    first = said(voice, "It is blue.")
    said(voice, "Something else.")
    assert np.array_equal(first, said(voice, "It is blue."))


@pytest.mark.real
def test_a_price_is_heard_as_it_was_said(
    voice: Speaker, heard: Callable[[Speaker, str], str]
) -> None:
    text = heard(voice, "It is twenty-four dollars and ninety cents.")
    assert "24.90" in text or "twenty-four dollars and ninety cents" in text.lower()


@pytest.mark.real
def test_the_host_is_heard_to_be_an_ai(
    voice: Speaker, heard: Callable[[Speaker, str], str]
) -> None:
    text = heard(voice, "I am an AI host, not a real person.").replace(".", "").lower()
    assert "an ai host" in text
    assert "not a real person" in text


@pytest.mark.real
@pytest.mark.parametrize("text", ["$24.99 & 15% off, SKU A-204!", "naïve 你好 été — ß", "x" * 50])
def test_odd_text_is_spoken_without_failing(voice: Speaker, text: str) -> None:
    sound = said(voice, text)
    assert np.isfinite(sound).all()


@pytest.mark.real
def test_a_very_long_text_begins_at_once_and_can_be_stopped(voice: Speaker) -> None:
    async def listen() -> AudioChunk:
        text = "It is warm, and it is light. " * 350
        async with aclosing(voice.speak(Utterance(text, text, Rung.TEMPLATE))) as sound:
            return await anext(sound)

    assert asyncio.run(listen()).phones


@pytest.mark.real
def test_coquis_pieces_join_without_a_seam(coqui: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    from models import tts_coqui

    pieces = said(coqui, SENTENCE)
    monkeypatch.setattr(tts_coqui, "_FIRST", 10_000)
    assert np.abs(pieces - said(coqui, SENTENCE)).max() < 1e-4


def test_an_unknown_voice_is_named() -> None:
    with pytest.raises(BackendError, match="'siri'; there are hibari and coqui"):
        load_voice("siri")


def test_a_checkpoint_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="both model and config"):
        load_voice("coqui", model=tmp_path / "model.pth")
    with pytest.raises(BackendError, match=r"there is no .*model\.pth"):
        load_voice("coqui", model=tmp_path / "model.pth", config=tmp_path / "config.json")
    with pytest.raises(BackendError, match="needs the voice 'coqui'"):
        load_voice("hibari", model=tmp_path / "model.pth")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"audio": {"sample_rate": "x"}}'])
def test_a_configuration_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    model, config = tmp_path / "model.pth", tmp_path / "config.json"
    model.write_bytes(b"x")
    config.write_text(content)
    with pytest.raises(BackendError, match=r"config\.json"):
        load_voice("coqui", model=model, config=config)


def test_without_espeak_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackendError, match="apt install espeak-ng"):
        load_voice("coqui")


@pytest.mark.real
def test_a_broken_checkpoint_costs_a_message(tmp_path: Path) -> None:
    model, config = tmp_path / "model.pth", tmp_path / "config.json"
    model.write_bytes(b"not a checkpoint")
    config.write_text(json.dumps({"model": "vits", "audio": {"sample_rate": voices.JOE_RATE}}))
    voice = load_voice("coqui", model=model, config=config)
    with pytest.raises(BackendError, match="does not load as a Coqui model"):
        list(voice.chunks("It is blue."))
