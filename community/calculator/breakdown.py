"""The table under the bars: a row for each part, a column for each kind of GPU, formula and evidence beside them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from community.sizing.estimate import EngineMemory, GpuMemory
from community.sizing.validation import ENOUGH

from .bars import KINDS, numbered
from .formulas import formula_words
from .words import EVIDENCE, PARTS, Amount

MOST_COLUMNS = 4


@dataclass(frozen=True)
class Row:
    """`formulas` are (GPU, formula), one for each way in which the part was reckoned."""

    kind: str
    name: str
    amounts: tuple[str, ...]
    total: str
    evidence: str
    records: int
    validated: bool
    formulas: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True)
class Breakdown:
    """`unlisted` GPUs have no column of their own, but are in the totals."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    needed: tuple[str, ...]
    needed_total: str
    reserved: tuple[str, ...]
    reserved_total: str
    usable: tuple[str, ...]
    usable_total: str
    cards: int
    unlisted: int


def breakdown(memory: EngineMemory, amount: Amount) -> Breakdown:
    columns = columns_of(memory)
    shown = columns[:MOST_COLUMNS]
    gpus = [gpu for _name, gpu, _count in shown]
    reserves = any(gpu.reserved for gpu in memory.gpus)
    return Breakdown(
        heads=tuple(name for name, _gpu, _count in shown),
        rows=tuple(row(part, shown, memory, amount) for part in KINDS),
        needed=tuple(amount(gpu.needed) for gpu in gpus),
        needed_total=amount(sum(gpu.needed for gpu in memory.gpus)),
        reserved=tuple(amount(gpu.reserved) for gpu in gpus) if reserves else (),
        reserved_total=amount(sum(gpu.reserved for gpu in memory.gpus)),
        usable=tuple(amount(gpu.usable) for gpu in gpus),
        usable_total=amount(sum(gpu.usable for gpu in memory.gpus)),
        cards=len(memory.gpus),
        unlisted=sum(count for _name, _gpu, count in columns[MOST_COLUMNS:]),
    )


Column = tuple[str, GpuMemory, int]


def columns_of(memory: EngineMemory) -> list[Column]:
    """(name, memory, how many) of neighbours that are filled alike."""
    found = []
    for gpu, run in groupby(enumerate(memory.gpus), key=lambda place: place[1]):
        places = [index for index, _gpu in run]
        found.append((numbered(places), gpu, len(places)))
    return found


def row(name: str, columns: list[Column], memory: EngineMemory, amount: Amount) -> Row:
    parts = [(head, part) for head, gpu, _count in columns for part in gpu.parts if part.name == name]
    formulas: dict[str, str] = {}
    for head, part in parts:
        formulas.setdefault(formula_words(part.formula), head)
    first = parts[0][1]
    return Row(
        kind=KINDS[name],
        name=str(PARTS[name]),
        amounts=tuple(amount(gpu.part(name)) for _head, gpu, _count in columns),
        total=amount(sum(gpu.part(name) for gpu in memory.gpus)),
        evidence=str(EVIDENCE[first.evidence]),
        records=first.records,
        validated=first.records >= ENOUGH,
        formulas=tuple((head, formula) for formula, head in formulas.items()),
        source=first.source,
    )
