"""MLX (mlx-lm): weights as in the files, a cache that grows with the sequence, and what a long prompt needs besides.

mlx-lm 0.32.2 (2026-10-16): models/cache.py, generate.py, server.py. Metal lets a process use a share of the memory.
"""

from __future__ import annotations

import shlex

from ..architecture import Architecture
from ..architecture.attention import Attention
from ..deployment import Deployment
from ..errors import InputError
from ..estimate import EngineMemory, Evidence, Formula, GpuMemory, Part, Reason
from ..formats import weigh
from ..kv_cache import KvType, kv_type, layer_bytes_per_token
from ..versions import parse_version
from .ggml_cache import window_of
from .llama_cpp import largest

LATEST, OLDEST = "0.32.2", "0.19.0"
SOURCE = "https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/models/cache.py"
STEP = 256  # tokens by which a cache grows
KEPT = 0.9  # of the limit: above, mlx-lm warns that generation may be slow (generate.py wired_limit)
CHUNK = 2_048  # tokens of a prompt at once
# What a prompt of 2,048 tokens and more needs besides weights and cache: data/local_constants.toml.
TRANSIENT, TRANSIENT_RECURRENT = 650_000_000, 3_000_000_000
NO_ROTATION = ("gemma2",)  # models/gemma2.py keeps the whole context in every layer
KV_TYPES = ("bf16", "f16", "mlx-8bit", "mlx-4bit")


def version_of(deployment: Deployment) -> str:
    version = parse_version(deployment.version or LATEST)
    if not parse_version(OLDEST) <= version <= parse_version(LATEST):
        raise InputError("engine", f"mlx {deployment.version} is not known", f"{OLDEST} to {LATEST}")
    return deployment.version or LATEST


def cache_type(deployment: Deployment) -> KvType:
    name = deployment.options.kv or "bf16"
    if name not in KV_TYPES:
        raise InputError("kv", f"{name[:30]!r} is not a cache type of mlx-lm", ", ".join(KV_TYPES))
    return kv_type(name)


def cells(layer: Attention, context: int, window: int) -> int:
    """Whole steps; a rotating cache of a sliding-window layer stops at its window."""
    grown = -(-context // STEP) * STEP
    return min(grown, window) if layer.kind in ("sliding", "chunked") and window else grown


def request_bytes(architecture: Architecture, kv: KvType, context: int) -> int:
    window = 0 if architecture.model_type in NO_ROTATION else window_of(architecture)
    recurrent = sum(layer.state * 4 + layer.conv * 2 for layer in architecture.layers)
    return recurrent + sum(
        layer_bytes_per_token(layer, kv) * cells(layer, context, window) for layer in architecture.layers
    )


def weights_bytes(deployment: Deployment) -> int:
    """mlx-lm drops prediction layers and vision towers when a model loads (sanitize() of its model file)."""
    tensors = weigh(deployment.architecture, deployment.weights).tensors
    return sum(size for tensor, size in tensors if tensor.part == "text")


def transient(architecture: Architecture) -> int:
    recurrent = any(layer.kind == "recurrent" for layer in architecture.layers)
    return TRANSIENT_RECURRENT if recurrent else TRANSIENT


def memory(deployment: Deployment) -> EngineMemory:
    version_of(deployment)
    if len(deployment.devices) > 1:
        raise InputError("gpu", "mlx-lm is sized for one Mac", "one device")
    architecture, kv, device = deployment.architecture, cache_type(deployment), deployment.devices[0]
    fixed = weights_bytes(deployment) + transient(architecture)

    def fits(context: int, requests: int) -> bool:
        return fixed + request_bytes(architecture, kv, context) * requests <= device.usable

    limit = -(-max(deployment.context, architecture.context or 0) // STEP)
    gpu = GpuMemory(device.id, device.usable, parts(deployment))
    return EngineMemory(
        gpus=(gpu,),
        kv_pool_tokens=None,  # nothing is set aside
        max_context=largest(lambda steps: fits(steps * STEP, deployment.requests), limit) * STEP,
        max_requests=largest(lambda requests: fits(deployment.context, requests), 256),
        reasons=tuple(reasons_of(deployment, gpu)),
    )


def parts(deployment: Deployment) -> tuple[Part, ...]:
    architecture, kv = deployment.architecture, cache_type(deployment)
    request = request_bytes(architecture, kv, deployment.context)
    cache = Formula("steps", {"requests": deployment.requests, "request_bytes": request, "kv": kv.id, "step": STEP})
    prompt = Formula("prompt_chunks", {"tokens": CHUNK})
    return (
        Part("weights", weights_bytes(deployment), Formula("text_tensors"), Evidence.EXACT, SOURCE, 5),
        Part("kv_cache", request * deployment.requests, cache, Evidence.RULE, SOURCE, 5),
        Part("activations", transient(architecture), prompt, Evidence.ESTIMATE, SOURCE, 5),
        Part("runtime", 0, Formula("limit_leaves_room"), Evidence.ESTIMATE, SOURCE, 0),
    )


def reasons_of(deployment: Deployment, gpu: GpuMemory) -> list[Reason]:
    found = []
    if gpu.part("weights") > KEPT * gpu.usable:
        found.append(Reason("weights_near_wired_limit", {"weights": gpu.part("weights"), "limit": gpu.usable}))
    if cache_type(deployment).block > 1:
        found.append(Reason("kv_bits_not_in_server", {"kv": cache_type(deployment).id}))
    return found


def command(deployment: Deployment) -> str:
    version_of(deployment)
    name, kv = shlex.quote(deployment.source), cache_type(deployment)
    if kv.block > 1:  # the server has no such flag
        bits = f"--kv-bits {kv.id[4]} --kv-group-size {kv.block}"
        return f"mlx_lm.generate --model {name} --max-kv-size {deployment.context} {bits}"
    return f"mlx_lm.server --model {name} --host 127.0.0.1 --port 8080"
