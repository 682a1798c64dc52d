"""Bytes of the KV cache: per token and layer, with windows, latent vectors, recurrent states, pages and replication."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .architecture import Architecture
from .architecture.attention import Attention
from .errors import InputError


@dataclass(frozen=True)
class KvType:
    """`bits` per element with scales included. Block types: ggml-common.h; q8_0 is 34 bytes for 32 elements."""

    id: str
    bits: Fraction
    block: int = 1  # elements that share a scale; a row is padded to it


KV_TYPES: dict[str, KvType] = {
    kv.id: kv
    for kv in (
        KvType("f32", Fraction(32)),
        KvType("f16", Fraction(16)),
        KvType("bf16", Fraction(16)),
        KvType("fp8", Fraction(8)),
        KvType("fp8_e4m3", Fraction(8)),
        KvType("fp8_e5m2", Fraction(8)),
        KvType("q8_0", Fraction(34 * 8, 32), 32),
        KvType("q5_1", Fraction(24 * 8, 32), 32),
        KvType("q5_0", Fraction(22 * 8, 32), 32),
        KvType("q4_1", Fraction(20 * 8, 32), 32),
        KvType("q4_0", Fraction(18 * 8, 32), 32),
        KvType("iq4_nl", Fraction(18 * 8, 32), 32),
        # ExLlama caches: b bits and an fp16 scale for 32 elements.
        *(KvType(f"q{bits}", Fraction(bits * 32 + 16, 32), 32) for bits in range(2, 9)),
        *(KvType(f"mlx-{bits}bit", Fraction(2 * bits + 1, 2), 64) for bits in (4, 8)),
    )
}


def kv_type(name: str) -> KvType:
    if name not in KV_TYPES:
        raise InputError("kv", f"{name[:30]!r} is not known", ", ".join(KV_TYPES))
    return KV_TYPES[name]


def layer_bytes_per_token(layer: Attention, kv: KvType, tensor_parallel: int = 1) -> int:
    """Bytes that one layer adds for a token on one GPU. Where there are more GPUs than KV heads, heads are copied."""
    if layer.kind == "recurrent":
        return 0
    if layer.kind == "latent" and layer.indexer and kv.bits == 8:
        return _sparse(layer.key) + layer.indexer
    heads = layer.heads if layer.kind == "latent" else max(1, -(-layer.heads // tensor_parallel))
    return _bytes(heads * layer.key, kv) + _bytes(heads * layer.value, kv) + layer.indexer


def _sparse(key: int) -> int:
    """DeepSeek-V3.2's FP8 entry: 8 bits with a 32-bit scale for 128 elements, the rotated part stays in 16: 656 B."""
    return key // 128 * (128 + 4) + key % 128 * 2


def _bytes(elements: int, kv: KvType) -> int:
    padded = -(-elements // kv.block) * kv.block
    return padded * kv.bits.numerator // (8 * kv.bits.denominator)


def bytes_per_token(architecture: Architecture, kv: KvType) -> int:
    """Of the whole model, all attention layers counted, as long as no window is full."""
    return sum(
        layer_bytes_per_token(layer, kv) // layer.stride * number
        for layer, number in architecture.sorts
        if layer.stride
    )


def state_bytes(architecture: Architecture, element_bytes: int = 4, conv_bytes: int = 4) -> int:
    """Recurrent state of one sequence, whatever its length."""
    return sum(layer.state * element_bytes + layer.conv * conv_bytes for layer in architecture.layers)


def cells(layer: Attention, context: int, window_reserve: int = 0) -> int:
    """Tokens that a layer keeps of a context: all, or its window and what is being computed."""
    if layer.kind == "compressed":  # DeepSeek-V4: the last tokens whole, of the others one entry for each stride
        return min(context, layer.window) + (context // layer.stride if layer.stride else 0)
    if layer.kind in ("sliding", "chunked") and layer.window:
        return min(context, layer.window + window_reserve)
    return context


def cache_bytes(
    architecture: Architecture, kv: KvType, context: int, tensor_parallel: int = 1, window_reserve: int = 0
) -> int:
    """One request of `context` tokens on one GPU of a tensor-parallel group, recurrent states aside."""
    return sum(
        layer_bytes_per_token(layer, kv, tensor_parallel) * cells(layer, context, window_reserve) * number
        for layer, number in architecture.sorts
    )
