"""Which layer lies where in llama.cpp, and what each device then holds. Ollama since 0.30.0 runs the same engine.

src/llama-model.cpp load_tensors (@007dbbf3, read 2026-11): the last `gpu_layers` of the layers and the output go to the
GPUs in proportion, the token table stays in system memory, and a tied table is copied to the GPU with the output.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise

from ..architecture import Architecture
from ..architecture.attention import Attention
from ..formats import Weights
from .ggml_cache import Cache, layer_bytes, window_cells, window_of
from .ggml_graph import Settings, Widths, compute_bytes

FUSED_UNIT = 5785  # gate, activation and product are one operation with a result of its own (PR #14158, 2025-06-29)
HALF_MASK = 9370  # the mask is f16 from the start (PR #23764, 2026-05-27)
FEW_OUTPUTS = 9450  # the server reserves logits for one row a sequence (PR #23861, 2026-06)


@dataclass(frozen=True, eq=False)
class Model:
    """A model's bytes by the place they can take. There is one for an architecture and its weights (`measure`)."""

    architecture: Architecture
    widths: Widths
    layers: tuple[int, ...]  # without experts
    experts: tuple[int, ...]
    largest_expert: int  # the largest expert tensor of a layer
    largest_pair: int  # the largest gate and up of a layer's experts
    table: int  # token embedding
    output: int  # final norm, head and prediction layers; a tied table is on the GPU too
    projector: int  # vision tower, loaded beside the model

    # Sums of all layers before each: an arrangement is sought among hundreds.
    @cached_property
    def layers_before(self) -> tuple[int, ...]:
        return tuple(accumulate(self.layers, initial=0))

    @cached_property
    def experts_before(self) -> tuple[int, ...]:
        return tuple(accumulate(self.experts, initial=0))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return tuple(layer.kind for layer in self.architecture.layers)

    @cached_property
    def counts_before(self) -> dict[Attention, tuple[int, ...]]:
        """How many layers of each sort."""
        layers = self.architecture.layers
        return {
            sort: tuple(accumulate((layer == sort for layer in layers), initial=0)) for sort in dict.fromkeys(layers)
        }


def measure(architecture: Architecture, weights: Weights) -> Model:
    """Kept with the weights, since estimates ask for it again and again."""
    kept: dict[str, Model] = vars(weights)
    if "by_place" not in kept:
        kept["by_place"] = by_place(architecture, weights)
    return kept["by_place"]


def by_place(architecture: Architecture, weights: Weights) -> Model:
    count = len(architecture.layers)
    layers, experts, pairs = [0] * count, [0] * count, [0] * count
    table = output = largest = 0
    for tensor, size in weights.tensors:
        if tensor.part == "text" and tensor.role == "embed":
            table += size
        elif tensor.part != "text" or tensor.layer is None:
            output += size
        elif tensor.role.startswith("expert_"):  # biases too: --n-cpu-moe moves every ffn_*_exps tensor
            experts[tensor.layer] += size
            largest = max(largest, size)
            pairs[tensor.layer] += 0 if tensor.role == "expert_down" else size
        else:
            layers[tensor.layer] += size
    output += table if architecture.tied else 0
    return Model(
        architecture,
        Widths.of(architecture),
        tuple(layers),
        tuple(experts),
        largest,
        max(pairs, default=0),
        table,
        output,
        weights.projector_bytes,
    )


@dataclass(frozen=True)
class Plan:
    """Where layers go. `shares` are the proportions of -ts; `host_experts` the layers of --n-cpu-moe."""

    gpu_layers: int
    shares: tuple[float, ...]
    host_experts: int = 0


@dataclass(frozen=True)
class Holding:
    """What a device is given, before any context: weights, and how many layers of each sort of cache."""

    weights: int
    layers: tuple[tuple[Attention, int], ...]
    kinds: tuple[str, ...]
    output: bool = False
    first: bool = False
    experts_away: bool = False  # experts of its layers stay in system memory

    @property
    def count(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True)
class Share:
    """One device under a context: bytes of weights, cache and compute buffer."""

    weights: int
    cache: int
    compute: int
    layers: int
    output: bool

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.compute


