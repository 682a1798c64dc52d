"""vLLM: takes a share of the CUDA total, and gives the KV cache what weights and the profile run leave of it.

Rules by version from vllm/config/cache.py, vllm/engine/arg_utils.py and vllm/v1/worker/gpu_worker.py (0.33.0,
2026-11-02, and the releases named at the lines).
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from math import ceil

from ..deployment import Deployment
from ..estimate import EngineMemory, Evidence, Formula, GpuMemory, Part, Reason
from ..hardware import Device
from ..sharding import stage_layers
from ..versions import Version
from .cuda import cuda_total
from .serving import (
    bitsandbytes_flags,
    cache_type,
    dtype_bytes,
    dtype_flag,
    known_version,
    parallel_sizes,
    refusals,
    shortage,
    waiting,
)
from .vllm_cache import Pages, pages
from .vllm_profile import (
    GRAPHS_IN_BUDGET,
    Run,
    activation_evidence,
    activations,
    context_bytes,
    graph_bytes,
    outside_torch_bytes,
)
from .vllm_weights import weight_bytes

LATEST, OLDEST = "0.33.0", "0.2.0"
SOURCE = "https://github.com/vllm-project/vllm/blob/main/vllm/v1/worker/gpu_worker.py"
CACHE_SOURCE = "https://github.com/vllm-project/vllm/blob/main/vllm/v1/core/kv_cache_utils.py"
LARGE_CARD = 70 * 2**30  # arg_utils.get_batch_defaults: as much memory, and not an A100 (PR #17885)
PLUGIN = (0, 24, 0)  # vllm-gguf-plugin
KV_TYPES = (
    "f32",
    "f16",
    "bf16",
    "fp8",
    "fp8_e4m3",
    "fp8_e5m2",
)  # --kv-cache-dtype; the first three are the model's own


def version_of(deployment: Deployment) -> Version:
    return known_version(deployment, OLDEST, LATEST)


def utilization(version: Version) -> float:
    return 0.92 if version >= GRAPHS_IN_BUDGET else 0.90  # config/cache.py; 0.90 in 0.6.4 and 0.19.0


def batch_defaults(version: Version, device: Device, context: int) -> tuple[int, int]:
    """max_num_batched_tokens and max_num_seqs of the API server."""
    if version < (0, 8, 0):  # V0: one whole prompt, in chunks where the model reads more than 32k (config.py)
        return (2048 if context > 32_768 else max(context, 2048)), 256
    large = cuda_total(device) >= LARGE_CARD and "A100" not in device.name.upper() and not device.unified
    if large and cuda_total(device) >= 160 * 2**30 and version >= (0, 24, 0):
        return 16384, 1024
    if version < (0, 8, 3):
        return 2048, 256
    return (8192, 1024) if large and version >= (0, 9, 0) else (8192, 256) if large else (2048, 256)


def run_of(deployment: Deployment, version: Version) -> Run:
    options, weights = deployment.options, deployment.weights
    tokens, sequences = batch_defaults(version, deployment.devices[0], deployment.context)
    return Run(
        tokens=options.max_num_batched_tokens or tokens,
        sequences=options.max_num_seqs or sequences,
        dtype=dtype_bytes(weights),
        eight_bit=weights.id.startswith(("fp8", "int8")),
        marlin=weights.id == "mxfp4",
    )


@dataclass(frozen=True)
class Rank:
    """One GPU of a stage, as vLLM's worker sees it. `budget` is its share of the CUDA total."""

    device: Device
    weights: int
    activations: int
    outside: int
    graphs: int
    context: int
    budget: int
    graphs_in_budget: bool
    pages: Pages

    @property
    def pool(self) -> int:
        used = self.weights + self.activations + self.outside + (self.graphs if self.graphs_in_budget else 0)
        return self.budget - used

    @property
    def blocks(self) -> int:
        return max(self.pool, 0) // self.pages.block_bytes

    @property
    def ceiling(self) -> int:
        """All that the process takes when its budget is full; the context is not charged to it."""
        return self.budget + self.context + (0 if self.graphs_in_budget else self.graphs)


def ranks(deployment: Deployment) -> list[Rank]:
    """In the order of the devices, stage by stage; equal cards of a stage are one object."""
    parallel, known = parallel_sizes(deployment), {}
    found = []
    for position, device in enumerate(deployment.devices):
        stage = position // parallel.tensor
        if (stage, id(device)) not in known:
            known[stage, id(device)] = rank_of(deployment, stage, device)
        found.append(known[stage, id(device)])
    return found


def rank_of(deployment: Deployment, stage: int, device: Device) -> Rank:
    version, options, architecture = version_of(deployment), deployment.options, deployment.architecture
    parallel = parallel_sizes(deployment)
    has_head = stage == parallel.pipeline - 1
    share = options.gpu_memory_utilization or utilization(version)
    layers = stage_layers(architecture, parallel)[stage]
    return Rank(
        device=device,
        weights=weight_bytes(architecture, deployment.weights, parallel, version)[stage],
        activations=activations(architecture, run_of(deployment, version), parallel, version, has_head),
        outside=outside_torch_bytes(parallel, device, version),
        graphs=0 if options.enforce_eager else graph_bytes(architecture, parallel, version),
        context=context_bytes(parallel, device),
        budget=ceil(cuda_total(device) * share),
        graphs_in_budget=version >= GRAPHS_IN_BUDGET,
        pages=pages(layers, cache_type(deployment), parallel.tensor, parallel.tensor),
    )


