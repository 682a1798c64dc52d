"""A cause of a failed start, and how far the start had come."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Failure:
    """`values` are what the message says, by name; nothing in it is worked out."""

    code: str
    at: int
    values: dict[str, Any] = field(default_factory=dict)


NEAR = 20_000  # characters before a failure in which its stage is looked for
STAGES = {
    "graph_capture": re.compile(
        r"Capture (?:cuda graph|target|draft|piecewise)[^\n]{0,60} begin|Capturing (?:CUDA|cuda|batches|num "
        r"tokens|the model)"
    ),
    "profile": re.compile(r"torch\.compile|determine_available_memory|profile_run|determine_num_available|_dummy_run"),
    "kv_cache": re.compile(
        r"KV Cache is allocated|GPU KV cache size|initialize_kv_cache|init_memory_pool|init_cache_engine"
    ),
    "weights": re.compile(r"Load weight begin|Starting to load model|load_model\b|Loading safetensors|load_tensors:"),
}


def stage(text: str, at: int) -> dict[str, str]:
    """The stage of the engine's last own words before this place."""
    before = text[max(0, at - NEAR) : at]
    places = {name: last(pattern, before) for name, pattern in STAGES.items()}
    name = max(places, key=lambda key: places[key])
    return {"stage": name} if places[name] >= 0 else {}


def last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)
