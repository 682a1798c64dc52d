"""GET parameters <-> Deployment. One canonical order; defaults are left out, but model, engine, weights and GPU
always stand in the address, so that a link says what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from community.sizing import Deployment, InputError, Options, catalog
from community.sizing.engines import engine
from community.sizing.formats import parse_format
from community.sizing.hardware import Device
from community.sizing.settings import TAKES
from community.sizing.size import MOST_DEVICES, changed

# The example of an empty address.
DEFAULTS: dict[str, str] = {
    "model": "qwen3-8b", "engine": "vllm", "gpu": "rtx-4090", "gpus": "1", "context": "8192", "requests": "1",
    "unit": "GiB",
}  # fmt: skip
# What is usual for an engine, where no format is named.
USUAL_WEIGHTS = {
    "llama.cpp": "gguf-q4_k_m", "ollama": "gguf-q4_k_m", "exllamav2": "exl2-4.65", "exllamav3": "exl3-4.0",
    "mlx": "mlx-4bit",
}  # fmt: skip
# Parameter -> field of Options.
SETTINGS = {
    "kv": "kv", "utilization": "gpu_memory_utilization", "tp": "tensor_parallel", "pp": "pipeline_parallel",
    "ep": "expert_parallel", "gpu_layers": "gpu_layers", "cpu_moe": "cpu_moe", "max_num_seqs": "max_num_seqs",
    "max_num_batched_tokens": "max_num_batched_tokens", "ubatch": "ubatch", "eager": "enforce_eager",
}  # fmt: skip
# Parameter -> flag of the engine, where they are called otherwise.
FLAGS = {
    "utilization": "gpu-memory-utilization", "gpu_layers": "gpu-layers", "cpu_moe": "cpu-moe",
    "max_num_seqs": "max-num-seqs", "max_num_batched_tokens": "max-num-batched-tokens", "eager": "enforce-eager",
}  # fmt: skip
ORDER = ("model", "engine", "weights", "gpu", "gpus", "context", "requests", *SETTINGS, "unit")
ALWAYS = ("model", "engine", "weights", "gpu")


def usual_weights(engine_name: str) -> str:
    return USUAL_WEIGHTS.get(engine_name, "bf16")


def takes(engine_name: str, setting: str) -> bool:
    """Whether the engine has the setting at all."""
    return FLAGS.get(setting, setting) in TAKES.get(engine_name, ())


def deployment_of(asked: Mapping[str, Any], model: catalog.Model | None = None) -> Deployment:
    """From parsed values; what is missing or empty is the default. Raises InputError that names the field.

    `model` is one that the catalogue does not have.
    """
    values = DEFAULTS | {name: value for name, value in asked.items() if value not in (None, "")}
    name, _, version = str(values["engine"]).partition("@")
    engine(str(values["engine"]))
    weights = parse_format(str(values.get("weights") or usual_weights(name)))
    model = model or catalog.model(str(values["model"]))
    return Deployment(
        model=model.id,
        architecture=model.architecture,
        weights=weights,
        engine=name,
        version=version,
        devices=devices_of(str(values["gpu"]), int(values["gpus"])),
        context=int(values["context"]),
        requests=int(values["requests"]),
        options=Options(**{field: values[name] for name, field in SETTINGS.items() if name in values}),
        hub_name=model.repository(weights.id, name),
    )


def devices_of(text: str, count: int = 1) -> tuple[Device, ...]:
    """`rtx-4090` times `count`, or unequal cards as `rtx-4090,rtx-3090:2`, which say their own counts."""
    if "," not in text and ":" not in text:
        return (catalog.device(text),) * checked_count("gpus", str(count))
    if count != 1:
        raise InputError("gpus", f"{count} goes with one kind of card", "1")
    found: list[Device] = []
    for word in text.split(","):
        name, _, number = word.strip().partition(":")
        found += [catalog.device(name)] * checked_count("gpu", number or "1")
    checked_count("gpu", str(len(found)))
    return tuple(found)


def cards_of(devices: Iterable[Device]) -> dict[str, str]:
    """gpu and gpus as the address writes them."""
    kinds = [(kind, len(list(run))) for kind, run in groupby(device.id for device in devices)]
    if len(kinds) == 1:
        return {"gpu": kinds[0][0], "gpus": str(kinds[0][1])}
    return {"gpu": ",".join(kind if count == 1 else f"{kind}:{count}" for kind, count in kinds), "gpus": "1"}


def checked_count(field: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= MOST_DEVICES):
        raise InputError(field, f"{text[:40]!r} is not usable", f"1 to {MOST_DEVICES:,}")
    return int(text)


def values_of(deployment: Deployment, unit: str = "GiB") -> dict[str, str]:
    """Every parameter of the deployment as text, in the canonical order; "" is a setting that is not made."""
    found = {
        "model": deployment.model,
        "engine": deployment.engine + (f"@{deployment.version}" if deployment.version else ""),
        "weights": deployment.weights.id,
        **cards_of(deployment.devices),
        "context": str(deployment.context),
        "requests": str(deployment.requests),
        "unit": unit,
    }
    found |= {name: written(getattr(deployment.options, field)) for name, field in SETTINGS.items()}
    return {name: found[name] for name in ORDER}


def written(setting: Any) -> str:
    if setting is None or setting is False:
        return ""
    return "1" if setting is True else str(setting)


def canonical_query(deployment: Deployment, unit: str = "GiB") -> str:
    """The address's query, without the question mark."""
    pairs = values_of(deployment, unit).items()
    written = [(name, value) for name, value in pairs if name in ALWAYS or (value and value != DEFAULTS.get(name))]
    return urlencode(written, safe=":,@")


def with_change(deployment: Deployment, change: Mapping[str, Any]) -> Deployment:
    """The deployment with what a suggestion changes, named as in the address."""
    if "gpus" in change:
        deployment = changed(deployment, devices=deployment.devices[:1] * change["gpus"], tensor_parallel=None,
                             pipeline_parallel=None, expert_parallel=None)  # fmt: skip
    if "weights" in change:
        model, weights = catalog.model(deployment.model), parse_format(change["weights"])
        deployment = replace(deployment, weights=weights, hub_name=model.repository(weights.id, deployment.engine))
    if "context" in change:
        deployment = replace(deployment, context=change["context"])
    settings = {SETTINGS[name]: value for name, value in change.items() if name in SETTINGS}
    return changed(deployment, **settings) if settings else deployment
