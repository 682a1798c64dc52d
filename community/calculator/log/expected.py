"""What the rules expect of a log's deployment, under the names of the log's figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from community.sizing import Deployment, catalog
from community.sizing.estimate import EngineMemory, Evidence, GpuMemory
from community.sizing.size import OFFLOADS
from community.sizing.versions import version_group

from .figures import SERVING

# Figure -> the part of the estimate whose evidence stands behind it.
PARTS = {"weights_gib": "weights", "kv_gib": "kv_cache", "kv_tokens": "kv_cache", "compute_buffer_mib": "activations"}
GIVEN = "non-default args"  # vLLM's own list of what was set: what it leaves out is the default
SHARES = ("gpu_memory_utilization", "mem_fraction_static")
GIB, MIB = 2**30, 2**20


@dataclass(frozen=True)
class Expected:
    """In the figure's own unit."""

    value: float
    evidence: Evidence
    records: int


def expected(deployment: Deployment, memory: EngineMemory, unclear: str) -> dict[str, Expected]:
    """`unclear`: what `unclear_pool` says."""
    values = of_serving(memory) if deployment.engine in SERVING else of_ggml(memory)
    if unclear:
        values = {name: value for name, value in values.items() if not name.startswith("kv_")}
    return {name: Expected(value, *behind(deployment, memory, name)) for name, value in values.items()}


def behind(deployment: Deployment, memory: EngineMemory, figure: str) -> tuple[Evidence, int]:
    """How sure, and records: a pool is what the rest leaves, so no surer than the least sure of the rest."""
    parts = {part.name: part for gpu in memory.gpus for part in gpu.parts}
    if deployment.engine not in SERVING or not figure.startswith("kv_"):
        return parts[PARTS[figure]].evidence, parts[PARTS[figure]].records
    groups = catalog.validation().get(deployment.engine, {})
    counts = groups.get(version_group(deployment.engine, deployment.version), {})
    return parts["activations"].evidence, counts.get("kv_pool", 0)


def of_serving(memory: EngineMemory) -> dict[str, float]:
    """Of one GPU, as the log has them: the fullest's weights, the smallest pool."""
    pools = {"kv_gib": min(gpu.kv_pool for gpu in memory.gpus) / GIB, "kv_tokens": memory.kv_pool_tokens or 0}
    found = {"weights_gib": max(gpu.part("weights") for gpu in memory.gpus) / GIB}
    return found | ({name: value for name, value in pools.items() if value > 0})


def unclear_pool(deployment: Deployment, settings: Mapping[str, Any], text: str) -> str:
    """Why the log does not determine the cache; "" where it does."""
    if any(layer.kind not in ("full", "latent") for layer in deployment.architecture.layers):
        return _("창 어텐션이나 순환 층이 있는 모델의 KV 캐시는 로그와 세는 법이 달라서 견주지 않았어요.")
    if deployment.engine in SERVING and not deployment.version:
        return _("KV 캐시 자리는 버전마다 다르게 정해져요. 로그에 버전이 없어서 견주지 않았어요.")
    if deployment.engine in SERVING and not any(name in settings for name in SHARES) and GIVEN not in text:
        return _("로그에 예약 비율이 없어서 KV 캐시는 견주지 않았어요.")
    return ""


def of_ggml(memory: EngineMemory) -> dict[str, float]:
    """Summed over the cards; what stands in system memory is not told apart, so that only the buffer is left then."""
    found = {"compute_buffer_mib": max(gpu.part("activations") for gpu in memory.gpus) / MIB}
    if not any(reason.code in OFFLOADS for reason in memory.reasons):
        found["weights_gib"] = total(memory.gpus, "weights") / GIB
        found["kv_gib"] = total(memory.gpus, "kv_cache") / GIB
    return found


def total(gpus: tuple[GpuMemory, ...], part: str) -> int:
    return sum(gpu.part(part) for gpu in gpus)
