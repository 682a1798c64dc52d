"""SGLang: weights and KV pool share a fraction of what is free before loading; the rest is for activations and graphs.

0.5.23: python/sglang/srt/arg_groups/memory_hook.py (read 2026-11-20). Earlier defaults: server_args.py of the versions
named.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from ..architecture.attention import Attention
from ..deployment import Deployment
from ..estimate import EngineMemory, Evidence, Formula, GpuMemory, Part, Reason
from ..formats import weigh
from ..hardware import Device
from ..kv_cache import KvType, layer_bytes_per_token
from ..sharding import Parallel, stage_bytes, stage_layers
from ..versions import Version
from .cuda import MIB, cuda_total
from .serving import (
    bitsandbytes_flags,
    cache_type,
    dtype_flag,
    known_version,
    parallel_sizes,
    refusals,
    shortage,
    waiting,
)
from .vllm_weights import rope_bytes

GIB = 2**30
LATEST, OLDEST = "0.5.23", "0.3.0"
SOURCE = "https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/arg_groups/memory_hook.py"
COMPUTED_FRACTION = (0, 4, 7)  # PR #7054, 2025-06-10; by memory classes since PR #10975
PREFILL_GRAPHS = (0, 5, 13)  # H100 resolves to 0.828 in issue #29092 (2026-06), 0.836 before
KV_TYPES = {"f16": "auto", "bf16": "auto", "fp8": "fp8_e4m3", "fp8_e4m3": "fp8_e4m3", "fp8_e5m2": "fp8_e5m2"}

# Until 0.4.6, by tensor parallel (server_args.py).
FIXED_FRACTIONS = ((16, 0.79), (8, 0.81), (4, 0.85), (2, 0.87), (1, 0.88))

# Below MiB of memory: chunked prefill, largest decode graph below TP 4 and from TP 4 on.
CLASSES = (
    (20 * 1024, 2048, 8, 8),
    (35 * 1024, 4096, 48, 160),
    (60 * 1024, 4096, 32, 160),
    (160 * 1024, 8192, 256, 512),
    (float("inf"), 16384, 512, 512),
)
SMALL_CHUNK = (0, 5, 20)  # cards of 20 to 35 GB prefilled 2,048 before (docs of 0.5.x)

# Sizes that prefill graphs are captured for, in steps (generate_prefill_cuda_graph_batch_sizes).
PREFILL_STEPS = ((4, 32, 4), (48, 256, 16), (288, 512, 32), (576, 1024, 64), (1280, 4096, 256), (4608, 1 << 30, 512))
STATE_SHARE = 0.9 / 1.9  # mamba_full_memory_ratio 0.9: of the pool of a hybrid model, at most
WINDOW_RATIO = 0.8  # swa_full_tokens_ratio
LOADING, LOADING_SHARED = (
    0.06,
    0.16,
)  # GiB: workspaces and the allocator's segments, in the logs' "mem usage"; TP from 2


def version_of(deployment: Deployment) -> Version:
    return known_version(deployment, OLDEST, LATEST)


def defaults(device: Device, parallel: Parallel, version: Version) -> tuple[int, int]:
    """Chunked prefill and the largest batch of a decode graph."""
    size = device.usable // MIB
    _, chunk, small, large = next(row for row in CLASSES if size < row[0])
    if version < SMALL_CHUNK and size < 35 * 1024:
        chunk = 2048
    return chunk, small if parallel.tensor < 4 else large


def fraction(deployment: Deployment, parallel: Parallel, version: Version) -> float:
    """mem_fraction_static: given, fixed by tensor parallel, or what the reserve leaves."""
    if deployment.options.gpu_memory_utilization:
        return deployment.options.gpu_memory_utilization
    if version < COMPUTED_FRACTION:
        return next(share for tensor, share in FIXED_FRACTIONS if parallel.tensor >= tensor)
    size = deployment.devices[0].usable // MIB
    return round((size - reserve(deployment, parallel, version)) / size, 3)


def reserve(deployment: Deployment, parallel: Parallel, version: Version) -> float:
    """MiB for activations and graphs."""
    device = deployment.devices[0]
    chunk, graphs = defaults(device, parallel, version)
    chunk = deployment.options.max_num_batched_tokens or chunk
    found = 512 + 1.5 * max(chunk, 2048) + parallel.gpus / 8 * 1024 + 2 * graphs
    if version >= PREFILL_GRAPHS:
        latent = any(layer.kind == "latent" for layer in deployment.architecture.layers)
        found += 1536 if latent else 8 * prefill_graphs(chunk)
    return max(found, 10 * 1024) if device.usable > 60 * 1024 * MIB else found


def prefill_graphs(largest: int) -> int:
    return sum(len(range(start, min(stop, largest) + 1, step)) for start, stop, step in PREFILL_STEPS)


@dataclass(frozen=True)
class Rank:
    device: Device
    weights: int
    before: int  # free before loading
    context: int
    pool: int  # KV cache and recurrent states
    state: int  # recurrent states of one request
    states: int  # set aside for all of them
    token: float  # bytes of a token of the full-attention layers, windows included at their ratio
    activations: int
    graphs: int

    @property
    def tokens(self) -> int:
        return int(max(self.pool - self.states, 0) / (self.token or 1))


def ranks(deployment: Deployment) -> list[Rank]:
    version, options, architecture = version_of(deployment), deployment.options, deployment.architecture
    parallel = parallel_sizes(deployment)
    static = fraction(deployment, parallel, version)
    weights = stage_bytes(weigh(architecture, deployment.weights).tensors, architecture, parallel)
    rope = rope_bytes(architecture, 4)  # the table stays in f32
    layers, kv = stage_layers(architecture, parallel), cache_type(deployment)
    found = []
    for position, device in enumerate(deployment.devices):
        stage = position // parallel.tensor
        context = int((0.55 + (1.0 if parallel.gpus > 1 and device.nvlink >= 300e9 else 0)) * GIB)
        before = cuda_total(device) - context
        loaded = weights[stage] + rope + int((LOADING_SHARED if parallel.tensor > 1 else LOADING) * GIB)
        pool = int(before - loaded - before * (1 - static))
        state = sum(layer.state * 4 + layer.conv * 2 for layer in layers[stage]) // parallel.tensor
        found.append(
            Rank(
                device=device,
                weights=loaded,
                before=before,
                context=context,
                pool=pool,
                state=state,
                states=states(state, pool, options.max_num_seqs),
                token=token_bytes(layers[stage], kv, parallel.tensor),
                activations=activations(deployment, parallel, version),
                graphs=0 if options.enforce_eager else int((0.3 + 0.012 * len(layers[stage])) * GIB),
            )
        )
    return found


def states(state: int, pool: int, requests: int | None) -> int:
    """Slots for the requests asked for and one more, or the share of the pool."""
    most = int(max(pool, 0) * STATE_SHARE) if state else 0
    return min(most, state * (requests + 1)) if requests else most


def token_bytes(layers: tuple[Attention, ...], kv: KvType, tensor_parallel: int) -> float:
    full = sum(layer_bytes_per_token(layer, kv, tensor_parallel) for layer in layers if not layer.window)
    windows = sum(layer_bytes_per_token(layer, kv, tensor_parallel) for layer in layers if layer.window)
    return full + WINDOW_RATIO * windows if full else windows


def activations(deployment: Deployment, parallel: Parallel, version: Version) -> int:
    """One prefill chunk through the widest layer, and the logits of a decode batch."""
    architecture = deployment.architecture
    chunk, graphs = defaults(deployment.devices[0], parallel, version)
    chunk = deployment.options.max_num_batched_tokens or chunk
    experts = architecture.experts
    width = max(architecture.width, experts.active * experts.width if experts else 0) / parallel.tensor
    return int(chunk * (3 * width + 2 * architecture.hidden) * 2 + graphs * architecture.vocabulary * 6)


def memory(deployment: Deployment) -> EngineMemory:
    found = ranks(deployment)
    context, requests = deployment.context, deployment.requests
    tokens = min(rank.tokens for rank in found)
    slots = min((rank.states // rank.state for rank in found if rank.state), default=1 << 30)
    most = min(tokens // context, slots)
    reasons = reasons_of(deployment, found, tokens)
    return EngineMemory(
        gpus=tuple(gpu(deployment, rank) for rank in found),
        kv_pool_tokens=tokens,
        max_context=tokens // requests,
        max_requests=most,
        reasons=(*reasons, *waiting(most, requests)),
        starts=not reasons,
    )


def reasons_of(deployment: Deployment, found: list[Rank], tokens: int) -> list[Reason]:
    """Why one request of the context would not be served."""
    reasons = refusals(deployment, tuple(KV_TYPES))
    tightest = min(found, key=lambda rank: rank.pool)
    if tightest.pool <= 0 or tokens < deployment.context:
        needed = int(tightest.token * deployment.context) + tightest.state
        reasons += shortage(deployment, needed, tightest.pool, tightest.context)
    return reasons


def gpu(deployment: Deployment, rank: Rank) -> GpuMemory:
    cache = int(rank.token * deployment.context + rank.state) * deployment.requests
    runtime = rank.context + rank.graphs
    tokens = {"requests": deployment.requests, "tokens": deployment.context, "per_token": round(rank.token)}
    tables = Formula("tensors_rotations_workspaces", {"weights_bytes": rank.weights})
    batches = Formula("chunk_and_decode_batch")
    beside = Formula("context_graphs", {"context_bytes": rank.context, "graphs_bytes": rank.graphs})
    parts = (
        Part("weights", rank.weights, tables, Evidence.RULE, SOURCE, 10),
        Part("kv_cache", cache, Formula("tokens_of_requests", tokens), Evidence.RULE, SOURCE, 10),
        Part("activations", rank.activations, batches, Evidence.ESTIMATE, SOURCE, 0),
        Part("runtime", runtime, beside, Evidence.ESTIMATE, SOURCE, 6),
    )
    pool = max(rank.pool, 0)
    reserved = min(rank.context + rank.weights + pool, rank.device.usable)
    return GpuMemory(rank.device.id, rank.device.usable, parts, reserved, pool, rank.device.usable)


def command(deployment: Deployment) -> str:
    version, options = version_of(deployment), deployment.options
    parallel = parallel_sizes(deployment)
    kv = KV_TYPES.get(options.kv or "", "auto")
    flags: list[tuple[str, object]] = [
        (
            "--model-path",
            shlex.quote(deployment.placeholder if deployment.weights.kind == "gguf" else deployment.source),
        ),
        ("--tp-size", parallel.tensor if parallel.tensor > 1 else None),
        ("--pp-size", parallel.pipeline if parallel.pipeline > 1 and version >= (0, 4, 6) else None),  # PR #5724
        ("--ep-size", parallel.expert if parallel.expert > 1 and version >= (0, 4, 2) else None),  # PR #2203
        ("--context-length", deployment.context),
        ("--mem-fraction-static", options.gpu_memory_utilization),
        ("--max-running-requests", options.max_num_seqs),
        ("--chunked-prefill-size", options.max_num_batched_tokens),
        ("--kv-cache-dtype", kv if kv != "auto" else None),
        ("--dtype", dtype_flag(deployment)),
        *bitsandbytes_flags(deployment),
    ]
    words = ["python -m sglang.launch_server", *(f"{flag} {value}" for flag, value in flags if value is not None)]
    return " ".join([*words, "--disable-cuda-graph"] if options.enforce_eager else words)
