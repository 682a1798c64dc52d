"""The engines. Each module answers `memory(deployment)` and `command(deployment)` and knows its `LATEST` version."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from types import ModuleType

from ..errors import InputError
from ..versions import parse_version

# Name -> module. Those of ExLlama share one; what a deployment means stands in its `engine`.
MODULES = {
    "vllm": "vllm",
    "sglang": "sglang",
    "tensorrt-llm": "tensorrt_llm",
    "llama.cpp": "llama_cpp",
    "ollama": "ollama",
    "exllamav2": "exllama",
    "exllamav3": "exllama",
    "mlx": "mlx",
    "tgi": "tgi",
    "lmdeploy": "lmdeploy",
}


def engine(name_at_version: str) -> tuple[ModuleType, str]:
    """The module, and the version as it was given ("" is the newest known)."""
    name, _, version = name_at_version.partition("@")
    if name not in MODULES:
        near = get_close_matches(name.lower(), MODULES, 3, 0.5)
        raise InputError("engine", f"{name[:40]!r} is not known", ", ".join(near or MODULES))
    if version or "@" in name_at_version:
        parse_version(version)
    return import_module(f".{MODULES[name]}", __name__), version


def latest(name: str) -> str:
    """The newest version whose rules are known. ExLlamaV2 and V3 share a module, not a version."""
    module, _ = engine(name)
    found: str = getattr(module, "NEWEST", {}).get(name, module.LATEST)
    return found
