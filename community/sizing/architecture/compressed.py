"""Attention of DeepSeek-V4: one key that is also the value, the last tokens whole and the rest compressed.

Source: transformers 5.23.0 models/deepseek_v4 (read 2026-11-20); both published totals are reproduced exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from .attention import Attention
from .fields import Fields
from .tensors import Tensor, linear, vector

HEADS_PER_GROUP = 8  # o_groups: the output projection is split in groups of heads
DENSE, SPARSE = 128, 4  # tokens to one entry; the indexer picks among those of SPARSE


@dataclass(frozen=True)
class CompressedAttention:
    heads: int
    head_dim: int
    q_rank: int
    o_rank: int
    groups: int
    window: int
    indexer_heads: int
    indexer_dim: int
    ratio: int  # tokens to one compressed entry, 0: none in this layer

    @property
    def kv_heads(self) -> int:
        return 1

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix, size = f"layers.{layer}.self_attn", self.heads * self.head_dim
        compressed = self.groups * self.o_rank
        return [
            vector(f"{prefix}.sinks", self.heads, "bias", layer),
            *linear(f"{prefix}.q_a_proj", self.q_rank, hidden, "attn_q_a", layer),
            vector(f"{prefix}.q_a_norm.weight", self.q_rank, "norm", layer),
            *linear(f"{prefix}.q_b_proj", size, self.q_rank, "attn_q_b", layer),
            *linear(f"{prefix}.kv_proj", self.head_dim, hidden, "attn_kv_a", layer),
            vector(f"{prefix}.kv_norm.weight", self.head_dim, "norm", layer),
            *linear(f"{prefix}.o_a_proj", compressed, size // self.groups, "attn_output_a", layer),
            *linear(f"{prefix}.o_b_proj", hidden, compressed, "attn_output", layer),
            *self._compressor(f"{prefix}.compressor", hidden, layer),
        ]

    def _compressor(self, prefix: str, hidden: int, layer: int) -> list[Tensor]:
        if not self.ratio:
            return []
        found = self._pool(prefix, self.head_dim, hidden, layer)
        if self.ratio != SPARSE:
            return found
        inner = f"{prefix}.indexer"
        found += self._pool(inner, self.indexer_dim, hidden, layer)
        found += linear(f"{inner}.q_b_proj", self.indexer_heads * self.indexer_dim, self.q_rank, "indexer_q", layer)
        return found + linear(f"{inner}.weights_proj", self.indexer_heads, hidden, "indexer_weights", layer)

    def _pool(self, prefix: str, size: int, hidden: int, layer: int) -> list[Tensor]:
        # Overlapping windows, where entries are close, need two sets of keys.
        width = size * (2 if self.ratio == SPARSE else 1)
        return [
            Tensor(f"{prefix}.position_bias", (self.ratio, width), "position", layer),
            *linear(f"{prefix}.kv_proj", width, hidden, "indexer_k", layer),
            *linear(f"{prefix}.gate_proj", width, hidden, "indexer_k", layer),
            vector(f"{prefix}.kv_norm.weight", size, "norm", layer),
        ]

    def cache(self, window: int = 0, kind: str = "compressed") -> Attention:
        indexer = self.indexer_dim + 4 if self.ratio == SPARSE else 0
        return Attention("compressed", 1, self.head_dim, 0, self.window, indexer, stride=self.ratio)

    @classmethod
    def read(cls, config: Fields, ratio: int) -> CompressedAttention:
        if ratio not in (0, SPARSE, DENSE):
            raise InputError(config.path + "compress_ratios", f"{ratio} is not known", f"0, {SPARSE} or {DENSE}")
        heads = config.integer("num_attention_heads")
        return cls(
            heads=heads,
            head_dim=config.integer("head_dim"),
            q_rank=config.integer("q_lora_rank"),
            o_rank=config.integer("o_lora_rank"),
            groups=config.integer("o_groups", default=max(1, heads // HEADS_PER_GROUP)),
            window=config.integer("sliding_window"),
            indexer_heads=config.integer("index_n_heads"),
            indexer_dim=config.integer("index_head_dim"),
            ratio=ratio,
        )
