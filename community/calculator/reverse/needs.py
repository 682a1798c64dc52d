"""What a model needs: for each common card and each format the fewest cards that hold it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from community.sizing import Deployment, Verdict, catalog
from community.sizing.fit import asked_of, fewest
from community.sizing.formats import parse_format, weigh
from community.sizing.hardware import Device
from community.sizing.settings import MOST_CARDS
from community.sizing.size import needed_bytes, worst_support
from community.sizing.suggestions import CARDS, LADDERS

from ..query import canonical_query
from .fits import published_formats

# Cards as people have them.
COMMON = (
    "rtx-3060-12gb", "rtx-4060-ti-16gb", "rtx-3090", "rtx-4090", "rtx-5090", "rtx-a6000", "rtx-pro-6000", "l40s",
    "a100-80gb", "h100-80gb", "h200", "b200", "mi300x", "dgx-spark",
)  # fmt: skip
MACS = ("m4-pro-48gb", "m4-max-64gb", "m4-max-128gb", "m3-ultra-256gb", "m3-ultra-512gb")
# Of the eleven levels of the ladder those that a table has room for.
LEVELS = tuple(f"gguf-{level}" for level in ("bf16", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "q3_k_m", "iq2_xs"))
FORMATS = {
    "llama.cpp": LEVELS, "ollama": LEVELS,
    "exllamav2": tuple(f"exl2-{bits}" for bits in ("8.0", "6.0", "5.0", "4.0", "3.0")),
    "exllamav3": tuple(f"exl3-{bits}" for bits in ("8.0", "6.0", "5.0", "4.0", "3.0", "2.0")),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """`bytes` are the weights; `repository` where the model is published in the format, "" where that is not known."""

    weights: str
    bytes: int
    repository: str


@dataclass(frozen=True)
class Cell:
    """The fewest cards with their verdict and the memory needed on all of them together; 0 where none hold it. An
    unknown verdict is memory that is enough and an engine that nobody has said runs it."""

    verdict: Verdict
    count: int = 0
    needed: int = 0
    query: str = ""


@dataclass(frozen=True)
class Row:
    """`most` is the largest number of cards that was tried."""

    device: Device
    most: int
    cells: tuple[Cell, ...]

    @property
    def order(self) -> tuple[tuple[int, ...], int]:
        """Fewest cards in the largest formats first, then the least memory."""
        return tuple(cell.count or CARDS[-1] + 1 for cell in self.cells), self.device.usable


@dataclass(frozen=True)
class Needs:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@lru_cache(maxsize=64)
def needs(model_id: str, engine: str, context: int, requests: int) -> Needs:
    model = catalog.model(model_id)
    columns = columns_of(model, engine)
    rows = []
    for device in map(catalog.device, cards_for(engine)):
        asked = [asked_of(model, engine, column.weights, (device,), context, requests) for column in columns]
        most = 1 if device.unified else MOST_CARDS.get(engine, CARDS[-1])
        rows.append(Row(device, most, tuple(map(cell_of, asked))))
    return Needs(columns, tuple(sorted(rows, key=lambda row: row.order)))


def cards_for(engine: str) -> tuple[str, ...]:
    if engine == "mlx":
        return MACS
    return COMMON + MACS if engine in ("llama.cpp", "ollama") else COMMON


def columns_of(model: catalog.Model, engine: str) -> tuple[Column, ...]:
    """From large to small: the usual formats of the engine, and those in which the model is published."""
    names = {*FORMATS.get(engine, LADDERS[engine]), *readable(model, engine)}
    found = []
    for name in names:
        size = weigh(model.architecture, parse_format(name)).weights_bytes
        found.append(Column(name, size, model.repository(name, engine)))
    return tuple(sorted(found, key=lambda column: (-column.bytes, column.weights)))


def readable(model: catalog.Model, engine: str) -> list[str]:
    """The published formats that the engine reads on one of the cards at least."""
    devices = [catalog.device(name) for name in cards_for(engine)]
    return [name for name in published_formats(model, engine) if any(
        worst_support(asked_of(model, engine, name, (device,), 1)).verdict != "no" for device in devices
    )]  # fmt: skip


def cell_of(asked: Deployment) -> Cell:
    if worst_support(asked).verdict == "no":
        return Cell(Verdict.UNSUPPORTED)
    found = fewest(asked)
    if found is None:
        return Cell(Verdict.DOES_NOT_FIT)
    deployment, answer = found
    count = len(deployment.devices)
    return Cell(answer.verdict, count, needed_bytes(answer.memory), canonical_query(deployment))
