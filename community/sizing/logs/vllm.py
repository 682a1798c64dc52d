"""vLLM. Its figures are of one GPU: largest weights and graphs over the ranks, smallest cache, the bound of all."""

from __future__ import annotations

import re
from typing import Any

from .arguments import commands, flags, printed, unlisted
from .patterns import NUMBER, Hit, Pattern, first, first_wording, plain_value, rounded

SIZE = rf"(?P<value>{NUMBER}) ?(?P<unit>[KMGT]i?B)"

WEIGHTS = (
    Pattern("model loading", "Model loading took", rf"Model loading took {SIZE}", source="0.7.3-"),
    Pattern("loading weights", "model weights took", rf"Loading model weights took {SIZE}", source="0.3-0.8"),
    Pattern("profile", "model weights take", rf"model weights take\s{{1,8}}{SIZE}", source="0.6.5-0.9, V0 worker"),
)
KV = (
    Pattern("available", "Available KV cache memory", rf"Available KV cache memory: {SIZE}", source="0.8.3-"),
    Pattern("in use", "Current kv cache memory", rf"Current kv cache memory in use is {SIZE}", source="0.11-"),
    Pattern("reserved", "reserved for KV Cache", rf"reserved for KV Cache is {SIZE}", source="0.6.5-0.9, V0 worker"),
    Pattern("given", "memory for KV Cache as", rf"reserved {SIZE} memory for KV Cache as specified", source="0.11-"),
    Pattern("profile", "available_kv_cache", rf"available_kv_cache_memory\s{{1,8}}{SIZE}", source="0.6.5"),
    Pattern("profile, short", "kv_cache_size=", rf"kv_cache_size={SIZE}", source="0.6.4"),
)
TOKENS = (
    Pattern("tokens", "KV cache size:", rf"GPU KV cache size: (?P<value>{NUMBER}) tokens", source="0.8.3-"),
    Pattern("stored", "stored in KV cache", rf"stored in KV cache \((?P<value>{NUMBER})\)", source="0.3-0.9"),
)
BLOCKS = (Pattern("blocks", " blocks:", rf"# (?:GPU|CUDA|cuda|rocm) blocks: (?P<value>{NUMBER})", source="0.1-0.10"),)
GRAPHS = (
    Pattern("captured", "Graph capturing", rf"Graph capturing finished in {NUMBER} secs, took {SIZE}", source="0.6.4-"),
    Pattern("pool", "CUDA graph pool", rf"CUDA graph pool memory: {SIZE} \(actual\)", source="0.19-"),
    Pattern("usage", "CUDAGraph memory", rf"{SIZE} for CUDAGraph memory", source="0.11-"),
)
CONTEXT = (
    Pattern("used", "max model len", rf"Using max model len (?P<value>{NUMBER})", source="0.8.5-"),
    Pattern("config", "max_seq_len=", rf"\bmax_seq_len=(?P<value>{NUMBER})", source="0.1-"),
    Pattern("needed", "max seq len (", rf"max seq len \((?P<value>{NUMBER})\)", source="0.3-, the error"),
    Pattern(
        "concurrency", "Maximum concurrency", rf"Maximum concurrency for (?P<value>{NUMBER}) tokens", source="0.6-"
    ),
)
UTILIZATION = (
    Pattern("startup", "GPU memory util", rf"GPU memory utilization (?:is )?\((?P<value>{NUMBER}),", source="0.9-"),
    Pattern("flag", "--gpu-memory-util", rf"current --gpu-memory-utilization=(?P<value>{NUMBER})", source="0.19-"),
    Pattern("profile", "x gpu_memory", rf"x gpu_memory_utilization \((?P<value>{NUMBER})\)", source="0.6.6-0.9"),
    Pattern("worker", "gpu_memory_util", rf"gpu_memory_utilization[=\s]{{1,8}}(?P<value>{NUMBER})", source="0.6.4"),
)
BATCHED = (
    Pattern("chunked", "max_num_batched", rf"with max_num_batched_tokens=(?P<value>{NUMBER})", source="0.4-"),
    Pattern("scheduled", "max_num_sched", rf"max_num_scheduled_tokens is set to (?P<value>{NUMBER})", source="0.19-"),
)
OVERRIDE = (
    Pattern(
        "override", "num_gpu_blocks_override=", rf"with num_gpu_blocks_override=(?P<value>{NUMBER})", source="0.5-"
    ),
)

