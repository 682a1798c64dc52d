"""A measured record of vLLM, SGLang or TensorRT-LLM -> the Deployment it ran. What was measured is never looked at.

Records are what people wrote down: a card as "H100-80GB (79.19GiB)", a version as "0.10.2 (V0)" or a month.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..architecture import Architecture
from ..architecture.fields import Fields
from ..architecture.tensors import Tensor
from ..architecture.vision import vision_tensors
from ..deployment import Deployment, Options
from ..engines import sglang, tensorrt_llm, vllm, vllm_cache
from ..formats import Format, parse_format
from ..hardware import Device
from ..kv_cache import kv_type, layer_bytes_per_token
from ..sharding import Parallel, stage_layers
from ..versions import parse_version, version_group
from .cards import device_of, lookup

GIB, MIB = 2**30, 2**20

FORMATS = (
    (r"float32|fp32", "f32"), (r"experts? (offloaded|on the host)|gpu part|ple table", ""),
    (r"fp8/fp4|fp4/fp8", ""), (r"mxfp4", "mxfp4"), (r"nvfp4", "nvfp4"), (r"exl|\bbpw\b|engine \d", ""),
    (r"fp8.*(block|128)", "fp8"), (r"fp8.*(compressed|dynamic|channel)", "fp8-channel"),
    (r"fp8.*(modelopt|tensor|static)", "fp8-tensor"), (r"fp8", "fp8"), (r"awq", "awq-4bit"),
    (r"gptq.*8", "gptq-int8"), (r"gptq", "gptq-int4"), (r"autoround", "gptq-int4-no-act-order"),
    (r"w4a16|int4", "w4a16"), (r"(int8|8.?bit).*marlin|w8a16", "w8a16"), (r"int8|w8a8", "int8"),
    (r"bitsandbytes.*8|bnb.*8", "bnb-int8"), (r"bitsandbytes|bnb|nf4", "bnb-nf4"), (r"bfloat16|bf16", "bf16"),
    (r"float16|fp16|half", "f16"),
)  # fmt: skip

KV_TYPES = (
    (r"float32", "f32"), (r"fp8_e5m2", "fp8_e5m2"), (r"fp8|float8", "fp8"), (r"bfloat16", "bf16"),
    (r"float16", "f16"),
)  # fmt: skip

# Newest release in a month, for records that name only a date (releases on PyPI).
MONTHS = {
    "vllm": (
        ("2024-06", "0.5.0"), ("2024-09", "0.6.0"), ("2025-01", "0.7.0"), ("2025-03", "0.8.0"),
        ("2025-05", "0.9.0"), ("2025-07", "0.10.0"), ("2025-09", "0.10.2"), ("2025-10", "0.11.0"),
        ("2025-12", "0.12.0"), ("2026-01", "0.14.0"), ("2026-02", "0.15.0"), ("2026-03", "0.17.0"),
        ("2026-04", "0.19.0"), ("2026-05", "0.20.0"), ("2026-06", "0.22.0"), ("2026-07", "0.24.0"),
        ("2026-08", "0.26.0"), ("2026-09", "0.29.0"), ("2026-10", "0.31.0"), ("2026-11", "0.33.0"),
    ),
    "sglang": (
        ("2024-06", "0.3.0"), ("2025-01", "0.4.1"), ("2025-03", "0.4.4"), ("2025-05", "0.4.6"), ("2025-07", "0.4.9"),
        ("2025-09", "0.5.2"), ("2025-12", "0.5.6"), ("2026-03", "0.5.9"), ("2026-06", "0.5.13"), ("2026-09", "0.5.20"),
    ),
    "tensorrt-llm": (("2023-10", "0.5.0"), ("2025-02", "0.17.0"), ("2025-06", "0.20.0"), ("2025-09", "1.0.0")),
}  # fmt: skip


LARGEST = 1 << 60
OF_THE_CARD = {"kv_pool", "kv_pool_tokens", "total", "non_torch", "activation"}
POOL = {"kv_pool", "kv_pool_tokens"}
SHARED_CARD = 0.5  # a smaller fraction is asked for where other processes use the card, and how much is not said
OF_THE_FORMAT = {"weights", "kv_pool", "kv_pool_tokens", "total"}


def version_of(engine: str, text: str) -> str:
    """The number that the text holds, else the newest of its month, else the newest known ("")."""
    number = re.search(r"(?<![\d.-])(\d{1,2}\.\d{1,2})(?:\.(\d{1,2}|x))?(?![\d.]*[-]\d\d)", text)
    if number and not re.match(r"20\d\d", text):
        return within(engine, number[1] + (f".{number[2]}" if number[2] and number[2] != "x" else ""))
    date = re.search(r"20\d\d(-\d\d)?", text)
    if not date:
        return "0.7.0" if "V0" in text else ""  # vLLM's first engine
    month = date[0] if date[1] else f"{date[0]}-06"
    return next((version for since, version in reversed(MONTHS[engine]) if since <= month), MONTHS[engine][0][1])


def within(engine: str, version: str) -> str:
    """A release before or after those whose rules are known is taken by the nearest of them."""
    module = {"vllm": vllm, "sglang": sglang, "tensorrt-llm": tensorrt_llm}[engine]
    return sorted((module.OLDEST, version, module.LATEST), key=parse_version)[1]


def format_of(record: Mapping[str, Any]) -> Format | None:
    text = str(record.get("weight_format") or "").lower()
    name = lookup(FORMATS, text)
    if name == "w4a16" and "autoround" in str(record.get("model")).lower():
        name = "gptq-int4-no-act-order"
    if name == "fp8" and re.search(r"fp8.?dynamic", str(record.get("model")).lower()):
        name = "fp8-channel"
    if name == "w4a16" and "awq" in str(record.get("model")).lower():
        name = "w4a16-g32"  # community repositories: the exllama kernel wants 32 (vllm-project/llm-compressor#2302)
    if name == "fp8" and "deepseek-v4" in str(record.get("model")).lower():
        name = "fp8-mxfp4"  # its own checkpoint says fp8 and has its experts in 4 bits
    if "online" in text:  # vLLM quantizes whole tensors while it loads
        name = "fp8-tensor"
    return parse_format(name) if name else None


# Records whose config_id is the text model of a repository that has a tower as well (config.json of
# mistralai/Mistral-Small-3.1-24B-Instruct-2503).
PIXTRAL = {
    "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16, "head_dim": 64,
    "patch_size": 14, "image_size": 1540, "num_channels": 3,
}  # fmt: skip
# LLaVA-1.6's CLIP ViT-L/14-336: 23 of 24 layers are loaded (vision_feature_layer -2), 12,596,224 elements each, then
# patches, 577 positions and norms. Two projections to the model's hidden size and its line break come on top.
CLIP = 23 * 12_596_224 + 1024 * (3 * 14 * 14 + 577 + 3)


def with_tower(record: Mapping[str, Any], architecture: Architecture) -> Architecture:
    name, hidden = str(record.get("model")).lower(), architecture.hidden
    if architecture.model_type == "mistral" and re.search(r"mistral-small-3\.[12]", name):
        tower = vision_tensors("mistral3", Fields(PIXTRAL), hidden)
    elif "llava-v1.6" in name:
        tower = [Tensor("vision_tower", (CLIP + hidden * (1024 + hidden + 3),), "vision", part="vision")]
    else:
        return architecture
    return replace(architecture, tensors=architecture.tensors + tuple(tower))


def kv_of(record: Mapping[str, Any]) -> str | None:
    return lookup(KV_TYPES, str(record.get("kv_dtype") or ""))


def options_of(record: Mapping[str, Any]) -> Options:
    return Options(
        kv=kv_of(record),
        tensor_parallel=record.get("tp") or 1,
        pipeline_parallel=record.get("pp") or 1,
        expert_parallel=record.get("ep"),
        gpu_memory_utilization=record.get("gpu_memory_utilization") or record.get("mem_fraction"),
        max_num_seqs=record.get("max_num_seqs"),
        max_num_batched_tokens=record.get("max_num_batched_tokens") or record.get("chunked_prefill_size"),
        enforce_eager=bool(record.get("enforce_eager")),
    )


def deployment_of(record: Mapping[str, Any], architecture: Architecture, card: Device, weights: Format) -> Deployment:
    options = options_of(record)
    count = (options.tensor_parallel or 1) * (options.pipeline_parallel or 1)
    return Deployment(
        model=str(record["model"]),
        architecture=with_tower(record, architecture),
        weights=weights,
        engine=record["engine"],
        version=version_of(record["engine"], str(record["engine_version"])),
        devices=(card,) * count,
        context=record.get("max_model_len") or architecture.context or 4096,
        options=options,
    )


def predicted(
    record: Mapping[str, Any], architecture: Architecture, device: Callable[[str], Device]
) -> dict[str, float]:
    """Bytes on the GPU that the record shows: the first of the first stage.

    Without a card or a format that the record makes clear, only what does not depend on them.
    """
    card, weights = device_of(str(record["gpu"]), device), format_of(record)
    deployment = deployment_of(record, architecture, card or device("h100-80gb"), weights or parse_format("bf16"))
    found = PREDICTORS[deployment.engine](deployment, record)
    if found.get("kv_pool") and found["kv_per_token"]:
        found["kv_pool_tokens"] = found["kv_pool"] / found["kv_per_token"]
    without = unclear(record, deployment.version, card, weights)
    return {component: size for component, size in found.items() if component not in without}


def unclear(record: Mapping[str, Any], version: str, card: Device | None, weights: Format | None) -> set[str]:
    """What the record's configuration does not determine."""
    found = (OF_THE_CARD if card is None else set()) | (OF_THE_FORMAT if weights is None else set())
    if "unsloth-bnb" in str(record.get("model")):  # layers left in 16 bits by a list of its own, and buffers of LoRA
        found = found | {"weights"}
    if re.search(r"\bfork\b", str(record["engine_version"])):  # its own kernels and layouts
        found = found | OF_THE_FORMAT
    if record["engine"] == "tensorrt-llm" and (record.get("mem_fraction") or 1) < SHARED_CARD:
        found = found | POOL
    if "--max-total-tokens" in str(record.get("cli") or ""):
        found = found - POOL
    return found | ({"cuda_graph"} if unsettled(record, version) else set())


