"""What weights take on the GPU beyond the files' tensors: tables, second forms, padding, the allocator's rounding."""

from __future__ import annotations

from collections import defaultdict
from math import ceil

from ..architecture import Architecture
from ..architecture.tensors import Tensor
from ..formats import MANY, Format, keep, weigh
from ..sharding import Parallel, share, stage_bytes, stages
from ..versions import Version

MIB = 2**20
GEMMA3_CONTEXT = 131_072  # the default of Gemma3TextConfig, which the published configs leave out
PADDED_ON_BOTH_SIDES = (0, 15, 0)  # gpt-oss: 13.47 GiB in 0.11.0, 13.64 in 0.19.0

# Linear layers that vLLM stores as one matrix (MergedColumnParallelLinear, QKVParallelLinear, FusedMoE).
MERGED = {
    "attn_q": "qkv", "attn_k": "qkv", "attn_v": "qkv", "ffn_gate": "gate_up", "ffn_up": "gate_up",
    "shared_gate": "shared_gate_up", "shared_up": "shared_gate_up", "expert_gate": "w13", "expert_up": "w13",
}  # fmt: skip


def weight_bytes(architecture: Architecture, weights: Format, parallel: Parallel, version: Version) -> list[int]:
    """On each GPU of each stage; kept with the architecture, since estimates ask for it again and again."""
    known: dict[tuple[object, ...], list[int]] = vars(architecture).setdefault("vllm_weights", {})
    key = (weights, parallel, version >= PADDED_ON_BOTH_SIDES)
    found = known.get(key)
    return keep(known, key, _weight_bytes(architecture, weights, parallel, version), MANY) if found is None else found


def _weight_bytes(architecture: Architecture, weights: Format, parallel: Parallel, version: Version) -> list[int]:
    tensors = weigh(architecture, weights).tensors
    sizes = stage_bytes(tensors, architecture, parallel)
    rounding = rounding_bytes(tensors, architecture, parallel)
    dtype = 4 if weights.id == "f32" else 2
    found = []
    for size, extra, layers in zip(sizes, rounding, stages(len(architecture.layers), parallel.pipeline), strict=True):
        absorbed = absorbed_bytes(architecture, parallel, len(layers))
        padded = padded_bytes(architecture, weights, parallel, version, len(layers))
        found.append(size + extra + rope_bytes(architecture, dtype) + absorbed + padded)
    return found


def rope_bytes(architecture: Architecture, dtype: int) -> int:
    """One table for all layers of a kind: a row of cosines and sines for each position."""
    attention = next((layer for layer in architecture.layers if layer.kind != "recurrent"), None)
    if attention is None:
        return 0
    if architecture.model_type.startswith("gemma3"):
        context = architecture.context or GEMMA3_CONTEXT
        # rope_scaling is linear, 8, in all but the 1B; the windows have a table of their own.
        scaled = 8 if architecture.model_type == "gemma3" else 1
        return context * (scaled + 1) * attention.key * dtype
    rotary = attention.key
    if attention.kind == "latent":  # the rest of the cached vector is the compressed part; this table is in f32
        rank = next(tensor.shape[-1] for tensor in architecture.tensors if tensor.role == "attn_kv_b")
        return architecture.context * (attention.key - rank) * 4
    if any(layer.kind == "recurrent" for layer in architecture.layers):
        rotary //= 4  # partial_rotary_factor 0.25 of Qwen3-Next and Qwen3.5
    return architecture.context * rotary * dtype


def absorbed_bytes(architecture: Architecture, parallel: Parallel, layers: int) -> int:
    """MLA multiplies with kv_b from both sides: vllm/v1/attention/backends/mla keeps both halves in 16 bit."""
    sizes = {tensor.layer: tensor.elements for tensor in architecture.tensors if tensor.role == "attn_kv_b"}
    return max(sizes.values(), default=0) * layers * 2 // parallel.tensor


def padded_bytes(architecture: Architecture, weights: Format, parallel: Parallel, version: Version, layers: int) -> int:
    """MXFP4 kernels want the width in steps of 128 and the hidden size in steps of 256 (2,880 -> 3,072)."""
    experts = architecture.experts
    if not experts or weights.id != "mxfp4":
        return 0
    width, hidden = experts.width // parallel.tensor, architecture.hidden
    wide = ceil(width / 128) * 128 if version >= PADDED_ON_BOTH_SIDES else width
    return (wide * ceil(hidden / 256) * 256 - width * hidden) * 3 * experts.count * layers // 2


def rounding_bytes(
    tensors: tuple[tuple[Tensor, int], ...], architecture: Architecture, parallel: Parallel
) -> list[int]:
    """torch's allocator hands out 10 MiB and more in steps of 2 MiB, and keeps a rest of up to 1 MiB with the tensor.

    torch/csrc/cuda/CachingAllocator: kMinLargeAlloc, kRoundLarge, kSmallSize. Seen in 16 bit (72B at TP 2 and 4, 32B
    at TP 2, Gemma 2), not in 8 bit, whose matrices are made anew after loading.
    """
    sizes: dict[tuple[int, str, str], int] = defaultdict(int)
    for tensor, weight in tensors:
        whole = weight >= 2 * tensor.elements and len(tensor.shape) > 1
        if whole and tensor.layer is not None and tensor.part == "text":
            key = (tensor.layer, MERGED.get(tensor.role, tensor.role), "" if tensor.role in MERGED else tensor.name)
            sizes[key] += share(tensor, weight, architecture, parallel)
    parts = stages(len(architecture.layers), parallel.pipeline)
    stage_of = {layer: stage for stage, layers in enumerate(parts) for layer in layers}
    found = [0] * parallel.pipeline
    for (layer, _, _), size in sizes.items():
        rest = -size % (2 * MIB)
        if size >= 10 * MIB and rest <= MIB:
            found[stage_of[layer]] += rest
    return found
