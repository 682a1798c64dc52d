"""How many independent measured records stand behind a rule. Fewer than ten: the rule is shown as not validated.

data/validation.json holds the counts that `accuracy` finds in data/measurements.jsonl; a test keeps the two equal.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from . import catalog
from .estimate import EngineMemory, GpuMemory
from .versions import version_group

ENOUGH = 10

# Part of a GPU's memory -> the components of records that test its rule; the plain one before a device's total.
COMPONENTS = {
    "weights": ("weights", "total"),
    "kv_cache": ("kv_per_token", "total"),
    "activations": ("activation", "compute_buffer", "total"),
    "runtime": ("non_torch", "total"),
}
# These follow from the architecture whatever the version, the rest from the rules of a version.
FROM_ARCHITECTURE = ("weights", "kv_cache")
SAME_RULES = {"ollama": "llama.cpp"}  # Ollama runs llama.cpp's server


@lru_cache(maxsize=500)
def records(engine: str, version: str, part: str) -> int:
    name = SAME_RULES.get(engine, engine)
    groups = catalog.validation().get(name, {})
    own = groups.get(version_group(name, version), {})
    counts = list(groups.values()) if part in FROM_ARCHITECTURE else [own]
    totals = (sum(count.get(component, 0) for count in counts) for component in COMPONENTS[part])
    return next((total for total in totals if total), 0)


def with_records(memory: EngineMemory, engine: str, version: str) -> EngineMemory:
    """The memory with every part's count."""

    def counted(gpu: GpuMemory) -> GpuMemory:
        parts = (replace(part, records=records(engine, version, part.name)) for part in gpu.parts)
        return replace(gpu, parts=tuple(parts))

    found: list[GpuMemory] = []
    for before, gpu in zip((None, *memory.gpus), memory.gpus, strict=False):
        found.append(found[-1] if gpu == before else counted(gpu))  # neighbours are often alike
    return replace(memory, gpus=tuple(found))
