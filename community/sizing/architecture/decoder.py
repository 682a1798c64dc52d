"""The layers of a language model: what mixes tokens, what follows it, and the norms between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..errors import InputError
from .attention import NO_CACHE, Attention, GroupedAttention, LatentAttention, answer
from .compressed import CompressedAttention
from .families import Family
from .feed_forward import Dense, Experts, expert_layers, read_dense, read_experts
from .fields import MOST_STEPS, Fields
from .layer_kinds import block_names, layer_kinds
from .recurrent import Recurrent, read_recurrent
from .tensors import Tensor, linear, vector

Mixer = GroupedAttention | LatentAttention | CompressedAttention | Recurrent
HASHED_LAYERS = 3  # num_hash_layers of DeepSeek-V4, which route by the token


@dataclass(frozen=True)
class Layer:
    kind: str
    mixer: Mixer | None
    feed_forward: Dense | Experts | None
    norms: int


@dataclass(frozen=True)
class Decoder:
    family: Family
    hidden: int
    window: int
    layers: tuple[Layer, ...]
    predictions: tuple[tuple[Layer, ...], ...]  # the layers of each step of multi-token prediction
    streams: int  # residual streams of hyper-connections, 0: the usual one
    layer_input: int  # width of what each layer is told of the token by itself (Gemma 4 E2B)

    def tensors(self, position: int, layer: Layer) -> Iterator[Tensor]:
        if layer.mixer:
            yield from layer.mixer.tensors(self.hidden, position)
        if layer.feed_forward:
            yield from layer.feed_forward.tensors(self.hidden, position)
        for name in range(layer.norms):
            yield from self._norm(f"layers.{position}.norm_{name}", position)
        if self.family.scalars:
            yield vector(f"layers.{position}.scalars", self.family.scalars, "bias", position)
        yield from hyper_connections(self.streams, self.hidden, position)
        yield from layer_inputs(self.layer_input, self.hidden, position)

    def _norm(self, name: str, position: int | None) -> list[Tensor]:
        bias = [vector(f"{name}.bias", self.hidden, "bias", position)] if self.family.norm_bias else []
        return [vector(f"{name}.weight", self.hidden, "norm", position), *bias]

    def final_norm(self) -> list[Tensor]:
        return self._norm("norm", None) if self.family.final_norm else []

    def cache(self, layer: Layer) -> Attention:
        if layer.mixer is None:
            return NO_CACHE
        if not isinstance(layer.mixer, GroupedAttention | LatentAttention | CompressedAttention):
            return layer.mixer.cache()
        kind = layer.kind.partition("/")[0]
        return layer.mixer.cache(self.window if kind in ("sliding", "chunked") else 0, kind)

    def prediction_tensors(self, vocabulary: int) -> list[Tensor]:
        """Each step joins the hidden state and the next token's embedding, runs its layers and norms the result."""
        found: list[Tensor] = []
        for step, layers in enumerate(self.predictions):
            position = len(self.layers) + step
            found += [tensor for layer in layers for tensor in self.tensors(position, layer)]
            found += linear(f"layers.{position}.eh_proj", self.hidden, 2 * self.hidden, "mtp_projection", position)
            for name in ("enorm", "hnorm", "head_norm"):
                found.append(vector(f"layers.{position}.{name}.weight", self.hidden, "norm", position))
            found += hyper_head(f"layers.{position}.", self.streams, self.hidden, position)
            for name in ("embed_tokens", "shared_head.head")[: self.family.mtp_tables]:
                found.append(Tensor(f"layers.{position}.{name}.weight", (vocabulary, self.hidden), "embed", position))
        return [tensor.of_part("mtp") for tensor in found]


def read_decoder(config: Fields, family: Family, hidden: int, count: int) -> Decoder:
    return Decoder(
        family=family,
        hidden=hidden,
        window=config.integer("sliding_window", "attention_chunk_size", default=0, least=0),
        layers=read_layers(config, family, count),
        predictions=read_predictions(config, family),
        streams=config.integer("hc_mult") if family.attention == "compressed" else 0,
        layer_input=config.integer("hidden_size_per_layer_input", default=0, least=0) if family.scalars == 1 else 0,
    )


def read_layers(config: Fields, family: Family, count: int) -> tuple[Layer, ...]:
    if family.blocks:
        return read_blocks(config, family, block_names(config))
    if config.has("per_layer_config"):  # how transformers 5.23 writes Gemma 4 anew; the published configs have not
        raise InputError(config.path + "per_layer_config", "is not read", "global_head_dim and layer_types instead")
    kinds = layer_kinds(config, family, count)
    chosen = expert_layers(config, family, count)
    if family.indexer == "grouped":  # MiniMax-M3: layers with experts attend sparsely
        kinds = tuple("full/indexed" if layer in chosen else kind for layer, kind in enumerate(kinds))
    mixers = {kind: read_mixer(config, family, kind) for kind in dict.fromkeys(kinds)}
    dense = read_dense(config, family) if len(chosen) < count else None
    experts = read_experts(config, family) if chosen else None
    norms = family.norms + (2 if answer(config, family.post_norms) else 0)
    return tuple(
        Layer(
            kind,
            mixers[kind],
            with_table(experts, config, family, layer) if layer in chosen else widened(dense, config, kind),
            norms + (family.expert_norms if layer in chosen else 0),
        )
        for layer, kind in enumerate(kinds)
    )


