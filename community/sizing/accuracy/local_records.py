"""A measured record of a local engine -> what the rules say of its configuration, and what was measured beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..architecture import Architecture
from ..deployment import Deployment, Options
from ..engines import exllama, mlx
from ..errors import InputError
from ..formats import parse_format
from ..hardware import Device
from .llama_records import of_llama_cpp

GIB, MIB = 2**30, 2**20


def deployment_of(record: Mapping[str, Any], architecture: Architecture, weights: str, kv: str | None) -> Deployment:
    card = Device("", "", 2**40, None, 0.0, {}, "", "NVIDIA", 0.0, False, 2**40, "", "")
    return Deployment(
        str(record["model"]), architecture, parse_format(weights), record["engine"], "", (card,),
        record.get("n_ctx") or 4096, options=Options(kv=kv),
    )  # fmt: skip


def of_exllama(record: Mapping[str, Any], architecture: Architecture) -> dict[str, float]:
    text = str(record.get("weight_format") or "").lower()
    bits = re.search(r"(\d+\.?\d*) ?bpw", text)
    kind = "exl2" if record["engine"] == "exllamav2" else "exl3"
    weights = f"{kind}-{bits[1]}" if bits else "f16"
    kv = str(record.get("kv_dtype") or "").lower()
    types = re.findall(r"q(\d)", kv)
    name = "/".join(f"q{digit}" for digit in types) if types else "q8" if "8bit" in kv or "fp8" in kv else "f16"
    found = exllama.memory(deployment_of(record, architecture, weights, name))
    gpu = found.gpus[0]
    tokens = record.get("n_ctx") or 4096
    return {"weights": gpu.part("weights"), "kv_per_token": gpu.part("kv_cache") / tokens, "total": gpu.needed}


def of_mlx(record: Mapping[str, Any], architecture: Architecture) -> dict[str, float]:
    text = str(record.get("weight_format") or "").lower()
    bits = re.search(r"(\d) ?-?bit", text)
    if not bits and "mxfp4" not in text:
        raise InputError("weights", f"{text[:60]!r} is no format that is known", "a weight format")
    name = "mlx-mxfp4-q8" if "mxfp4" in text and bits else "mlx-mxfp4" if "mxfp4" in text else f"mlx-{bits[1]}bit"  # type: ignore[index]
    deployment = deployment_of(record, architecture, name, None)
    gpu = mlx.memory(deployment).gpus[0]
    return {"weights": gpu.part("weights"), "total": gpu.needed}


PREDICTORS: dict[str, Callable[[Mapping[str, Any], Architecture], dict[str, float]]] = {
    "llama.cpp": of_llama_cpp,
    "ik_llama.cpp": of_llama_cpp,
    "ollama": of_llama_cpp,
    "exllamav2": of_exllama,
    "exllamav3": of_exllama,
    "mlx": of_mlx,
}


def predicted(
    record: Mapping[str, Any], architecture: Architecture, device: Callable[[str], Device] | None = None
) -> dict[str, float]:
    """Bytes: weights (all), weights_gpu, file_size, kv_per_token, compute_buffer, projection, total, loaded."""
    return PREDICTORS[record["engine"]](record, architecture)


HOST = re.compile(r"cpu|host|amx|rpc", re.I)


def measured(record: Mapping[str, Any]) -> dict[str, float]:
    """Bytes that the record can test, under the names of `predicted`.

    A table of llama.cpp's own projection gives the GPU's weights, a log all of them.
    """
    values, testable = record.get("measured", {}), set(record.get("testable", ()))
    found: dict[str, float] = {}
    if "weights" in testable and values.get("weights_gib"):
        by_device = values.get("weights_by_device_mib") or {}
        gpus = sum(size for name, size in by_device.items() if not HOST.search(name))
        if gpus and abs(gpus / 1024 - values["weights_gib"]) < 0.01:
            found["weights_gpu"] = gpus * MIB
        else:
            found["weights"] = values["weights_gib"] * GIB
    if "file_size" in testable and values.get("file_size_gib"):
        found["file_size"] = values["file_size_gib"] * GIB
    if "kv_per_token" in testable and values.get("kv_mib") and record.get("n_ctx"):
        found["kv_per_token"] = values["kv_mib"] * MIB / record["n_ctx"]
    elif "kv_per_token" in testable and record.get("derived", {}).get("kv_bytes_per_token"):
        found["kv_per_token"] = record["derived"]["kv_bytes_per_token"]
    if "compute_buffer" in testable and values.get("compute_buffer_mib"):
        found["compute_buffer"] = values["compute_buffer_mib"] * MIB
    if "total" in testable:
        found |= measured_total(values)
    return found


TOTALS = (
    ("gpu_self_mib", MIB, "projection"), ("nvidia_smi_total_mib", MIB, "total"), ("total_mib", MIB, "total"),
    ("total_gib", GIB, "loaded"), ("peak_gb", 1e9, "total"), ("peak_ram_mb", 1e6, "total"),
    ("metal_peak_8k_gb", 1e9, "total"), ("peak_footprint_8k_gb", 1e9, "total"),
)  # fmt: skip


def measured_total(values: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, unit, component in TOTALS:
        if values.get(name) and component not in found:
            found[component] = values[name] * unit
    return found
