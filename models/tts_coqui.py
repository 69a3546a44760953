"""Any Coqui TTS checkpoint as a voice, from files on disk; nothing is ever downloaded.

VITS models plan the whole clause first, so the time of every phone is known before the first
sound; then the waveform is made in pieces. Other models (XTTS and its kin) speak in the pieces
they give, or clause by clause, without phone times. Everything of Coqui and torch is imported when
the engine is loaded, in the voice's own thread: 2-3 s.
"""

import json
import os
import pickle
import shutil
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from agent.ports import BackendError
from agent.types import Phone, Samples
from models.phones import ESPEAK, timed
from models.speech import Piece, Speaker

_CONTEXT: Final = 12
"""Frames that the vocoder sees on each side of a piece: then pieces equal the whole to 1e-6."""
_FIRST: Final = 24
_STEP: Final = 64
"""Frames in the first and in later pieces: 0.28 s and 0.74 s at 22,050 Hz; the first is short so
that sound begins early, and the longest is what is computed in vain after a stop."""
_BUILT_IN_GAIN: Final = 2.5
_LOADING_FAILS: Final = (
    *(RuntimeError, ValueError, KeyError, TypeError, AttributeError, OSError, EOFError),
    pickle.UnpicklingError,  # not plain tensors: what would run code is refused
)
_TARGET_RMS: Final = 0.16
"""Of speech at about -16 LUFS; an unknown voice is brought to it by what it says when loaded."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A Coqui model on disk."""

    model: Path
    config: Path
    speaker: str | None = None
    """The name of one of a multi-speaker model's own voices."""
    reference: Path | None = None
    """A recording whose voice is cloned, for models that clone. With consent only."""


def coqui_voice(
    checkpoint: Checkpoint | Callable[[], Checkpoint],
    rate: int | None = None,
    seed: int = 0,
    words: Mapping[str, str] | None = None,
) -> Speaker:
    """A Coqui model as a voice. A callable is asked for the checkpoint when the voice is first
    used, in its thread (it may take long); then *rate* must be given. Raises BackendError if the
    files or espeak-ng are missing."""
    if isinstance(checkpoint, Checkpoint):
        _must_exist(checkpoint)
        rate = sample_rate(checkpoint.config)
        fixed = checkpoint
        return Speaker(lambda: Coqui(fixed), rate, seed=seed, words=words)
    if rate is None:
        raise ValueError("a checkpoint made later needs its rate now")
    _must_have_espeak()
    make = checkpoint
    return Speaker(lambda: Coqui(make(), gain=_BUILT_IN_GAIN), rate, seed=seed, words=words)


def sample_rate(config: Path) -> int:
    """Hz of what the model of *config* speaks, without loading it. Raises BackendError."""
    settings = _settings(config)
    audio = settings.get("audio")
    if isinstance(audio, dict):
        for key in ("output_sample_rate", "sample_rate"):
            if isinstance(audio.get(key), int):
                return int(audio[key])
    raise BackendError(f"{config} is not the config.json of a Coqui model: no audio.sample_rate")


