"""What runs on these cards: for every model of the catalogue and each engine the largest format that fits."""

from __future__ import annotations

from typing import Any

from . import catalog, engines
from .deployment import Deployment
from .errors import InputError
from .formats import parse_format
from .hardware import Device
from .settings import MOST_CARDS
from .size import assess
from .suggestions import LADDERS, YES, attempt

ON_CARDS = ("vllm", "llama.cpp", "exllamav3")
ON_MACS = ("mlx", "llama.cpp")


def what_fits(
    devices: tuple[Device, ...], context: int, requests: int = 1, engine: str | None = None
) -> list[dict[str, Any]]:
    """Rows of model, engine, weights and verdict, largest model first."""
    usual = ON_MACS if devices[0].vendor == "Apple" else ON_CARDS
    names = (engine,) if engine else tuple(name for name in usual if len(devices) <= MOST_CARDS.get(name, len(devices)))
    for name in names:
        check(name, devices, context, requests)
    rows = [
        row for model in catalog.models() for name in names if (row := largest(model, name, devices, context, requests))
    ]
    return sorted(rows, key=lambda row: (-row["parameters"], row["model"], row["engine"]))


def check(engine: str, devices: tuple[Device, ...], context: int, requests: int) -> None:
    """Refuses senseless input, which would otherwise look like cards that hold nothing."""
    engines.engine(engine)
    name, _, version = engine.partition("@")
    if name not in LADDERS:
        raise InputError("engine", f"the memory of {name} is not known", ", ".join(LADDERS))
    model, weights = catalog.models()[0], parse_format(LADDERS[name][0])
    assess(Deployment(model.id, model.architecture, weights, name, version, devices, context, requests))


def largest(
    model: catalog.Model, engine: str, devices: tuple[Device, ...], context: int, requests: int
) -> dict[str, Any] | None:
    base, _, version = engine.partition("@")
    for name in LADDERS[base]:
        weights = parse_format(name)
        answer = attempt(Deployment(model.id, model.architecture, weights, base, version, devices, context, requests))
        if answer and answer.verdict in YES:
            return {
                "model": model.id, "parameters": model.architecture.parameters, "engine": engine, "weights": name,
                "verdict": answer.verdict.value,
            }  # fmt: skip
    return None
