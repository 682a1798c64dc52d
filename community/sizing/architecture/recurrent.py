"""Layers whose memory does not grow with the context: a state of fixed size for each sequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .attention import Attention
from .families import Family
from .fields import Fields
from .tensors import Tensor, linear, vector


@dataclass(frozen=True)
class DeltaNet:
    """Gated delta net (Qwen3-Next, Qwen3.5; Qwen3.5 stores the two input projections as two each)."""

    key_heads: int
    value_heads: int
    key_dim: int
    value_dim: int
    kernel: int

    @property
    def channels(self) -> int:
        return 2 * self.key_heads * self.key_dim + self.value_heads * self.value_dim

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix, value = f"layers.{layer}.linear_attn", self.value_heads * self.value_dim
        return [
            *linear(f"{prefix}.in_proj_qkvz", self.channels + value, hidden, "ssm_in", layer),
            *linear(f"{prefix}.in_proj_ba", 2 * self.value_heads, hidden, "ssm_ba", layer),
            Tensor(f"{prefix}.conv1d.weight", (self.channels, 1, self.kernel), "conv", layer),
            vector(f"{prefix}.dt_bias", self.value_heads, "bias", layer),
            vector(f"{prefix}.A_log", self.value_heads, "bias", layer),
            vector(f"{prefix}.norm.weight", self.value_dim, "norm", layer),
            *linear(f"{prefix}.out_proj", hidden, value, "ssm_out", layer),
        ]

    def cache(self) -> Attention:
        state = self.value_heads * self.key_dim * self.value_dim
        return Attention("recurrent", state=state, conv=self.channels * (self.kernel - 1))

    @classmethod
    def read(cls, config: Fields) -> DeltaNet:
        return cls(
            key_heads=config.integer("linear_num_key_heads"),
            value_heads=config.integer("linear_num_value_heads"),
            key_dim=config.integer("linear_key_head_dim"),
            value_dim=config.integer("linear_value_head_dim"),
            kernel=config.integer("linear_conv_kernel_dim"),
        )


@dataclass(frozen=True)
class KimiDelta:
    """Kimi delta attention: a delta net with a gate for each channel (Kimi Linear, arXiv 2510.26692)."""

    heads: int
    head_dim: int
    kernel: int

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix, size, rank = f"layers.{layer}.self_attn", self.heads * self.head_dim, self.head_dim
        rows = (("q_proj", size), ("k_proj", size), ("v_proj", size), ("f_a_proj", rank), ("g_a_proj", rank))
        found = [tensor for name, out in rows for tensor in linear(f"{prefix}.{name}", out, hidden, "ssm_proj", layer)]
        for name in ("f_b_proj", "g_b_proj"):
            found += linear(f"{prefix}.{name}", size, rank, "ssm_proj", layer)
        return [
            *found,
            *linear(f"{prefix}.b_proj", self.heads, hidden, "ssm_ba", layer),
            Tensor(f"{prefix}.conv1d.weight", (3 * size, 1, self.kernel), "conv", layer),
            vector(f"{prefix}.dt_bias", size, "bias", layer),
            vector(f"{prefix}.A_log", self.heads, "bias", layer),
            vector(f"{prefix}.o_norm.weight", self.head_dim, "norm", layer),
            *linear(f"{prefix}.o_proj", hidden, size, "ssm_out", layer),
        ]

    def cache(self) -> Attention:
        size = self.heads * self.head_dim
        return Attention("recurrent", state=size * self.head_dim, conv=3 * size * (self.kernel - 1))

    @classmethod
    def read(cls, config: Fields) -> KimiDelta:
        inner = config if config.has("linear_num_heads") else config.nested("linear_attn_config") or config
        return cls(
            heads=inner.integer("linear_num_heads", "num_heads"),
            head_dim=inner.integer("linear_head_dim", "head_dim"),
            kernel=inner.integer("short_conv_kernel_size", "linear_conv_kernel_dim"),
        )


@dataclass(frozen=True)
class Mamba2:
    """State space layer (arXiv 2405.21060) of Nemotron-H and Granite 4."""

    heads: int
    head_dim: int
    groups: int
    state: int
    kernel: int
    conv_bias: bool
    bias: bool

    @property
    def inner(self) -> int:
        return self.heads * self.head_dim

    @property
    def channels(self) -> int:
        return self.inner + 2 * self.groups * self.state

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix = f"layers.{layer}.mamba"
        into = self.inner + self.channels + self.heads
        found = linear(f"{prefix}.in_proj", into, hidden, "ssm_proj", layer, self.bias)
        found.append(Tensor(f"{prefix}.conv1d.weight", (self.channels, 1, self.kernel), "conv", layer))
        found += [vector(f"{prefix}.conv1d.bias", self.channels, "bias", layer)] if self.conv_bias else []
        found += [vector(f"{prefix}.{name}", self.heads, "bias", layer) for name in ("dt_bias", "A_log", "D")]
        found.append(vector(f"{prefix}.norm.weight", self.inner, "norm", layer))
        return found + linear(f"{prefix}.out_proj", hidden, self.inner, "ssm_out", layer, self.bias)

    def cache(self) -> Attention:
        return Attention("recurrent", state=self.inner * self.state, conv=self.channels * (self.kernel - 1))

    @classmethod
    def read(cls, config: Fields) -> Mamba2:
        return cls(
            heads=config.integer("mamba_num_heads", "mamba_n_heads"),
            head_dim=config.integer("mamba_head_dim", "mamba_d_head"),
            groups=config.integer("n_groups", "mamba_n_groups"),
            state=config.integer("ssm_state_size", "mamba_d_state"),
            kernel=config.integer("conv_kernel", "mamba_d_conv"),
            conv_bias=config.flag("use_conv_bias", config.flag("mamba_conv_bias", True)),
            bias=config.flag("mamba_proj_bias"),
        )


@dataclass(frozen=True)
class ShortConvolution:
    """Gated convolution over the last few tokens (LFM2)."""

    channels: int
    kernel: int
    bias: bool

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix = f"layers.{layer}.conv"
        return [
            *linear(f"{prefix}.in_proj", 3 * self.channels, hidden, "ssm_proj", layer, self.bias),
            Tensor(f"{prefix}.conv.weight", (self.channels, 1, self.kernel), "conv", layer),
            *([vector(f"{prefix}.conv.bias", self.channels, "bias", layer)] if self.bias else []),
            *linear(f"{prefix}.out_proj", hidden, self.channels, "ssm_out", layer, self.bias),
        ]

    def cache(self) -> Attention:
        return Attention("recurrent", conv=self.channels * (self.kernel - 1))

    @classmethod
    def read(cls, config: Fields) -> ShortConvolution:
        return cls(config.integer("hidden_size"), config.integer("conv_L_cache", default=3), config.flag("conv_bias"))


Recurrent = DeltaNet | KimiDelta | Mamba2 | ShortConvolution
READERS: dict[str, Callable[[Fields], Recurrent]] = {
    "delta": DeltaNet.read,
    "kda": KimiDelta.read,
    "mamba2": Mamba2.read,
    "conv": ShortConvolution.read,
}


def read_recurrent(config: Fields, family: Family) -> Recurrent:
    return READERS[family.recurrent](config)
