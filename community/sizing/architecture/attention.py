"""The attention of one layer: its tensors, and what it keeps in the cache for each token or sequence."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from .families import Family, Flag
from .fields import Fields
from .tensors import Tensor, linear, vector


@dataclass(frozen=True, slots=True)
class Attention:
    """What a layer keeps. `kind` is full, sliding, chunked, latent, compressed, recurrent, shared or none.

    Elements per token: `heads` x (`key` + `value`), or `key` alone for a latent cache; `indexer` bytes come on top.
    A recurrent layer keeps `state` + `conv` elements per sequence instead, whatever the context. A compressed layer
    (DeepSeek-V4) keeps the last `window` tokens whole and one entry for every `stride` tokens before; stride 0: none.
    A shared layer reads the cache of an earlier one.
    """

    kind: str
    heads: int = 0
    key: int = 0
    value: int = 0
    window: int = 0
    indexer: int = 0
    state: int = 0
    conv: int = 0
    stride: int = 1

    @property
    def elements_per_token(self) -> int:
        return self.heads * (self.key + self.value)


NO_CACHE = Attention("none")


def answer(config: Fields, flag: Flag) -> bool:
    return flag if isinstance(flag, bool) else config.flag(*flag)


def norms(prefix: str, sizes: dict[str, int], layer: int | None) -> list[Tensor]:
    return [vector(f"{prefix}.{name}.weight", size, "norm", layer) for name, size in sizes.items()]


@dataclass(frozen=True)
class GroupedAttention:
    """Multi-head attention with `kv_heads` groups; `value_dim` is the size of a value head."""

    heads: int
    kv_heads: int
    head_dim: int
    value_dim: int
    qkv_bias: bool = False
    output_bias: bool = False
    qk_norm: str = ""
    norm_bias: bool = False
    gate: str = ""
    fused: bool = False
    sinks: bool = False
    values: str = "own"  # or keys: no value projection; shared: neither keys nor values of its own
    indexer_heads: int = 0
    indexer_dim: int = 0

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix = f"layers.{layer}.self_attn"
        found = [
            tensor
            for role, out in self._projections()
            for tensor in linear(f"{prefix}.{role.removeprefix('attn_')}_proj", out, hidden, role, layer, self.qkv_bias)
        ]
        size = self.heads * self.value_dim
        found += linear(f"{prefix}.o_proj", hidden, size, "attn_output", layer, self.output_bias)
        gate = {"full": size, "head": self.heads}.get(self.gate)
        found += linear(f"{prefix}.g_proj", gate, hidden, "attn_gate", layer) if gate else []
        found += self._norms(prefix, layer) + self._indexer(f"{prefix}.indexer", hidden, layer)
        return found + ([vector(f"{prefix}.sinks", self.heads, "bias", layer)] if self.sinks else [])

    def _projections(self) -> list[tuple[str, int]]:
        query, keys, values = self.heads * self.head_dim, self.kv_heads * self.head_dim, self.kv_heads * self.value_dim
        if self.fused:
            return [("attn_qkv", query + keys + values)]
        rows = [("attn_q", query * (2 if self.gate == "query" else 1)), ("attn_k", keys), ("attn_v", values)]
        return rows[: {"own": 3, "keys": 2, "shared": 1}[self.values]]

    def _norms(self, prefix: str, layer: int) -> list[Tensor]:
        head, query, keys = self.head_dim, self.heads * self.head_dim, self.kv_heads * self.head_dim
        kinds = {"head": {"q_norm": head, "k_norm": head}, "full": {"q_norm": query, "k_norm": keys}}
        sizes = kinds.get(self.qk_norm, {})
        if self.values == "shared":
            sizes.pop("k_norm", None)
        biases = [vector(f"{prefix}.{name}.bias", size, "bias", layer) for name, size in sizes.items()]
        return norms(prefix, sizes, layer) + (biases if self.norm_bias else [])

    def _indexer(self, prefix: str, hidden: int, layer: int) -> list[Tensor]:
        if not self.indexer_heads:
            return []
        return [
            *linear(f"{prefix}.q_proj", self.indexer_heads * self.indexer_dim, hidden, "indexer_q", layer),
            *linear(f"{prefix}.k_proj", self.indexer_dim, hidden, "indexer_k", layer),
            *norms(prefix, {"q_norm": self.indexer_dim, "k_norm": self.indexer_dim}, layer),
        ]

    def cache(self, window: int = 0, kind: str = "full") -> Attention:
        if self.values == "shared":
            return Attention("shared")
        # The indexer of MiniMax-M3 keeps one bf16 key of its own for each token.
        indexer = 2 * self.indexer_dim
        return Attention(kind, self.kv_heads, self.head_dim, self.value_dim, window, indexer)

    @classmethod
    def read(cls, config: Fields, family: Family, kind: str = "full") -> GroupedAttention:
        config = config.renamed(family.kinds.get(kind, {}), family.defaults)
        heads, kv_heads = head_counts(config)
        head_dim = head_size(config, heads, family.head_dim)
        keys = kind == family.keys_as_values and config.flag("attention_k_eq_v")
        return cls(
            heads=heads,
            kv_heads=kv_heads,
            head_dim=head_dim,
            value_dim=config.integer("v_head_dim", default=head_dim),
            qkv_bias=answer(config, family.qkv_bias),
            output_bias=answer(config, family.output_bias),
            qk_norm=family.qk_norm if answer(config, family.qk_norm_flag) else "",
            norm_bias=family.norm_bias and family.qk_norm == "head",
            gate=family.gate,
            fused=family.fused,
            sinks=kind in family.sinks,
            values="keys" if keys else "own",
        )


def head_counts(config: Fields) -> tuple[int, int]:
    heads = config.integer("num_attention_heads")
    kv_heads = config.integer("num_key_value_heads", default=heads)
    if heads % kv_heads:
        message = f"{kv_heads} does not divide {heads} attention heads"
        raise InputError(config.path + "num_key_value_heads", message, "a divisor of num_attention_heads")
    return heads, kv_heads


def head_size(config: Fields, heads: int, default: int) -> int:
    if default or config.has("head_dim", "attention_head_dim"):
        return config.integer("head_dim", "attention_head_dim", default=default or None)
    hidden = config.integer("hidden_size")
    if hidden % heads:
        message = f"is missing, and {heads} attention heads do not divide hidden_size {hidden}"
        raise InputError(config.path + "head_dim", message, "a whole number")
    return hidden // heads


@dataclass(frozen=True)
class LatentAttention:
    """Multi-head latent attention: one compressed vector and one rotary key a token (DeepSeek-V2, arXiv 2405.04434)."""

    heads: int
    q_rank: int
    kv_rank: int
    nope: int
    rope: int
    value: int
    bias: bool = False  # of the compressions
    output_bias: bool = False
    indexer_heads: int = 0
    indexer_dim: int = 0

    @property
    def kv_heads(self) -> int:
        return 1

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix, query = f"layers.{layer}.self_attn", self.heads * (self.nope + self.rope)
        found = self._query(prefix, query, hidden, layer)
        compressed = self.kv_rank + self.rope
        found += linear(f"{prefix}.kv_a_proj_with_mqa", compressed, hidden, "attn_kv_a", layer, self.bias)
        found.append(vector(f"{prefix}.kv_a_layernorm.weight", self.kv_rank, "norm", layer))
        found += linear(f"{prefix}.kv_b_proj", self.heads * (self.nope + self.value), self.kv_rank, "attn_kv_b", layer)
        found += linear(f"{prefix}.o_proj", hidden, self.heads * self.value, "attn_output", layer, self.output_bias)
        return found + (self._indexer(f"{prefix}.indexer", hidden, layer) if self.indexer_heads else [])

    def _query(self, prefix: str, query: int, hidden: int, layer: int) -> list[Tensor]:
        if not self.q_rank:
            return linear(f"{prefix}.q_proj", query, hidden, "attn_q", layer)
        return [
            *linear(f"{prefix}.q_a_proj", self.q_rank, hidden, "attn_q_a", layer, self.bias),
            vector(f"{prefix}.q_a_layernorm.weight", self.q_rank, "norm", layer),
            *linear(f"{prefix}.q_b_proj", query, self.q_rank, "attn_q_b", layer),
        ]

    def _indexer(self, prefix: str, hidden: int, layer: int) -> list[Tensor]:
        return [
            *linear(f"{prefix}.wq_b", self.indexer_heads * self.indexer_dim, self.q_rank, "indexer_q", layer),
            *linear(f"{prefix}.wk", self.indexer_dim, hidden, "indexer_k", layer),
            vector(f"{prefix}.k_norm.weight", self.indexer_dim, "norm", layer),
            vector(f"{prefix}.k_norm.bias", self.indexer_dim, "bias", layer),
            *linear(f"{prefix}.weights_proj", self.indexer_heads, hidden, "indexer_weights", layer),
        ]

    def cache(self, window: int = 0, kind: str = "latent") -> Attention:
        # An FP8 key and its float32 scale for the indexer (rules of DeepSeek-V3.2's FP8 cache: 656 + 132 bytes).
        indexer = self.indexer_dim + 4 if self.indexer_dim else 0
        return Attention("latent", 1, self.kv_rank + self.rope, 0, indexer=indexer)

    @classmethod
    def read(cls, config: Fields, family: Family) -> LatentAttention:
        indexer = family.indexer == "latent"
        return cls(
            heads=config.integer("num_attention_heads"),
            q_rank=config.integer("q_lora_rank", default=None if indexer else 0, least=int(indexer)),
            kv_rank=config.integer("kv_lora_rank"),
            nope=config.integer("qk_nope_head_dim"),
            rope=config.integer("qk_rope_head_dim"),
            value=config.integer("v_head_dim"),
            bias=answer(config, family.query_bias),
            output_bias=answer(config, family.output_bias),
            indexer_heads=config.integer("index_n_heads") if indexer else 0,
            indexer_dim=config.integer("index_head_dim") if indexer else 0,
        )
