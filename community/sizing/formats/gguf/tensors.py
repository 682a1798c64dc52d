"""What a model's tensors become in a GGUF file: names, merged experts, split projections, and what stays in F32.

Sources: conversion/{base,llama,qwen,deepseek,glm,gemma,gpt_oss,phi}.py and gguf-py/gguf/constants.py of
ggml-org/llama.cpp (read 2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ...architecture import Architecture
from ...architecture.tensors import Tensor

# role: (name in the file, category that llama-quantize decides by; "" is none)
ROLES: dict[str, tuple[str, str]] = {
    "embed": ("token_embd", "embed"),
    "head": ("output", "output"),
    "attn_q": ("attn_q", "attn_q"),
    "attn_k": ("attn_k", "attn_k"),
    "attn_v": ("attn_v", "attn_v"),
    "attn_qkv": ("attn_qkv", "attn_qkv"),
    "attn_output": ("attn_output", "attn_output"),
    "attn_q_a": ("attn_q_a", ""),
    "attn_q_b": ("attn_q_b", ""),
    "attn_kv_a": ("attn_kv_a_mqa", ""),
    "ffn_gate": ("ffn_gate", "ffn_gate"),
    "ffn_up": ("ffn_up", "ffn_up"),
    "ffn_gate_up": ("ffn_up", "ffn_up"),
    "ffn_down": ("ffn_down", "ffn_down"),
    "expert_gate": ("ffn_gate_exps", "ffn_gate"),
    "expert_up": ("ffn_up_exps", "ffn_up"),
    "expert_down": ("ffn_down_exps", "ffn_down"),
    "shared_gate": ("ffn_gate_shexp", "ffn_gate"),
    "shared_up": ("ffn_up_shexp", "ffn_up"),
    "shared_down": ("ffn_down_shexp", "ffn_down"),
    "indexer_k": ("indexer.attn_k", "attn_k"),
    "indexer_q": ("indexer.attn_q_b", ""),
    "indexer_weights": ("indexer.proj", ""),
    "attn_gate": ("attn_gate", ""),
    "attn_output_a": ("attn_output_a", ""),
    "ffn_latent": ("ffn_latent", ""),
    "ssm_proj": ("ssm_in", ""),
    "ssm_out": ("ssm_out", ""),
    "ssm_ba": ("ssm_ba", ""),
    "mtp_projection": ("nextn.eh_proj", ""),
}
# Kept in F32 whatever the level: vectors, norms, routers, convolutions.
F32_ROLES = frozenset({"norm", "bias", "expert_bias", "conv", "router", "shared_router", "position"})

# Families whose converter kept the layers for multi-token prediction from the start (conversion/glm.py); DeepSeek's and
# Kimi's still drops them, Qwen's dropped them in the files of their release.
KEEPS_MTP = ("glm4_moe", "glm_moe_dsa")
DROPS_MTP = ("glm4_moe_lite",)


SEVENTY = ("llama", "mistral", "qwen2", "nemotron-nas")


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor of the file: `rows` of `columns` weights; `deep` is a third dimension above 1."""

    name: str
    category: str
    columns: int
    rows: int
    layer: int | None
    deep: bool = False
    single: bool = False  # always F32


def keeps_prediction(architecture: Architecture) -> bool:
    return architecture.model_type.startswith(KEEPS_MTP) and not architecture.model_type.startswith(DROPS_MTP)


class Layout:
    """What deciding needs to know of the whole file."""

    def __init__(self, architecture: Architecture, mtp: bool) -> None:
        self.architecture, self.mtp = architecture, mtp
        kept = [tensor for tensor in architecture.tensors if tensor.part == "text" or (mtp and tensor.part == "mtp")]
        self.kept = tuple(kept)
        self.gqa = architecture.heads // max(architecture.kv_heads, 1)
        self.experts = architecture.experts.count if architecture.experts else 0
        self.layers = 1 + max((tensor.layer for tensor in kept if tensor.layer is not None), default=0)
        # LLM_TYPE_70B: 80 layers in src/models/{llama,qwen2,deci}.cpp; llama only with grouped queries.
        self.seventy = self.layers == 80 and architecture.model_type in SEVENTY and self.gqa > 1

    @cached_property
    def values(self) -> dict[int, int]:
        """Layer: position among the layers that store attn_v."""
        layers = sorted({t.layer for t in self.kept if t.role == "attn_v" and t.layer is not None})
        return {layer: position for position, layer in enumerate(layers)}

    @cached_property
    def values_count(self) -> int:
        """Tensors that llama-quantize counts as attention values: attn_v, and every attn_qkv."""
        return sum(tensor.role in ("attn_v", "attn_qkv", "ssm_in") for tensor in self.kept)

    @cached_property
    def downs(self) -> dict[tuple[int, str], int]:
        """(layer, role): position among all ffn_down tensors of the file, by layer and name."""
        found = sorted(
            (tensor.layer, ROLES[tensor.role][0], tensor.role)
            for tensor in self.kept
            if tensor.role in ("ffn_down", "expert_down", "shared_down") and tensor.layer is not None
        )
        return {(layer, name): position for position, (layer, name, _) in enumerate(found)}

    def down_position(self, stored: Stored) -> int:
        """The layer where there are experts, otherwise a count of the layers that have a feed-forward part."""
        return (stored.layer or 0) if self.experts > 1 else self.downs[stored.layer or 0, stored.name]

    @cached_property
    def output_columns(self) -> dict[str, int]:
        """Inputs of the projection that ends a layer of each kind."""
        return {tensor.role: tensor.shape[-1] for tensor in self.kept if tensor.role in ("attn_output", "ssm_out")}

    def stored(self, tensor: Tensor) -> tuple[Stored, ...]:
        """Nothing for layers that the converter drops."""
        if tensor.part == "mtp" and not self.mtp:
            return ()
        if tensor.role == "attn_kv_b":
            return self._latent(tensor)
        if tensor.role == "ssm_in" and "qkvz" in tensor.name:
            return self._recurrent(tensor)
        columns, deep = tensor.shape[-1], tensor.copies > 1 or len(tensor.shape) > 2
        name, category = ROLES.get(tensor.role, (tensor.role, ""))
        if tensor.part == "mtp" and tensor.role in ("embed", "head"):
            name, category = "nextn.embed_tokens", ""
        single = tensor.role in F32_ROLES or len(tensor.shape) < 2
        return (Stored(name, category, columns, tensor.elements // columns, tensor.layer, deep, single),)

    def _latent(self, tensor: Tensor) -> tuple[Stored, ...]:
        """kv_b becomes k_b, transposed, and v_b, each one matrix a head."""
        heads, rank = self.architecture.heads, tensor.shape[-1]
        value = self.output_columns["attn_output"] // heads
        key = tensor.shape[0] // heads - value
        return (
            Stored("attn_k_b", "", key, rank * heads, tensor.layer, deep=True),
            Stored("attn_v_b", "", rank, value * heads, tensor.layer, deep=True),
        )

    def _recurrent(self, tensor: Tensor) -> tuple[Stored, ...]:
        """The projection into a gated delta net becomes attn_qkv and attn_gate."""
        rows, columns = tensor.shape
        gate = self.output_columns["ssm_out"]
        return (
            Stored("attn_qkv", "attn_qkv", columns, rows - gate, tensor.layer),
            Stored("attn_gate", "", columns, gate, tensor.layer),
        )
