"""The table under the bars: a row for each part, a column for each kind of GPU, formula and evidence beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.sizing.estimate import EngineMemory, GpuMemory
from community.sizing.size import needed_bytes
from community.sizing.validation import ENOUGH

from .bars import KINDS, Alike, alike
from .formulas import formula_words
from .words import EVIDENCE, PARTS, Amount

MOST_COLUMNS = 4


@dataclass(frozen=True)
class Row:
    """`formulas` are (GPU, formula), one for each way in which the part was reckoned; a single one names no GPU."""

    kind: str
    name: str
    amounts: tuple[str, ...]
    evidence: str
    validated: bool
    proof: str
    formulas: tuple[tuple[str, str], ...]
    source: SafeString


@dataclass(frozen=True)
class Breakdown:
    """A column for each kind of GPU and, of several GPUs, their total. `unlisted` ones are in the total alone."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    needed: tuple[tuple[str, int, str], ...]  # class, bytes, words
    reserved: tuple[str, ...]
    usable: tuple[str, ...]
    unlisted: int


def breakdown(memory: EngineMemory, amount: Amount) -> Breakdown:
    columns = alike(memory)
    filled = [column for column in columns if column[1].parts]  # Ollama may leave all but one empty
    shown = (columns if len(columns) <= MOST_COLUMNS else filled)[:MOST_COLUMNS]
    several = len(memory.gpus) > 1
    needed = [("needed-gpu", gpu.needed) for _name, gpu, _count in shown] if several else []

    def cells(size: Callable[[GpuMemory], int]) -> tuple[str, ...]:
        sizes = [size(gpu) for _name, gpu, _count in shown]
        return tuple(map(amount, [*sizes, sum(map(size, memory.gpus))] if several else sizes))

    return Breakdown(
        heads=(*(name for name, _gpu, _count in shown), *([_("합계")] if several else [])),
        rows=tuple(row(part, shown, cells) for part in KINDS),
        needed=tuple((kind, size, amount(size)) for kind, size in [*needed, ("needed", needed_bytes(memory))]),
        reserved=cells(lambda gpu: gpu.reserved) if any(gpu.reserved for gpu in memory.gpus) else (),
        usable=cells(lambda gpu: gpu.usable),
        unlisted=len(memory.gpus) - sum(count for _name, _gpu, count in shown),
    )


def row(name: str, columns: list[Alike], cells: Callable[[Callable[[GpuMemory], int]], tuple[str, ...]]) -> Row:
    parts = [(head, part) for head, gpu, _count in columns for part in gpu.parts if part.name == name]
    formulas: dict[str, str] = {}
    for head, part in parts:
        formulas.setdefault(formula_words(part.formula), head)
    first = parts[0][1]
    return Row(
        kind=KINDS[name],
        name=str(PARTS[name]),
        amounts=cells(lambda gpu: gpu.part(name)),
        evidence=str(EVIDENCE[first.evidence]),
        validated=first.records >= ENOUGH,
        proof=proof(first.records),
        formulas=tuple((head if len(formulas) > 1 else "", formula) for formula, head in formulas.items()),
        source=linked(first.source),
    )


@lru_cache(maxsize=100)
def linked(source: str) -> SafeString:
    """There are few sources, and each is shown again and again."""
    return SafeString(urlize(source, autoescape=True))


def proof(records: int) -> str:
    """How many measured records stand behind the rule."""
    said = _("기록 %s건으로 검증") if records >= ENOUGH else _("검증되지 않음(기록 %s건)")
    return said % records
