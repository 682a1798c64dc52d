"""MLX: every linear layer and the embedding, in groups along the inputs (mlx-lm 0.32.2, utils.quantize_model, 2026-10).

Affine groups hold a 16-bit scale and a 16-bit bias, mxfp4, mxfp8 and nvfp4 an 8-bit scale. The vision tower stays in
BF16, prediction layers are dropped.
"""

from __future__ import annotations

import re
from math import ceil

from ..architecture import Architecture
from ..architecture.tensors import Tensor
from ..errors import InputError
from .format import Format, is_float, is_linear, rows_and_columns, unquantized

NAME = re.compile(r"mlx-(\d)bit(?:-g(\d+))?")
AFFINE_BITS, GROUPS = (2, 3, 4, 5, 6, 8), (32, 64, 128)
SCALED = {"mlx-mxfp4": (4, 32), "mlx-mxfp8": (8, 32), "mlx-nvfp4": (4, 16)}
WHOLE = ("mlx-bf16", "mlx-fp16")

# The router is a class of its own, not nn.Linear, and so stays in 16 bits (GLM-5.1 in data/files.jsonl, to the byte).
OWN_ROUTER = ("deepseek", "kimi", "glm")
# Model.quant_predicate keeps the router at 8 bits, groups of 64 (mlx_lm/models of ml-explore/mlx-lm, read 2026-11;
# MiniMax-M2.5 to the byte). The files of Qwen3.5 do not.
ROUTER_8BIT = ("qwen3_next", "gpt_oss", "minimax", "gemma4")


def parse(format_id: str) -> Format | None:
    if format_id in WHOLE:
        return Format(format_id, "mlx", "whole", 16, bytes_of)
    mixed = format_id.removesuffix("-q8")
    if mixed in SCALED:
        bits, group = SCALED[mixed]
        scheme = "scaled" if mixed == format_id else "experts"
        return Format(format_id, "mlx", scheme, bits, bytes_of, group=group, parts=2)
    match = NAME.fullmatch(format_id)
    if not match:
        return None
    bits, group = int(match[1]), int(match[2] or 64)
    if bits not in AFFINE_BITS or group not in GROUPS:
        raise InputError("weights", f"{format_id!r} is not usable", f"{AFFINE_BITS} bits in groups of {GROUPS}")
    return Format(format_id, "mlx", "affine", bits, bytes_of, group=group, parts=3)


def bytes_of(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    if tensor.part == "mtp":
        return 0
    router = tensor.role in ("router", "shared_router")
    table = tensor.role in ("embed", "head")
    if weights.scheme == "whole" or not (is_linear(tensor) or router or table) or tensor.part == "vision":
        return unquantized(tensor, architecture)
    if router and architecture.model_type.startswith(OWN_ROUTER):
        return unquantized(tensor, architecture)
    wide = is_float(tensor, architecture)
    if router and architecture.model_type.startswith(ROUTER_8BIT) and weights.bits < 8:
        return affine(tensor, 8, 64, wide)
    if weights.scheme == "experts" and not tensor.role.startswith("expert_"):
        return affine(tensor, 8, 64, wide)
    if weights.scheme == "affine":
        return affine(tensor, int(weights.bits), weights.group, wide)
    rows, columns = rows_and_columns(tensor)
    return tensor.elements * int(weights.bits) // 8 + rows * ceil(columns / weights.group)


def affine(tensor: Tensor, bits: int, group: int, wide: bool = False) -> int:
    """Scale and bias in the weight's own type. A row that groups do not divide is not quantized."""
    rows, columns = rows_and_columns(tensor)
    size = 4 if wide else 2
    if columns % group:
        return size * tensor.elements
    return tensor.elements * bits // 8 + 2 * size * rows * (columns // group)
