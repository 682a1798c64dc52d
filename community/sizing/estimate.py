"""What is answered. Bytes are integers; every part says how sure it is and where its rule comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    FITS = "fits"  # needed <= 90 % of usable on every GPU
    TIGHT = "tight"  # 90 to 100 %
    FITS_WITH_OFFLOAD = "fits_with_offload"
    DOES_NOT_FIT = "does_not_fit"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    EXACT = "exact"  # counted from the architecture
    RULE = "rule"  # the engine's own arithmetic, read from its source
    MEASURED = "measured_constant"
    ESTIMATE = "estimate"


@dataclass(frozen=True)
class Reason:
    """A code that words are written for elsewhere, with the values they need."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Formula:
    """How a part was reckoned, with the reader's own numbers: sizes in bytes are the values named `…_bytes`."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One share of a GPU's memory; `records` stand behind the rule."""

    name: str  # weights, kv_cache, activations, runtime
    bytes: int
    formula: Formula
    evidence: Evidence
    source: str
    records: int = 0  # independent measured records behind the rule; below 10 it is "not validated"


@dataclass(frozen=True)
class GpuMemory:
    """One GPU. needed = weights + kv_cache + activations + runtime; free = usable - max(needed, reserved)."""

    device: str
    usable: int
    parts: tuple[Part, ...]
    reserved: int = 0  # what the engine sets aside at start, 0 where it takes only what it needs
    kv_pool: int = 0  # the share of it that holds KV cache
    budget: int | None = None  # the most it may take by its own setting; None: usable

    def part(self, name: str) -> int:
        return sum(part.bytes for part in self.parts if part.name == name)

    @property
    def needed(self) -> int:
        return sum(part.bytes for part in self.parts)

    @property
    def free(self) -> int:
        return self.usable - max(self.needed, self.reserved)


@dataclass(frozen=True)
class EngineMemory:
    """What an engine's rules say of a deployment, before any verdict."""

    gpus: tuple[GpuMemory, ...]
    kv_pool_tokens: int | None
    max_context: int  # the longest context of `requests` requests that fits, 0 if none
    max_requests: int  # requests of the full context that fit, 0 if none
    host_bytes: int = 0  # weights or cache in system memory
    reasons: tuple[Reason, ...] = ()
    starts: bool = True  # False: the engine itself would refuse (reasons say why)


@dataclass(frozen=True)
class Suggestion:
    """A change that turns a no into a yes, itself checked."""

    code: str
    change: dict[str, Any]
    verdict: Verdict


@dataclass(frozen=True)
class Estimate:
    verdict: Verdict
    reasons: tuple[Reason, ...]
    parameters: int
    active_parameters: int
    weights_bytes: int
    file_bytes: int
    kv_bytes_per_token: int
    memory: EngineMemory | None
    suggestions: tuple[Suggestion, ...] = ()
    command: str = ""
    speed: dict[str, Any] = field(default_factory=dict)
    rules_version: str = ""
