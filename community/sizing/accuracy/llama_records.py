"""A measured record of llama.cpp, ik_llama.cpp or Ollama -> what the rules say of its configuration.

Records are what people wrote down: a build as "b8157 (Vulkan)" or a month, a format as "Q4_K - Medium". Formats of
forks are taken as the nearest one of llama.cpp: such figures are shown, not judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import catalog
from ..architecture import Architecture
from ..engines.ggml_cache import Cache, layer_bytes, padded, token_bytes, window_cells, window_of
from ..engines.ggml_graph import compute_bytes
from ..engines.ggml_placement import FEW_OUTPUTS, Model, Plan, assign, cache_bytes, fill, measure, settings
from ..engines.llama_cpp import FLASH_WORD, OUTSIDE, OUTSIDE_LARGE
from ..errors import InputError
from ..formats import Format, parse_format, weigh
from ..kv_cache import KvType, kv_type
from .cards import device_of

GIB, MIB = 2**30, 2**20

# llama.cpp's level as people write it; the first match wins. Forks' own levels stand beside the nearest one.
VENDORS = (("AMD", r"AMD|Radeon|RX \d{4}|MI\d{3}"), ("Apple", r"Apple"), ("Intel", r"Arc |Intel"))
LEVELS = (
    (r"mxfp4", "mxfp4_moe"), (r"ud-iq1", "iq1_m"), (r"ud-iq2", "iq2_m"), (r"ud-q2_k", "q2_k"), (r"ud-q3_k", "q3_k_m"),
    (r"ud-q4_k", "q4_k_m"), (r"ud-q5_k", "q5_k_m"), (r"ud-q6_k", "q6_k"), (r"iq1_s_r|iq2_bn", "iq2_xxs"),
    (r"iq2_k", "q2_k"), (r"iq3_k", "q3_k_m"), (r"iq4_k", "q4_k_m"), (r"iq5_k", "q5_k_m"), (r"iq6_k", "q6_k"),
    (r"iq4_xs", "iq4_xs"), (r"iq4_nl", "iq4_nl"), (r"iq3_xxs", "iq3_xxs"), (r"iq3_s", "iq3_s"), (r"iq2_xxs", "iq2_xxs"),
    (r"iq2_xs", "iq2_xs"), (r"iq1_m", "iq1_m"), (r"iq1_s", "iq1_s"), (r"q2_k", "q2_k"),
    (r"q3_k.{0,3}l", "q3_k_l"), (r"q3_k.{0,3}s", "q3_k_s"), (r"q3_k", "q3_k_m"),
    (r"q4_k.{0,3}s", "q4_k_s"), (r"q4_k", "q4_k_m"), (r"q5_k.{0,3}s", "q5_k_s"), (r"q5_k|5\.7 bpw", "q5_k_m"),
    (r"q6_k", "q6_k"), (r"q8_0", "q8_0"), (r"q4_0", "q4_0"), (r"q4_1", "q4_1"), (r"q5_0", "q5_0"), (r"q5_1", "q5_1"),
    (r"bf16", "bf16"), (r"f(p|loat)?16", "f16"), (r"ollama library default", "q4_k_m"),
)  # fmt: skip
# Ollama's own runners used flash attention by themselves for these only (fs/ggml/ggml.go FlashAttention, 0.12 to 0.29).
OLLAMA_FLASH = ("qwen3", "gpt_oss", "gemma3")
FORKS = r"ud-|iq\d_k|iq2_bn|iq4_nl gguf|prism|_r4|bpw \(|class|default|mixed"

# Newest build of a month (tags of ggml-org/llama.cpp), for records that name only a date.
MONTHS = (
    ("2023-12", 1700), ("2024-03", 2500), ("2024-06", 3250), ("2024-09", 3850), ("2024-12", 4400), ("2025-03", 5000),
    ("2025-05", 5550), ("2025-07", 6050), ("2025-10", 6900), ("2025-12", 7580), ("2026-01", 7900), ("2026-03", 8600),
    ("2026-05", 9360), ("2026-06", 9800), ("2026-08", 10488),
)  # fmt: skip

# Tokens of an element in forks: TurboQuant's turbo3 keeps 3.5 bits (issue threads of the fork, 2026).
FORK_TYPES = {"turbo3": KvType("turbo3", kv_type("f16").bits * 7 / 32, 32)}


def level_of(record: Mapping[str, Any]) -> str | None:
    """A fork's mix is known by the file's name; its header names one of the levels in it."""
    written, name = (str(record.get(key) or "").lower() for key in ("weight_format", "model"))
    texts = [name, written] if re.search(r"iq\d_k__|ud-", name) else [written, name]
    found = (level for text in texts for pattern, level in LEVELS if re.search(pattern, text))
    level = next(found, "q4_k_m" if record["engine"] == "ollama" else None)
    # ik_llama.cpp's mixes keep the header of the 16-bit file they were made from, whatever their tensors are.
    kept = record["engine"] == "ik_llama.cpp" and level in ("bf16", "f16") and not re.search(r"b?f16", name)
    return None if kept else level


def is_fork(record: Mapping[str, Any]) -> bool:
    """A mix that llama.cpp's own rules do not describe: shown, not judged."""
    return bool(re.search(FORKS, f"{record.get('weight_format')} {record.get('model')}".lower()))


