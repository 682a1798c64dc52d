"""vLLM's paged KV cache: groups of layers that share a pool of blocks (vllm/v1/core/kv_cache_utils.py).

Layers of one kind form groups of equal size; a block of a group holds `block` tokens of each of its layers, and all
groups draw blocks from one pool. A model of one kind is one group.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from ..architecture.attention import Attention
from ..kv_cache import KvType, layer_bytes_per_token

BLOCK = 16  # tokens, --block-size
WINDOWS = ("sliding", "chunked")


@dataclass(frozen=True)
class Pages:
    """`block_bytes` is one block of one group; `kinds` counts the groups of each kind of layer with its window."""

    block: int
    block_bytes: int
    kinds: tuple[tuple[str, int, int], ...]  # kind, window, groups

    @property
    def groups(self) -> int:
        return sum(groups for _, _, groups in self.kinds)

    def blocks_of(self, context: int, tokens: int) -> int:
        """Blocks that one request of `context` takes while at most `tokens` are in flight."""
        return sum(groups * self._blocks(kind, window, context, tokens) for kind, window, groups in self.kinds)

    def _blocks(self, kind: str, window: int, context: int, tokens: int) -> int:
        if kind == "recurrent":
            return 1
        if kind in WINDOWS and window:
            kept = min(window - 1 + tokens, context)
            return ceil(kept / self.block) + (1 if kept < context else 0)
        return ceil(context / self.block)

    def request_bytes(self, context: int, tokens: int) -> int:
        return self.blocks_of(context, tokens) * self.block_bytes


@lru_cache(maxsize=500)
def pages(layers: tuple[Attention, ...], kv: KvType, tensor_parallel: int, states: int = 1) -> Pages:
    """`states` is how many GPUs share the heads of a recurrent layer."""
    layers = tuple(layer for layer in layers if layer.kind not in ("shared", "none"))
    if not layers:
        return Pages(BLOCK, 1, (("full", 0, 1),))
    counts = Counter((layer.kind, layer.window if layer.kind in WINDOWS else 0) for layer in layers)
    token = max(1, *(token_bytes(layer, kv, tensor_parallel) for layer in layers))
    block = _block(layers, token, states)
    least, most = min(counts.values()), max(counts.values())
    size = most if most < 1.5 * least else least  # kv_cache_utils: padding layers rather than many groups
    kinds = tuple((kind, window, ceil(number / size)) for (kind, window), number in sorted(counts.items()))
    if len(counts) == 1:  # layers may differ in size, as with heads that differ: one group, bytes added up
        total = sum(token_bytes(layer, kv, tensor_parallel) for layer in layers)
        return Pages(block, max(total, 1) * block, kinds)
    return Pages(block, token * block * size, kinds)


def token_bytes(layer: Attention, kv: KvType, tensor_parallel: int) -> int:
    """Of one layer; a compressed cache keeps one entry for every `stride` tokens."""
    if layer.kind in ("recurrent", "shared", "none"):
        return 0
    size = layer_bytes_per_token(layer, kv, tensor_parallel)
    return size if layer.kind != "compressed" else ceil(size / layer.stride) if layer.stride else 0


def _block(layers: tuple[Attention, ...], token: int, states: int) -> int:
    """Hybrids raise the block until an attention page holds a recurrent state (f32 state, 16-bit convolution)."""
    state = max((layer.state * 4 + layer.conv * 2 for layer in layers), default=0)
    if not state:
        return BLOCK
    return ceil(ceil(state / states) / (BLOCK * token)) * BLOCK