def owners(count: int, gpu_layers: int, shares: Sequence[float]) -> list[int | None]:
    """The device of each layer and, last, of the output; None is system memory."""
    first = starts(count, gpu_layers, shares)
    placed = [device for device in range(len(shares)) for _ in range(first[device], first[device + 1])]
    return [None] * first[0] + placed


def starts(count: int, gpu_layers: int, shares: Sequence[float]) -> list[int]:
    """The first layer of each device, those before the first in system memory, and the end; the output is the last."""
    on_gpu, total = min(gpu_layers, count + 1), sum(shares)
    first = count + 1 - on_gpu
    if not total:
        return [count + 1] * (len(shares) + 1)
    bounds = [part / total for part in accumulate(shares)][:-1]
    inner = [first + bisect_left(range(on_gpu), bound, key=lambda layer: layer / on_gpu) for bound in bounds]
    return [first, *inner, count + 1]


def assign(model: Model, plan: Plan) -> tuple[list[Holding], Holding]:
    """Every device's holding, and that of system memory."""
    first = starts(len(model.layers), plan.gpu_layers, plan.shares)
    found = [holding(model, plan, start, end, start == first[0]) for start, end in pairwise(first)]
    host = holding(model, plan, 0, first[0], False)
    # The table lies here anyway; an output here uses it where it is tied.
    extra = model.experts_before[min(plan.host_experts, len(model.experts))] + model.table
    extra -= model.table if model.architecture.tied and host.output else 0
    return found, replace(host, weights=host.weights + extra)


def holding(model: Model, plan: Plan, start: int, end: int, first: bool) -> Holding:
    """Of the layers from `start` on; an `end` beyond them takes the output too."""
    output = start <= len(model.layers) < end
    end = min(end, len(model.layers))
    start = min(start, end)
    kept = min(max(start, plan.host_experts), end)  # from here on experts stay with their layers
    experts = model.experts_before
    weights = model.layers_before[end] - model.layers_before[start] + experts[end] - experts[kept]
    sorts = tuple((sort, before[end] - before[start]) for sort, before in model.counts_before.items())
    return Holding(
        weights + (model.output if output else 0),
        tuple((sort, number) for sort, number in sorts if number),
        model.kinds[start:end],
        output,
        first,
        experts[kept] > experts[start],
    )


def fill(model: Model, holdings: Sequence[Holding], cache: Cache, flash_attention: bool = True) -> list[Share]:
    run = settings(model, cache, flash_attention)
    away = any(held.experts_away for held in holdings)
    cached = {sort: layer_bytes(model.architecture, sort, cache) for sort in model.counts_before}
    return [
        Share(
            held.weights,
            sum(cached[sort] * number for sort, number in held.layers),
            compute(model, held, run, away and held.first),
            held.count,
            held.output,
        )
        for held in holdings
    ]


def cache_bytes(model: Model, held: Holding, cache: Cache) -> int:
    return sum(layer_bytes(model.architecture, layer, cache) * number for layer, number in held.layers)


def compute(model: Model, held: Holding, run: Settings, copies: bool) -> int:
    """`copies`: experts in system memory come to the first GPU, whoever has their layer (op offload)."""
    if not held.kinds and not held.output:
        return 0
    if copies and not run.fused_unit:
        run = replace(run, copied=model.largest_expert)
    graph = compute_bytes(model.widths, held.kinds, run, held.first, held.output)
    if not copies or not run.fused_unit:
        return graph
    # Gate and up meet in one operation: both copies are there at once.
    return max(graph, model.largest_pair + model.widths.hidden * run.ubatch * 4)


def settings(model: Model, cache: Cache, flash_attention: bool) -> Settings:
    window = window_of(model.architecture)
    # Without a unified cache the graph handles its sequences side by side: the mask stays as large.
    streams = 1 if cache.unified else cache.sequences
    return Settings(
        ubatch=cache.ubatch,
        outputs=min(cache.sequences, cache.ubatch) if cache.build >= FEW_OUTPUTS else cache.ubatch,
        cells=cache.cells // streams,
        window_cells=window_cells(cache, window) // streams if window and cache.window else 0,
        sequences=cache.sequences,
        flash_attention=flash_attention,
        half_mask=cache.build >= HALF_MASK,
        fused_unit=cache.build >= FUSED_UNIT,
    )
