import asyncio
from pathlib import Path

import numpy as np
import pytest

from agent.ports import BackendError
from agent.types import Samples
from models import asr
from models.asr import WhisperEars
from models.speech import Speaker
from tests.models.sounds import encoded, said, wav

QUESTION = "How much is the travel mug, and does it come in blue?"


@pytest.fixture(scope="module")
def question(hibari: Speaker) -> Samples:
    return said(hibari, QUESTION)


@pytest.mark.real
@pytest.mark.parametrize(
    ("container", "codec"), [("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac")]
)
def test_what_a_browser_records_is_heard(
    ears: WhisperEars, question: Samples, container: str, codec: str
) -> None:
    recording = encoded(question, 24_000, container, codec)
    heard = asyncio.run(ears.hear(recording, ["travel mug"]))
    assert heard.text.lower().startswith("how much is the travel mug")
    assert -0.8 < heard.confidence <= 0
    assert heard.seconds == pytest.approx(len(question) / 24_000, abs=0.2)


@pytest.mark.real
def test_product_names_are_heard_right_when_hinted(ears: WhisperEars, hibari: Speaker) -> None:
    sound = wav(said(hibari, "Is the Zentrah blender in stock?"), hibari.rate)
    assert "Zentra " in ears.heard(sound, ["Zentra blender", "Velora hair dryer"]).text


@pytest.mark.real
@pytest.mark.parametrize("level", [0.0, 0.001, 0.05, 0.5])
def test_silence_and_noise_say_nothing(ears: WhisperEars, level: float) -> None:
    noise = np.random.default_rng(0).uniform(-level, level, 3 * asr.RATE).astype(np.float32)
    heard = ears.heard(wav(noise, asr.RATE), ["Zentra blender"])
    assert (heard.text, heard.confidence) == ("", 0.0)


@pytest.mark.real
def test_a_hum_says_nothing(ears: WhisperEars) -> None:
    hum = 0.3 * np.sin(np.arange(5 * asr.RATE) * 2 * np.pi * 100 / asr.RATE).astype(np.float32)
    assert not ears.heard(wav(hum, asr.RATE), []).text


def recordings() -> dict[str, tuple[bytes, str]]:
    minute = np.random.default_rng(0).uniform(-0.1, 0.1, 60 * 16_000).astype(np.float32)
    return {
        "empty": (b"", asr.NOT_AUDIO),
        "text": (b"how much is the mug?" * 40, asr.NOT_AUDIO),
        "markup": (b"<html><body>hello</body></html>", asr.NOT_AUDIO),
        "header only": (wav(minute, 16_000)[:44], asr.NOT_AUDIO),
        "a minute": (wav(minute, 16_000), asr.TOO_LONG),
        "a minute of opus": (encoded(minute, 16_000, "webm", "libopus"), asr.TOO_LONG),
        "too large": (bytes(asr.MAX_BYTES + 1), asr.TOO_LARGE),
    }


@pytest.mark.parametrize("kind", list(recordings()))
def test_what_is_no_message_is_refused_in_the_viewers_words(kind: str) -> None:
    recording, words = recordings()[kind]
    with pytest.raises(BackendError) as refused:
        asyncio.run(WhisperEars().hear(recording, ()))
    assert str(refused.value) == words


def test_a_message_of_thirty_seconds_is_taken_whole() -> None:
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, 482_000).astype(np.float32)
    assert len(asr.decoded(wav(noise, 16_000))) == 480_000


def test_a_message_cut_off_on_its_way_is_heard_as_far_as_it_came() -> None:
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, 80_000).astype(np.float32)
    whole = encoded(noise, 16_000, "webm", "libopus")
    assert len(asr.decoded(whole[: len(whole) // 2])) > 16_000


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    hum = 0.3 * np.sin(np.arange(16_000) / 10).astype(np.float32)

    with pytest.raises(BackendError, match="no speech model"):
        WhisperEars(tmp_path).heard(wav(hum, 16_000), ())