def memory(deployment: Deployment) -> EngineMemory:
    version, found = version_of(deployment), ranks(deployment)
    context, requests = deployment.context, deployment.requests
    tokens = run_of(deployment, version).tokens
    blocks = min(rank.blocks for rank in found)
    kinds = {id(rank): rank for rank in found}
    shown = {key: gpu(deployment, version, rank, tokens) for key, rank in kinds.items()}
    pools = [rank.pages for rank in kinds.values()]
    most = min(blocks // page.blocks_of(context, tokens) for page in pools)
    reasons = reasons_of(deployment, version, found, most)
    return EngineMemory(
        gpus=tuple(shown[id(rank)] for rank in found),
        kv_pool_tokens=pool_tokens(version, pools[0], blocks, context, tokens),
        max_context=longest(pools, blocks // requests, tokens),
        max_requests=most,
        reasons=(*reasons, *waiting(most, requests)),
        starts=not reasons,
    )


def pool_tokens(version: Version, page: Pages, blocks: int, context: int, tokens: int) -> int:
    """As the log prints it: from 0.21 on concurrency x context where groups differ, before that blocks over groups."""
    if page.groups == 1:
        return blocks * page.block
    if version >= GRAPHS_IN_BUDGET:
        return int(blocks / page.blocks_of(context, tokens) * context)
    return blocks // page.groups * page.block


def longest(pools: list[Pages], blocks: int, tokens: int) -> int:
    """The longest context whose blocks fit `blocks` on every GPU, 0 if none."""
    low, high = 0, max(blocks, 0) * max(page.block for page in pools)
    while low < high:
        middle = (low + high + 1) // 2
        fits = all(page.blocks_of(middle, tokens) <= blocks for page in pools)
        low, high = (middle, high) if fits else (low, middle - 1)
    return low


def reasons_of(deployment: Deployment, version: Version, found: list[Rank], most: int) -> list[Reason]:
    """Why vLLM would not start."""
    reasons = refusals(deployment, KV_TYPES)
    free = min(cuda_total(rank.device) - rank.context - rank.budget for rank in found)
    if free < 0:
        reasons.append(Reason("budget_above_free", {"bytes": -free}))
    if most < 1:
        tightest = min(found, key=lambda rank: rank.pool)
        needed = tightest.pages.request_bytes(deployment.context, run_of(deployment, version).tokens)
        reasons += shortage(deployment, needed, tightest.pool, tightest.context + tightest.outside)
    return reasons


def gpu(deployment: Deployment, version: Version, rank: Rank, tokens: int) -> GpuMemory:
    run, requests = run_of(deployment, version), deployment.requests
    evidence, records = activation_evidence(version)
    request = rank.pages.request_bytes(deployment.context, tokens)
    held = Formula("tensors_and_tables", {"weights_bytes": rank.weights})
    cache = Formula("blocks", {"requests": requests, "request_bytes": request, "block": rank.pages.block})
    profile = Formula("profile_run", {"tokens": run.tokens, "sequences": run.sequences,
                                      "vocabulary": deployment.architecture.vocabulary})  # fmt: skip
    beside = Formula("context_outside_graphs", {"context_bytes": rank.context, "outside_bytes": rank.outside,
                                                "graphs_bytes": rank.graphs})  # fmt: skip
    runtime = rank.context + rank.outside + rank.graphs
    parts = (
        Part("weights", rank.weights, held, Evidence.EXACT, SOURCE, 30),
        Part("kv_cache", request * requests, cache, Evidence.RULE, CACHE_SOURCE, 30),
        Part("activations", rank.activations, profile, evidence, SOURCE, records),
        Part("runtime", runtime, beside, Evidence.MEASURED if records >= 10 else Evidence.ESTIMATE, SOURCE, records),
    )
    usable = rank.device.usable
    return GpuMemory(rank.device.id, usable, parts, rank.ceiling, max(rank.pool, 0), min(rank.ceiling, usable))


def served(deployment: Deployment, version: Version) -> str:
    """A GGUF file by repository and level since the plugin (docs/features/quantization/gguf.md), before as a file."""
    if deployment.weights.kind != "gguf":
        return deployment.source
    level = deployment.weights.id.removeprefix("gguf-").split("+")[0].upper()
    return f"{deployment.hub_name}:{level}" if deployment.hub_name and version >= PLUGIN else deployment.placeholder


def command(deployment: Deployment) -> str:
    version, options = version_of(deployment), deployment.options
    parallel = parallel_sizes(deployment)
    name = shlex.quote(served(deployment, version))
    words = [f"vllm serve {name}"]
    if version < (0, 5, 4):  # `vllm serve` came with PR #5090
        words = [f"python -m vllm.entrypoints.openai.api_server --model {name}"]
    flags: list[tuple[str, object]] = [
        ("--tensor-parallel-size", parallel.tensor if parallel.tensor > 1 else None),
        ("--pipeline-parallel-size", parallel.pipeline if parallel.pipeline > 1 else None),
        ("--max-model-len", deployment.context),
        ("--gpu-memory-utilization", options.gpu_memory_utilization),
        ("--max-num-seqs", options.max_num_seqs),
        ("--max-num-batched-tokens", options.max_num_batched_tokens),
        ("--kv-cache-dtype", options.kv if options.kv and options.kv.startswith("fp8") else None),
        ("--dtype", dtype_flag(deployment)),
        *bitsandbytes_flags(deployment),
    ]
    words += [f"{flag} {value}" for flag, value in flags if value is not None]
    if parallel.expert > 1 and version >= (0, 8, 0):  # PR #12583
        words.append("--enable-expert-parallel")
    return " ".join([*words, "--enforce-eager"] if options.enforce_eager else words)