class Coqui:
    """The engine."""

    def __init__(self, checkpoint: Checkpoint, gain: float | None = None) -> None:
        """Loads the checkpoint. Without *gain* it is measured on one sentence. Raises
        BackendError."""
        _must_exist(checkpoint)
        # Without this, memory grows with every new clause length (624 to 1,656 MB in 80 clauses).
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
        try:
            from models import torchaudio_cpu

            torchaudio_cpu.install()
            import torch
            from TTS.utils.synthesizer import Synthesizer
        except (ImportError, OSError) as error:
            raise BackendError(
                f"Coqui TTS cannot be used here ({error}); pip install coqui-tts[codec]"
            ) from error
        torch.set_num_threads(1)
        self._torch: Any = torch
        try:
            self._synthesizer: Any = Synthesizer(
                tts_checkpoint=_checkpoint_argument(checkpoint),
                tts_config_path=str(checkpoint.config),
            )
        except _LOADING_FAILS as error:
            first_line = str(error).partition("\n")[0]
            raise BackendError(
                f"{checkpoint.model} does not load as a Coqui model: {first_line}"
            ) from error
        self._model: Any = self._synthesizer.tts_model
        self._checkpoint = checkpoint
        self._rate = sample_rate(checkpoint.config)
        self._latents: Any = None
        if _is_vits(self._model):
            _lighten(self._model)
        self.gain = 1.0 if gain is None else gain
        if gain is None:
            self.gain = self._measured_gain()

    def say(self, clause: str, seed: int) -> Generator[Piece, None, None]:
        """See ``models.speech.Engine``."""
        make = self._planned if _is_vits(self._model) else self._unplanned
        pieces = make(clause, seed)
        while True:
            try:
                with self._torch.inference_mode():
                    piece = next(pieces, None)
            except (RuntimeError, ValueError, IndexError, KeyError, TypeError, OSError) as error:
                raise BackendError(f"Coqui could not speak a clause: {error}") from error
            if piece is None:
                return
            yield piece

    # --- VITS ---------------------------------------------------------------------------------

    def _planned(self, clause: str, seed: int) -> Generator[Piece, None, None]:
        """Phones first, then sound in pieces that join without a seam."""
        tokenizer = self._model.tokenizer
        ids = tokenizer.text_to_ids(clause, language=self._language())
        letters = tokenizer.characters
        silent = {letters.pad_id, letters.blank_id, letters.bos_id, letters.eos_id}
        if all(i in silent or letters.id_to_char(i) in letters.punctuations for i in ids):
            return
        latent, frames, voice = self._plan(ids, seed)
        hop = int(np.prod(self._model.args.upsample_rates_decoder))
        total = latent.shape[-1]
        seconds = frames * (total * hop / self._rate / max(1.0, float(frames.sum())))
        symbols = [_symbol(i, letters) for i in ids]
        phones: tuple[Phone, ...] = timed(zip(symbols, seconds.tolist(), strict=True), ESPEAK)
        start = 0
        while start < total:
            end = min(total, start + (_FIRST if start == 0 else _STEP))
            if total - end < _STEP // 2:
                end = total
            left, right = max(0, start - _CONTEXT), min(total, end + _CONTEXT)
            sound = self._model.waveform_decoder(latent[:, :, left:right], g=voice)[0, 0].numpy()
            piece = sound[(start - left) * hop : (end - left) * hop]
            yield Piece(piece, phones if start == 0 else (), last=end == total)
            start = end

    def _plan(self, ids: list[int], seed: int) -> tuple[Any, Samples, Any]:
        """What the vocoder is to be fed: latent (1, channels, frames), the frames that each id
        lasts, and the speaker's embedding or None."""
        torch, model = self._torch, self._model
        tap = _tap(torch)
        vocoder = model.waveform_decoder
        model.waveform_decoder = tap
        try:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                result = model.inference(
                    torch.tensor([ids]),
                    {
                        "x_lengths": torch.tensor([len(ids)]),
                        "d_vectors": None,
                        "speaker_ids": self._number(model.speaker_manager, self._speaker()),
                        "language_ids": self._number(model.language_manager, self._language()),
                        "durations": None,
                    },
                )
        finally:
            model.waveform_decoder = vocoder
        return tap.latent, result["durations"].flatten().numpy(), tap.voice

    def _number(self, manager: Any, name: str | None) -> Any:
        names = getattr(manager, "name_to_id", None)
        return self._torch.tensor([names[name]]) if names and name in names else None

    # --- the others ---------------------------------------------------------------------------

    def _unplanned(self, clause: str, seed: int) -> Generator[Piece, None, None]:
        """As it comes: in the model's own pieces where it streams, else the clause in one."""
        torch = self._torch
        torch.manual_seed(seed)
        if not hasattr(self._model, "inference_stream"):
            reference = self._checkpoint.reference
            sound = self._synthesizer.tts(
                clause,
                speaker_name=self._speaker() or "",
                language_name=self._language() or "",
                speaker_wav=str(reference) if reference else None,
                split_sentences=False,
            )
            yield Piece(np.asarray(sound, np.float32).reshape(-1), last=True)
            return
        if self._latents is None:
            self._latents = self._speaker_latents()
        gpt_latent, embedding = self._latents
        held: Samples | None = None
        for sound in self._model.inference_stream(clause, "en", gpt_latent, embedding):
            if held is not None:
                yield Piece(held)
            held = sound.reshape(-1).float().numpy()
        if held is not None:
            yield Piece(held, last=True)

    def _speaker_latents(self) -> tuple[Any, Any]:
        """XTTS: whose voice it is."""
        reference, name = self._checkpoint.reference, self._speaker()
        if reference is not None:
            gpt_latent, embedding = self._model.get_conditioning_latents(
                audio_path=[str(reference)]
            )
        elif name is not None:
            gpt_latent, embedding = self._model.speaker_manager.speakers[name].values()
        else:
            raise BackendError("this Coqui model needs a recording of the voice, or a speaker")
        return gpt_latent, embedding

    # --- both ---------------------------------------------------------------------------------

    def _speaker(self) -> str | None:
        """The chosen speaker, or a multi-speaker model's first."""
        manager = getattr(self._model, "speaker_manager", None)
        names = [str(name) for name in getattr(manager, "speaker_names", None) or ()]
        wanted = self._checkpoint.speaker
        if wanted is not None and wanted not in names:
            known = ", ".join(names[:8]) or "it has but one"
            raise BackendError(f"this Coqui model has no speaker {wanted!r}: {known}")
        return wanted or (names[0] if names and self._checkpoint.reference is None else None)

    def _language(self) -> str | None:
        """English, as a multilingual model calls it."""
        manager = getattr(self._model, "language_manager", None)
        names = [str(name) for name in getattr(manager, "language_names", None) or ()]
        return next((name for name in names if name.startswith("en")), None)

    def _measured_gain(self) -> float:
        pieces = list(self.say("Hello, and welcome to our shop, it is good to see you.", 0))
        sound = np.concatenate([piece.samples for piece in pieces] or [np.zeros(1, np.float32)])
        loud = sound[np.abs(sound) > 0.02 * float(np.abs(sound).max(initial=0.0))]
        power = float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.0
        return min(8.0, _TARGET_RMS / power) if power > 1e-4 else 1.0


