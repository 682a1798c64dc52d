"""llama.cpp and ik_llama.cpp, of every name their functions have had.

Weights and KV cache are summed over the devices; CPU_Mapped weights are pages of the file: they count only alone.
The compute buffer is that of the GPU that needs most, since each GPU must hold its own.
A second context in the log (a draft model, a projector) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .arguments import commands, flags, printed
from .patterns import NUMBER, Hit, Pattern, first, plain_value, rounded

DEVICE = r"(?P<device>[A-Za-z][\w()\-]{0,30}(?:\[[\w.:\-]{1,40}\])?)"
EQUALS = r"\s{0,20}=\s{0,20}"
MIB = rf"(?P<value>{NUMBER}) (?P<unit>MiB|MB|GiB)"

WEIGHTS = (
    Pattern("named", "model buffer size", rf"{DEVICE} model buffer size{EQUALS}{MIB}", source="b4400-"),
    Pattern(
        "plain", "buffer size", rf"(?:llm_load_tensors|load_tensors): {{1,20}}{DEVICE} buffer size{EQUALS}{MIB}",
        source="b1860-b4400, ik_llama.cpp",
    ),
)  # fmt: skip
# Before there were buffers by device: what is in system memory and what is on the GPU.
WEIGHTS_OLD = (
    Pattern(
        "memory", "llm_load_tensors", rf"llm_load_tensors: (?:mem required|system memory used){EQUALS}{MIB}",
        source="b1100-b1860",
    ),
    Pattern("vram", "VRAM used", rf"llm_load_tensors: VRAM used(?::|{EQUALS}) ?{MIB}", source="b1100-b1860"),
)  # fmt: skip
TOTAL_VRAM = Pattern(
    "total", "total VRAM used", rf"total VRAM used: {NUMBER} M(?:i)?B \(model: {MIB}", source="b1100-b1860"
)
KV_BUFFER = Pattern("buffer", "KV buffer size", rf"{DEVICE} KV buffer size{EQUALS}{MIB}", source="b1860-")
KV_SIZE = (
    Pattern("self", "KV self size", rf"KV self size{EQUALS}{MIB}", source="b1560-b5200, ik_llama.cpp"),
    Pattern("self, old", "kv self size", rf"kv self size{EQUALS}{MIB}", source="before b1560"),
    Pattern(
        "cells", " cells,", rf"size{EQUALS}{MIB} \(\s{{0,10}}(?P<cells>\d{{1,12}}) cells,[^\n]{{0,60}}\), K \(",
        source="b5200-",
    ),
)  # fmt: skip
KV_CELLS = Pattern("cells", "kv_size", rf"(?:cache\w{{0,20}}|init): kv_size{EQUALS}(?P<value>\d{{1,12}})", "", "b4400-")
COMPUTE = Pattern("compute", "compute buffer", rf"{DEVICE} compute buffer size{EQUALS}{MIB}", source="b1860-")
COMPUTE_TOTAL = Pattern("total", "compute buffer", rf"compute buffer total size{EQUALS}{MIB}", source="before b1860")
PROJECTOR = ("alloc_compute_meta", "clip", "warmup", "mtmd")

FUNCTION = r"(?:llama_context|llama_new_context_with_model|llama_init_from_model|llama_model_load_internal|constructor)"
CONTEXT = Pattern("context", "n_ctx", rf"{FUNCTION}: n_ctx{EQUALS}(?P<value>\d{{1,12}})")
SLOT = Pattern("slot", "n_ctx_slot", rf"\bn_ctx_slot{EQUALS}(?P<value>\d{{1,12}})", source="the server")
NEW_SLOT = Pattern("slot", "new slot", rf"new slot,? n_ctx{EQUALS}(?P<value>\d{{1,12}})", source="the server")
STARTS = (
    "koboldcpp",
    "./main ",
    "./server ",
    "llama-run",
    "llama-mtmd-cli",
    "llama-server",
    "llama-cli",
    "llama-perplexity",
    "llama-bench",
    "llama-sweep-bench",
    "llama_cpp.server",
)

# A line of the context's print, and the name under which it is given.
PRINTED = {
    "n_ctx": "n_ctx", "n_batch": "n_batch", "n_ubatch": "n_ubatch", "flash_attn": "flash_attention",
    "n_seq_max": "n_parallel", "kv_unified": "kv_unified", "mla_attn": "mla", "attn_max_b": "attn_max_batch",
}  # fmt: skip
FLAGS = {
    "-c": "n_ctx", "--ctx-size": "n_ctx", "-b": "n_batch", "--batch-size": "n_batch", "-ub": "n_ubatch",
    "--ubatch-size": "n_ubatch", "-ngl": "n_gpu_layers", "--n-gpu-layers": "n_gpu_layers",
    "--gpu-layers": "n_gpu_layers", "-np": "n_parallel", "--parallel": "n_parallel", "-ctk": "cache_type_k",
    "--cache-type-k": "cache_type_k", "-ctv": "cache_type_v", "--cache-type-v": "cache_type_v",
    "-sm": "split_mode", "--split-mode": "split_mode", "-ts": "tensor_split", "--tensor-split": "tensor_split",
    "-mla": "mla", "-amb": "attn_max_batch", "-ot": "override_tensor", "--override-tensor": "override_tensor",
    "--n-ctx": "n_ctx", "--n-batch": "n_batch", "--contextsize": "n_ctx", "--gpulayers": "n_gpu_layers",
    "--blasbatchsize": "n_batch",
    "--cpu-moe": "cpu_moe", "--n-cpu-moe": "n_cpu_moe", "-fa": "flash_attention", "--flash-attn": "flash_attention",
}  # fmt: skip
KOBOLD = {
    "contextsize": "n_ctx", "gpulayers": "n_gpu_layers", "blasbatchsize": "n_batch", "batchsize": "n_batch",
    "flashattention": "flash_attention", "tensor_split": "tensor_split", "quantkv": "quantkv",
}  # fmt: skip
SWITCH = {
    "0": False,
    "1": True,
    "enabled": True,
    "disabled": False,
    "on": True,
    "off": False,
    "true": True,
    "false": False,
}
OFFLOADED = re.compile(r"offloaded (\d{1,5}/\d{1,5}) layers")
CACHE_TYPES = re.compile(
    r", K \((?P<k>\w{1,20})\):[^\n]{0,40}?, V \((?P<v>\w{1,20})\):|c\^KV \((?P<mla>\w{1,20})\)|"
    r"type_k = '(?P<init_k>\w{1,20})', type_v = '(?P<init_v>\w{1,20})'"
)
SLOTS = re.compile(r"\bn_slots ?= ?(\d{1,6})|(?:using|setting) n_parallel = (\d{1,6})")
REDUCED = re.compile(r"context size reduced from \d{1,9} to (\d{1,9})")
AUTO_ATTENTION = re.compile(r"Flash Attention was auto, set to (enabled|disabled)")
FILES = (
    re.compile(r"(?:tensors|metadata) from ([^\n]{1,400}?\.gguf)\b"),
    re.compile(r"(?:loading model|load model|with model|file) ['\"]([^'\"\n]{1,400}?\.gguf)['\"]"),
    re.compile(r"(?:-m|--model|model=)[ \"]{1,2}([^\s\"]{1,400}\.gguf)"),
    re.compile(r"llama\.cpp: loading model from ([^\n]{1,400}?\.(?:bin|gguf))\b"),
    re.compile(r"[Ff]ailed to load (?:the )?model(?: from file)?:? ['\"]?([^'\"\n]{1,400}?\.gguf)"),
)
HUB_NAME = re.compile(r"(?:^|\s)(?:-hf|-hfr|--hf-repo)[ =]([\w.\-]{1,80}/[\w.\-:]{1,120})")
NAME = re.compile(r"general\.name(?: str)?\s{0,30}= ([^\n]{1,200})")
PART = re.compile(r"(?:-\d{5}-of-\d{5})?\.(?:gguf|bin)$")


def figures(text: str, settings: dict[str, Any]) -> dict[str, Any]:
    part = first_context(text)
    kv, cells = cache(part)
    context = first(part, (CONTEXT, NEW_SLOT, SLOT))
    return {
        "weights_gib": weights(text),
        "kv_gib": kv,
        "kv_tokens": cells,
        "compute_buffer_mib": compute(part),
        "context": int(context.value) if context else reduced_context(part),
    }


def first_context(text: str) -> str:
    """Up to where the log sets up a second context, of a draft model for instance."""
    starts = [hit.at for hit in CONTEXT.hits(text)]
    return text[: starts[1]] if len(starts) > 1 else text


def weights(text: str) -> float | None:
    """Of the first model that was loaded: a device that comes again belongs to the next one."""
    found: dict[str, float] = {}
    for hit in next((hits for pattern in WEIGHTS if (hits := list(pattern.hits(text)))), []):
        if separated(text, found, hit):
            break
        found[hit.get("device")] = found.get(hit.get("device"), 0) + hit.mib
    if not found:
        return weights_old(text)
    held = {device: size for device, size in found.items() if device != "CPU_Mapped"}
    return rounded(sum((held or found).values()) / 1024)


def weights_old(text: str) -> float | None:
    hits = [hit for pattern in WEIGHTS_OLD if (hit := first(text, (pattern,)))] or list(TOTAL_VRAM.hits(text))[:1]
    return rounded(sum(hit.mib for hit in hits) / 1024) if hits else None


def separated(text: str, found: dict[str, float], hit: Hit) -> bool:
    """The file's metadata stand between two loads, while one load may print a device twice."""
    if hit.get("device") not in found:
        return False
    before = text.rfind("buffer size", 0, hit.at - 1)
    return "loaded meta data with" in text[before : hit.at]


