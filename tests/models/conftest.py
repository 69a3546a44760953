"""Real voices and ears, each loaded once for all tests that use them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.asr import WhisperEars
from models.speech import Speaker
from models.voices import load_voice

HOME = Path(__file__).parents[2] / ".candor"


@pytest.fixture(scope="session")
def hibari() -> Speaker:
    return load_voice("hibari", home=HOME)


@pytest.fixture(scope="session")
def coqui() -> Speaker:
    return load_voice("coqui", home=HOME)


@pytest.fixture(scope="session", params=["hibari", "coqui"])
def voice(request: pytest.FixtureRequest) -> Speaker:
    """Each of the two voices in turn."""
    speaker: Speaker = request.getfixturevalue(request.param)
    return speaker


@pytest.fixture(scope="session")
def ears() -> WhisperEars:
    return WhisperEars()


@pytest.fixture(scope="session")
def heard(ears: WhisperEars) -> Callable[[Speaker, str], str]:
    """What the ears make of a voice's sound of a text."""
    from tests.models.sounds import said, wav

    return lambda voice, text: ears.heard(wav(said(voice, text), voice.rate), ()).text
