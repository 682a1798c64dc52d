"""What runs on these cards: for every model of the catalogue and each engine the largest format that fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from . import catalog, engines
from .deployment import Deployment
from .errors import InputError
from .estimate import Verdict
from .formats import parse_format, weigh
from .hardware import Device
from .settings import MOST_CARDS
from .size import Answer, assess, needed_bytes
from .suggestions import CARDS, LADDERS, YES, other_split, whole

Held = tuple[Deployment, Answer]

ON_CARDS = ("vllm", "llama.cpp", "exllamav3")
ON_MACS = ("mlx", "llama.cpp")
# Q8_0 of a model that was made in FP8 is usual; what is larger than that holds no more than the model's own format.
NATIVE_MARGIN = 1.1


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
    name = engine.partition("@")[0]
    if name not in LADDERS:
        raise InputError("engine", f"the memory of {name} is not known", ", ".join(LADDERS))
    assess(asked_of(catalog.models()[0], engine, LADDERS[name][0], devices, context, requests))


def largest(
    model: catalog.Model, engine: str, devices: tuple[Device, ...], context: int, requests: int
) -> dict[str, Any] | None:
    found = held(model, engine, ladder(model.id, engine.partition("@")[0]), devices, context, requests)
    if found is None:
        return None
    deployment, answer = found
    return {
        "model": model.id, "parameters": model.architecture.parameters, "engine": engine,
        "weights": deployment.weights.id, "verdict": answer.verdict.value, "needed_bytes": needed_bytes(answer.memory),
    }  # fmt: skip


@lru_cache(maxsize=2_048)
def ladder(model_id: str, engine: str) -> tuple[str, ...]:
    """The engine's usual formats from large to small. A model that was made in a small one, as gpt-oss in MXFP4 and
    DeepSeek-V3 in FP8, begins with that one, and has none that is larger."""
    model = catalog.model(model_id)
    if model.native in ("", "bf16"):
        return LADDERS[engine]
    own = [row.format for row in model.formats if row.format in (model.native, f"gguf-{model.native}")]
    own = [name for name in own if kind_of(name) in kinds(engine)]
    most = bytes_in(model, own[0]) if own else bytes_in(model, model.native) * NATIVE_MARGIN
    return (*own, *(name for name in LADDERS[engine] if name not in own and bytes_in(model, name) <= most))


def bytes_in(model: catalog.Model, weights: str) -> int:
    return weigh(model.architecture, parse_format(weights)).weights_bytes


def kind_of(name: str) -> str:
    return parse_format(name).kind


def kinds(engine: str) -> set[str]:
    return {kind_of(name) for name in LADDERS[engine]}


def held(
    model: catalog.Model, engine: str, formats: Iterable[str], devices: tuple[Device, ...], context: int, requests: int
) -> Held | None:
    """The first of the formats, which go from large to small, that fits."""
    for name in formats:
        deployment = asked_of(model, engine, name, devices, context, requests)
        answer = whole(deployment)
        if answer:
            return deployment, answer
    return None


def fewest(deployment: Deployment) -> Held | None:
    """The fewest cards of the deployment's one kind that hold it, divided otherwise where that is needed. Where no
    source says whether the engine runs it, the fewest whose memory is enough."""
    counts = CARDS[:1] if deployment.devices[0].unified else CARDS
    most = MOST_CARDS.get(deployment.engine, CARDS[-1])
    for count in (count for count in counts if count <= most):
        plain = replace(deployment, devices=deployment.devices[:1] * count)
        for other in (plain, *(split for _code, _change, split in other_split(plain))):
            answer = whole(other, (*YES, Verdict.UNKNOWN))
            if answer and answer.memory:
                return other, answer
    return None


def asked_of(
    model: catalog.Model, engine: str, weights: str, devices: tuple[Device, ...], context: int, requests: int = 1
) -> Deployment:
    """A model of the catalogue in a format on NAME[@VERSION] of an engine, with its defaults."""
    base, _, version = engine.partition("@")
    return Deployment(
        model.id, model.architecture, parse_format(weights), base, version, devices, context, requests,
        hub_name=model.repository(weights, base),
    )  # fmt: skip
