"""llama.cpp: weights, KV cache and compute buffer by its own arithmetic; what the driver takes comes on top.

Facts by build: tools/server/README.md @00dc8057 and the pull requests named at the lines.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from ..deployment import Deployment
from ..errors import InputError
from ..estimate import EngineMemory, Evidence, Formula, GpuMemory, Part, Reason
from ..formats import weigh
from ..hardware import Device
from ..versions import parse_version
from .ggml_cache import PAD, Cache, cache_types, padded
from .ggml_placement import Holding, Model, Plan, Share, assign, cache_bytes, fill, measure

MIB = 2**20
LATEST, OLDEST = "b10488", "b3200"  # b10488: in Ollama fb30760 (2026-08-21); llama-server has its name since b3190
SOURCE = "https://github.com/ggml-org/llama.cpp/blob/master/src/llama-context.cpp"
ALLOCATOR = "https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/ggml-alloc.c"
UBATCH = 512  # -ub
FIT_MARGIN = 1024 * MIB  # -fit-target: what llama.cpp leaves free on each GPU when it chooses by itself

# Builds since which a flag exists.
FLASH_WORD = 6325  # -fa takes on, off or auto (PR #15434, 2025-08-30); before, it is a switch and off without it
OVERRIDE = 5028  # -ot (PR #11397, 2025-04-02)
HOST_EXPERTS = 6089  # --n-cpu-moe (PR #15077, 2025-08-04)
FIT = 7410  # --fit, on by itself (PR #16653, 2025-12)

# Driver and libraries outside llama.cpp's own buffers, by vendor: data/local_constants.toml says from which records.
OUTSIDE = {"NVIDIA": 450 * MIB, "AMD": 320 * MIB, "Intel": 2265 * MIB, "Apple": 0}
OUTSIDE_LARGE = 600 * MIB  # of Hopper and Blackwell server cards
LARGE = ("9.0", "10.0", "10.3")


def build_of(version: str) -> int:
    number = parse_version(version or LATEST)[0]
    if not parse_version(OLDEST)[0] <= number <= parse_version(LATEST)[0]:
        raise InputError("engine", f"llama.cpp {version} is not known", f"{OLDEST} to {LATEST}")
    return number


def outside(device: Device) -> int:
    return OUTSIDE_LARGE if device.capability in LARGE else OUTSIDE.get(device.vendor, OUTSIDE["NVIDIA"])


def cache_of(deployment: Deployment, build: int) -> Cache:
    """-c holds every request's context; with -np each has its own part."""
    keys, values = cache_types(deployment.options.kv)
    cells = padded(deployment.context) * deployment.requests
    return Cache(cells, deployment.requests, deployment.options.ubatch or UBATCH, keys, values, build)


@dataclass(frozen=True)
class Layout:
    """A plan with what each device and system memory hold under it."""

    model: Model
    plan: Plan
    devices: tuple[Device, ...]
    flash_attention: bool
    holdings: tuple[Holding, ...]
    host: Holding

    def shares(self, cache: Cache) -> list[Share]:
        return fill(self.model, self.holdings, cache, self.flash_attention)

    def room(self, cache: Cache) -> list[int]:
        """What each card has left, below 0 where it is too full."""
        pairs = zip(self.shares(cache), self.devices, strict=True)
        return [device.usable - share.total - (outside(device) if share.total else 0) for share, device in pairs]

    def fits(self, cache: Cache) -> bool:
        return min(self.room(cache)) >= 0

    def host_bytes(self, cache: Cache) -> int:
        return self.host.weights + cache_bytes(self.model, self.host, cache)

    @property
    def counts(self) -> list[int]:
        return [held.count + held.output for held in self.holdings]


def lay_out(model: Model, plan: Plan, devices: tuple[Device, ...], flash_attention: bool) -> Layout:
    holdings, host = assign(model, plan)
    if model.projector and holdings[0].count:  # the vision tower goes to the first GPU
        holdings[0] = replace(holdings[0], weights=holdings[0].weights + model.projector)
    return Layout(model, plan, devices, flash_attention, tuple(holdings), host)


def balanced(layout: Layout, cache: Cache) -> Layout:
    """In proportion to the memory, as llama.cpp does by itself; if a card is too full, by a -ts that fits."""
    for _ in range(len(layout.model.layers) if len(layout.devices) > 1 else 0):
        room = layout.room(cache)  # below 0 in sum: no split helps
        full, empty = room.index(min(room)), room.index(max(room))
        if room[full] >= 0 or sum(room) < 0:
            break
        counts = layout.counts
        counts[full], counts[empty] = counts[full] - 1, counts[empty] + 1
        plan = replace(layout.plan, shares=tuple(float(count) for count in counts))
        layout = lay_out(layout.model, plan, layout.devices, layout.flash_attention)
    return layout


