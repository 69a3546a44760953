"""Which voice speaks: one of the built-in ones by name, or a Coqui checkpoint by its paths."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from agent.ports import BackendError
from models.convert_voice import converted
from models.lexicon import shop_words
from models.speech import Speaker
from models.tts_coqui import Checkpoint, coqui_voice
from models.tts_hibari import hibari_voice

VOICES: Final = ("hibari", "coqui")
JOE_RATE: Final = 22_050
"""Hz of the packaged Piper voice that the built-in Coqui voice is made of."""


def load_voice(
    name: str,
    *,
    home: Path = Path(".candor"),
    model: Path | None = None,
    config: Path | None = None,
    speaker: str | None = None,
    reference: Path | None = None,
    seed: int = 0,
    names: Mapping[str, str] | None = None,
) -> Speaker:
    """The voice *name*, ready to be asked; its engine loads in a thread of its own when it first
    speaks, or by ``await voice.warm()``.

    *home* is the run-time data folder: ``cache/`` and ``models/joe-coqui/`` in it are ours. With
    "coqui", *model* and *config* name a checkpoint instead of the built-in voice, *speaker* one of
    its voices, *reference* a recording to clone. Whoever passes these has checked the consent for
    them. *names* is how the merchant's own names are said, over the built-in lexicon; whoever
    passes them has looked at what they say. Raises BackendError with a text for the operator.
    """
    if name not in VOICES:
        raise BackendError(f"there is no voice {name!r}; there are {' and '.join(VOICES)}")
    words = {**shop_words(), **(names or {})}
    own = (model, config, speaker, reference)
    if name == "hibari":
        if any(own):
            raise BackendError("a checkpoint of one's own needs the voice 'coqui', not 'hibari'")
        return hibari_voice(home / "cache", seed, words)
    if not any(own):

        def built_in() -> Checkpoint:
            return Checkpoint(*converted(home / "models" / "joe-coqui"))

        return coqui_voice(built_in, JOE_RATE, seed, words)
    if model is None or config is None:
        raise BackendError("a Coqui checkpoint is two files: both model and config must be given")
    return coqui_voice(Checkpoint(model, config, speaker, reference), seed=seed, words=words)
