"""Out of memory, by allocation: how much was asked of which device, and what for."""

from __future__ import annotations

import re
from typing import Any

from .failure import Failure, stage
from .patterns import MIB, NUMBER, number

BACKENDS = (
    ("hip", "HIP"), ("rocm", "HIP"), ("metal", "Metal"), ("kiogpu", "Metal"), ("insufficient memory", "Metal"),
    ("vulkan", "Vulkan"), ("sycl", "SYCL"),
)  # fmt: skip

# Words that only a failed allocation prints: advice on memory, which many logs hold, has none of them.
FAILED = re.compile(
    r"(?:CUDA|HIP|XPU|MPS backend) out of memory|OutOfMemoryError|"
    r"(?:CUDA|HIP|ROCm|CUDA driver|Vulkan|Metal) error:? (?:\d{1,4}: )?out of memory|"
    r"(?:cuda|hip)(?:Malloc|HostAlloc|MallocManaged|MallocAsync) failed: out of memory|"
    r"(?:cuda|hip)ErrorOutOfMemory|hipErrorMemoryAllocation|cudaErrorMemoryAllocation|CUDA_ERROR_OUT_OF_MEMORY|"
    r"ErrorOutOfDeviceMemory|ErrorOutOfHostMemory|CUBLAS_STATUS_ALLOC_FAILED|"
    r"kIOGPUCommandBufferCallbackErrorOutOfMemory|Insufficient Memory \(0000000|"
    r"gallocr_reserve_n\w{0,8}: failed to allocate|failed to allocate compute (?:pp |tg )?buffers|"
    r"failed to allocate buffer for kv cache|unable to allocate \S{1,40} buffer|failed to allocate \S{0,20} "
    r"?buffer of size|"
    r"failed to allocate buffer, size|llama_kv_cache_init\(\) failed|model requires more system memory|"
    r"alloc_tensor_range: failed to allocate|failed to allocate output buffer|failed to allocate buffer of size|"
    r"Device memory allocation of size \d{1,20} failed|failed to allocate \S{0,20} ?backend buffer|unable to "
    r"allocate backend|"
    r"std::bad_alloc|ggml_aligned_malloc: insufficient memory|DefaultCPUAllocator: (?:can't allocate|not "
    r"enough) memory|"
    r"mmap failed: Cannot allocate memory|not enough space in the context's memory pool|OUT_OF_DEVICE_MEMORY|"
    r"Cuda failure (?:2 )?'out of memory'|(?:XPU|NPU|MUSA) out of memory|can't allocate \d{1,20} Bytes of "
    r"memory on device|"
    r"Triton Error \[CUDA\]: out of memory|RESOURCE_EXHAUSTED|insufficient memory - required allocations|"
    r"failed to allocate \d{1,12}(?:\.\d{1,2})? MiB(?! of pinned)|model requires more GPU memory|"
    r"memory layout cannot be allocated|Failed to allocate memory for requested buffer"
)

TORCH = re.compile(
    rf"Tried to allocate (?P<asked>{NUMBER}) (?P<unit>[KMG]iB)[^\n]{{0,40}}?GPU (?P<device>\d{{1,3}}) has a "
    rf"total capaci?ty of "
    rf"(?P<total>{NUMBER}) (?P<total_unit>[MG]iB) of which (?P<free>{NUMBER}) (?P<free_unit>[KMG]iB) is free"
)
TORCH_OLD = re.compile(
    rf"Tried to allocate (?P<asked>{NUMBER}) (?P<unit>[KMG]iB) \(GPU (?P<device>\d{{1,3}}); "
    rf"(?P<total>{NUMBER}) (?P<total_unit>[MG]iB) total capacity"
)
GGML = re.compile(
    rf"allocating (?P<asked>{NUMBER}) (?P<unit>MiB|MB) on device (?P<device>\d{{1,3}}): (?:cuda|hip)Malloc"
)
SYSTEM = re.compile(
    rf"requires more system memory \((?P<asked>{NUMBER}) (?P<unit>[KMGT]iB)\) than is available "
    rf"\((?P<free>{NUMBER}) (?P<free_unit>[KMGT]iB)\)"
)
BYTES = re.compile(
    r"(?:failed to allocate \S{0,20} ?buffer of size|memory allocation of size|failed to allocate buffer, size =|"
    r"you tried to allocate) "
    r"(?P<asked>\d{1,20})(?P<unit>)(?! ?[KMG]i?B)"
)
TRIED = re.compile(rf"Tried to allocate (?P<asked>{NUMBER}) (?P<unit>[KMG]iB)")
DETAILS = (TORCH, TORCH_OLD, GGML, SYSTEM, TRIED, BYTES)