def build_of(record: Mapping[str, Any]) -> int:
    """0 is not known."""
    text = str(record.get("engine_version") or "")
    number = re.match(r"b?(\d{4,5})\b(?!-\d\d)", text)
    if number and not re.match(r"20[12]\d(\D|$)", text):
        return int(number[1])
    date = re.search(r"(20\d\d)(-\d\d)?", text)
    if not date:
        return 0
    month = date[0] if date[2] else f"{date[1]}-05"
    return next((build for since, build in reversed(MONTHS) if since <= month), MONTHS[0][1])


def cache_pair(record: Mapping[str, Any]) -> tuple[KvType, KvType]:
    keys, _, values = str(record.get("kv_dtype") or "f16").partition("/")
    return tuple(FORK_TYPES.get(name) or kv_type(name) for name in (keys, values or keys))  # type: ignore[return-value]


def words(record: Mapping[str, Any]) -> str:
    return f"{record.get('cli') or ''} {record.get('n_gpu_layers') or ''}"


def host_experts(record: Mapping[str, Any], count: int) -> int:
    """Layers whose experts stay in system memory, as far as the flags say so plainly."""
    some = re.search(r"(?:--n-cpu-moe|-ncmoe)[ =](\d+)|experts of (\d+) layers on CPU", words(record))
    if some:
        return min(int(some[1] or some[2]), count)
    everything = re.search(r"--cpu-moe|-cmoe|exps\S*=CPU|ffn\S*=CPU|override-tensor exps", words(record))
    return count if everything else 0


def gpu_layers(record: Mapping[str, Any], count: int) -> int:
    given = str(record.get("n_gpu_layers") if record.get("n_gpu_layers") is not None else "")
    found = re.match(r"(\d+)", given)
    if not record.get("gpu_count"):
        return 0
    return min(int(found[1]), count + 1) if found else count + 1


@dataclass(frozen=True)
class Run:
    """A record of llama.cpp or a relative of it, read."""

    model: Model
    weights: Format | None
    plan: Plan
    flash_attention: bool
    fork: bool  # ik_llama.cpp


def run_of(record: Mapping[str, Any], architecture: Architecture) -> Run:
    level = level_of(record)
    weights = parse_format(f"gguf-{level}{'+mtp' if keeps_prediction(record) else ''}") if level else None
    model = measure(architecture, weigh(architecture, weights or parse_format("gguf-q4_k_m")))
    cards, fork = max(int(record.get("gpu_count") or 0), 1), record["engine"] == "ik_llama.cpp"
    plan = Plan(gpu_layers(record, len(model.layers)), (1.0,) * cards)
    if not fork:  # ik_llama.cpp reserves nothing for them
        plan = replace(plan, host_experts=kept_experts(record, model, plan))
    return Run(model, weights, plan, flash_attention(record, architecture), fork)


