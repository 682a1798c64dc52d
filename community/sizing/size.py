"""A deployment in, an estimate out: support, memory, verdict, and what would turn a no into a yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from . import compatibility, speed
from .compatibility import Support
from .deployment import Deployment
from .engines import engine
from .errors import InputError
from .estimate import EngineMemory, Estimate, Reason, Verdict
from .formats import weigh
from .kv_cache import KvType, bytes_per_token, kv_type
from .settings import check_settings, newer_settings
from .validation import with_records

RULES_VERSION = "2026-11-20"
COMFORTABLE = 0.90  # of usable memory; above it a deployment is tight

# What stops an engine whatever the memory, as opposed to memory that is too small.
REFUSALS = {
    "heads_not_divisible", "kv_heads_not_divisible", "width_not_divisible", "expert_width_not_divisible",
    "experts_fewer_than_gpus", "layers_fewer_than_stages", "kv_type_not_supported",
    "quantized_values_need_flash_attention", "setting_not_in_version",
}  # fmt: skip
OFFLOADS = {"layers_in_system_memory", "experts_in_system_memory"}
WHOLE_CARDS = ("vllm", "sglang", "tensorrt-llm")  # unequal cards all hold what the smallest pool allows
MOST_GPU_LAYERS = 10_000  # "all of them" is often written as 99 or 999
MOST_CONTEXT, MOST_REQUESTS, MOST_DEVICES = 100_000_000, 1_000_000, 256


@dataclass(frozen=True)
class Answer:
    """A verdict without its suggestions."""

    verdict: Verdict
    support: Support
    memory: EngineMemory | None
    reasons: tuple[Reason, ...]


def check_numbers(deployment: Deployment) -> None:
    """Senseless numbers are refused by name before any rule sees them."""
    share = deployment.options.gpu_memory_utilization
    if share is not None and not (isfinite(share) and 0 < share <= 1):
        raise InputError("gpu-memory-utilization", f"{share} is not usable", "above 0, at most 1")
    limits = {
        "context": (deployment.context, MOST_CONTEXT),
        "requests": (deployment.requests, MOST_REQUESTS),
        "gpus": (len(deployment.devices), MOST_DEVICES),
        "max-num-seqs": (deployment.options.max_num_seqs, MOST_REQUESTS),
        "max-num-batched-tokens": (deployment.options.max_num_batched_tokens, MOST_CONTEXT),
        "ubatch": (deployment.options.ubatch, MOST_REQUESTS),
    }
    for field, (value, most) in limits.items():
        if value is not None and not 1 <= value <= most:
            raise InputError(field, f"{value} is not usable", f"1 to {most:,}")
    layers = deployment.options.gpu_layers
    if layers is not None and not 0 <= layers <= MOST_GPU_LAYERS:
        raise InputError("gpu-layers", f"{layers} is not usable", f"0 to {MOST_GPU_LAYERS:,}")


def assess(deployment: Deployment) -> Answer:
    """The verdict alone; `size` adds what a reader wants to know besides."""
    check_numbers(deployment)
    module, _ = engine(deployment.engine)
    check_settings(deployment)
    support = worst_support(deployment)
    if not hasattr(module, "memory"):
        module.check(deployment)
    memory = module.memory(deployment) if hasattr(module, "memory") else None
    if memory:
        memory = with_records(memory, deployment.engine, deployment.version)
        memory = replace(memory, reasons=(*memory.reasons, *newer_settings(deployment)))
    reasons = [*support_reasons(deployment, support), *model_reasons(deployment)]
    if memory is None:
        verdict = Verdict.UNSUPPORTED if support.verdict == "no" else Verdict.UNKNOWN
        return Answer(verdict, support, None, (*reasons, Reason("memory_not_known", {"engine": deployment.engine})))
    return Answer(verdict_of(support, memory), support, memory, (*reasons, *memory.reasons))


def verdict_of(support: Support, memory: EngineMemory) -> Verdict:
    codes = {reason.code for reason in memory.reasons}
    if support.verdict == "no" or codes & REFUSALS:
        return Verdict.UNSUPPORTED
    fullness = max(gpu.needed / (gpu.usable if gpu.budget is None else gpu.budget) for gpu in memory.gpus)
    if not memory.starts or fullness > 1:
        return Verdict.DOES_NOT_FIT
    if support.verdict == "unknown":
        return Verdict.UNKNOWN
    if codes & OFFLOADS:
        return Verdict.FITS_WITH_OFFLOAD
    comfortable = all(gpu.needed <= COMFORTABLE * gpu.usable for gpu in memory.gpus)
    return Verdict.FITS if comfortable else Verdict.TIGHT


def worst_support(deployment: Deployment) -> Support:
    """Over unequal cards the least certain answer counts."""
    rank = {"no": 0, "unknown": 1, "yes": 2}
    _, version = engine(f"{deployment.engine}@{deployment.version}" if deployment.version else deployment.engine)
    cards = {device.id: device for device in deployment.devices}.values()
    answers = [
        compatibility.check(deployment.engine, version, deployment.weights, device, deployment.architecture)
        for device in cards
    ]
    return min(answers, key=lambda answer: rank[answer.verdict])


def support_reasons(deployment: Deployment, support: Support) -> list[Reason]:
    if support.verdict == "yes" and not support.condition:
        return []
    code = {"no": "engine_cannot_run", "unknown": "support_not_known", "yes": "runs_with_condition"}[support.verdict]
    found = {"engine": deployment.engine, "version": deployment.version, "weights": deployment.weights.id}
    found |= {name: getattr(support, name) for name in ("condition", "since", "until", "source", "checked")}
    return [Reason(code, {name: value for name, value in found.items() if value})]


def model_reasons(deployment: Deployment) -> list[Reason]:
    own, found = deployment.architecture.context, []
    if own and deployment.context > own:
        found.append(Reason("context_beyond_model", {"context": deployment.context, "model": own}))
    cards = list(dict.fromkeys(device.id for device in deployment.devices))
    if len(cards) > 1 and deployment.engine in WHOLE_CARDS:
        found.append(Reason("unequal_cards", {"cards": cards}))
    if deployment.architecture.uncounted:
        found.append(Reason("parts_not_counted", {"parts": list(deployment.architecture.uncounted)}))
    return found


def size(deployment: Deployment) -> Estimate:
    """Raises InputError for senseless input; what cannot run is an Estimate with its reason."""
    from .suggestions import suggestions  # which asks `assess` in turn

    answer, architecture = assess(deployment), deployment.architecture
    weights = weigh(architecture, deployment.weights)
    module, _ = engine(deployment.engine)
    refused = answer.verdict == Verdict.UNSUPPORTED
    return Estimate(
        verdict=answer.verdict,
        reasons=answer.reasons,
        parameters=architecture.parameters,
        active_parameters=architecture.active_parameters,
        weights_bytes=weights.weights_bytes,
        file_bytes=weights.file_bytes,
        kv_bytes_per_token=bytes_per_token(architecture, kv_of(deployment)),
        memory=answer.memory,
        command="" if refused else module.command(deployment),
        suggestions=() if answer.verdict in (Verdict.FITS, Verdict.TIGHT) else suggestions(deployment),
        speed=speed.ceilings(deployment),
        rules_version=RULES_VERSION,
    )


def kv_of(deployment: Deployment) -> KvType:
    """The type that the reader asked for; K and V may differ, then the first counts here."""
    return kv_type((deployment.options.kv or "f16").partition("/")[0])


def needed_bytes(memory: EngineMemory | None) -> int:
    return sum(gpu.needed for gpu in memory.gpus) if memory else 0


def changed(deployment: Deployment, **changes: Any) -> Deployment:
    """The deployment with other settings; those of Options are found by name."""
    options = {name: changes.pop(name) for name in list(changes) if hasattr(deployment.options, name)}
    return replace(deployment, **changes, options=replace(deployment.options, **options))
