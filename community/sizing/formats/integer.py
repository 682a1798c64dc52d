"""Integer formats for linear layers: AWQ, GPTQ, compressed-tensors W4A16, bitsandbytes, INT8.

Embedding, head, routers, norms, vision tower and prediction layers stay in 16 bits in all of them.
"""

from __future__ import annotations

import re
from math import ceil

from ..architecture import Architecture
from ..architecture.tensors import Tensor
from ..errors import InputError
from .format import Format, is_linear, rows_and_columns, unquantized

GROUPS = (-1, 32, 64, 128)
NAMES = re.compile(r"(awq-4bit|awq-8bit|gptq-int4|gptq-int8|w4a16|w8a16)(?:-g(-?\d+))?(?:-(no-act-order))?")
BITS = {"awq-4bit": 4, "awq-8bit": 8, "gptq-int4": 4, "gptq-int8": 8, "w4a16": 4, "w8a16": 8}

# bitsandbytes: nf4 with the scales themselves quantized (8 bits for 64 weights, 32 for 256 of those: QLoRA,
# arXiv 2305.14314, section 3), nf4-single without; int8 has one 32-bit scale a row (LLM.int8).
NF4_BLOCK, NF4_SECOND = 64, 256


def parse(format_id: str) -> Format | None:
    match = NAMES.fullmatch(format_id)
    if match:
        name, group = match[1], int(match[2] or 128)
        if group not in GROUPS:
            raise InputError("weights", f"a group of {group} is not known", ", ".join(map(str, GROUPS)))
        scheme = "w" if name.startswith("w") else name[:4].strip("-")
        ordered = scheme == "gptq" and not match[3]
        return Format(format_id, "integer", scheme, BITS[name], grouped, group=group, parts=4 if ordered else 3)
    if format_id in ("bnb-nf4", "bnb-nf4-single"):
        return Format(format_id, "integer", format_id, 4, nf4, group=NF4_BLOCK, parts=5)
    if format_id in ("bnb-int8", "int8"):
        return Format(format_id, "integer", format_id, 8, int8, parts=2)
    return None


# Only the experts: config.quantization_config.ignore of moonshotai/Kimi-K2.5 (huggingface.co, read 2026-11).
ONLY_EXPERTS = ("kimi",)

NEVER = ("ssm_ba", "indexer_weights")
# Public llm-compressor recipes for Qwen3.5 ignore "re:.*linear_attn.*" (seen 2026-11); no published size tests it.
LEAVES_RECURRENT = ("w", "awq")


def quantizes(weights: Format, tensor: Tensor, architecture: Architecture) -> bool:
    if weights.scheme == "w" and architecture.model_type.startswith(ONLY_EXPERTS):
        return tensor.part == "text" and tensor.role.startswith("expert_") and is_linear(tensor)
    recurrent = tensor.role.startswith("ssm_") and weights.scheme in LEAVES_RECURRENT
    return is_linear(tensor) and tensor.part == "text" and not recurrent and tensor.role not in NEVER


def grouped(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    """Packed weights, a 16-bit scale a group; AWQ and GPTQ a packed zero a group; GPTQ the order of its inputs."""
    if not quantizes(weights, tensor, architecture):
        return unquantized(tensor, architecture)
    rows, columns = rows_and_columns(tensor)
    groups = 1 if weights.group == -1 else ceil(columns / weights.group)
    bits = int(weights.bits)
    total = tensor.elements * bits // 8 + 2 * rows * groups
    if weights.scheme == "w":
        return total + 16 * tensor.copies  # weight_shape, two 64-bit numbers
    total += rows * groups * bits // 8
    matrices = tensor.elements // (tensor.shape[-1] * tensor.shape[-2])
    return total + (4 * columns * matrices if weights.parts == 4 else 0)


def nf4(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    if not quantizes(weights, tensor, architecture):
        return unquantized(tensor, architecture)
    blocks = ceil(tensor.elements / NF4_BLOCK)
    scales = 4 * blocks if weights.scheme == "bnb-nf4-single" else blocks + 4 * ceil(blocks / NF4_SECOND)
    return tensor.elements // 2 + scales


def int8(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    """A scale a row: 32 bits in bitsandbytes, 16 in compressed-tensors."""
    if not quantizes(weights, tensor, architecture):
        return unquantized(tensor, architecture)
    rows, _ = rows_and_columns(tensor)
    return tensor.elements + rows * (4 if weights.scheme == "bnb-int8" else 2)