def kept_experts(record: Mapping[str, Any], model: Model, plan: Plan) -> int:
    """As the flags say. Where they are not quoted and the cards cannot hold the weights, the experts are elsewhere."""
    count = len(model.layers)
    said = host_experts(record, count)
    card = None if said or not any(model.experts) else device_of(str(record.get("gpu")), catalog.device)
    on_gpu = sum(held.weights for held in assign(model, plan)[0])
    return count if card and on_gpu > card.usable * len(plan.shares) else said


def flash_attention(record: Mapping[str, Any], architecture: Architecture) -> bool:
    """By itself on since the switch takes auto, where nothing is said."""
    given = record.get("flash_attention")
    if given is None and record["engine"] == "ollama" and ollama_minor(record) < 30:
        return architecture.model_type.startswith(OLLAMA_FLASH)
    return builds(record) >= FLASH_WORD if given is None else bool(given)


def keeps_prediction(record: Mapping[str, Any]) -> bool:
    """Files of Qwen3.6 and 3.8 hold their prediction layer since llama.cpp runs it (2026-05), unsloth's do not."""
    text = f"{record.get('engine_version')} {record.get('model')}"
    newer = re.search(r"Qwen3\.[68]", text) and builds(record) >= 8950 and not re.search(r"UD-|unsloth", text)
    return drafts(record) or bool(newer and build_of(record))


def drafts(record: Mapping[str, Any]) -> bool:
    return bool(re.search(r"\bMTP\b", f"{record.get('engine_version')} {record.get('model')}"))


def context_of(record: Mapping[str, Any]) -> int:
    """Ollama takes 4,096 where nothing is said (server/routes.go before 0.15.5)."""
    context = record.get("n_ctx") or (4_096 if record["engine"] == "ollama" else 0)
    if not context:
        raise InputError("n_ctx", "is not given", "a number of tokens")
    return int(context)


def cache_of(record: Mapping[str, Any]) -> Cache:
    context = context_of(record)
    sequences, (keys, values) = record.get("n_parallel") or 1, cache_pair(record)
    unified = record.get("kv_unified")
    return Cache(
        cells=padded(context) if context >= 256 else context,
        sequences=sequences,
        ubatch=micro_batch(record),
        keys=keys,
        values=values,
        build=builds(record),
        # llama-server takes four sequences in one cache by itself (PR #16736, 2025-10).
        unified=sequences == 4 if unified is None else bool(unified),
        latent=latent_of(record),
    )


def builds(record: Mapping[str, Any]) -> int:
    """The llama.cpp build, or the one whose rules are nearest."""
    if record["engine"] != "ollama":
        return build_of(record) or 9000
    minor = ollama_minor(record)
    # Its own runners reserved logits for the rows in need, as llama.cpp does since FEW_OUTPUTS.
    return 10488 if minor > 30 else 9400 if minor == 30 else FEW_OUTPUTS


def ollama_minor(record: Mapping[str, Any]) -> int:
    version = re.match(r"0\.(\d+)", str(record.get("engine_version") or ""))
    return int(version[1]) if version else 0


def micro_batch(record: Mapping[str, Any]) -> int:
    """Ollama takes 2,048 beyond 32k and 1,024 beyond 4k of context since 0.31 where its record names no batch."""
    given = record.get("n_ubatch") or 512
    if record["engine"] == "ollama" and ollama_minor(record) > 30 and not record.get("n_batch"):
        return 2048 if context_of(record) > 32_768 else 1024 if context_of(record) > 4_096 else 512
    return given


def latent_of(record: Mapping[str, Any]) -> str:
    """ik_llama.cpp's -mla: 0 keeps every head, 1 without flash attention the values as well."""
    mode = record.get("mla")
    if mode is None:
        return ""
    if mode == 0:
        return "heads"
    return "twice" if mode == 1 and not record.get("flash_attention") else "once"


def of_llama_cpp(record: Mapping[str, Any], architecture: Architecture) -> dict[str, float]:
    run, context = run_of(record, architecture), record.get("n_ctx") or record["engine"] == "ollama"
    found = of_context(run, record) if context else {}
    return {**found, **of_weights(run, record, found)} if run.weights else found


