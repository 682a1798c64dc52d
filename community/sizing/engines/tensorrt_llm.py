"""TensorRT-LLM: the KV cache takes a fraction of what is free after weights, activations and buffers.

docs/source/reference/memory.md and llm-api KvCacheConfig (read 2026-11-20): free_gpu_memory_fraction 0.9,
tokens_per_block 32.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from ..deployment import Deployment
from ..estimate import EngineMemory, Evidence, Formula, GpuMemory, Part, Reason
from ..formats import weigh
from ..hardware import Device
from ..kv_cache import layer_bytes_per_token
from ..sharding import Parallel, stage_bytes, stage_layers
from ..versions import Version
from .cuda import cuda_total
from .serving import cache_type, known_version, parallel_sizes, refusals, shortage, waiting

GIB = 2**30
LATEST, OLDEST = "1.4.0", "0.5.0"
SOURCE = "https://github.com/NVIDIA/TensorRT-LLM/blob/main/docs/source/reference/memory.md"
FRACTION = 0.9
TOKENS, SEQUENCES = 8192, 2048  # max_num_tokens (commands/serve.py), max_batch_size (BuildConfig)
BLOCK = 32
WHOLE_PROMPTS = (0, 11, 0)  # before, max_num_tokens was max_batch_size (8) x max_input_len (2,048)
PYTORCH = (1, 0, 0)  # default backend from 1.0 on; before, an engine was built
KV_TYPES = ("f16", "bf16", "fp8", "fp8_e4m3")


def version_of(deployment: Deployment) -> Version:
    return known_version(deployment, OLDEST, LATEST)


@dataclass(frozen=True)
class Rank:
    device: Device
    weights: int
    activations: int
    context: int
    token: int
    fraction: float

    @property
    def pool(self) -> int:
        """The share of what is left."""
        return int((cuda_total(self.device) - self.context - self.weights - self.activations) * self.fraction)

    @property
    def tokens(self) -> int:
        return max(self.pool, 0) // (max(self.token, 1) * BLOCK) * BLOCK


def ranks(deployment: Deployment) -> list[Rank]:
    version, architecture, parallel = version_of(deployment), deployment.architecture, parallel_sizes(deployment)
    weights = stage_bytes(weigh(architecture, deployment.weights).tensors, architecture, parallel)
    layers, kv, found = stage_layers(architecture, parallel), cache_type(deployment), []
    for position, device in enumerate(deployment.devices):
        stage = position // parallel.tensor
        found.append(
            Rank(
                device=device,
                weights=weights[stage] + padded_bytes(deployment, parallel, len(layers[stage])),
                activations=activations(deployment, parallel, version),
                context=int((0.6 + (1.0 if parallel.gpus > 1 and device.nvlink >= 300e9 else 0)) * GIB),
                # Windows are kept in full: 73,728 B a token for gpt-oss-120b in 1.1.0rc3.
                token=sum(layer_bytes_per_token(layer, kv, parallel.tensor) for layer in layers[stage]),
                fraction=deployment.options.gpu_memory_utilization or FRACTION,
            )
        )
    return found


def padded_bytes(deployment: Deployment, parallel: Parallel, layers: int) -> int:
    """MXFP4 kernels want both sides of an expert in steps of 128 (gpt-oss: 2,880 -> 2,944)."""
    experts, hidden = deployment.architecture.experts, deployment.architecture.hidden
    if not experts or deployment.weights.id != "mxfp4":
        return 0
    width = experts.width // parallel.tensor
    return ((-(-width // 128) * -(-hidden // 128) * 128 * 128) - width * hidden) * 3 * experts.count * layers * 17 // 32


def batch(deployment: Deployment, version: Version) -> tuple[int, int]:
    """Tokens of a step and sequences."""
    sequences = deployment.options.max_num_seqs or (SEQUENCES if version >= WHOLE_PROMPTS else 8)
    tokens = TOKENS if version >= WHOLE_PROMPTS else sequences * 2048
    return deployment.options.max_num_batched_tokens or tokens, sequences


def activations(deployment: Deployment, parallel: Parallel, version: Version) -> int:
    """The widest layer for a full batch of tokens; logits in f32, and in the C++ decoder two copies of them."""
    architecture, (tokens, sequences) = deployment.architecture, batch(deployment, version)
    experts = architecture.experts
    width = max(architecture.width, experts.active * experts.width if experts else 0) / parallel.tensor
    forward = tokens * (3 * width + 2 * architecture.hidden) * 2
    # The decoder keeps the logits of every slot, whatever a step holds.
    logits = min(tokens, sequences) if version >= PYTORCH else 3 * sequences
    return int(forward + logits * architecture.vocabulary * 4)


def memory(deployment: Deployment) -> EngineMemory:
    found, requests = ranks(deployment), deployment.requests
    tokens = min(rank.tokens for rank in found)
    padded = -(-deployment.context // BLOCK) * BLOCK
    most = tokens // padded
    reasons = reasons_of(deployment, found, most)
    return EngineMemory(
        gpus=tuple(gpu(deployment, rank, padded) for rank in found),
        kv_pool_tokens=tokens,
        max_context=tokens // requests // BLOCK * BLOCK,
        max_requests=most,
        reasons=(*reasons, *waiting(most, requests)),
        starts=not reasons,
    )


def reasons_of(deployment: Deployment, found: list[Rank], most: int) -> list[Reason]:
    """Why one request of the context would not be served."""
    reasons = refusals(deployment, KV_TYPES)
    if most < 1:
        tightest = min(found, key=lambda rank: rank.pool)
        reasons += shortage(deployment, tightest.token * deployment.context, tightest.pool, tightest.context)
    return reasons


def gpu(deployment: Deployment, rank: Rank, padded: int) -> GpuMemory:
    requests, batch = deployment.requests, Formula("full_batch")
    held = Formula("tensors", {"weights_bytes": rank.weights})
    cache = Formula("tokens_of_requests", {"requests": requests, "tokens": padded, "per_token": rank.token})
    context = Formula("context", {"context_bytes": rank.context})
    parts = (
        Part("weights", rank.weights, held, Evidence.RULE, SOURCE, 1),
        Part("kv_cache", rank.token * padded * requests, cache, Evidence.RULE, SOURCE, 5),
        Part("activations", rank.activations, batch, Evidence.ESTIMATE, SOURCE, 2),
        Part("runtime", rank.context, context, Evidence.ESTIMATE, SOURCE, 2),
    )
    pool = max(rank.pool, 0)
    reserved = rank.context + rank.weights + rank.activations + pool
    return GpuMemory(rank.device.id, rank.device.usable, parts, reserved, pool, min(reserved, rank.device.usable))


def command(deployment: Deployment) -> str:
    """trtllm-serve came with 0.17; an older version serves an engine built before, which is no single command."""
    version, options, parallel = version_of(deployment), deployment.options, parallel_sizes(deployment)
    if version < (0, 17, 0):
        return ""
    fp8 = (options.kv or "").startswith("fp8")
    flags: list[tuple[str, object]] = [
        ("--tp_size", parallel.tensor if parallel.tensor > 1 else None),
        ("--pp_size", parallel.pipeline if parallel.pipeline > 1 else None),
        ("--ep_size", parallel.expert if parallel.expert > 1 else None),
        ("--max_seq_len", deployment.context),
        ("--kv_cache_free_gpu_memory_fraction", options.gpu_memory_utilization),
        ("--max_batch_size", options.max_num_seqs),
        ("--max_num_tokens", options.max_num_batched_tokens),
        ("--extra_llm_api_options", "kv_cache.yaml" if fp8 else None),
    ]
    name = shlex.quote(deployment.source)
    words = [f"trtllm-serve {name}", *(f"{flag} {value}" for flag, value in flags if value is not None)]
    # The type of the cache has no flag; it is a line of a file.
    return ("printf 'kv_cache_config:\\n  dtype: fp8\\n' > kv_cache.yaml\n" if fp8 else "") + " ".join(words)