def unsettled(record: Mapping[str, Any], version: str) -> bool:
    """V1 up to 0.16 gives what free memory fell by during the capture: -0.45 to 2.37 GiB, whatever the model."""
    old = "V0" in str(record["engine_version"]) or bool(record.get("enforce_eager"))
    return record["engine"] == "vllm" and not old and version_group("vllm", version) == "0.8-0.16"


def of_vllm(deployment: Deployment, record: Mapping[str, Any]) -> dict[str, float]:
    rank = vllm.ranks(deployment)[0]
    offloaded = min(float(record.get("cpu_offload_gb") or 0) * GIB, rank.weights)
    pool = max(rank.pool + offloaded, 0)
    return {
        "weights": rank.weights - offloaded,
        "kv_per_token": per_token(deployment),
        "kv_pool": pool,
        "activation": rank.activations,
        "non_torch": rank.outside,
        "cuda_graph": rank.graphs,
        # What nvidia-smi shows of the idle server: the activations are given back after the profile run.
        "total": rank.context + rank.weights - offloaded + rank.outside + pool + rank.graphs,
    }


def of_sglang(deployment: Deployment, record: Mapping[str, Any]) -> dict[str, float]:
    rank = sglang.ranks(deployment)[0]
    pool = max(rank.pool - rank.states, 0)
    asked = re.search(r"--max-total-tokens[ =](\d+)", str(record.get("cli") or ""))
    if asked:
        pool = min(pool or LARGEST, int(int(asked[1]) * rank.token))
    return {
        "weights": rank.weights,
        "kv_per_token": per_token(deployment),
        "kv_pool": pool,
        "activation": rank.activations,
        "cuda_graph": rank.graphs,
    }


