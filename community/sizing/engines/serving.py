"""What the server engines (vLLM, SGLang, TensorRT-LLM) share: the split over GPUs, and the reasons they give."""

from __future__ import annotations

from ..deployment import Deployment
from ..errors import InputError
from ..estimate import Reason
from ..formats import Format
from ..kv_cache import KvType, kv_type
from ..sharding import Parallel, obstacles, parallel_of
from ..versions import Version, parse_version

FULL = ("f32", "f16", "bf16")  # caches that are not quantized have the type of the activations
FP8_BLOCK = 128  # quantization_config.weight_block_size of Qwen3 and DeepSeek


def known_version(deployment: Deployment, oldest: str, latest: str) -> Version:
    version = parse_version(deployment.version or latest)
    if not parse_version(oldest) <= version <= parse_version(latest):
        raise InputError("engine", f"{deployment.engine} {deployment.version} is not known", f"{oldest} to {latest}")
    return version


def parallel_sizes(deployment: Deployment) -> Parallel:
    options = deployment.options
    return parallel_of(
        len(deployment.devices), options.tensor_parallel, options.pipeline_parallel, options.expert_parallel
    )


def dtype_bytes(weights: Format) -> int:
    return 4 if weights.id == "f32" else 2


def dtype_flag(deployment: Deployment) -> str | None:
    """The type of the activations where it is not the checkpoint's: cards before Ampere have no bfloat16."""
    old = any(device.capability in ("7.0", "7.5") for device in deployment.devices)
    return {"f32": "float32", "f16": "float16"}.get(deployment.weights.id) or ("float16" if old else None)


def bitsandbytes_flags(deployment: Deployment) -> list[tuple[str, object]]:
    wanted = "bitsandbytes" if deployment.weights.id.startswith("bnb") else None
    return [("--quantization", wanted), ("--load-format", wanted)]


def cache_type(deployment: Deployment) -> KvType:
    """As asked, or the type of the activations."""
    return kv_type(deployment.options.kv or ("f32" if dtype_bytes(deployment.weights) == 4 else "bf16"))


def scale_block(weights: Format) -> int:
    """How many inputs of a matrix share a scale: a split must leave whole ones."""
    if weights.id == "fp8":
        return FP8_BLOCK
    return max(weights.group, 1) if weights.kind == "integer" and not weights.id.startswith("bnb") else 1


def refusals(deployment: Deployment, cache_types: tuple[str, ...]) -> list[Reason]:
    """What stops the engine whatever the memory."""
    found = obstacles(deployment.architecture, parallel_sizes(deployment), scale_block(deployment.weights))
    kv, own = cache_type(deployment).id, "f32" if dtype_bytes(deployment.weights) == 4 else "bf16"
    if kv not in cache_types or (kv in FULL and (kv == "f32") != (own == "f32")):
        found.append(Reason("kv_type_not_supported", {"kv": kv, "allowed": cache_types}))
    return found


def shortage(deployment: Deployment, needed: int, pool: int, communication: int) -> list[Reason]:
    """The pool is too small for one request, and what more GPUs add to it: copies of KV heads, buffers."""
    found = [Reason("context_beyond_pool", {"needed": needed, "kv_pool": max(pool, 0)})]
    tensor, heads = parallel_sizes(deployment).tensor, deployment.architecture.kv_heads
    if tensor > heads:
        found.append(Reason("kv_heads_replicated", {"kv_heads": heads, "tensor_parallel": tensor}))
    if len(deployment.devices) > 1:
        found.append(Reason("communication_memory", {"bytes": communication}))
    return found


def waiting(most: int, requests: int) -> tuple[Reason, ...]:
    """Not a refusal: further requests wait until others are done."""
    return (Reason("requests_beyond_pool", {"max_requests": most}),) if 0 < most < requests else ()
