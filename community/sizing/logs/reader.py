"""A pasted log to what it says: a figure that the log does not hold is None, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from . import llama_cpp, ollama, sglang, vllm
from .advice import Advice, advice_for
from .detect import engine_of, version_of
from .errors import failure_of
from .failure import Failure
from .runs import last_run
from .stages import cut_short
from .text import plain

ENGINES: Mapping[str, ModuleType] = {
    "vllm": vllm, "sglang": sglang, "llama.cpp": llama_cpp, "ik_llama.cpp": llama_cpp, "ollama": ollama,
}  # fmt: skip
FIGURES = ("weights_gib", "kv_gib", "kv_tokens", "compute_buffer_mib", "cuda_graph_gib", "context")


@dataclass(frozen=True)
class Reading:
    """`found` always has all of FIGURES; each engine's file says what is summed and what is of one GPU."""

    engine: str | None
    engine_version: str | None
    model: str | None
    settings: dict[str, Any]
    found: dict[str, Any]
    error_class: str | None
    advice: list[Advice] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def read_log(data: bytes | str) -> Reading:
    """InputError names the log where it is no text or longer than 200 KB; every text has a reading."""
    text = plain(data)
    engine = engine_of(text)
    module = ENGINES.get(engine or "")
    if engine is None or module is None:
        return reading(None, None, None, {}, {}, failure_of(text, None))
    whole, text = text, last_run(text, engine)
    settings = module.settings(text)
    model = module.model(text, settings)
    found = module.figures(text, settings)
    settings.pop("model", None)
    failure = failure_of(text, engine) or cut_short(text, engine)
    return reading(engine, version_of(engine, text) or version_of(engine, whole), model, settings, found, failure)


def reading(
    engine: str | None, version: str | None, model: str | None, settings: dict[str, Any], found: dict[str, Any],
    failure: Failure | None,
) -> Reading:  # fmt: skip
    figures = {name: found.get(name) for name in FIGURES}
    code = failure.code if failure else None
    return Reading(engine, version, model, settings, figures, code, advice_for(engine, failure, settings))
