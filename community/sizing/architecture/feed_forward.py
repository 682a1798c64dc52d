"""The feed-forward part of one layer: dense, or experts with their router and shared expert."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from .attention import answer
from .families import Family
from .fields import Fields
from .tensors import Tensor, linear, vector

COUNT = ("n_routed_experts", "num_experts", "num_local_experts", "moe_num_experts")
ACTIVE = ("num_experts_per_tok", "experts_per_token", "num_experts_per_token", "top_k_experts", "moe_k", "moe_topk")
SHARED = ("n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "num_shared_expert")
SHARED_WIDTH = ("shared_intermediate_size", "moe_shared_expert_intermediate_size", "share_expert_dim")


@dataclass(frozen=True)
class Dense:
    """`style` is gated (gate, up, down), fused (gate and up in one matrix) or plain (up, down)."""

    width: int
    bias: bool = False
    style: str = "gated"

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        return projections(f"layers.{layer}.mlp", self.width, hidden, layer, self.style, bias=self.bias)


def projections(
    prefix: str, width: int, hidden: int, layer: int, style: str, kind: str = "ffn", bias: bool = False
) -> list[Tensor]:
    into = {"gated": ("gate", "up"), "fused": ("gate_up",), "plain": ("up",)}[style]
    size = 2 * width if style == "fused" else width
    found = [
        tensor
        for name in into
        for tensor in linear(f"{prefix}.{name}_proj", size, hidden, f"{kind}_{name}", layer, bias)
    ]
    return found + linear(f"{prefix}.down_proj", hidden, width, f"{kind}_down", layer, bias)


@dataclass(frozen=True)
class Experts:
    """`count` experts of `width`, `active` of them for each token; `shared` is the width of the shared expert.

    `latent` is the width that the experts read and write where it is not the hidden size (Nemotron 3).
    """

    count: int
    active: int
    width: int
    shared: int = 0
    shared_gate: bool = False
    biases: bool = False
    router_bias: str = ""
    router_scales: bool = False
    style: str = "gated"
    latent: int = 0
    hash_table: int = 0  # tokens in a table that routes by the token alone (DeepSeek-V4)
    shared_bias: bool = False

    def tensors(self, hidden: int, layer: int) -> list[Tensor]:
        prefix = f"layers.{layer}.mlp"
        found = self._router(f"{prefix}.gate", hidden, layer)
        if self.latent:
            found += linear(f"{prefix}.fc1_latent_proj", self.latent, hidden, "ffn_latent", layer)
            found += linear(f"{prefix}.fc2_latent_proj", hidden, self.latent, "ffn_latent", layer)
        found += self._experts(f"{prefix}.experts", self.latent or hidden, layer)
        if self.shared:
            style = "gated" if self.style == "fused" else self.style
            found += projections(
                f"{prefix}.shared_experts", self.shared, hidden, layer, style, "shared", self.shared_bias
            )
        if self.shared_gate:
            found += linear(f"{prefix}.shared_expert_gate", 1, hidden, "shared_router", layer)
        return found

    def _router(self, prefix: str, hidden: int, layer: int) -> list[Tensor]:
        found = [Tensor(f"{prefix}.weight", (self.count, hidden), "router", layer)]
        if self.hash_table:
            found.append(Tensor(f"{prefix}.tid2eid", (self.hash_table, self.active), "router", layer))
        elif self.router_bias:
            found.append(vector(f"{prefix}.{self.router_bias}", self.count, "bias", layer))
        if self.router_scales:
            found.append(vector(f"{prefix}.scale", hidden, "norm", layer))
            found.append(vector(f"{prefix}.per_expert_scale", self.count, "bias", layer))
        return found

    def _experts(self, prefix: str, size: int, layer: int) -> list[Tensor]:
        shapes = {"gate": (self.width, size), "up": (self.width, size), "down": (size, self.width)}
        if self.style == "plain":
            del shapes["gate"]
        found = [
            Tensor(f"{prefix}.{name}_proj.weight", shape, f"expert_{name}", layer, self.count)
            for name, shape in shapes.items()
        ]
        if self.biases:
            found += [
                Tensor(f"{prefix}.{name}_proj.bias", shape[:1], "expert_bias", layer, self.count)
                for name, shape in shapes.items()
            ]
        return found


def read_dense(config: Fields, family: Family) -> Dense:
    return Dense(dense_width(config, family), answer(config, family.mlp_bias), family.mlp)


def read_experts(config: Fields, family: Family) -> Experts:
    width = config.integer("moe_intermediate_size", "intermediate_size")
    count, active = config.integer(*COUNT), config.integer(*ACTIVE)
    if active > count:
        raise InputError(config.path + ACTIVE[0], f"{active} of {count} experts", f"1 to {count}")
    return Experts(
        count=count,
        active=active,
        width=width,
        shared=shared_width(config, family, width),
        shared_gate=family.shared == "gated",
        biases=family.expert_biases,
        router_bias=family.router_bias,
        router_scales=family.router_scales,
        style=family.mlp,
        latent=config.integer("moe_latent_size", default=0, least=0),
        shared_bias=answer(config, family.mlp_bias),
    )


def shared_width(config: Fields, family: Family, width: int) -> int:
    if family.shared in ("count", "layer"):
        each = width if family.shared == "count" else config.integer("intermediate_size")
        return each * config.integer(*SHARED, default=0 if family.shared == "count" else 1, least=0)
    if family.shared == "gated":
        return config.integer("shared_expert_intermediate_size")
    if family.shared == "width":
        return config.integer(*SHARED_WIDTH, default=0, least=0)
    return config.integer("intermediate_size") if family.shared == "dense" else 0


def expert_layers(config: Fields, family: Family, layers: int) -> set[int]:
    """The layers that carry experts: as the config lists them, else by the rule of the family."""
    if not family.experts:
        return set()
    for name in ("mlp_layer_types", "moe_layer_freq"):
        listed = config.values.get(name)
        if isinstance(listed, list):
            return listed_layers(config, name, layers)
    return RULES[family.experts](config, layers)


def listed_layers(config: Fields, name: str, layers: int) -> set[int]:
    marks = [mark != "dense" for mark in config.texts(name)] if name == "mlp_layer_types" else config.integers(name)
    if len(marks) != layers:
        raise InputError(config.path + name, f"has {len(marks)} entries", f"one for each of the {layers} layers")
    return {layer for layer, mark in enumerate(marks) if mark}


def after_dense(config: Fields, layers: int) -> set[int]:
    step = config.integer("moe_layer_freq", default=1)
    first = config.integer("first_k_dense_replace", default=0, least=0)
    return {layer for layer in range(first, layers) if layer % step == 0}


def sparse_step(config: Fields, layers: int) -> set[int]:
    step, dense = config.integer("decoder_sparse_step", default=1), set(config.integers("mlp_only_layers"))
    return {layer for layer in range(layers) if (layer + 1) % step == 0 and layer not in dense}


def interleaved(config: Fields, layers: int) -> set[int]:
    step = config.integer("interleave_moe_layer_step", default=1)
    return set(config.integers("moe_layers")) or set(range(step - 1, layers, step))


def spaced(config: Fields, layers: int) -> set[int]:
    """ERNIE 4.5: from a first to a last layer, every n-th."""
    first = config.integer("moe_layer_start_index", default=0, least=0)
    step = config.integer("moe_layer_interval", default=1)
    last = config.values.get("moe_layer_end_index")
    end = layers - 1 if last in (None, -1) else config.integer("moe_layer_end_index")
    return {layer for layer in range(layers) if first <= layer <= end and (layer + 1) % step == 0}


RULES = {
    "every": lambda config, layers: set(range(layers)) if config.integer(*COUNT, default=0, least=0) else set(),
    "enabled": lambda config, layers: set(range(layers)) if config.flag("enable_moe_block") else set(),
    "first_dense": after_dense,
    "dense_first": lambda config, layers: set(range(config.integer("num_dense_layers", default=0, least=0), layers)),
    "sparse_step": sparse_step,
    "interleaved": interleaved,
    "spaced": spaced,
}


def dense_width(config: Fields, family: Family) -> int:
    """Llama 4 and MiniMax-M3 name the dense layers' width apart from the experts'."""
    apart: tuple[str, ...] = ("intermediate_size_mlp", "dense_intermediate_size") if family.experts else ()
    if family.experts == "every" and family.shared == "width":
        apart = ("shared_intermediate_size",)  # Granite 4: without experts only the shared one is left
    width = config.integer(*apart, "intermediate_size", "block_ff_dim")
    return adjusted(config, width) if config.flag("block_auto_adjust_ff_dim") else width


def adjusted(config: Fields, width: int) -> int:
    """LFM2: two thirds of the width named, rounded up."""
    step = config.integer("block_multiple_of", default=256)
    return -(-(2 * width // 3) // step) * step
