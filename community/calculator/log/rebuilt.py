"""A log -> the deployment it was of, or why that cannot be said. What was measured is never looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from community.sizing import Deployment, Options
from community.sizing.catalog import Model
from community.sizing.hardware import Device
from community.sizing.logs import Reading
from community.sizing.size import MOST_DEVICES

from .cards import cards_in, mentioned
from .figures import SERVING
from .names import NotRebuilt, model_of, weights_of

COVERED = (*SERVING, "llama.cpp", "ollama")
OLDEST_BUILD = 1000  # a build made without its number says 0 or 1
# Settings that change the memory in ways the rules do not follow.
BEYOND = (
    "speculative", "cpu_offload_gb", "num_gpu_blocks_override", "kv_cache_memory_bytes", "max_total_tokens",
    "override_tensor", "n_cpu_moe", "tensor_split", "enable_dp_attention",
)  # fmt: skip


def rebuilt(reading: Reading, text: str, devices: tuple[Device, ...], chosen: Model | None) -> Deployment:
    """`devices` and `chosen` are the reader's own, () and None where the log has to name them."""
    engine = covered(reading)
    model = chosen or model_of(reading.model or "")
    weights = weights_of(reading, model, text)
    context, requests = context_of(reading)
    return Deployment(
        model=model.id,
        architecture=model.architecture,
        weights=weights,
        engine=engine,
        version=version_of(engine, reading.engine_version or ""),
        devices=devices_of(reading, text, devices),
        context=context,
        requests=requests,
        options=serving_options(reading.settings) if engine in SERVING else ggml_options(reading.settings),
        hub_name=model.repository(weights.id, engine),
    )


def covered(reading: Reading) -> str:
    """The engine, where there are rules for it and for the settings."""
    if reading.engine not in COVERED:
        raise NotRebuilt(_("이 엔진의 메모리 규칙은 아직 몰라요."))
    if beyond := [name for name in BEYOND if reading.settings.get(name)]:
        raise NotRebuilt(_("계산기가 다루지 않는 설정이 있어요: %s.") % ", ".join(beyond))
    return reading.engine


def context_of(reading: Reading) -> tuple[int, int]:
    """Of one request, and how many: llama.cpp sets up the cache for all of its slots."""
    settings = reading.settings
    total = reading.found["context"] or settings.get("n_ctx") or settings.get("max_model_len")
    if not isinstance(total, int):
        raise NotRebuilt(_("로그에 문맥 길이가 없어요."))
    slots = settings.get("n_parallel")
    if reading.engine != "llama.cpp" or settings.get("kv_unified") or not isinstance(slots, int) or slots < 2:
        return total, 1
    return total // slots, slots


def devices_of(reading: Reading, text: str, given: tuple[Device, ...]) -> tuple[Device, ...]:
    if reading.engine not in SERVING:
        return given or listed(text)
    one = given or tuple(filter(None, [mentioned(text)]))
    if not one:
        raise NotRebuilt(_("로그에 GPU 이름이 없어요. 위의 GPU 칸에 적어 주면 계산해요."))
    options = serving_options(reading.settings)
    count = (options.tensor_parallel or 1) * (options.pipeline_parallel or 1)
    return one * min(count, MOST_DEVICES) if len(one) == 1 else one


def listed(text: str) -> tuple[Device, ...]:
    found = cards_in(text)
    if not found:
        raise NotRebuilt(_("로그에 GPU 이름이 없어요. 위의 GPU 칸에 적어 주면 계산해요."))
    if unknown := [name for name, device in found if device is None]:
        raise NotRebuilt(_("%s는 목록에 없는 GPU예요.") % unknown[0])
    return tuple(device for _name, device in found if device)


def version_of(engine: str, text: str) -> str:
    """As the rules know it; "" (the newest) where the log does not say."""
    number = re.match(r"\d{1,6}(?:\.\d{1,6}){0,2}", text)
    if not number:
        return ""
    if engine == "llama.cpp":
        return f"b{number[0]}" if int(number[0]) >= OLDEST_BUILD else ""
    return number[0]


def serving_options(settings: Mapping[str, Any]) -> Options:
    """vLLM's and SGLang's: each has its own names for the same things."""
    kv = settings.get("kv_cache_dtype")
    share = settings.get("gpu_memory_utilization", settings.get("mem_fraction_static"))
    tensor = whole(settings, "tensor_parallel_size", "tp_size")
    return Options(
        kv=kv if kv in ("fp8", "fp8_e4m3", "fp8_e5m2") else None,
        tensor_parallel=tensor,
        pipeline_parallel=whole(settings, "pipeline_parallel_size", "pp_size"),
        expert_parallel=tensor if settings.get("enable_expert_parallel") is True else whole(settings, "ep_size"),
        gpu_memory_utilization=share if isinstance(share, float) else None,
        max_num_seqs=whole(settings, "max_num_seqs", "max_running_requests"),
        max_num_batched_tokens=whole(settings, "max_num_batched_tokens", "chunked_prefill_size"),
        enforce_eager=bool(settings.get("enforce_eager") or settings.get("disable_cuda_graph")),
    )


def ggml_options(settings: Mapping[str, Any]) -> Options:
    keys = settings.get("cache_type_k") or settings.get("kv_cache_type") or "f16"
    values = settings.get("cache_type_v") or keys
    held, _slash, layers = str(settings.get("offloaded") or "").partition("/")
    return Options(
        kv=None if keys == values == "f16" else str(keys) if keys == values else f"{keys}/{values}",
        ubatch=whole(settings, "n_ubatch"),
        flash_attention=settings.get("flash_attention") is not False,
        gpu_layers=None if held == layers else int(held),
        cpu_moe=settings.get("cpu_moe") is True,
    )


def whole(settings: Mapping[str, Any], *names: str) -> int | None:
    """The first of the settings that is a number above 0: what a log prints may be anything."""
    values = (settings.get(name) for name in names)
    return next((int(value) for value in values if isinstance(value, (int, float)) and value > 0), None)
