"""Text Generation Inference: compatibility and command only, its memory is not known here.

In maintenance mode since 2025-12-11.

Flags from the launcher's documentation @db931fcf (3.3.7).
"""

from __future__ import annotations

import shlex

from ..deployment import Deployment
from ..errors import InputError
from ..sharding import parallel_of
from ..versions import Version
from .serving import known_version

LATEST, OLDEST = "3.3.7", "0.1.0"
QUANTIZE = {"awq": "awq", "gptq": "gptq", "fp8": "fp8", "bnb-nf4": "bitsandbytes-nf4", "exl2": "exl2"}
KV_TYPES = {"f16": None, "bf16": None, "fp8": "fp8_e4m3fn", "fp8_e4m3": "fp8_e4m3fn", "fp8_e5m2": "fp8_e5m2"}


def version_of(deployment: Deployment) -> Version:
    return known_version(deployment, OLDEST, LATEST)


def check(deployment: Deployment) -> None:
    """What no version takes."""
    version_of(deployment)
    parallel_of(len(deployment.devices), deployment.options.tensor_parallel, 1)
    if deployment.options.kv and deployment.options.kv not in KV_TYPES:
        raise InputError("kv", f"{deployment.options.kv[:30]!r} is not a cache type of TGI", ", ".join(KV_TYPES))


def command(deployment: Deployment) -> str:
    kind, options = deployment.weights.id, deployment.options
    flags: list[tuple[str, object]] = [
        ("--max-total-tokens", deployment.context),
        ("--num-shard", len(deployment.devices) if len(deployment.devices) > 1 else None),
        ("--quantize", next((name for prefix, name in QUANTIZE.items() if kind.startswith(prefix)), None)),
        ("--kv-cache-dtype", KV_TYPES[options.kv] if options.kv else None),
        ("--cuda-memory-fraction", options.gpu_memory_utilization),
    ]
    start = f"text-generation-launcher --model-id {shlex.quote(deployment.source)}"
    return " ".join([start, *(f"{flag} {value}" for flag, value in flags if value is not None)])
