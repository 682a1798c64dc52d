"""Floating-point formats: BF16, FP16, FP32, FP8, MXFP4, NVFP4. Sizes are those of the published safetensors."""

from __future__ import annotations

from math import ceil

from ..architecture import Architecture
from ..architecture.tensors import Tensor
from .format import Format, is_linear, rows_and_columns, unquantized

PLAIN = {"bf16": 16, "f16": 16, "f32": 32}

# Not in FP8 besides what no format quantizes: gates of the recurrent layers, the indexer's weights, the projection of
# MTP. Assumed from the loaders of the engines; DeepSeek-V3.2 and GLM-5.2-FP8 agree to 0.001 %, Qwen3-Next is untested.
NOT_FP8 = frozenset({"ssm_ba", "indexer_weights", "mtp_projection"})
BLOCK = 128
# The scale of a block is float32 in the repositories of these families, bfloat16 in Qwen's and others'.
WIDE_SCALES = ("deepseek", "kimi", "glm", "minimax")

# What NVFP4 covers where it is not every linear layer: (roles in NVFP4, whether the rest of them is FP8). Solved from
# the packed element totals of nvidia/*-NVFP4 on Hugging Face (tests/sizing/test_formats_nvfp4.py reproduces them).
FEED_FORWARD = ("ffn_", "expert_", "shared_")
NVFP4: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("deepseek_v4", ("expert_",), True),  # DeepSeek-V4-Flash, V4-Pro
    ("deepseek", (*FEED_FORWARD, "attn_output"), False),  # DeepSeek-V3.1, V3.2
    ("glm", ("expert_",), False),  # GLM-5.1, GLM-5.3; GLM-5 also the shared experts and dense layers
    ("minimax", ("expert_",), False),  # MiniMax-M2.5, M2.7
    ("qwen3_5_moe", ("expert_",), False),  # Qwen3.5-122B-A10B
    ("qwen3_5", (*FEED_FORWARD, "head"), True),  # Qwen3.6-27B
    ("kimi", ("expert_",), False),  # not published as a count: taken to be as its INT4 release
)
NVFP4_MIXED = ((*FEED_FORWARD, "head"), True)  # Qwen3.6-35B-A3B
# Released without the layers for multi-token prediction, or with those of the model's own checkpoint: the same counts.
NVFP4_WITHOUT_MTP = ("glm", "qwen3_5")
NVFP4_OWN_MTP = ("deepseek_v4",)


def parse(format_id: str) -> Format | None:
    if format_id in PLAIN:
        return Format(format_id, "floating", format_id, PLAIN[format_id], plain)
    if format_id in ("fp8", "fp8-block"):
        return Format(format_id, "floating", "fp8", 8, fp8_block, group=BLOCK, parts=2)
    if format_id in ("fp8-tensor", "fp8-channel"):
        return Format(format_id, "floating", format_id, 8, fp8_scaled, parts=3 if format_id == "fp8-tensor" else 2)
    if format_id == "fp8-mxfp4":
        return Format(format_id, "floating", "fp8-mxfp4", 8, fp8_mxfp4, group=BLOCK, parts=2)
    if format_id == "mxfp4":
        return Format(format_id, "floating", "mxfp4", 4, mxfp4, group=32, parts=2)
    if format_id in ("nvfp4", "nvfp4-mixed"):
        return Format(format_id, "floating", format_id, 4, nvfp4, group=16, parts=4)
    return None


def plain(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    return 4 * tensor.elements if weights.bits == 32 else unquantized(tensor, architecture)


def fp8_block(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    """One byte a weight and a scale for each block of 128 x 128."""
    if not is_linear(tensor) or tensor.role in NOT_FP8:
        return unquantized(tensor, architecture)
    rows, columns = tensor.shape[-2:]
    matrices = tensor.elements // (rows * columns)
    scale = 4 if architecture.model_type.startswith(WIDE_SCALES) else 2
    return tensor.elements + matrices * ceil(rows / BLOCK) * ceil(columns / BLOCK) * scale


def fp8_scaled(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    """One scale a tensor, with one for its input (ModelOpt), or one a row (compressed-tensors)."""
    if not is_linear(tensor) or tensor.role in NOT_FP8 or tensor.part == "mtp":
        return unquantized(tensor, architecture)
    rows, _ = rows_and_columns(tensor)
    return tensor.elements + (8 * tensor.copies if weights.scheme == "fp8-tensor" else 2 * rows)


def mxfp4(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    """Experts in 4 bits with an 8-bit scale for 32 weights, the rest in BF16 (openai/gpt-oss-20b); a model without
    experts in all its linear layers."""
    chosen = tensor.role.startswith("expert_") or architecture.experts is None
    if not (is_linear(tensor) and chosen and tensor.part == "text"):
        return unquantized(tensor, architecture)
    rows, columns = rows_and_columns(tensor)
    return rows * (ceil(columns / 2) + ceil(columns / weights.group))


def fp8_mxfp4(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    """DeepSeek-V4's own: experts in 4 bits with an 8-bit scale for 32 weights, the rest as FP8 in blocks."""
    if not (tensor.role.startswith("expert_") and is_linear(tensor)):
        return fp8_block(weights, tensor, architecture)
    rows, columns = rows_and_columns(tensor)
    return rows * (ceil(columns / 2) + ceil(columns / 32))


def nvfp4(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    """4 bits, an 8-bit scale for 16 weights, and two 32-bit scales a tensor."""
    family = architecture.model_type
    if tensor.part == "mtp" and family.startswith(NVFP4_WITHOUT_MTP):
        return 0
    roles, rest = covered(weights, family)
    if tensor.part == "mtp" and family.startswith(NVFP4_OWN_MTP):
        return fp8_mxfp4(weights, tensor, architecture)
    linear = tensor.part == "text" and (is_linear(tensor) or tensor.role == "head") and tensor.role != "ssm_ba"
    if linear and tensor.role.startswith(roles) and (tensor.role != "head" or "head" in roles):
        rows, columns = rows_and_columns(tensor)
        return rows * (ceil(columns / 2) + ceil(columns / weights.group)) + 8 * tensor.copies
    if rest and linear and tensor.role != "head":
        return tensor.elements + 8 * tensor.copies
    return unquantized(tensor, architecture)


def covered(weights: Format, family: str) -> tuple[tuple[str, ...], bool]:
    if weights.scheme == "nvfp4-mixed":
        return NVFP4_MIXED
    return next(((roles, rest) for name, roles, rest in NVFP4 if family.startswith(name)), (("",), False))
