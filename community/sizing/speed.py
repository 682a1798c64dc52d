"""Ceilings of speed: no engine is faster than its memory and its arithmetic allow. Real runs stay below.

Decode reads every active weight and the cache once for each token (roofline model, Williams et al. 2009); the fastest
single-stream runs that were measured stay below it. Prefill does two operations for each active parameter and token.
"""

from __future__ import annotations

from typing import Any

from .architecture import Architecture
from .deployment import Deployment
from .formats import MANY, Format, keep, weigh
from .kv_cache import cache_bytes, kv_type

COMPUTE = {"fp8": "fp8", "int8": "int8", "nvfp4": "fp4", "mxfp4": "fp4"}  # formats that some cards compute in


def ceilings(deployment: Deployment) -> dict[str, Any]:
    """Tokens/s: decode of one request at a full and at an empty context, prefill; None where a figure is missing."""
    active = active_bytes(deployment)
    full = cache_bytes(
        deployment.architecture, kv_type((deployment.options.kv or "f16").partition("/")[0]), deployment.context
    )
    return {
        "kind": "ceiling",
        "bytes_per_token": active,
        "decode_tokens_per_second": [decode(deployment, active + full), decode(deployment, active)],
        "prefill_tokens_per_second": prefill(deployment),
    }


def active_bytes(deployment: Deployment) -> int:
    """Kept with the architecture, since estimates ask for it again and again."""
    architecture, weights = deployment.architecture, deployment.weights
    known: dict[Format, int] = vars(architecture).setdefault("read_by_token", {})
    found = known.get(weights)
    return keep(known, weights, read_by_token(architecture, weights), MANY) if found is None else found


def read_by_token(architecture: Architecture, weights: Format) -> int:
    """Weight bytes that one token reads: the chosen experts, no table, no vision tower, no prediction layers."""
    total = 0
    for tensor, size in weigh(architecture, weights).tensors:
        if tensor.part != "text" or (tensor.role == "embed" and not architecture.tied):
            continue
        chosen = architecture.experts is not None and tensor.role.startswith("expert_")
        total += (
            size * architecture.experts.active // architecture.experts.count
            if chosen and architecture.experts
            else size
        )
    return total


def decode(deployment: Deployment, size: int) -> float | None:
    """Cards of a tensor-parallel group read their shares at once; layers split over cards are read in turn."""
    rates = [device.bandwidth for device in deployment.devices]
    if not all(rates):
        return None
    together = deployment.engine in ("vllm", "sglang", "tensorrt-llm")
    stages = deployment.options.pipeline_parallel or 1
    if together:
        return round(min(rates) * len(rates) / stages / size, 1)
    room = sum(device.usable for device in deployment.devices)
    seconds = sum(size * device.usable / room / device.bandwidth for device in deployment.devices)
    return round(1 / seconds, 1)


def prefill(deployment: Deployment) -> float | None:
    kind = COMPUTE.get(deployment.weights.id.split("-")[0], "bf16")
    rates = [
        device.tflops.get(kind) or device.tflops.get("bf16") or device.tflops.get("fp16")
        for device in deployment.devices
    ]
    known = [rate for rate in rates if rate]
    if len(known) < len(rates):
        return None
    together = sum(known) if deployment.engine in ("vllm", "sglang", "tensorrt-llm") else min(known)
    return round(together * 1e12 / (2 * deployment.architecture.active_parameters), 1)


def download_seconds(size: int, megabits_per_second: float) -> float:
    """At the full rate of the line; 1 Mbps is 10^6 bits a second."""
    return size * 8 / (megabits_per_second * 1e6)
