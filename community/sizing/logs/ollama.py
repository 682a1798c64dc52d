"""Ollama: its own engine's lines, its estimates, and llama.cpp's lines where that runs inside.

Sums and the compute buffer are as for llama.cpp. A server loads many models: the last load that got memory counts.
"""

from __future__ import annotations

import re
from typing import Any

from . import llama_cpp
from .patterns import NUMBER, Pattern, first, plain_value, rounded

SIZE = rf'"?(?P<value>{NUMBER}) (?P<unit>B|[KMGT]i?B)"?'
DEVICE = r"(?:device=|buffer=|backend=\S{1,40} buffer_type=)(?P<device>\S{1,40})"

WEIGHTS = Pattern("weights", '"model weights"', rf'msg="model weights" {DEVICE} size={SIZE}', source="0.7-")
KV = Pattern("cache", '"kv cache"', rf'msg="kv cache" {DEVICE} size={SIZE}', source="0.11.5-")
COMPUTE = Pattern("graph", '"compute graph"', rf'msg="compute graph" {DEVICE} size={SIZE}', source="0.7-")
ESTIMATES = {
    "weights_gib": Pattern("weights", "memory.weights.total", rf"memory\.weights\.total={SIZE}", source="0.1.40-0.12"),
    "kv_gib": Pattern("cache", "memory.required.kv", rf"memory\.required\.kv={SIZE}", source="0.1.30-0.12"),
    "compute_buffer_mib": Pattern("graph", "memory.graph.full", rf"memory\.graph\.full={SIZE}", source="0.1.30-0.12"),
}
STARTS = re.compile(r"msg=\"?starting (?:llama[ -]server|runner)\b")  # the server's words, not the runner's own
MEMORY = re.compile(r"buffer size +=|msg=\"(?:model weights|kv cache|compute graph)\"|memory\.required")

FLAGS = {
    "n_ctx": "--ctx-size", "n_parallel": "--parallel", "n_batch": "--batch-size", "n_gpu_layers": "--n-gpu-layers",
    "kv_cache_type": "--kv-cache-type",
}  # fmt: skip
LOAD = {
    "n_ctx": "KvSize", "n_parallel": "Parallel", "n_batch": "BatchSize", "flash_attention": "FlashAttention",
    "kv_cache_type": "KvCacheType",
}  # fmt: skip
OFFER = re.compile(r"layers\.model=(\d{1,5}) layers\.offload=(\d{1,5})")
GPU_LAYERS = re.compile(r"GPULayers:(\d{1,5})\b")
RUN = re.compile(r"\bollama run ([\w./\-]{1,100}(?::[\w.\-]{1,60})?)")
NAMED = re.compile(
    r'msg="?[^\n"]{0,40}"? architecture=\S{1,40} file_type=\S{1,40} name="?([^"\n]{1,120}?)"? description='
)


def last_load(text: str) -> str:
    starts = [match.start() for match in STARTS.finditer(text)]
    cuts = [beginning(text, start, before) for start, before in zip(starts, [0, *starts], strict=False)]
    parts = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return next((part for part in reversed(parts) if MEMORY.search(part)), text)


def beginning(text: str, start: int, before: int) -> int:
    """The estimate of a load stands shortly before the runner's start."""
    estimated = text.find("memory.required", before, start)
    return line_start(text, estimated if estimated >= 0 else start)


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def figures(text: str, settings: dict[str, Any]) -> dict[str, Any]:
    part = last_load(text)
    found = {
        "weights_gib": total(WEIGHTS, part),
        "kv_gib": total(KV, part),
        "compute_buffer_mib": llama_cpp.largest(largest_by_device(COMPUTE, part)),
    }
    inside = llama_cpp.figures(part, {})
    found |= {name: inside[name] for name in found if found[name] is None}
    found |= {name: estimate(name, part) for name in found if found[name] is None}
    return found | {"context": settings.get("n_ctx") or inside["context"], "kv_tokens": inside["kv_tokens"]}


def largest_by_device(pattern: Pattern, part: str) -> dict[str, float]:
    """Attempts come first and smaller or empty ones may follow: the most that was said of a device."""
    found: dict[str, float] = {}
    for hit in pattern.hits(part):
        found[hit.get("device")] = max(hit.mib, found.get(hit.get("device"), 0))
    return {device: size for device, size in found.items() if size}


def total(pattern: Pattern, part: str) -> float | None:
    """Over the devices, by the last that was said of each."""
    found = llama_cpp.sizes_of(pattern.hits(part))
    return rounded(sum(found.values()) / 1024) if found else None


def estimate(name: str, part: str) -> float | None:
    hit = first(part, (ESTIMATES[name],))
    if hit is None:
        return None
    return rounded(hit.mib, 2) if name.endswith("_mib") else rounded(hit.gib)


def settings(text: str) -> dict[str, Any]:
    part = last_load(text)
    found = llama_cpp.settings(part)
    found.pop("n_parallel", None)
    found = environment(text) | requested(part) | started(part) | found
    if match := OFFER.search(part):
        found.setdefault("offloaded", f"{match[2]}/{match[1]}")
    return found


def environment(text: str) -> dict[str, Any]:
    """Of the server's configuration what is not left to its own choice."""
    found = {}
    if match := re.search(r"OLLAMA_KV_CACHE_TYPE:(\w{1,10})", text):
        found["kv_cache_type"] = match[1]
    if "OLLAMA_FLASH_ATTENTION:true" in text:
        found["flash_attention"] = True
    if match := re.search(r"OLLAMA_NUM_PARALLEL:([1-9]\d{0,4})\b", text):
        found["n_parallel"] = int(match[1])
    return found


def started(part: str) -> dict[str, Any]:
    """From the command line of the runner."""
    found = {name: re.search(rf"{flag} (\S{{1,40}})", part) for name, flag in FLAGS.items()}
    values = {name: plain_value(match[1].rstrip("\"'")) for name, match in found.items() if match}
    if parallel := re.search(r"source=sched\.go\S{0,8} msg=\"?new model[^\n]{0,400}? parallel=(\d{1,5})", part):
        values.setdefault("n_parallel", int(parallel[1]))
    on = "--flash-attn" in part or 'msg="enabling flash attention"' in part
    return values | ({"flash_attention": True} if on else {})


def requested(part: str) -> dict[str, Any]:
    """From the request that the runner gets; the last one is what was loaded."""
    at = part.rfind('request="{Operation:')
    line = part[at : part.find("\n", at)] if at >= 0 else ""
    found = {name: re.search(rf"\b{key}:(\S{{1,40}})", line) for name, key in LOAD.items()}
    values = {name: plain_value(match[1]) for name, match in found.items() if match and ":" not in match[1]}
    values = llama_cpp.switched(values)
    if match := GPU_LAYERS.search(line):
        values["n_gpu_layers"] = int(match[1])
    return values


def model(text: str, settings: dict[str, Any]) -> str | None:
    if match := RUN.search(text):
        return match[1]
    part = last_load(text)
    name = llama_cpp.named(part) or llama_cpp.named(text)
    if name is None and (match := NAMED.search(part)):
        name = match[1]
    return name