def of_context(run: Run, record: Mapping[str, Any]) -> dict[str, float]:
    cache = cache_of(record)
    return {
        "kv_per_token": kv_bytes(run, cache) / context_of(record),
        "compute_buffer": buffer(run, cache, bool(record.get("gpu_count"))),
    }


def of_weights(run: Run, record: Mapping[str, Any], context: Mapping[str, float]) -> dict[str, float]:
    weights = weigh(run.model.architecture, run.weights)  # type: ignore[arg-type]
    holdings, host = assign(run.model, run.plan)
    on_gpu = sum(held.weights for held in holdings)
    found: dict[str, float] = {"weights": weights.weights_bytes, "weights_gpu": on_gpu, "file_size": weights.file_bytes}
    if not context:
        return found
    cache = cache_of(record)
    shares = fill(run.model, holdings, cache, run.flash_attention)
    smaller = sorted(share.compute for share in shares)[:-1]  # the largest is the record's own
    projection = on_gpu + sum(share.cache for share in shares) + sum(smaller) + context["compute_buffer"]
    return {
        **found,
        "projection": projection,
        "total": projection + outside_of(record) * len(holdings) + draft_bytes(run, record, cache),
        # Ollama's own total: everything, in system memory or not, without the driver.
        "loaded": projection + weights.projector_bytes + host.weights + cache_bytes(run.model, host, cache),
    }


def draft_bytes(run: Run, record: Mapping[str, Any], cache: Cache) -> int:
    """A prediction layer that drafts has a context of its own: its keys and values, and a compute buffer."""
    if not drafts(record):
        return 0
    layer = next(layer for layer in run.model.architecture.layers if layer.kind == "full")
    run_settings = settings(run.model, cache, run.flash_attention)
    return layer_bytes(run.model.architecture, layer, cache) + compute_bytes(run.model.widths, ("full",), run_settings)


def outside_of(record: Mapping[str, Any]) -> int:
    text = str(record.get("gpu"))
    if re.search(r"H100|H200|H20\b|B200|GH200", text):
        return OUTSIDE_LARGE
    return OUTSIDE[next((vendor for vendor, pattern in VENDORS if re.search(pattern, text)), "NVIDIA")]


def kv_bytes(run: Run, cache: Cache) -> int:
    """Keys and values alone, recurrent states aside."""
    architecture = run.model.architecture
    windowed = window_cells(cache, window_of(architecture))
    return sum(
        token_bytes(architecture, layer, cache) * (windowed if layer.kind in ("sliding", "chunked") else cache.cells)
        for layer in architecture.layers
    )


def buffer(run: Run, cache: Cache, on_gpus: bool) -> int:
    """The largest compute buffer of a GPU, or the CPU's where there is none."""
    holdings = assign(run.model, run.plan)[0]
    if on_gpus and not run.plan.gpu_layers:
        return borrowed(run, cache)
    if not run.plan.gpu_layers:
        holdings = assign(run.model, Plan(len(run.model.layers) + 1, (1.0,)))[0]
    largest = max(share.compute for share in fill(run.model, holdings, cache, run.flash_attention))
    if run.fork and run.plan.gpu_layers:
        sizes = run.model.widths
        return max(largest, cache.ubatch * (sizes.vocabulary + 2 * sizes.hidden) * 4)  # the hidden state twice
    return largest


def borrowed(run: Run, cache: Cache) -> int:
    """A GPU without layers still computes large batches: experts, or the output with a copy of the head."""
    sizes, rows = run.model.widths, cache.ubatch * 4
    if sizes.experts and run.fork:
        return sizes.chosen * (sizes.expert + sizes.hidden) * rows
    if sizes.experts:  # gate, up and down stay apart where each product is a piece of its own
        return run.model.largest_expert + sizes.chosen * (2 * sizes.expert + sizes.hidden) * rows
    return run.model.output + (sizes.vocabulary + 2 * sizes.hidden) * rows