# What the memory was for, by the words around the failure; the first that occurs.
ALLOCATIONS = (
    ("system", r"requires more system memory|ErrorOutOfHostMemory|HostAlloc failed"),
    ("compute_buffer", r"failed to allocate compute|gallocr_reserve_n|graph_reserve"),
    ("kv_cache", r"buffer for kv cache|llama_kv_cache(?:_init|_unified)?(?:\(\)|:)[^\n]{0,40} fail"),
    ("weights", r"unable to allocate \S{1,40} buffer|error loading model|llama_model_load: error|load_tensors: "
    r"[^\n]{0,60}fail"),
    ("sampler", r"warming up sampler"),
    ("graph_capture", r"Capture cuda graph failed|\bcapture_model\b|in capture\b|capture_graph"),
    ("profile", r"determine_available_memory|profile_run|determine_num_available_blocks|torch\.compile|"
    r"_inductor|_dummy_run"),
    ("kv_cache", r"initialize_kv_cache|_allocate_kv_cache|init_memory_pool|init_cache_engine|_create_buffers"),
    ("weights", r"in load_model|in load_weights|load_weights_and_postprocess|create_weights|"
    r"process_weights_after_loading|initialize_model"),
)  # fmt: skip
RECOVERED = re.compile(r"allocation failed, retrying without pipeline parallelism")


def out_of_memory(text: str) -> Failure | None:
    match = FAILED.search(text)
    if match is None:
        return None
    around = text[max(0, match.start() - 12_000) : match.end() + 3_000]
    values = {"backend": backend(text, match), **allocation(around, text, match.start()), **amounts(text)}
    if RECOVERED.search(text):
        values["recovered"] = True
    return Failure("out_of_memory", match.start(), {name: value for name, value in values.items() if value is not None})


def backend(text: str, match: re.Match[str]) -> str | None:
    """None where the line does not say whose memory it was."""
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.end() + 200].lower()
    if "requires more system memory" in line:
        return "system"
    found = (name for word, name in BACKENDS if word in match[0].lower())
    return next(found, next((name for word, name in BACKENDS if word in line), "CUDA" if "cuda" in line else None))


def allocation(around: str, text: str, at: int) -> dict[str, Any]:
    found = (name for name, pattern in ALLOCATIONS if re.search(pattern, around))
    name = next(found, None) or stage(text, at).get("stage")
    return {"allocation": name} if name else {}


def amounts(text: str) -> dict[str, Any]:
    match = next((found for pattern in DETAILS if (found := pattern.search(text))), None)
    if match is None:
        return {}
    said = match.groupdict()
    values: dict[str, Any] = {"asked_mib": mib(said["asked"], said["unit"])}
    if said.get("device"):
        values["device"] = int(said["device"])
    for name in ("total", "free"):
        if said.get(name):
            values[f"{name}_gib"] = round(mib(said[name], said[f"{name}_unit"]) / 1024, 4)
    return values


def mib(value: str, unit: str) -> float:
    """Without a unit the figure is in bytes."""
    return round(number(value) * MIB[unit[:1] or "B"], 2)
