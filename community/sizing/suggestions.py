"""What would turn a no into a yes: each change is assessed before it is offered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from .architecture import Architecture
from .deployment import Deployment
from .errors import InputError
from .estimate import Suggestion, Verdict
from .formats import Format, parse_format, weigh
from .kv_cache import cache_bytes, kv_type
from .size import Answer, assess, changed, worst_support

YES = (Verdict.FITS, Verdict.TIGHT)
CARDS = (1, 2, 3, 4, 6, 8, 12, 16)  # as servers hold them
LEAST_CONTEXT = 1_024
OFFLOADING = ("llama.cpp", "ollama")
NUMBER = re.compile(r"\d+")

GGUF_LEVELS = (
    "bf16", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "iq4_xs", "q3_k_m", "iq3_xxs", "iq2_xs", "iq2_xxs", "iq1_m",
)  # fmt: skip
# From large to small, the formats that a reader can usually find for a model.
LADDERS: dict[str, tuple[str, ...]] = {
    "vllm": ("bf16", "fp8", "gptq-int8", "gptq-int4", "awq-4bit"),
    "sglang": ("bf16", "fp8", "gptq-int4", "awq-4bit"),
    "tensorrt-llm": ("bf16", "fp8", "nvfp4", "awq-4bit"),
    "llama.cpp": tuple(f"gguf-{level}" for level in GGUF_LEVELS),
    "exllamav2": tuple(f"exl2-{bits}" for bits in ("8.0", "6.0", "5.0", "4.65", "4.0", "3.5", "3.0", "2.4")),
    "exllamav3": tuple(f"exl3-{bits}" for bits in ("8.0", "6.0", "5.0", "4.0", "3.5", "3.0", "2.5", "2.0")),
    "mlx": ("mlx-bf16", "mlx-8bit", "mlx-6bit", "mlx-5bit", "mlx-4bit", "mlx-3bit"),
}  # fmt: skip
LADDERS["ollama"] = LADDERS["llama.cpp"]
EIGHT_BIT_CACHE = {
    "vllm": "fp8", "sglang": "fp8", "tensorrt-llm": "fp8", "llama.cpp": "q8_0", "ollama": "q8_0",
    "exllamav2": "q8", "exllamav3": "q8",
}  # fmt: skip


def suggestions(deployment: Deployment) -> tuple[Suggestion, ...]:
    """The first change of each kind that gives a yes, in the order in which they cost the reader least."""
    found = []
    for kind in (eight_bit_cache, shorter_context, other_split, smaller_format, more_cards):
        for code, change, other in kind(deployment):
            answer = whole(other)
            if answer:
                found.append(Suggestion(code, change, answer.verdict))
                break
    return tuple(found) or combined(deployment)


Candidate = tuple[str, dict[str, Any], Deployment]


def attempt(deployment: Deployment) -> Answer | None:
    """None where the engine does not take the combination at all, or no card could hold it."""
    try:
        return None if hopeless(deployment) else assess(deployment)
    except InputError:
        return None


def whole(deployment: Deployment, wanted: Iterable[Verdict] = YES) -> Answer | None:
    """The answer where it is a plain yes, without its limits. llama.cpp need not look for what would have to go to
    system memory."""
    support, options = worst_support(deployment).verdict, deployment.options
    if support == "no" or (support == "unknown" and Verdict.UNKNOWN not in wanted):
        return None  # whatever the memory
    if deployment.engine in OFFLOADING and options.gpu_layers is None and not options.cpu_moe:
        deployment = changed(deployment, gpu_layers=len(deployment.architecture.layers) + 1)
    answer = attempt(replace(deployment, limits=False))
    return answer if answer and answer.verdict in wanted else None


def hopeless(deployment: Deployment) -> bool:
    """The weights of the layers and the cache are more than all the cards have: no need to lay them out."""
    architecture = deployment.architecture
    names = (deployment.options.kv or "f16").split("/")
    least = min((kv_type(name) for name in names), key=lambda kv: kv.bits)
    cache = cache_bytes(architecture, least, deployment.context) * deployment.requests
    room = sum(device.usable for device in deployment.devices) - cache
    if least_layer_bytes(architecture, deployment.weights) > room:
        return True  # without weighing every tensor
    return weigh(architecture, deployment.weights).layer_bytes > room


def least_layer_bytes(architecture: Architecture, weights: Format) -> int:
    """At most what the layers weigh, without weighing every tensor: those of a GGUF level have the bits in its name,
    one less in the mixes of the i-quants, and those of the other formats at least half their bits."""
    kept: dict[str, int] = vars(architecture).setdefault("layer_elements", {})
    if "text" not in kept:
        layers = [tensor for tensor in architecture.tensors if tensor.part == "text" and tensor.layer is not None]
        kept["text"] = sum(tensor.elements for tensor in layers)
    number = NUMBER.search(weights.scheme) if weights.kind == "gguf" else None
    bits = max(int(number[0]) - weights.scheme.startswith("i"), 1) if number else weights.bits / 2
    return int(kept["text"] * bits / 8)


def eight_bit_cache(deployment: Deployment) -> Iterator[Candidate]:
    kv = EIGHT_BIT_CACHE.get(deployment.engine)
    if kv and deployment.options.kv != kv:
        yield "kv_in_8_bit", {"kv": kv}, changed(deployment, kv=kv)


def shorter_context(deployment: Deployment) -> Iterator[Candidate]:
    """The longest context that fits, then halves of what was asked for: some engines lay out anew for a shorter one."""
    answer = attempt(deployment)
    longest = answer.memory.max_context if answer and answer.memory else 0
    halves = [deployment.context >> step for step in range(1, 12)]
    for context in [longest // 256 * 256, *halves]:
        if LEAST_CONTEXT <= context < deployment.context:
            yield "shorter_context", {"context": context}, changed(deployment, context=context)


def other_split(deployment: Deployment) -> Iterator[Candidate]:
    """The same cards, divided otherwise: experts whole, or stages instead of slices."""
    cards = len(deployment.devices)
    if cards == 1 or deployment.engine not in ("vllm", "sglang", "tensorrt-llm"):
        return
    if deployment.architecture.experts:
        yield "expert_parallel", {"ep": cards}, changed(deployment, expert_parallel=cards)
    for tensor in (size for size in (8, 4, 2, 1) if size < cards and cards % size == 0):
        split = {"tp": tensor, "pp": cards // tensor}
        yield "other_split", split, changed(deployment, tensor_parallel=tensor, pipeline_parallel=cards // tensor)


def smaller_format(deployment: Deployment) -> Iterator[Candidate]:
    now = weigh(deployment.architecture, deployment.weights).weights_bytes
    for name in LADDERS.get(deployment.engine, ()):
        weights = parse_format(name)
        if weigh(deployment.architecture, weights).weights_bytes < now:
            yield "smaller_format", {"weights": name}, changed(deployment, weights=weights)


def more_cards(deployment: Deployment) -> Iterator[Candidate]:
    """Only of one kind of card: which of unequal ones to add is the reader's to say."""
    if len({device.id for device in deployment.devices}) > 1 or deployment.devices[0].unified:
        return
    for count in (count for count in CARDS if count > len(deployment.devices)):
        devices = deployment.devices[:1] * count
        plain = changed(deployment, devices=devices, tensor_parallel=None, pipeline_parallel=None, expert_parallel=None)
        for _, split, other in [("", {}, plain), *other_split(plain)]:
            yield "more_gpus", {"gpus": count} | split, other


def combined(deployment: Deployment) -> tuple[Suggestion, ...]:
    """Where no single change is enough: the fewest cards that hold the model in a smaller format."""
    for _, cards, more in more_cards(deployment):
        for code, change, other in smaller_format(more):
            answer = whole(other)
            if answer:
                return (Suggestion(f"{code}_on_more_gpus", change | cards, answer.verdict),)
    return ()