def _is_vits(model: Any) -> bool:
    return hasattr(model, "waveform_decoder") and hasattr(model, "duration_predictor")


def _lighten(model: Any) -> None:
    """Fold weight norm into the weights once, and drop what only training needs."""
    from torch.nn.utils import parametrize

    for module in model.modules():
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
    if hasattr(model, "posterior_encoder"):
        del model.posterior_encoder


def _tap(torch: Any) -> Any:
    """A module in the vocoder's place that keeps what it is fed and makes no sound."""

    class Tap(torch.nn.Module):  # type: ignore[misc]
        def forward(self, latent: Any, g: Any = None) -> Any:
            self.latent, self.voice = latent, g
            return latent.new_zeros(1, 1, 1)

    return Tap()


def _symbol(number: int, letters: Any) -> str:
    """What ``models.phones.timed`` calls a token."""
    if number in (letters.pad_id, letters.blank_id):
        return ""
    if number in (letters.bos_id, letters.eos_id):
        return "#"
    return str(letters.id_to_char(number))


def _checkpoint_argument(checkpoint: Checkpoint) -> str:
    """XTTS is loaded from its folder, everything else from its file."""
    if _settings(checkpoint.config).get("model") in ("xtts", "bark", "tortoise"):
        return str(checkpoint.model if checkpoint.model.is_dir() else checkpoint.model.parent)
    return str(checkpoint.model)


def _must_exist(checkpoint: Checkpoint) -> None:
    """Raises BackendError if a file is missing, or espeak-ng where the model needs it."""
    for path in (checkpoint.model, checkpoint.config, checkpoint.reference):
        if path is not None and not path.exists():
            raise BackendError(f"voice: there is no {path}")
    settings = _settings(checkpoint.config)
    if settings.get("use_phonemes") and settings.get("phonemizer") in (None, "espeak"):
        _must_have_espeak()


def _must_have_espeak() -> None:
    if not (shutil.which("espeak-ng") or shutil.which("espeak")):
        raise BackendError("the Coqui voice needs the program espeak-ng: apt install espeak-ng")


def _settings(config: Path) -> dict[str, Any]:
    try:
        settings = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackendError(f"{config} cannot be read as the config.json of a model") from error
    if not isinstance(settings, dict):
        raise BackendError(f"{config} is not the config.json of a model")
    return settings
