"""What fits into given GPUs: for every model of the catalogue the largest format that an engine holds on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from community.sizing import Deployment, Verdict, catalog
from community.sizing.estimate import EngineMemory
from community.sizing.fit import held, kinds, ladder
from community.sizing.formats import parse_format, weigh
from community.sizing.hardware import Device
from community.sizing.size import needed_bytes
from community.sizing.speed import ceilings

from ..query import canonical_query, devices_of


@dataclass(frozen=True)
class Fit:
    """`needed` is the sum over the GPUs; `speed` the ceiling at a full context in tokens/s, None where the bandwidth is
    not known; `repository` where the model is published in the format, "" where that is not known."""

    model: catalog.Model
    weights: str
    verdict: Verdict
    needed: int
    speed: float | None
    repository: str
    query: str

    @property
    def parameters(self) -> int:
        return self.model.architecture.parameters


@lru_cache(maxsize=64)
def fits(gpu: str, gpus: int, engine: str, context: int, requests: int, published: bool) -> tuple[Fit, ...]:
    """Largest model first. `published`: of each model only the formats of which a repository is known."""
    devices, found = devices_of(gpu, gpus), []
    for model in catalog.models():
        formats = published_formats(model, engine) if published else ladder(model.id, engine)
        answer = held(model, engine, formats, devices, context, requests)
        if answer:
            found.append(fit_of(answer[0], answer[1].verdict, answer[1].memory))
    return tuple(sorted(found, key=lambda fit: (-fit.parameters, fit.model.id)))


def fit_of(deployment: Deployment, verdict: Verdict, memory: EngineMemory | None) -> Fit:
    return Fit(
        model=catalog.model(deployment.model),
        weights=deployment.weights.id,
        verdict=verdict,
        needed=needed_bytes(memory),
        speed=ceilings(deployment)["decode_tokens_per_second"][0],
        repository=deployment.hub_name,
        query=canonical_query(deployment),
    )


def published_formats(model: catalog.Model, engine: str) -> list[str]:
    """From large to small, of the kinds that the engine's ladder has."""
    formats = {row.format: parse_format(row.format) for row in model.formats}
    known = [name for name, weights in formats.items() if weights.kind in kinds(engine)]
    return sorted(known, key=lambda name: -weigh(model.architecture, formats[name]).weights_bytes)


def usual_engine(devices: tuple[Device, ...]) -> str:
    return "mlx" if devices[0].vendor == "Apple" else "vllm"