def arrange(deployment: Deployment, cache: Cache) -> Layout:
    model = measure(deployment.architecture, weigh(deployment.architecture, deployment.weights))
    options = deployment.options
    return arranged(model, deployment.devices, options.gpu_layers, options.cpu_moe, options.flash_attention, cache)


@lru_cache(maxsize=4)  # memory and command ask for the same, one after the other
def arranged(
    model: Model,
    devices: tuple[Device, ...],
    gpu_layers: int | None,
    cpu_moe: bool,
    flash_attention: bool,
    cache: Cache,
) -> Layout:
    """All on the GPUs if that fits; else experts in system memory, then layers, as --fit does. What was asked stays."""
    count = len(model.layers)
    wanted = count + 1 if gpu_layers is None else min(gpu_layers, count + 1)
    shares = tuple(float(device.usable) for device in devices)
    plan = Plan(wanted, shares, count if cpu_moe else 0)
    layout = balanced(lay_out(model, plan, devices, flash_attention), cache)
    if gpu_layers is not None or layout.fits(cache):
        return layout
    return least_offload(model, plan, devices, flash_attention, cache) or layout


def least_offload(
    model: Model, plan: Plan, devices: tuple[Device, ...], flash_attention: bool, cache: Cache
) -> Layout | None:
    """First experts, then whole layers (dense parts stay on the GPU as long as possible); None where nothing fits."""
    count, movable = len(model.layers), any(model.experts) and cache.build >= OVERRIDE

    def layout(step: int) -> Layout:
        """`step` counts from everything in system memory up to all but one piece on the GPUs."""
        if step <= count:
            candidate = replace(plan, gpu_layers=step, host_experts=count if movable else 0)
        else:
            candidate = replace(plan, host_experts=2 * count + 1 - step)
        return balanced(lay_out(model, candidate, devices, flash_attention), cache)

    steps = 2 * count if movable and not plan.host_experts else count
    most = largest(lambda step: layout(step).fits(cache), steps)
    return layout(most) if most else None


def memory(deployment: Deployment) -> EngineMemory:
    build = build_of(deployment.version)
    cache = cache_of(deployment, build)
    layout = arrange(deployment, cache)
    pairs = zip(layout.shares(cache), deployment.devices, strict=True)
    reasons = reasons_of(deployment, layout, cache)
    return EngineMemory(
        gpus=tuple(gpu(deployment, layout, share, device) for share, device in pairs),
        kv_pool_tokens=cache.cells,
        max_context=longest(deployment, layout, cache) if deployment.limits else 0,
        max_requests=most_requests(deployment, layout, cache) if deployment.limits else 0,
        host_bytes=layout.host_bytes(cache),
        reasons=tuple(reasons),
        starts=all(reason.code not in REFUSALS for reason in reasons),
    )


REFUSALS = ("quantized_values_need_flash_attention", "host_memory_too_small")


def reasons_of(deployment: Deployment, layout: Layout, cache: Cache) -> list[Reason]:
    plan, count, found = layout.plan, len(layout.model.layers), []
    host, room = layout.host_bytes(cache), min(layout.room(cache))
    if not layout.flash_attention and cache.values.block > 1:
        found.append(Reason("quantized_values_need_flash_attention", {"kv": cache.values.id}))
    if plan.host_experts and any(layout.model.experts):
        found.append(Reason("experts_in_system_memory", {"layers": min(plan.host_experts, count), "of": count}))
    asked = deployment.options.gpu_layers or 0
    if asked > count + 1:
        found.append(Reason("gpu_layers_beyond_model", {"gpu_layers": asked, "model": count + 1}))
    if plan.gpu_layers < count + 1:
        found.append(Reason("layers_in_system_memory", {"layers": count + 1 - plan.gpu_layers, "of": count + 1}))
    if deployment.host_bytes is not None and host > deployment.host_bytes:
        found.append(Reason("host_memory_too_small", {"needed": host, "host": deployment.host_bytes}))
    if room < FIT_MARGIN and cache.build >= FIT:
        found.append(Reason("below_fit_margin", {"margin": FIT_MARGIN, "free": room}))
    return found


