"""config.json -> Architecture: every tensor of a model, and what each layer keeps for a token or a sequence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..errors import InputError
from .attention import Attention
from .audio import audio_tensors
from .decoder import Decoder, hyper_head, prediction_steps, read_decoder
from .families import COMPOSITE, FAMILIES, Family
from .feed_forward import Dense, Experts
from .fields import Fields, shown
from .layer_kinds import block_names
from .tensors import Tensor, linear, vector
from .vision import PUBLISHED_TOWERS, TOWERS, vision_tensors

AUDIO = ("gemma4",)  # composite types whose audio tower is known


@dataclass(frozen=True)
class Architecture:
    """A decoder with its sizes; `tensors` is the whole inventory, `layers` the cache of each layer.

    `uncounted` names what the config has and the inventory has not: vision, audio, mtp.
    """

    model_type: str
    hidden: int
    vocabulary: int
    heads: int
    kv_heads: int
    context: int
    tied: bool
    experts: Experts | None
    width: int
    layers: tuple[Attention, ...]
    tensors: tuple[Tensor, ...]
    uncounted: tuple[str, ...] = ()

    @cached_property
    def parameters(self) -> int:
        """All parameters, vision tower and multi-token prediction included."""
        return sum(tensor.elements for tensor in self.tensors)

    @cached_property
    def sorts(self) -> tuple[tuple[Attention, int], ...]:
        """How many layers there are of each sort: most models have one or two."""
        return tuple(Counter(self.layers).items())

    @cached_property
    def active_parameters(self) -> int:
        """Parameters that one token of text passes through: of the experts only the chosen ones."""
        return sum(self._active(tensor) for tensor in self.tensors if tensor.part == "text")

    def _active(self, tensor: Tensor) -> int:
        if self.experts and tensor.role.startswith("expert_"):
            return tensor.elements // self.experts.count * self.experts.active
        return tensor.elements

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Architecture:
        """Raises InputError that names the field, or the model type that is not known."""
        if not isinstance(config, Mapping):
            raise InputError("config", "is not an object", "the content of a config.json")
        outer = Fields(config)
        model_type = outer.text("model_type")
        nested = outer.nested("text_config", "llm_config", "language_config") if model_type in COMPOSITE else None
        inner = nested or outer
        family = family_of(model_type, inner)
        return assemble(model_type, outer, inner.renamed(family.names, family.defaults), family)


def family_of(model_type: str, inner: Fields) -> Family:
    named = inner.text("model_type") or model_type
    for name in (named, COMPOSITE.get(model_type, "")):
        if name in FAMILIES:
            return FAMILIES[name]
    allowed = ", ".join(sorted({*FAMILIES, *COMPOSITE}))
    raise InputError("model_type", f"{shown(model_type)} is not known" if model_type else "is missing", allowed)


def assemble(model_type: str, outer: Fields, inner: Fields, family: Family) -> Architecture:
    hidden, vocabulary = inner.integer("hidden_size"), inner.integer("vocab_size")
    count = layer_count(inner, family)
    tied = outer.flag("tie_word_embeddings", inner.flag("tie_word_embeddings", family.tied))
    decoder = read_decoder(inner, family, hidden, count)
    vision = outer.nested("vision_config") or published_tower(model_type)
    tensors = [*text_tensors(decoder, inner, vocabulary, tied), *decoder.prediction_tensors(vocabulary)]
    tensors += vision_tensors(model_type, vision, hidden) if vision else []
    audio = outer.nested("audio_config") if model_type in AUDIO else None
    tensors += audio_tensors(audio, hidden) if audio else []
    attention = next((layer.mixer for layer in decoder.layers if hasattr(layer.mixer, "kv_heads")), None)
    return Architecture(
        model_type=model_type,
        hidden=hidden,
        vocabulary=vocabulary,
        heads=getattr(attention, "heads", 0),
        kv_heads=getattr(attention, "kv_heads", 0),
        context=inner.integer("max_position_embeddings", "context_length_in_table", "seq_length", default=0, least=0),
        tied=tied,
        experts=next((layer.feed_forward for layer in decoder.layers if isinstance(layer.feed_forward, Experts)), None),
        width=next((layer.feed_forward.width for layer in decoder.layers if isinstance(layer.feed_forward, Dense)), 0),
        layers=tuple(decoder.cache(layer) for layer in decoder.layers),
        tensors=tuple(tensors),
        uncounted=uncounted(model_type, outer, inner, family),
    )


def layer_count(config: Fields, family: Family) -> int:
    listed = len(block_names(config)) if family.blocks else None
    count = config.layers("num_hidden_layers", default=listed)
    if listed and count != listed:
        raise InputError(config.path + "num_hidden_layers", f"{count} is not usable", f"{listed}, as listed")
    return count


def text_tensors(decoder: Decoder, config: Fields, vocabulary: int, tied: bool) -> Iterator[Tensor]:
    hidden = decoder.hidden
    yield Tensor("embed_tokens.weight", (vocabulary, hidden), "embed")
    for position, layer in enumerate(decoder.layers):
        yield from decoder.tensors(position, layer)
    yield from decoder.final_norm()
    yield from hyper_head("", decoder.streams, hidden, None)
    if decoder.layer_input:
        yield from layer_input_tables(config, decoder.layer_input * len(decoder.layers), decoder.layer_input, hidden)
    if not tied:
        yield Tensor("lm_head.weight", (vocabulary, hidden), "head")
    flag = decoder.family.head_bias
    if flag if isinstance(flag, bool) else config.flag(*flag):
        yield vector("lm_head.bias", vocabulary, "bias", None)


def layer_input_tables(config: Fields, width: int, each: int, hidden: int) -> list[Tensor]:
    """Gemma 4 E2B: an embedding of its own for every layer."""
    rows = config.integer("vocab_size_per_layer_input")
    return [
        Tensor("embed_tokens_per_layer.weight", (rows, width), "embed"),
        *linear("per_layer_model_projection", width, hidden, "position", None),
        vector("per_layer_projection_norm.weight", each, "norm", None),
    ]


def published_tower(model_type: str) -> Fields | None:
    tower = PUBLISHED_TOWERS.get(model_type)
    return Fields(tower, "vision_config.") if tower else None


def uncounted(model_type: str, outer: Fields, inner: Fields, family: Family) -> tuple[str, ...]:
    found = ["vision"] if outer.has("vision_config") and model_type not in TOWERS else []
    found += ["audio"] if outer.has("audio_config") and model_type not in AUDIO else []
    steps = 0 if family.mtp else prediction_steps(inner, family)
    return (*found, "mtp") if steps else tuple(found)
