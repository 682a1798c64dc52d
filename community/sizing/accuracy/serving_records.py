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
from ..architecture.vision import vision_tensors
from ..deployment import Deployment, Options
from ..engines import sglang, tensorrt_llm, vllm, vllm_cache
from ..formats import Format, parse_format
from ..hardware import Device
from ..kv_cache import kv_type, layer_bytes_per_token
from ..sharding import Parallel, stage_layers
from ..versions import parse_version

GIB, MIB = 2**30, 2**20

# First match wins; the text is lower case.
CARDS = (
    (r"a100.{0,3}40", "a100-40gb"), (r"a100.{0,3}80", "a100-80gb"), (r"h100.{0,6}nvl", "h100-nvl"),
    (r"h100.{0,6}pcie", "h100-80gb-pcie"), (r"a100/h100 80|80gb class.*h100", "h100-80gb"), (r"h100", "h100-80gb"),
    (r"h200", "h200"), (r"h20\b", "h20"), (r"gb200", "gb200"), (r"b200", "b200"), (r"l40s", "l40s"),
    (r"\bl4\b", "l4"), (r"\bt4\b", "t4"), (r"a10g|\ba10\b", "a10"), (r"\ba30\b", "a30"),
    (r"v100.{0,6}16", "v100-16gb"), (r"v100", "v100-32gb"), (r"pro 6000", "rtx-pro-6000"),
    (r"6000 ada", "rtx-6000-ada"), (r"a6000", "rtx-a6000"), (r"a5000", "rtx-a5000"), (r"a4000", "rtx-a4000"),
    (r"5090", "rtx-5090"), (r"5080", "rtx-5080"), (r"5070 ti", "rtx-5070-ti"), (r"4090", "rtx-4090"),
    (r"4080", "rtx-4080"), (r"4070 ti", "rtx-4070-ti-super"), (r"4060 ti", "rtx-4060-ti-16gb"),
    (r"3090", "rtx-3090"), (r"3060", "rtx-3060-12gb"), (r"gb10|dgx spark", "dgx-spark"), (r"mi300x", "mi300x"),
    (r"mi325x", "mi325x"), (r"mi250x", "mi250x"), (r"mi210", "mi210"), (r"7900 xtx", "rx-7900-xtx"),
    (r"orin.*64", "jetson-agx-orin-64gb"), (r"a100", "a100-80gb"),
)  # fmt: skip

# A card that is only known by its size is taken as the usual one of the size.
SIZES = {16: "t4", 24: "rtx-4090", 32: "rtx-5090", 40: "a100-40gb", 48: "l40s", 80: "h100-80gb", 96: "rtx-pro-6000"}

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
OF_THE_FORMAT = {"weights", "kv_pool", "kv_pool_tokens", "total"}


def lookup(rows: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((found for pattern, found in rows if re.search(pattern, text.lower())), None)


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


def device_of(text: str, device: Callable[[str], Device]) -> Device | None:
    """The catalogue's card with the size that the text gives, the usual card of a size, or None."""
    text = text.lower()
    name = lookup(CARDS, text) if "class" not in text or "/" in text.split("class")[0] else None
    before = re.search(r"(\d+(?:\.\d+)?) ?gb (?:free )?before load", text)  # SGLang prints what is free then
    if before:
        return with_total(device(name or "l40s"), int((float(before[1]) + 0.55) * GIB))
    if name is None:
        return of_size(text, device)
    card = device(name)
    printed, total = re.search(r"\((\d{4,6}) ?mib\)", text), re.search(r"\((?:about )?(\d+\.\d+) ?gib\)", text)
    if printed:
        card = replace(card, usable=int(printed[1]) * MIB)
    return with_total(card, int(float(total[1]) * GIB)) if total else card


def of_size(text: str, device: Callable[[str], Device]) -> Device | None:
    """A card that is only known by its size; one that no usual card has is made up without links."""
    size = re.search(r"(\d+(?:\.\d+)?) ?gb", text)
    if not size:
        return None
    near = min(SIZES, key=lambda known: abs(known - float(size[1])))
    total = re.search(r"\((\d+\.\d+) ?gib\)", text)
    if abs(near - float(size[1])) <= 4 and "amd" not in text:
        card = device(SIZES[near])
        return with_total(card, int(float(total[1]) * GIB)) if total else card
    usable = int(float(size[1]) * GIB)
    return replace(
        device("l40s"), id="unknown", name=text[:60], usable=usable, cuda_total=usable, source="", checked=""
    )


def with_total(card: Device, total: int) -> Device:
    """What CUDA reported; a card of another size than the catalogue's (a rebuilt one) is as large as that."""
    near = abs(card.usable - total) < 0.05 * card.usable
    return replace(card, usable=card.usable if near else total, cuda_total=total)


def format_of(record: Mapping[str, Any]) -> Format | None:
    text = str(record.get("weight_format") or "").lower()
    name = lookup(FORMATS, text)
    if name == "w4a16" and "autoround" in str(record.get("model")).lower():
        name = "gptq-int4-no-act-order"
    if name == "fp8" and re.search(r"fp8.?dynamic", str(record.get("model")).lower()):
        name = "fp8-channel"
    if "online" in text:  # vLLM quantizes whole tensors while it loads
        name = "fp8-tensor"
    return parse_format(name) if name else None


# Records whose config_id is the text model of a repository that has a tower as well (config.json of
# mistralai/Mistral-Small-3.1-24B-Instruct-2503).
PIXTRAL = {
    "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16, "head_dim": 64,
    "patch_size": 14, "image_size": 1540, "num_channels": 3,
}  # fmt: skip


def with_tower(record: Mapping[str, Any], architecture: Architecture) -> Architecture:
    name = str(record.get("model")).lower()
    if architecture.model_type != "mistral" or not re.search(r"mistral-small-3\.[12]", name):
        return architecture
    tower = vision_tensors("mistral3", Fields(PIXTRAL), architecture.hidden)
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
    unclear = (OF_THE_CARD if card is None else set()) | (OF_THE_FORMAT if weights is None else set())
    if "--max-total-tokens" in str(record.get("cli") or ""):
        unclear = unclear - {"kv_pool", "kv_pool_tokens"}
    return {component: size for component, size in found.items() if component not in unclear}


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