def longest(deployment: Deployment, layout: Layout, cache: Cache) -> int:
    """The longest context of all requests under this arrangement, up to the model's own or the one asked for."""
    own = padded(max(deployment.context, deployment.architecture.context or 0))

    def fits(steps: int) -> bool:
        return layout.fits(replace(cache, cells=steps * PAD * cache.sequences))

    return largest(fits, own // PAD, guess=cache.cells // cache.sequences // PAD) * PAD


def most_requests(deployment: Deployment, layout: Layout, cache: Cache) -> int:
    own = cache.cells // cache.sequences

    def fits(requests: int) -> bool:
        return layout.fits(replace(cache, cells=own * requests, sequences=requests))

    return largest(fits, 256, guess=cache.sequences)  # llama-server has 256 slots: LLAMA_MAX_SEQ in src/llama-cparams.h


def largest(fits: Callable[[int], bool], limit: int, guess: int = 0) -> int:
    """The largest number up to `limit` that fits, 0 if none; from `guess` in doubling steps, then by halves."""
    low, high, step = 0, limit, 1
    if guess and limit:
        if fits(min(guess, limit)):
            low = min(guess, limit)
            while low < limit and fits(min(low + step, limit)):
                low, step = min(low + step, limit), step * 4
            high = min(low + step, limit)
        else:
            high = min(guess, limit) - 1
    elif high and fits(high):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def gpu(deployment: Deployment, layout: Layout, share: Share, device: Device) -> GpuMemory:
    options, runtime = deployment.options, outside(device) if share.total else 0
    layers = Formula("layers_and_output" if share.output else "layers", {"layers": share.layers})
    cells = {"requests": deployment.requests, "cells": padded(deployment.context), "kv": options.kv or "f16"}
    graph = Formula("micro_batch_graph", {"tokens": options.ubatch or UBATCH})
    libraries = Formula("libraries_of_vendor", {"vendor": device.vendor})
    parts = (
        Part("weights", share.weights, layers, Evidence.EXACT, SOURCE, 30),
        Part("kv_cache", share.cache, Formula("cells", cells | {"layers": share.layers}), Evidence.RULE, SOURCE, 75),
        Part("activations", share.compute, graph, *compute_evidence(layout)),
        Part("runtime", runtime, libraries, Evidence.MEASURED, SOURCE, 4),
    )
    return GpuMemory(device.id, device.usable, parts)


# Kinds of attention and families whose buffers no log bears out.
UNSEEN_LAYERS, UNSEEN_FAMILIES = ("latent", "compressed"), ("gemma4",)


def compute_evidence(layout: Layout) -> tuple[Evidence, str, int]:
    """Which of the buffers have logs behind them."""
    architecture = layout.model.architecture
    unseen = any(layer.kind in UNSEEN_LAYERS for layer in architecture.layers)
    away = layout.plan.host_experts and any(layout.model.experts)
    if unseen or away or not layout.flash_attention or architecture.model_type.startswith(UNSEEN_FAMILIES):
        return Evidence.ESTIMATE, ALLOCATOR, 0
    return Evidence.RULE, ALLOCATOR, 24


def command(deployment: Deployment) -> str:
    build = build_of(deployment.version)
    cache, options = cache_of(deployment, build), deployment.options
    layout = arrange(deployment, cache)
    model = layout.model
    words = [
        f"llama-server {model_words(deployment)}",
        f"-c {cache.cells} -np {deployment.requests}",
        f"-ngl {layers_flag(layout.plan.gpu_layers, len(model.layers))}",
        split_words(deployment, layout),
        f"-ub {options.ubatch}" if options.ubatch else "",
        flash_words(options.flash_attention, build),
        cache_words(options.kv),
        expert_words(layout.plan.host_experts if any(model.experts) else 0, len(model.layers), build),
    ]
    return " ".join(word for word in words if word)


def model_words(deployment: Deployment) -> str:
    level = deployment.weights.id.removeprefix("gguf-").split("+")[0].upper()
    if deployment.hub_name and deployment.weights.kind == "gguf":
        return f"-hf {shlex.quote(f'{deployment.hub_name}:{level}')}"
    return f"-m {shlex.quote(deployment.placeholder)}"


def layers_flag(layers: int, count: int) -> int:
    return 99 if layers == count + 1 <= 99 else layers


def split_words(deployment: Deployment, layout: Layout) -> str:
    if len(deployment.devices) == 1:
        return ""
    usual = tuple(float(device.usable) for device in deployment.devices)
    if layout.plan.shares == usual:
        return "-sm layer"
    return "-sm layer -ts " + ",".join(str(count) for count in layout.counts)


def flash_words(on: bool, build: int) -> str:
    if build >= FLASH_WORD:
        return f"-fa {'on' if on else 'off'}"
    return "-fa" if on else ""


def cache_words(kv: str | None) -> str:
    keys, values = cache_types(kv)
    return "" if kv is None else f"-ctk {keys.id} -ctv {values.id}"


def expert_words(kept: int, count: int, build: int) -> str:
    if not kept:
        return ""
    if build < HOST_EXPERTS:
        last = "|".join(str(layer) for layer in range(kept))
        return "-ot exps=CPU" if kept >= count else shlex.join(["-ot", rf"blk\.({last})\.ffn_.*_exps=CPU"])
    return "--cpu-moe" if kept >= count else f"--n-cpu-moe {kept}"
