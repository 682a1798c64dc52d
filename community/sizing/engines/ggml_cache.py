"""The KV cache of llama.cpp: cells by kind of layer, bytes by type and version.

src/llama-kv-cache.cpp, src/llama-kv-cache-iswa.cpp and src/llama-memory-recurrent.cpp (@007dbbf3, read 2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass

from ..architecture import Architecture
from ..architecture.attention import Attention
from ..errors import InputError
from ..kv_cache import KvType, kv_type

PAD = 256  # cells; GGML_PAD(n_ctx, 256) in src/llama-context.cpp
# Builds since which a rule holds.
WINDOW_CACHE = 5432  # sliding-window layers keep their window only (PR #13194, 2025-05-20)
LATENT_CACHE = 5140  # MLA keeps the latent vector (PR #12801, 2025-04-15); before, every head's keys and values
LATENT_ONCE = 7833  # the values are a view of the keys (PR #19067, 2026-01)

# Families whose window llama.cpp does not use: their layers keep the whole context (src/models/phi3.cpp, llama.cpp).
WHOLE_CONTEXT = ("phi3", "mistral", "mixtral", "llama", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe")

# -ctk and -ctv of tools/server/README.md @00dc8057.
TYPES = ("f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl")


@dataclass(frozen=True)
class Cache:
    """`cells` are all sequences' together. `unified`: the sequences share one cache, as llama-server does by itself."""

    cells: int
    sequences: int
    ubatch: int
    keys: KvType
    values: KvType
    build: int
    unified: bool = False
    latent: str = ""  # "", once, twice or heads; "" is what the build does

    @property
    def window(self) -> bool:
        return self.build >= WINDOW_CACHE


def cache_types(name: str | None) -> tuple[KvType, KvType]:
    """ "q8_0", or "q8_0/q5_1" where keys and values differ."""
    keys, _, values = (name or "f16").partition("/")
    found = keys, values or keys
    for kind in found:
        if kind not in TYPES:
            raise InputError("kv", f"{kind[:30]!r} is not a cache type of llama.cpp", ", ".join(TYPES))
    return kv_type(found[0]), kv_type(found[1])


def padded(cells: int, step: int = PAD) -> int:
    return -(-cells // step) * step


def window_cells(cache: Cache, window: int) -> int:
    """Cells of a sliding-window layer, all sequences together: the window and the micro-batch being computed."""
    if not window or not cache.window:
        return cache.cells
    if cache.unified:
        return min(cache.cells, padded(window * cache.sequences + cache.ubatch))
    own = cache.cells // cache.sequences
    return min(own, padded(window + cache.ubatch)) * cache.sequences


def row_bytes(elements: int, kind: KvType) -> int:
    return int(-(-elements // kind.block) * kind.block * kind.bits / 8)


def token_bytes(architecture: Architecture, layer: Attention, cache: Cache) -> int:
    """One token in one layer."""
    if layer.kind == "recurrent":
        return 0
    if layer.kind != "latent":
        return row_bytes(layer.heads * layer.key, cache.keys) + row_bytes(layer.heads * layer.value, cache.values)
    by_build = "once" if cache.build >= LATENT_ONCE else "twice" if cache.build >= LATENT_CACHE else "heads"
    how = cache.latent or by_build
    if how == "heads":
        keys, values = expanded(architecture)
        return row_bytes(keys, cache.keys) + row_bytes(values, cache.values)
    rank = next(tensor.shape[-1] for tensor in architecture.tensors if tensor.role == "attn_kv_b")
    return row_bytes(layer.key, cache.keys) + (row_bytes(rank, cache.values) if how == "twice" else 0)


def expanded(architecture: Architecture) -> tuple[int, int]:
    """Keys and values of all heads of an MLA layer."""
    shapes = {tensor.role: tensor.shape for tensor in architecture.tensors}
    return shapes.get("attn_q_b", shapes.get("attn_q", (0, 0)))[0], shapes["attn_output"][-1]


def state_bytes(layer: Attention, cache: Cache) -> int:
    """Recurrent state and convolution, in f32 whatever the cache type, once for each sequence."""
    return (layer.state + layer.conv) * 4 * cache.sequences


def window_of(architecture: Architecture) -> int:
    """Tokens of the sliding window, 0 where llama.cpp has none."""
    if architecture.model_type in WHOLE_CONTEXT:
        return 0
    return max((layer.window for layer in architecture.layers if layer.kind in ("sliding", "chunked")), default=0)


def layer_bytes(architecture: Architecture, layer: Attention, cache: Cache) -> int:
    sliding = layer.kind in ("sliding", "chunked")
    cells = window_cells(cache, window_of(architecture)) if sliding else cache.cells
    return token_bytes(architecture, layer, cache) * cells + state_bytes(layer, cache)
