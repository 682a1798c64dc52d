"""SGLang. Its figures are of one GPU: largest weights and graphs, smallest cache over the ranks. Its GB are GiB.

A draft model loads after the target and has pools and graphs of its own; they are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from .arguments import commands, flags, printed
from .patterns import NUMBER, Hit, Pattern, first, first_wording, plain_value, rounded

WEIGHTS = (
    Pattern(
        "loaded", "Load weight end", rf"Load weight end\.[^\n]{{0,300}}?mem usage=(?P<value>{NUMBER}) GB", "GB", "0.3-"
    ),
)
FREE = (
    Pattern("begin", "Load weight begin", rf"Load weight begin\. avail mem=(?P<value>{NUMBER}) GB", "GB", "0.1-"),
    Pattern(
        "end", "Load weight end", rf"Load weight end\.[^\n]{{0,99}}?avail mem=(?P<value>{NUMBER}) GB", "GB", "0.1-"
    ),
)
TWO_SIZES = rf"K size: (?P<value>{NUMBER}) GB, V size: (?P<more>{NUMBER}) GB"
POOL = (
    Pattern("one size", "KV size:", rf"#tokens: (?P<tokens>{NUMBER}), KV size: (?P<value>{NUMBER}) GB", "GB", "MLA"),
    Pattern("two sizes", "K size:", rf"#tokens: (?P<tokens>{NUMBER}), {TWO_SIZES}", "GB", "0.4.1-"),
)
POOL_END = Pattern("pool end", "Memory pool end", r"Memory pool end\.")
TOKENS = (
    Pattern("pool", "max_total_num_tokens=", rf"max_total_num_tokens=(?P<value>{NUMBER})", source="0.1.15-"),
    Pattern("profiled", "than the profiled value", rf"than the profiled value (?P<value>{NUMBER})", source="0.4.4-"),
)
GRAPHS = (
    Pattern(
        "target", "CUDA graph end", rf"Capture target [^\n]{{0,60}}graph end\.[^\n]{{0,120}}?mem "
        rf"usage=(?P<value>{NUMBER}) GB",
        "GB", "0.5.13-",
    ),
    Pattern(
        "captured", "graph end.",
        rf"Capture (?:piecewise )?(?:cuda|CUDA|hip|npu) graph end\.[^\n]{{0,120}}?mem usage=(?P<value>{NUMBER}) GB",
        "GB", "0.4.1-",
    ),
)  # fmt: skip
CONTEXT = (Pattern("context", "context_len=", rf"\bcontext_len=(?P<value>{NUMBER})", source="0.2-"),)
REDUCED = re.compile(r"(?:reduce|set|adjust\w{0,3}) --?mem-fraction-static (?:to|=) ?(\d\.\d{1,6})")
SAID = {
    "mem_fraction_static": Pattern("fraction", "mem_fraction_static=", rf"mem_fraction_static=(?P<value>{NUMBER})"),
    "max_total_tokens": Pattern("tokens", "max_total_tokens=", rf"max_total_tokens=(?P<value>{NUMBER})"),
}
KV_TYPE = re.compile(r"(?:Using KV cache dtype: |KV Cache is allocated\. dtype: )([\w.]{1,30})")
READY_KEYS = {
    "chunked_prefill_size": "chunked_prefill_size", "max_running_requests": "max_running_requests",
    "max_prefill_tokens": "max_prefill_tokens",
}  # fmt: skip
KEYS = READY_KEYS | {
    "model_path": "model", "mem_fraction_static": "mem_fraction_static", "context_length": "context_length",
    "max_total_tokens": "max_total_tokens", "page_size": "page_size", "tp_size": "tp_size", "pp_size": "pp_size",
    "dp_size": "dp_size", "ep_size": "ep_size", "kv_cache_dtype": "kv_cache_dtype", "cpu_offload_gb": "cpu_offload_gb",
    "cuda_graph_max_bs": "cuda_graph_max_bs", "speculative_algorithm": "speculative", "quantization": "quantization",
    "disable_cuda_graph": "disable_cuda_graph", "attention_backend": "attention_backend", "dtype": "dtype",
    "cuda_graph_max_bs_decode": "cuda_graph_max_bs", "enable_dp_attention": "enable_dp_attention",
}  # fmt: skip
FLAGS = {f"--{key.replace('_', '-')}": name for key, name in KEYS.items()} | {
    "--model": "model", "--tp": "tp_size", "--tensor-parallel-size": "tp_size", "--dp": "dp_size", "--ep": "ep_size",
    "--data-parallel-size": "dp_size", "--expert-parallel-size": "ep_size",
}  # fmt: skip
STARTS = ("sglang.launch_server", "sglang serve ")
SERVED = re.compile(r"sglang serve[ \t]{1,8}([^\s\-'\"`\\<][^\s'\"`]{0,300})")
RANK = re.compile(r"[ \[](?:(?:(?:DP|PP|TP|EP|CP)|gpu=)\d{1,4} ?){1,5}")


def figures(text: str, settings: dict[str, Any]) -> dict[str, Any]:
    context = first(text, CONTEXT)
    graphs = sums(text, [hit for pattern in GRAPHS for hit in pattern.hits(text)])
    return {
        "weights_gib": rounded(max(weights(text), default=None)),
        "kv_gib": rounded(min((sum(hit.gib for hit in hits) for hits in pools(text)), default=None)),
        "kv_tokens": tokens(text),
        "cuda_graph_gib": rounded(max(graphs, default=None)),
        "context": int(context.value) if context else settings.get("context_length"),
    }


def weights(text: str) -> list[float]:
    """Of each rank's first model; before 0.4.3 the log says only how much was free before and after."""
    if hits := first_wording(text, WEIGHTS):
        return [found[0].gib for found in by_rank(text, hits)]
    before, after = ({rank(text, hit.at): hit.gib for hit in reversed(list(row.hits(text)))} for row in FREE)
    return [before[name] - after[name] for name in before if name in after]