def cache(part: str) -> tuple[float | None, int | None]:
    """GiB and cells. Windowed layers have a cache of their own: their sizes add up, the cells are the largest's."""
    buffers = sum(hit.mib for hit in KV_BUFFER.hits(part))
    sizes = [hit for pattern in KV_SIZE for hit in pattern.hits(part)]
    cells = max((int(hit.get("cells")) for hit in sizes if hit.get("cells")), default=None)
    if cells is None and (size := first(part, (KV_CELLS,))):
        cells = int(size.value)
    mib = max(buffers, sum(hit.mib for hit in sizes))
    return (rounded(mib / 1024) if mib else None), cells


def is_gpu(device: str) -> bool:
    return not device.startswith(("CPU", "BLAS", "AMX")) and not device.endswith("_Host")


def largest(sizes: dict[str, float]) -> float | None:
    """Of the GPUs, else of the system."""
    on_gpus = [size for device, size in sizes.items() if is_gpu(device)]
    return rounded(max(on_gpus or sizes.values(), default=None), 2)


def compute(part: str) -> float | None:
    """The last reservation of a device holds: it is repeated where the first did not work out."""
    sizes = {hit.get("device"): hit.mib for hit in COMPUTE.hits(part) if not of_projector(part, hit.at)}
    total = first(part, (COMPUTE_TOTAL,))
    return largest(sizes) if sizes or not total else rounded(total.mib, 2)


