"""One accelerator as engines see it: bytes that can be used, not the label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

GIB, MIB = 2**30, 2**20


@dataclass(frozen=True)
class Device:
    """A card, or a machine whose memory the GPU shares with the system (`unified`)."""

    id: str
    name: str
    usable: int  # bytes that nvidia-smi prints as total; on a Mac what Metal lets a process use
    cuda_total: int | None  # bytes that CUDA reports, the base of vLLM's and SGLang's fractions; None: not measured
    bandwidth: float  # bytes a second
    tflops: Mapping[str, float] = field(hash=False)  # dense: bf16, fp16, fp8, fp4, int8
    capability: str  # 9.0, gfx942; "" on a Mac
    vendor: str
    nvlink: float  # bytes a second, both directions; 0: none
    unified: bool
    memory: int  # the label in bytes; on unified machines all of the memory
    source: str
    checked: str
    estimated: tuple[str, ...] = ()  # fields that no source was read for


def gpu(row: Mapping[str, Any], checked: str) -> Device:
    total = row.get("cuda_total_mib")
    return Device(
        id=row["id"],
        name=row["name"],
        usable=row["usable_mib"] * MIB,
        cuda_total=total * MIB if total else None,
        bandwidth=row["bandwidth_gbs"] * 1e9,
        tflops=row["tflops"],
        capability=row["capability"],
        vendor=row["vendor"],
        nvlink=row["nvlink_gbs"] * 1e9,
        unified=row.get("unified", False),
        memory=row["memory_gb"] * GIB,
        source=row["source"],
        checked=checked,
        estimated=tuple(row.get("estimated", ())),
    )


def mac(row: Mapping[str, Any], memory_gb: int, limits: Sequence[Mapping[str, Any]], checked: str) -> Device:
    """A Mac with `memory_gb`: what Metal lets a process use is a share of it."""
    step = max((limit for limit in limits if limit["memory_gb"] <= memory_gb), key=lambda limit: limit["memory_gb"])
    measured = step["memory_gb"] == memory_gb and not step["source"].startswith("estimate")
    return Device(
        id=f"{row['id']}-{memory_gb}gb",
        name=f"{row['name']}, {memory_gb} GB",
        usable=int(memory_gb * GIB * step["share"]),
        cuda_total=None,
        bandwidth=row["bandwidth_gbs"] * 1e9,
        tflops={},
        capability="",
        vendor="Apple",
        nvlink=0.0,
        unified=True,
        memory=memory_gb * GIB,
        source=f"{row['source']}; usable: {step['source']}",
        checked=checked,
        estimated=() if measured else ("usable",),
    )