KEYS = {
    "max_model_len": "max_model_len", "gpu_memory_utilization": "gpu_memory_utilization",
    "max_num_seqs": "max_num_seqs",
    "max_num_batched_tokens": "max_num_batched_tokens", "kv_cache_dtype": "kv_cache_dtype", "dtype": "dtype",
    "tensor_parallel_size": "tensor_parallel_size", "pipeline_parallel_size": "pipeline_parallel_size",
    "data_parallel_size": "data_parallel_size", "enable_expert_parallel": "enable_expert_parallel",
    "quantization": "quantization", "enforce_eager": "enforce_eager", "cpu_offload_gb": "cpu_offload_gb",
    "num_gpu_blocks_override": "num_gpu_blocks_override", "kv_cache_memory_bytes": "kv_cache_memory_bytes",
    "block_size": "block_size", "swap_space": "swap_space", "speculative_config": "speculative",
    "model": "model", "model_tag": "model",
}  # fmt: skip
CONFIG_KEYS = {key: name for key, name in KEYS.items() if key != "model_tag"}
FLAGS = {f"--{key.replace('_', '-')}": name for key, name in KEYS.items()} | {
    "-tp": "tensor_parallel_size", "-pp": "pipeline_parallel_size", "-dp": "data_parallel_size", "-q": "quantization",
}  # fmt: skip
STARTS = ("vllm serve ", "vllm.entrypoints", "vllm/vllm-openai")
SERVED = re.compile(r"(?:vllm|command:) serve[ \t]{1,8}([^\s\-'\"`\\][^\s'\"`]{0,300})")
MODELS = (
    Pattern("banner", "█  model ", r"█  model {1,6}(?P<text>[^\n]{1,300})", source="0.16-"),
    Pattern(
        "loading", "Starting to load model", r"Starting to load model (?P<text>[^\s]{1,300}?)\.\.\.", source="0.4-"
    ),
)


def figures(text: str, settings: dict[str, Any]) -> dict[str, Any]:
    context = first(text, CONTEXT)
    return {
        "weights_gib": most(hit.gib for hit in first_wording(text, WEIGHTS)),
        "kv_gib": least(hit.gib for hit in first_wording(text, KV)),
        "kv_tokens": tokens(text, settings),
        "cuda_graph_gib": most(hit.gib for hit in first_wording(text, GRAPHS)),
        "context": int(context.value) if context else None,
    }


def most(values: Any) -> float | None:
    return rounded(max(values, default=None))


def least(values: Any) -> float | None:
    return rounded(min(values, default=None))


def tokens(text: str, settings: dict[str, Any]) -> int | None:
    """Blocks count where the log also says how many tokens a block holds."""
    found = least(hit.value for hit in first_wording(text, TOKENS))
    blocks = least(hit.value for hit in first_wording(text, BLOCKS))
    block_size = settings.get("block_size")
    if found is None and blocks is not None and isinstance(block_size, int):
        found = blocks * block_size
    return None if found is None else int(found)


def settings(text: str) -> dict[str, Any]:
    """What was given comes first, then what the engine made of it; a command line in the paste last."""
    found: dict[str, Any] = {}
    for marker, keys in (("non-default args", KEYS), ("args: Namespace(", KEYS), ("with config: ", CONFIG_KEYS)):
        found = printed(text, marker, keys) | found
    found = said(text) | found
    for command in commands(text, STARTS):
        found = flags(command, FLAGS) | found
    context = first(text, CONTEXT)
    if context and context.pattern.name != "concurrency":
        found["max_model_len"] = int(context.value)
    return found


def said(text: str) -> dict[str, Any]:
    """Settings that single lines mention."""
    tables = {
        "num_gpu_blocks_override": OVERRIDE, "gpu_memory_utilization": UTILIZATION,
        "max_num_batched_tokens": BATCHED, "max_model_len": CONTEXT,
    }  # fmt: skip
    hits: dict[str, Hit | None] = {name: first(text, table) for name, table in tables.items()}
    return {name: plain_value(hit.get("value").replace(",", "")) for name, hit in hits.items() if hit}


def model(text: str, settings: dict[str, Any]) -> str | None:
    if settings.get("model"):
        return str(settings["model"])
    if hit := first(text, MODELS):
        return hit.get("text").strip()
    served = SERVED.search(unlisted(text))
    return served[1] if served else None