def of_projector(part: str, at: int) -> bool:
    """Whose function printed the line: an image projector has buffers of its own."""
    return any(word in part[max(part.rfind("\n", 0, at), at - 80, 0) : at] for word in PROJECTOR)


def settings(text: str) -> dict[str, Any]:
    part = first_context(text)
    found = printed_context(part)
    if match := OFFLOADED.search(part):
        found["offloaded"] = match[1]
    found |= cache_types(part)
    found = server(part) | found
    found = printed(text, "Namespace(", KOBOLD) | found
    for command in commands(text, STARTS):
        found = switched(flags(command, FLAGS)) | found
    return found


def cache_types(part: str) -> dict[str, str]:
    match = CACHE_TYPES.search(part)
    if match is None:
        return {}
    said = {
        "cache_type_k": match["k"] or match["mla"] or match["init_k"],
        "cache_type_v": match["v"] or match["init_v"],
    }
    return {name: kind for name, kind in said.items() if kind}


def printed_context(part: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for match in re.finditer(rf"{FUNCTION}: (\w{{1,40}}){EQUALS}([\w.\-]{{1,40}})", part):
        if match[1] in PRINTED:
            found[PRINTED[match[1]]] = plain_value(match[2])
    if (chosen := AUTO_ATTENTION.search(part)) and found.get("flash_attention") == "auto":
        found["flash_attention"] = chosen[1]
    return switched(found)


def switched(found: dict[str, Any]) -> dict[str, Any]:
    for name in ("flash_attention", "kv_unified"):
        if name in found:
            found[name] = SWITCH.get(str(found[name]).lower(), found[name])
    return found


def reduced_context(part: str) -> int | None:
    """What is left of the context after the program has fitted itself into memory."""
    match = REDUCED.search(part)
    return int(match[1]) if match else None


def server(part: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if match := SLOTS.search(part):
        found["n_parallel"] = int(match[1] or match[2])
    if match := re.search(r"kv_unified = '?(true|false)", part):
        found["kv_unified"] = match[1] == "true"
    slot = first(part, (SLOT,))
    if slot and (found.get("n_parallel") == 1 or found.get("kv_unified")):  # else a slot has only its share
        found["n_ctx"] = int(slot.value)
    if reduced := reduced_context(part):
        found["n_ctx"] = reduced
    return found


def model(text: str, settings: dict[str, Any]) -> str | None:
    """By its file, which says format and variant; Ollama's files are digests, so there by the name in the metadata."""
    return file_name(text) or from_hub(text) or named(text)


def file_name(text: str) -> str | None:
    for pattern in FILES:
        if match := pattern.search(text):
            return PART.sub("", re.split(r"[/\\]", match[1])[-1])
    return None


def from_hub(text: str) -> str | None:
    match = HUB_NAME.search(text)
    return match[1] if match else None


def named(texts: str) -> str | None:
    match = NAME.search(texts)
    return match[1].strip() if match else None


def sizes_of(hits: Iterable[Hit]) -> dict[str, float]:
    return {hit.get("device"): hit.mib for hit in hits}
