"""Failures of GPUs and drivers, and of what the engine wants of them."""

from __future__ import annotations

from .wording import Message, only, said

GPUS: dict[str, tuple[Message, ...]] = {
    "too_few_gpus": (
        Message(
            "max local gpu count",
            r"world_size \((?P<asked>\d{1,5})\) is less than than max local gpu count \((?P<visible>\d{1,5})\)",
        ),
        Message(
            "number of visible devices",
            r"local_world_size \((?P<asked>\d{1,5})\) must be less than or equal to the number of visible "
            r"devices \((?P<visible>\d{1,5})\)",
        ),
        Message(
            "number of available GPUs",
            r"(?:World size|[Tt]ensor parallel size) \((?P<asked>\d{1,5})\) (?:is|cannot be) larger than the "
            r"number of available GPUs \((?P<visible>\d{1,5})\)",
        ),
        Message("total number of available", r"number of required [^\n]{1,20} exceeds the total number of available"),
        only("Ray does not allocate any GPUs"),
        only("No available node types can fulfill resource request"),
        Message("invalid device ordinal", r"(?:CUDA|HIP|ROCm) error: invalid device ordinal"),
        Message("out of bounds", r"DP adjusted local rank (?P<asked>\d{1,5}) is out of bounds"),
    ),
    "no_gpu": (
        only("No CUDA GPUs are available"),
        only("No HIP GPUs are available"),
        Message("no CUDA-capable device", r"[Ee]rror: no CUDA-capable device is detected"),
        only("Failed to infer device type"),
        only("Device string must not be empty"),
        Message(
            "failed to initialize CUDA", r"failed to initialize CUDA: (?P<message>no CUDA-capable device[^\n]{0,40})"
        ),
        only("Found no NVIDIA driver on your system"),
        only("libcuda.so.1: cannot open shared object file"),
        only("nvml error: driver not loaded", alone=False),
        only('could not select device driver "" with capabilities: [[gpu]]', alone=False),
        Message("invalid device", r"error: invalid device: (?P<device>\w{1,40})", alone=False),
        only("no devices found that support the requested split", alone=False),
    ),
    "driver_too_old": (
        only("NVIDIA driver on your system is too old"),
        only("CUDA driver version is insufficient"),
        only("PTX was compiled with an unsupported toolchain"),
        only("Driver/library version mismatch", alone=False),
        Message("unsatisfied condition", r"unsatisfied condition: cuda ?>= ?(?P<needed>[\d.]{1,10})", alone=False),
        only("system has unsupported display driver / cuda driver combination"),
    ),
    "cuda_init_failed": (
        Message(
            "CUDA",
            r"(?:CUDA driver initialization failed|Unexpected error from cudaGetDeviceCount\(\))[^\n]{0,60}",
            alone=False,
        ),
        only("CUDA error: system not yet initialized"),
        Message("failed to initialize", r"failed to initialize (?:CUDA|ROCm): (?P<message>[^\n]{1,80})", alone=False),
        only("cuda driver library failed to get device context", alone=False),
    ),
    "device_lost": (
        only("ErrorDeviceLost"),
        only("DeviceLostError"),
        only("GPU has fallen off the bus"),
        only("uncorrectable ECC error encountered"),
        only("kIOGPUCommandBufferCallbackErrorTimeout"),
        only("UR_RESULT_ERROR_DEVICE_LOST"),
    ),
    "attention_backend": (
        said("No valid attention backend found"),
        Message("Selected backend", r"Selected backend (?P<backend>[\w.]{1,60}) is not valid for this configuration"),
        only("Sinks are only supported in FlashAttention 3"),
        said("FlashAttention only supports Ampere GPUs or newer"),
        said("FlashAttention v3 Backend requires SM"),
        said("FlashAttention-3 is not supported"),
        said("flash attention build does not support"),
        said("FlashAttention forward only supports head dimension"),
        only("No available kernel. Aborting execution", alone=False),
        Message("ead size", r"(?P<message>[Hh]ead size \d{1,4} is not supported by [^\n]{1,80})"),
        Message(
            "ttention",
            r"Error: (?P<message>[^\n]{0,100}(?:not supported|does not "
            r"support|[Uu]nsupported)[^\n]{0,40}[Aa]ttention[^\n]{0,60})",
            alone=False,
        ),
    ),
    "unsupported_gpu": (
        said("FlashInfer requires GPUs with"),
        Message(
            "compute capability",
            r"Error: (?P<message>[^\n]{1,120}(?:requires?|only supported on)[^\n]{1,60}compute "
            r"capability[^\n]{0,60})",
            alone=False,
        ),
        Message(
            "requires ",
            r"Error: (?P<message>[^\n]{1,80} requires (?:Hopper|Blackwell|Ampere|Ada|SM ?\d{2,3})[^\n]{0,80})",
            False,
        ),
    ),
    "kernel_shared_memory": (
        Message(
            "out of resource: shared memory",
            r"out of resource: shared memory, Required: (?P<required>\d{1,12}), Hardware limit: (?P<limit>\d{1,12})",
        ),
        only("out of resource: shared memory"),
    ),
}
