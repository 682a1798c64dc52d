"""What to change, as codes with the log's own values; the words for them are the page's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .failure import Failure

# What takes a removed flag's place; None where nothing does. A flag that is not here is named without one.
REMOVED: dict[str, str | None] = {
    "--speculative-model": "--speculative-config", "--num-speculative-tokens": "--speculative-config",
    "--enable-reasoning": "--reasoning-parser", "--worker-use-ray": "--distributed-executor-backend",
    "--disable-log-requests": "--no-enable-log-requests", "--use-v2-block-manager": None,
    "--num-scheduler-steps": None, "--num-lookahead-slots": None, "--preemption-mode": None,
}  # fmt: skip

# What helps against each class, in the order in which it costs the reader least: by engine, "" for all the others.
STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    "no_cache_blocks": {"": ("raise_gpu_memory_utilization", "smaller_format", "more_gpus")},
    "kv_cache_too_small": {"": ("shorter_context", "raise_gpu_memory_utilization", "kv_in_8_bit", "more_gpus")},
    "free_memory_below_request": {"": ("free_the_gpu", "lower_gpu_memory_utilization")},
    "unbalanced_gpus": {"": ("free_the_gpu",)},
    "profile_disturbed": {"": ("free_the_gpu",)},
    "unknown_tokenizer": {"": ("newer_engine",)},
    "negative_pool": {"": ("raise_mem_fraction_static", "smaller_format", "more_gpus")},
    "no_kernel_image": {"": ("build_for_this_gpu",)},
    "unknown_argument": {"": ("remove_flag",)},
    "invalid_argument": {"": ("correct_flag",)},
    "unknown_architecture": {"": ("newer_engine",)},
    "wrong_tensor_shape": {"": ("matching_file", "newer_engine")},
    "missing_tensor": {"": ("matching_file", "newer_engine")},
    "corrupt_file": {"": ("download_again",)},
    "context_too_long": {"": ("shorter_context",)},
    "unsupported_dtype": {"": ("dtype_half",)},
    "unsupported_quantization": {"": ("other_quantization",)},
    "parallel_size": {"": ("other_split",)},
    "unknown_tensor_type": {"": ("newer_engine",)},
    "missing_metadata": {"": ("newer_engine", "matching_file")},
    "engine_too_old": {"": ("newer_engine",)},
    "quantization_mismatch": {"": ("remove_quantization_flag",)},
    "v_cache_needs_flash_attention": {"": ("flash_attention_on",)},
    "too_few_gpus": {"": ("other_split", "check_visible_gpus")},
    "attention_backend": {"": ("other_attention_backend", "newer_engine")},
    "kernel_shared_memory": {"": ("other_attention_backend", "newer_engine")},
    "trust_remote_code": {"": ("allow_remote_code",)},
    "hub_unreachable": {"": ("check_network",)},
    "shared_memory": {"": ("larger_shm",)},
    "disk_full": {"": ("free_disk",)},
    "missing_package": {"": ("install_package",)},
    "broken_install": {"": ("reinstall_engine",)},
    "missing_compiler": {"": ("install_compiler",)},
    "load_timeout": {"": ("longer_timeout", "see_system_log")},
    "cuda_init_failed": {"": ("check_driver",)},
    "device_lost": {"": ("check_driver",)},
    "spawn_guard": {"": ("main_guard",)},
    "permission_denied": {"": ("fix_permissions",)},
    "unsupported_gpu": {"": ("other_quantization", "other_attention_backend")},
    "node_unreachable": {"": ("check_node_network",)},
    "mamba_cache_too_small": {"": ("fewer_requests", "raise_gpu_memory_utilization")},
    "server_not_running": {"": ("start_server",)},
    "crashed": {"": ("see_system_log",)},
    "cause_not_shown": {"": ("paste_lines_above",)},
    "gated": {"": ("accept_licence_and_token",)},
    "model_not_found": {"": ("check_model_name",)},
    "no_gpu": {"": ("check_driver",)},
    "driver_too_old": {"": ("update_driver",)},
    "nccl_error": {"": ("nccl_debug",)},
    "port_in_use": {"": ("other_port",)},
    "process_killed": {"": ("more_system_memory",)},
    "log_ends_during_start": {"": ("see_system_log",)},
    "out_of_memory": {
        "vllm": ("shorter_context", "fewer_requests", "lower_gpu_memory_utilization", "smaller_format", "more_gpus"),
        "sglang": ("lower_mem_fraction_static", "smaller_graphs", "smaller_format", "more_gpus"),
        "": ("shorter_context", "smaller_ubatch", "kv_in_8_bit", "fewer_gpu_layers", "smaller_format"),
    },
}
# The setting that a step changes, so that its value of now stands beside it.
CHANGES = {
    "shorter_context": ("max_model_len", "context_length", "n_ctx"), "smaller_ubatch": ("n_ubatch",),
    "raise_gpu_memory_utilization": ("gpu_memory_utilization",), "fewer_gpu_layers": ("n_gpu_layers", "offloaded"),
    "lower_gpu_memory_utilization": ("gpu_memory_utilization",), "fewer_requests": ("max_num_seqs",),
    "raise_mem_fraction_static": ("mem_fraction_static",), "lower_mem_fraction_static": ("mem_fraction_static",),
    "smaller_graphs": ("cuda_graph_max_bs",), "kv_in_8_bit": ("kv_cache_dtype", "cache_type_k"),
    "other_split": ("tensor_parallel_size", "tp_size"), "smaller_format": ("quantization",),
}  # fmt: skip

MOST_OF_A_GPU = 0.95

Advice = dict[str, Any]


def advice_for(engine: str | None, failure: Failure | None, settings: Mapping[str, Any]) -> list[Advice]:
    """First the failure with what its message says, then each step with the setting that it changes."""
    if failure is None:
        return []
    by_engine = STEPS.get(failure.code, {})
    steps = by_engine.get(engine or "", by_engine.get("", ()))
    useful = (code for code in steps if not done(code, settings))
    return [step(failure.code, failure.values), *(step(code, change(code, failure, settings)) for code in useful)]


def done(code: str, settings: Mapping[str, Any]) -> bool:
    """A step that the settings have already taken."""
    if code == "kv_in_8_bit":
        kinds = [str(settings.get(name, "")) for name in CHANGES[code]]
        return any(kind.startswith(("fp8", "q8", "q5", "q4", "iq4")) for kind in kinds)
    share = settings.get("gpu_memory_utilization")
    return code == "raise_gpu_memory_utilization" and isinstance(share, (int, float)) and share >= MOST_OF_A_GPU


def step(code: str, values: Mapping[str, Any]) -> Advice:
    return {"code": code, "values": dict(values)}


def change(code: str, failure: Failure, settings: Mapping[str, Any]) -> dict[str, Any]:
    now = {name: settings[name] for name in CHANGES.get(code, ()) if name in settings}
    if code == "shorter_context" and "largest_context" in failure.values:
        now["largest"] = failure.values["largest_context"]
    if code == "remove_flag" and "flag" in failure.values:
        now |= instead(str(failure.values["flag"]))
    return now


def instead(flag: str) -> dict[str, Any]:
    name = flag if flag.startswith("-") else f"--{flag.replace('_', '-')}"
    return {"flag": name} | ({"instead": REMOVED[name]} if name in REMOVED else {})
