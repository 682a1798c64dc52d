"""Which settings an engine has, and which of them contradict the model or the cards: refused by name, never ignored."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from .deployment import Deployment, Options
from .errors import InputError
from .estimate import Reason
from .sharding import parallel_of
from .versions import parse_version

SPLIT = ("tp", "pp", "ep")
BATCHES = ("max-num-seqs", "max-num-batched-tokens")
OFFLOAD = ("ubatch", "no-flash-attention", "gpu-layers")
TAKES: dict[str, tuple[str, ...]] = {
    "vllm": ("kv", *SPLIT, "gpu-memory-utilization", *BATCHES, "enforce-eager"),
    "sglang": ("kv", *SPLIT, "gpu-memory-utilization", *BATCHES, "enforce-eager"),
    "tensorrt-llm": ("kv", *SPLIT, "gpu-memory-utilization", *BATCHES),
    "llama.cpp": ("kv", *OFFLOAD, "cpu-moe"),
    "ollama": ("kv", *OFFLOAD),
    "exllamav2": ("kv", "tp"),
    "exllamav3": ("kv", "tp"),
    "mlx": ("kv",),
    "tgi": ("kv", "tp", "gpu-memory-utilization"),
    "lmdeploy": ("tp", "gpu-memory-utilization"),
}
# The first version that has a setting: vLLM PR #12583 (0.8.0), release notes of 0.5.1, 0.3.0 (PR #2279) and 0.2.6
# (PR #1926); SGLang PR #2203 and #5724; llama.cpp PR #11397 (--override-tensor).
SINCE = {
    "vllm": {"ep": "0.8.0", "pp": "0.5.1", "kv": "0.3.0", "enforce-eager": "0.2.6"},
    "sglang": {"ep": "0.4.2", "pp": "0.4.6"},
    "llama.cpp": {"cpu-moe": "b5028"},
}
SHARED_MACHINE = ("llama.cpp", "ollama")  # their backends of different makers work side by side
# Where a flag is not the option's own name.
FLAGS = {
    "tensor_parallel": "tp", "pipeline_parallel": "pp", "expert_parallel": "ep",
    "flash_attention": "no-flash-attention",
}  # fmt: skip


MOST_CARDS = {"llama.cpp": 16, "ollama": 16}  # GGML_CUDA_MAX_DEVICES in ggml/include/ggml-cuda.h


def given(options: Options) -> dict[str, Any]:
    """The settings that are not the engine's own defaults, by flag."""
    found = {
        FLAGS.get(option.name, option.name.replace("_", "-")): (getattr(options, option.name), option.default)
        for option in fields(Options)
    }
    return {flag: value for flag, (value, default) in found.items() if value != default}


def newer_settings(deployment: Deployment) -> tuple[Reason, ...]:
    """What is asked for and this version does not have yet."""
    since = SINCE.get(deployment.engine, {})
    if not deployment.version:
        return ()
    number = parse_version(deployment.version)
    asked = [
        flag for flag, value in given(deployment.options).items() if flag in since and (value is True or value != 1)
    ]
    return tuple(
        Reason("setting_not_in_version", {"setting": flag, "since": since[flag]})
        for flag in asked
        if number < parse_version(since[flag])
    )


def check_settings(deployment: Deployment) -> None:
    taken = TAKES[deployment.engine]
    for flag in given(deployment.options):
        if flag not in taken:
            raise InputError(flag, f"is no setting of {deployment.engine}", ", ".join(taken))
    if deployment.options.kv is not None and "" in deployment.options.kv.split("/"):
        raise InputError("kv", "is empty", "a type such as f16, fp8 or q8_0, or two: q8_0/q4_0")
    check_experts(deployment)
    check_cards(deployment)
    check_split(deployment)


def check_experts(deployment: Deployment) -> None:
    wanted = {"ep": deployment.options.expert_parallel, "cpu-moe": deployment.options.cpu_moe}
    for flag, value in wanted.items():
        if value and deployment.architecture.experts is None:
            raise InputError(flag, f"{deployment.model} has no experts", "a model with experts")


def check_split(deployment: Deployment) -> None:
    options = deployment.options
    found = parallel_of(
        len(deployment.devices), options.tensor_parallel, options.pipeline_parallel, options.expert_parallel
    )
    if deployment.engine == "vllm" and found.expert not in (1, found.tensor):  # --enable-expert-parallel has no size
        raise InputError("ep", f"{found.expert} is not usable in vllm", f"1 or {found.tensor}, as many as tp")


def check_cards(deployment: Deployment) -> None:
    """A Mac's memory is its own: no engine here joins it to another device's."""
    makers = {device.vendor for device in deployment.devices}
    most = MOST_CARDS.get(deployment.engine, len(deployment.devices))
    if len(deployment.devices) > most:
        raise InputError("gpu", f"{len(deployment.devices)} are too many for {deployment.engine}", f"1 to {most}")
    if len(deployment.devices) > 1 and "Apple" in makers:
        raise InputError("gpu", "a Mac is sized alone", "one Mac, or cards")
    if len(makers) > 1 and deployment.engine not in SHARED_MACHINE:
        names = " and ".join(sorted(makers))
        raise InputError("gpu", f"{names} do not go together in {deployment.engine}", "cards of one maker")
