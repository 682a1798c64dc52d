"""What runs on these cards: for every model of the catalogue and each engine the largest format that fits."""

from __future__ import annotations

from typing import Any

from . import catalog, engines
from .deployment import Deployment
from .formats import parse_format
from .hardware import Device
from .suggestions import LADDERS, YES, attempt

ON_CARDS = ("vllm", "llama.cpp", "exllamav3")
ON_MACS = ("mlx", "llama.cpp")


def what_fits(
    devices: tuple[Device, ...], context: int, requests: int = 1, engine: str | None = None
) -> list[dict[str, Any]]:
    """Rows of model, engine, weights and verdict, largest model first."""
    if engine:
        engines.engine(engine)
    names = (engine,) if engine else ON_MACS if devices[0].unified else ON_CARDS
    rows = [
        row for model in catalog.models() for name in names if (row := largest(model, name, devices, context, requests))
    ]
    return sorted(rows, key=lambda row: (-row["parameters"], row["model"], row["engine"]))


def largest(
    model: catalog.Model, engine: str, devices: tuple[Device, ...], context: int, requests: int
) -> dict[str, Any] | None:
    hub_name = model.hub_names[0] if model.hub_names else ""
    for name in LADDERS.get(engine, ()):
        weights = parse_format(name)
        asked = Deployment(
            model.id, model.architecture, weights, engine, "", devices, context, requests, hub_name=hub_name
        )
        answer = attempt(asked)
        if answer and answer.verdict in YES:
            return {
                "model": model.id, "parameters": model.architecture.parameters, "engine": engine, "weights": name,
                "verdict": answer.verdict.value,
            }  # fmt: skip
    return None
