"""Estimates and comparisons as dictionaries for JSON and as lines for a terminal. Units appear here, nowhere below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from .accuracy import Comparison
from .estimate import Estimate, GpuMemory, Part, Reason
from .formulas import formula_text
from .size import needed_bytes
from .validation import ENOUGH

UNITS = {"GiB": 2**30, "GB": 10**9}
PARTS = ("weights", "kv_cache", "activations", "runtime")


def as_dict(estimate: Estimate) -> dict[str, Any]:
    memory = estimate.memory
    return {
        "verdict": estimate.verdict.value,
        "reasons": [asdict(reason) for reason in estimate.reasons],
        "parameters": {"total": estimate.parameters, "active": estimate.active_parameters},
        "weights_bytes": estimate.weights_bytes,
        "file_bytes": estimate.file_bytes,
        "kv_bytes_per_token": estimate.kv_bytes_per_token,
        "kv_pool_bytes": sum(gpu.kv_pool for gpu in memory.gpus) if memory else None,
        "kv_pool_tokens": memory.kv_pool_tokens if memory else None,
        "needed_bytes": needed_bytes(memory) if memory else None,
        "reserved_bytes": sum(gpu.reserved for gpu in memory.gpus) if memory else None,
        "host_bytes": memory.host_bytes if memory else None,
        "per_gpu": [gpu_dict(gpu) for gpu in memory.gpus] if memory else [],
        "max_context": memory.max_context if memory else None,
        "max_requests": memory.max_requests if memory else None,
        "suggestions": [asdict(suggestion) for suggestion in estimate.suggestions],
        "command": estimate.command,
        "speed": estimate.speed,
        "rules_version": estimate.rules_version,
    }


def gpu_dict(gpu: GpuMemory) -> dict[str, Any]:
    return {
        "device": gpu.device,
        "usable": gpu.usable,
        **{name: gpu.part(name) for name in PARTS},
        "needed": gpu.needed,
        "reserved": gpu.reserved,
        "kv_pool": gpu.kv_pool,
        "free": gpu.free,
        "parts": [part_dict(part) for part in gpu.parts],
    }


def part_dict(part: Part) -> dict[str, Any]:
    return asdict(part) | {"formula": formula_text(part.formula), "validated": part.records >= ENOUGH}


def lines(estimate: Estimate, unit: str) -> list[str]:
    def amount(size: int) -> str:
        return f"{size / UNITS[unit]:,.2f} {unit}"

    head = [
        f"verdict     {estimate.verdict.value}",
        *(f"reason      {reason_text(reason)}" for reason in estimate.reasons),
        f"parameters  {estimate.parameters:,} ({estimate.active_parameters:,} active)",
        f"weights     {amount(estimate.weights_bytes)}, file {amount(estimate.file_bytes)}",
        f"KV cache    {estimate.kv_bytes_per_token:,} bytes a token",
    ]
    memory = estimate.memory
    for number, gpu in enumerate(memory.gpus if memory else ()):
        head.append(f"GPU {number}       {gpu.device}: needed {amount(gpu.needed)} of {amount(gpu.usable)}, "
                    f"reserved {amount(gpu.reserved)}, free {amount(gpu.free)}")  # fmt: skip
        for part in gpu.parts:
            mark = part.evidence.value + ("" if part.records >= ENOUGH else ", not validated")
            head.append(f"  {part.name:<12}{amount(part.bytes):>12}  {formula_text(part.formula)} [{mark}]")
    if memory:
        host = f", {amount(memory.host_bytes)} in system memory" if memory.host_bytes else ""
        head.append(f"largest     context {memory.max_context:,}, full requests {memory.max_requests}{host}")
    head += [f"would help  {s.code}: {values(s.change)} -> {s.verdict.value}" for s in estimate.suggestions]
    return [*head, *speed_lines(estimate.speed), *([f"command     {estimate.command}"] if estimate.command else [])]


def speed_lines(speed: Mapping[str, Any]) -> list[str]:
    slow, fast = speed["decode_tokens_per_second"]
    shown = "not known" if fast is None else f"at most {slow:,.0f} (full context) to {fast:,.0f} tokens/s"
    prefill = speed["prefill_tokens_per_second"]
    return [
        f"decode      {shown}",
        f"prefill     {'not known' if prefill is None else f'at most {prefill:,.0f} tokens/s'}",
    ]


def reason_text(reason: Reason) -> str:
    return f"{reason.code}: {values(reason.values)}" if reason.values else reason.code


def values(found: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in found.items()
    )


def named(row: Mapping[str, Any]) -> str:
    return f"{row['component']}, {row['variant']}" if row["variant"] else row["component"]


def comparison_dict(row: Comparison) -> dict[str, Any]:
    return asdict(row) | {"error": row.error}


def table(summary: Iterable[Mapping[str, Any]]) -> list[str]:
    """The errors as a Markdown table."""
    rows = ["| engine | group | component | n | mean | median | 90 % | max |", "|---|---|---|---:|---:|---:|---:|---:|"]
    for row in summary:
        shares = " | ".join(f"{row[name]:.2%}" for name in ("mean", "median", "p90", "max"))
        rows.append(f"| {row['engine']} | {row['group']} | {named(row)} | {row['n']} | {shares} |")
    return rows