def of_tensorrt_llm(deployment: Deployment, record: Mapping[str, Any]) -> dict[str, float]:
    rank = tensorrt_llm.ranks(deployment)[0]
    found = {"weights": rank.weights, "kv_per_token": per_token(deployment), "activation": rank.activations}
    # On unified memory the system's file cache counts as used, and nothing in a configuration says how large it is.
    return found if rank.device.unified else {**found, "kv_pool": max(rank.pool, 0)}


def per_token(deployment: Deployment) -> float:
    """Of one GPU of a tensor-parallel group, all layers of its stage, no window full."""
    options = deployment.options
    parallel = Parallel(options.tensor_parallel or 1, options.pipeline_parallel or 1)
    kv = kv_type(options.kv or "bf16")
    layers = stage_layers(deployment.architecture, parallel)[0]
    return sum(layer_bytes_per_token(layer, kv, parallel.tensor) for layer in layers)


PREDICTORS: dict[str, Callable[[Deployment, Mapping[str, Any]], dict[str, float]]] = {
    "vllm": of_vllm,
    "sglang": of_sglang,
    "tensorrt-llm": of_tensorrt_llm,
}


# Component -> the fields of `measured` that give it, with their unit.
FIELDS: dict[str, tuple[tuple[str, float], ...]] = {
    "weights": (("weights_gib", GIB),),
    "kv_pool": (("kv_gib", GIB),),
    "activation": (("activation_gib", GIB), ("activation_mib", MIB)),
    "non_torch": (("non_torch_gib", GIB),),
    "cuda_graph": (("cuda_graph_gib", GIB),),
    "total": (("nvidia_smi_total_mib", MIB), ("total_gib", GIB), ("total_mib", MIB), ("total_gb", 1e9)),
}


def measured(record: Mapping[str, Any]) -> dict[str, float]:
    """What the record can test, under the names of `predicted`; the pool in tokens where only those were printed."""
    values, found = record.get("measured", {}), {}
    for component in record.get("testable", ()):
        sizes = [values[name] * unit for name, unit in FIELDS.get(component, ()) if values.get(name) is not None]
        if sizes:
            found[component] = sizes[0]
    if "kv_per_token" in record.get("testable", ()) and record.get("derived", {}).get("kv_bytes_per_token"):
        found["kv_per_token"] = record["derived"]["kv_bytes_per_token"]
    tokens = values.get("kv_tokens") or values.get("kv_blocks", 0) * vllm_cache.BLOCK
    if "kv_pool" in record.get("testable", ()) and "kv_pool" not in found and tokens:
        found["kv_pool_tokens"] = tokens
    return found