def with_table(experts: Experts | None, config: Fields, family: Family, layer: int) -> Experts | None:
    if experts is None or family.attention != "compressed":
        return experts
    hashed = layer < config.integer("num_hash_layers", default=HASHED_LAYERS, least=0)
    return replace(experts, hash_table=config.integer("vocab_size") if hashed else 0)


def widened(dense: Dense | None, config: Fields, kind: str) -> Dense | None:
    """Gemma 4 E2B doubles the width where a layer has no keys of its own."""
    if dense and kind.endswith("/shared") and config.flag("use_double_wide_mlp"):
        return replace(dense, width=2 * dense.width)
    return dense


def read_blocks(config: Fields, family: Family, names: list[str]) -> tuple[Layer, ...]:
    made = {
        "mamba": lambda: Layer("recurrent", read_recurrent(config, family), None, family.norms),
        "attention": lambda: Layer("full", GroupedAttention.read(config, family), None, family.norms),
        "moe": lambda: Layer("none", None, read_experts(config, family), family.norms),
        "mlp": lambda: Layer("none", None, read_dense(config, family), family.norms),
    }
    blocks = {name: made[name]() for name in dict.fromkeys(names)}
    return tuple(blocks[name] for name in names)


def read_mixer(config: Fields, family: Family, kind: str) -> Mixer:
    base, _, variant = kind.partition("/")
    if base == "recurrent":
        return read_recurrent(config, family)
    if base == "compressed":
        return CompressedAttention.read(config, int(variant))
    if family.attention == "latent":
        latent = LatentAttention.read(config, family)
        return replace(latent, indexer_heads=0, indexer_dim=0) if variant == "unindexed" else latent
    grouped = GroupedAttention.read(config, family, base)
    if variant == "indexed":
        heads, size = config.integer("index_n_heads", default=4), config.integer("index_head_dim", default=128)
        return replace(grouped, indexer_heads=heads, indexer_dim=size)
    return replace(grouped, values="shared") if variant == "shared" else grouped


def read_predictions(config: Fields, family: Family) -> tuple[tuple[Layer, ...], ...]:
    count = prediction_steps(config, family) if family.mtp not in ("", "absent") else 0
    if not count:
        return ()
    if family.mtp == "blocks":
        names = block_names(config, "mtp_layers_block_type", "mtp_hybrid_override_pattern")
        return (read_blocks(config, family, names),)
    experts = family.experts and family.mtp == "layer"
    feed_forward = read_experts(config, family) if experts else read_dense(config, family)
    norms = family.norms + (family.expert_norms if experts else 0)
    layer = Layer(family.mtp_kind, read_mixer(config, family, family.mtp_kind), feed_forward, norms)
    return ((layer,),) * count


def prediction_steps(config: Fields, family: Family) -> int:
    names = ("num_nextn_predict_layers", "mtp_num_hidden_layers")
    return config.integer(*names, default=family.mtp_layers, least=0, most=MOST_STEPS)


def hyper_connections(streams: int, hidden: int, layer: int) -> Iterator[Tensor]:
    """How the residual streams of DeepSeek-V4 are mixed before attention and feed-forward; kept in float32."""
    for name in ("attn_hc", "ffn_hc") if streams else ():
        mixes = (2 + streams) * streams
        yield Tensor(f"layers.{layer}.{name}.fn", (mixes, streams * hidden), "router", layer)
        yield vector(f"layers.{layer}.{name}.base", mixes, "bias", layer)
        yield vector(f"layers.{layer}.{name}.scale", 3, "bias", layer)


def hyper_head(prefix: str, streams: int, hidden: int, layer: int | None) -> list[Tensor]:
    if not streams:
        return []
    return [
        Tensor(f"{prefix}hc_head.fn", (streams, streams * hidden), "router", layer),
        vector(f"{prefix}hc_head.base", streams, "bias", layer),
        vector(f"{prefix}hc_head.scale", 1, "bias", layer),
    ]


def layer_inputs(width: int, hidden: int, layer: int) -> Iterator[Tensor]:
    if width:
        yield from linear(f"layers.{layer}.per_layer_input_gate", width, hidden, "ffn_input_gate", layer)
        yield from linear(f"layers.{layer}.per_layer_projection", hidden, width, "ffn_input", layer)
        yield vector(f"layers.{layer}.post_per_layer_input_norm.weight", hidden, "norm", layer)
