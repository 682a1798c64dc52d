"""Weight formats: what each tensor of a model weighs in bytes.

parse_format("gguf-q4_k_m") -> Format
weigh(architecture, format) -> Weights
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from typing import TypeVar

from ..architecture import Architecture
from ..architecture.tensors import Tensor
from ..errors import InputError
from . import exl, floating, gguf, integer, mlx
from .format import Format, Weights

__all__ = ["FORMATS", "MANY", "Format", "Weights", "keep", "parse_format", "weigh"]

Key = TypeVar("Key")
Value = TypeVar("Value")

# Common ids, for lists; parse_format knows more: other groups, bits per weight and suffixes.
FORMATS: tuple[str, ...] = (
    *("bf16", "f16", "f32", "fp8", "fp8-tensor", "fp8-channel", "int8"),
    *("awq-4bit", "awq-4bit-g64", "awq-4bit-g32", "gptq-int4", "gptq-int4-g64", "gptq-int4-g32", "gptq-int8", "w4a16"),
    *("bnb-nf4", "bnb-int8", "mxfp4", "nvfp4"),
    *(f"gguf-{level}" for level in gguf.LEVELS),
    *(f"gguf-{level}" for level in gguf.WIDE_LEVELS),
    *(f"gguf-{level}+imatrix" for level in ("q4_0", "q5_0", "iq4_xs", "iq4_nl")),
    *(f"exl2-{bits}" for bits in ("2.4", "3.0", "3.5", "4.0", "4.25", "4.65", "5.0", "6.0", "8.0")),
    *(f"exl3-{bits}" for bits in ("2.0", "2.5", "3.0", "3.5", "4.0", "5.0", "6.0", "8.0")),
    *("mlx-3bit", "mlx-4bit", "mlx-4bit-g32", "mlx-5bit", "mlx-6bit", "mlx-8bit", "mlx-mxfp4", "mlx-nvfp4", "mlx-bf16"),
)

KINDS = {
    "embed": "embedding",
    "head": "head",
    "attn": "attention",
    "indexer": "attention",
    "ffn": "feed_forward",
    "expert": "experts",
    "shared": "shared_experts",
    "router": "router",
    "ssm": "recurrent",
    "conv": "recurrent",
}

# Of a model: EXL has as many formats as there are numbers, and an address may ask for all of them.
MOST_KEPT, MANY = 16, 500  # weighings, which hold every tensor, and single numbers


def parse_format(format_id: str) -> Format:
    """Raises InputError that names the nearest ids."""
    if isinstance(format_id, str):
        name = format_id.lower()
        for module in (floating, integer, gguf, exl, mlx):
            found = module.parse(name)
            if found:
                return found
        near = get_close_matches(name, FORMATS, n=5, cutoff=0.5)
    else:
        near = []
    raise InputError("weights", f"{str(format_id)[:60]!r} is not a format", ", ".join(near or FORMATS[:12]))


def weigh(architecture: Architecture, weights: Format) -> Weights:
    """The whole model; the last ones are kept with the architecture, since estimates ask for them again and again."""
    known: dict[Format, Weights] = vars(architecture).setdefault("weighed", {})
    found = known.get(weights)
    return keep(known, weights, add_up(architecture, weights)) if found is None else found


def keep(known: dict[Key, Value], key: Key, value: Value, most: int = MOST_KEPT) -> Value:
    """The value, kept with the last ones."""
    if len(known) >= most:
        known.pop(next(iter(tuple(known))), None)  # of a copy: other threads keep theirs
    known[key] = value
    return value


def add_up(architecture: Architecture, weights: Format) -> Weights:
    apart = "vision" if weights.kind == "gguf" else None
    sized = [(tensor, weights.bytes_of(tensor, architecture)) for tensor in architecture.tensors]
    tensors = tuple((tensor, size) for tensor, size in sized if tensor.part != apart)
    by_kind: dict[str, int] = {}
    for tensor, size in tensors:
        kind = kind_of(tensor)
        by_kind[kind] = by_kind.get(kind, 0) + size
    total = sum(by_kind.values())
    projector = sum(size for tensor, size in sized if tensor.part == apart)
    return Weights(total, by_kind, tensors, projector, partial(file_bytes, architecture, weights, total))


def kind_of(tensor: Tensor) -> str:
    if tensor.part != "text":
        return tensor.part
    name = "router" if tensor.role.endswith("router") else tensor.role.split("_")[0]
    return KINDS.get(name, "norms_and_biases")


HEADER = 140  # bytes of a safetensors header for one stored tensor: name, type, shape, offsets
# Checkpoints, and all of MLX, that hold the experts of a layer in one tensor.
STACKED = ("gpt_oss", "llama4", "qwen3_5_moe", "qwen3_vl_moe")


def file_bytes(architecture: Architecture, weights: Format, total: int) -> int:
    if weights.kind == "gguf":
        return gguf.file_bytes(weights, architecture)
    stacked = weights.kind == "mlx" or architecture.model_type.startswith(STACKED)
    stored = sum(
        (1 if stacked else tensor.copies) * (weights.parts if len(tensor.shape) >= 2 else 1)
        for tensor in architecture.tensors
    )
    return total + 8 + HEADER * stored + repeated_head(architecture, weights)


def repeated_head(architecture: Architecture, weights: Format) -> int:
    """Qwen3's small models hold the head again though it is tied: Qwen3-0.6B and 1.7B, and Qwen3-4B in FP8
    (published parameter counts and sizes, huggingface.co, 2026-11). An engine ties it all the same."""
    small = architecture.hidden <= 2048 and weights.id == "bf16"
    repeated = architecture.model_type == "qwen3" and architecture.tied and (small or weights.scheme == "fp8")
    return 2 * architecture.vocabulary * architecture.hidden if repeated else 0