def by_rank(text: str, hits: Iterable[Hit]) -> list[list[Hit]]:
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        found[rank(text, hit.at)].append(hit)
    return list(found.values())


def rank(text: str, at: int) -> str:
    """As the line's time stamp names it, "" where there is one process only."""
    line = text[max(text.rfind("\n", 0, at) + 1, at - 120) : at]
    match = RANK.search(line)
    return match[0].strip(" [") if match else ""


def sums(text: str, hits: Iterable[Hit]) -> list[float]:
    """What each rank's captures took together."""
    return [sum(hit.gib for hit in found) for found in by_rank(text, hits)]


def pools(text: str) -> list[list[Hit]]:
    """Each rank's pools of the target: those before its pool is done. A window's pool is one more line."""
    ends = {rank(text, hits[0].at): hits[0].at for hits in by_rank(text, POOL_END.hits(text))}
    hits = sorted((hit for pattern in POOL for hit in pattern.hits(text)), key=lambda hit: hit.at)
    return by_rank(text, [hit for hit in hits if hit.at < ends.get(rank(text, hit.at), len(text))])


def tokens(text: str) -> int | None:
    """A pool for windows beside that of whole contexts leaves no single count."""
    if hit := first(text, TOKENS):
        return int(hit.value)
    counts = {len(hits): min(int(float(hit.get("tokens").replace(",", ""))) for hit in hits) for hits in pools(text)}
    return counts.get(1) if len(counts) == 1 else None


def settings(text: str) -> dict[str, Any]:
    found = printed(text, "server_args=", KEYS)
    found |= {
        name: value for name, value in printed(text, "max_total_num_tokens=", READY_KEYS).items() if name not in found
    }
    for command in commands(text, STARTS):
        found = flags(command, FLAGS) | found
    return said(text) | found


def said(text: str) -> dict[str, Any]:
    """Settings that single lines mention."""
    hits = {name: first(text, (pattern,)) for name, pattern in SAID.items()}
    found = {name: plain_value(hit.get("value")) for name, hit in hits.items() if hit}
    if reduced := REDUCED.search(text):
        found.setdefault("mem_fraction_static", float(reduced[1]))
    if kind := KV_TYPE.search(text):
        found["kv_cache_dtype"] = kind[1]
    return found


def model(text: str, settings: dict[str, Any]) -> str | None:
    if settings.get("model"):
        return str(settings["model"])
    served = SERVED.search(text)
    return served[1] if served else None
