"""Predicted against measured, for records in the shape of data/measurements.jsonl.

A record is predicted from its configuration alone: `predict` never reads what was measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import mean, median
from types import ModuleType
from typing import Any

from .. import catalog
from ..architecture import Architecture
from ..errors import InputError
from ..hardware import Device
from ..versions import version_group
from . import llama_records, local_records, serving_records

# What some records give instead of the plain figure.
VARIANTS = {
    "projection": ("total", "projection"),
    "loaded": ("total", "as logged"),
    "weights_gpu": ("weights", "on GPUs"),
}
MEASURED = ("measured", "derived", "quote", "note")  # what a prediction must not see

# Engine -> the module that reads its records: predicted(record, architecture, device) and measured(record).
RULES: dict[str, ModuleType] = {
    **dict.fromkeys(("vllm", "sglang", "tensorrt-llm"), serving_records),
    **dict.fromkeys(("llama.cpp", "ik_llama.cpp", "ollama", "exllamav2", "exllamav3", "mlx"), local_records),
}


@dataclass(frozen=True)
class Comparison:
    """One component of one record. `predicted` is None where it was declined, and `reason` says why."""

    record: str
    engine: str
    group: str
    component: str
    measured: float
    predicted: float | None
    run: str = ""  # equal for identical runs, which count once
    reason: str = ""
    variant: str = (
        ""  # what was read: a projection or a log's own sum instead of a device's total, weights on GPUs only
    )

    @property
    def error(self) -> float | None:
        """Relative to what was measured; None where it was declined or nothing was there."""
        return None if self.predicted is None or not self.measured else self.predicted / self.measured - 1


def predict(
    record: Mapping[str, Any],
    architectures: Mapping[str, Architecture],
    device: Callable[[str], Device] = catalog.device,
) -> dict[str, float]:
    """Component -> bytes. Raises InputError for what cannot be predicted."""
    engine, name = record["engine"], record.get("config_id")
    if engine not in RULES:
        raise InputError("engine", f"{engine} has no rule for records", ", ".join(RULES))
    if not name or name not in architectures:
        raise InputError("config_id", f"{name!r} is no known architecture", "an architecture of the catalogue")
    configuration = {key: value for key, value in record.items() if key not in MEASURED}
    return RULES[engine].predicted(configuration, architectures[name], device)


def compare(
    records: Iterable[Mapping[str, Any]],
    architectures: Mapping[str, Architecture],
    device: Callable[[str], Device] = catalog.device,
) -> list[Comparison]:
    return [row for record in records for row in compare_record(record, architectures, device)]


def compare_record(
    record: Mapping[str, Any], architectures: Mapping[str, Architecture], device: Callable[[str], Device]
) -> list[Comparison]:
    """Every figure of one record. A record that cannot be read is declined like one without a rule."""
    predictions, figures, reason = {}, dict.fromkeys(record.get("testable") or ("record",), 0.0), ""
    try:
        predictions = predict(record, architectures, device)
        figures = RULES[record["engine"]].measured(record)
    except InputError as error:
        reason = error.field
        figures = measured_or(figures, record)
    except (KeyError, ValueError, TypeError, AttributeError):
        reason = "malformed_record"
    name, engine = str(record.get("id", "")), str(record.get("engine", ""))
    run, group = str(record.get("replicate_group") or name), group_of(record)
    rows = []
    for figure, size in figures.items():
        component, variant = VARIANTS.get(figure, (figure.removesuffix("_tokens"), ""))
        why = reason or ("" if figure in predictions else "no_rule")
        rows.append(Comparison(name, engine, group, component, size, predictions.get(figure), run, why, variant))
    return rows


def measured_or(otherwise: dict[str, float], record: Mapping[str, Any]) -> dict[str, float]:
    """What was measured, also where nothing could be predicted."""
    try:
        return RULES[record["engine"]].measured(record) or otherwise
    except (KeyError, ValueError, TypeError, AttributeError):
        return otherwise


def group_of(record: Mapping[str, Any]) -> str:
    """Records that share their rules: versions of vLLM; llama.cpp files that its own rules describe, and others."""
    engine = record.get("engine")
    if engine in ("llama.cpp", "ik_llama.cpp"):
        if llama_records.is_fork(record):
            return "mixes of others"
        return "experts in system memory" if llama_records.host_experts(record, 1) else ""
    if engine != "vllm":
        return ""
    version = serving_records.version_of("vllm", str(record.get("engine_version")))
    return version_group("vllm", version) if version else "unknown"


def summary(rows: Iterable[Comparison]) -> list[dict[str, Any]]:
    """n, mean, median, 90th percentile and maximum error by engine, group and component; identical runs count once."""
    errors: dict[tuple[str, str, str, str], dict[str, float]] = defaultdict(dict)
    for row in rows:
        if row.error is not None:
            errors[row.engine, row.group, row.component, row.variant].setdefault(row.run, abs(row.error))
    found = []
    for (engine, group, component, variant), by_run in sorted(errors.items()):
        values = sorted(by_run.values())
        ninth = values[min(len(values) - 1, -(-9 * len(values) // 10) - 1)]
        line = {"engine": engine, "group": group, "component": component, "variant": variant, "n": len(values)}
        found.append({**line, "mean": mean(values), "median": median(values), "p90": ninth, "max": values[-1]})
    return found


def counts(rows: Iterable[Comparison]) -> dict[str, dict[str, dict[str, int]]]:
    """Engine -> group -> component -> independent records, whatever was read."""
    runs: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.error is not None:
            runs[row.engine, row.group, row.component].add(row.run)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (engine, group, component), names in sorted(runs.items()):
        found.setdefault(engine, {}).setdefault(group, {})[component] = len(names)
    return found
