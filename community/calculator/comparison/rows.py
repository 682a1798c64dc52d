"""The table of a comparison: a row for each input and figure, a cell for each column; the first is the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing.estimate import EngineMemory
from community.sizing.size import needed_bytes

from ..card import Card
from ..fields import CHECKBOXES
from ..form import CalculatorForm
from ..query import SETTINGS, takes, values_of
from ..result import Result
from ..words import PARTS, Amount

Figure = Callable[[EngineMemory], int]


@dataclass(frozen=True)
class Cell:
    """`needed` is in bytes, where the cell is what all GPUs need together."""

    words: str
    differs: bool = False
    difference: str = ""
    needed: int = 0


@dataclass(frozen=True)
class Row:
    label: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return any(cell.differs for cell in self.cells)


def rows_of(results: Sequence[Result]) -> list[Row]:
    """Inputs, then memory, then what it is good for. A setting that no column makes and memory that none takes is left
    out."""
    made = [name for name in SETTINGS if any(values_of(result.deployment)[name] for result in results)]
    known = [result.memory for result in results if result.memory]
    return [
        *(worded(label, of, results) for label, of in INPUTS),
        *(worded(CalculatorForm.base_fields[name].label, partial(setting_words, name), results) for name in made),
        *(measured(label, of, results) for label, of in AMOUNTS if any(map(of, known))),
        *(measured(label, of, results, counted=True) for label, of in COUNTS if any(map(of, known))),
        *(worded(label, of, results) for label, of in RATES),
    ]


def worded(label: Any, of: Callable[[Result], str], results: Sequence[Result]) -> Row:
    words = [of(result) for result in results]
    return Row(str(label), tuple(Cell(said, differs=said != words[0]) for said in words))


def setting_words(name: str, result: Result) -> str:
    value = values_of(result.deployment)[name]
    if name in CHECKBOXES and value:
        return _("예")
    return value or (_("정하지 않음") if takes(result.deployment.engine, name) else _("이 엔진에 없음"))


def measured(label: Any, of: Figure, results: Sequence[Result], counted: bool = False) -> Row:
    """Bytes, or a count."""
    values = [of(result.memory) if result.memory else None for result in results]
    cells = []
    for result, value in zip(results, values, strict=True):
        write = count if counted else result.amount
        apart = difference(value, values[0], write) if value and values[0] else ""
        needed = value if of is needed_bytes and value else 0
        cells.append(Cell(figure_words(value, write), value != values[0], apart, needed))
    return Row(str(label), tuple(cells))


def figure_words(value: int | None, write: Amount) -> str:
    return _("알 수 없음") if value is None else write(value) if value else _("없음")


def difference(value: int, reference: int, write: Amount) -> str:
    """+2.1 GiB; nothing where there is none."""
    if value == reference:
        return ""
    return ("+" if value > reference else "−") + write(abs(value - reference))


def count(number: int) -> str:
    return f"{number:,}"


def summed(part: str) -> Figure:
    return lambda memory: sum(gpu.part(part) for gpu in memory.gpus)


INPUTS: list[tuple[Any, Callable[[Result], str]]] = [
    (gettext_lazy("모델"), lambda result: Card(result).what[0]),
    (gettext_lazy("형식"), lambda result: Card(result).what[1]),
    (gettext_lazy("엔진"), lambda result: Card(result).what[2]),
    (gettext_lazy("GPU"), lambda result: Card(result).what[3]),
    (gettext_lazy("문맥 길이"), lambda result: count(result.deployment.context)),
    (gettext_lazy("동시 요청"), lambda result: count(result.deployment.requests)),
    (gettext_lazy("판정"), lambda result: result.words),
]
# Of all GPUs together.
AMOUNTS: list[tuple[Any, Figure]] = [
    (gettext_lazy("필요"), needed_bytes),
    *((name, summed(part)) for part, name in PARTS.items()),
    (gettext_lazy("예약"), lambda memory: sum(gpu.reserved for gpu in memory.gpus)),
    (gettext_lazy("쓸 수 있음"), lambda memory: sum(gpu.usable for gpu in memory.gpus)),
    (gettext_lazy("시스템 메모리"), lambda memory: memory.host_bytes),
]
COUNTS: list[tuple[Any, Figure]] = [
    (gettext_lazy("가장 긴 문맥(토큰)"), lambda memory: memory.max_context),
    (gettext_lazy("가장 많은 동시 요청(건)"), lambda memory: memory.max_requests),
]
RATES: list[tuple[Any, Callable[[Result], str]]] = [
    (gettext_lazy("생성 속도 상한"), lambda result: result.speed["decode"]),
    (gettext_lazy("프롬프트 처리 상한"), lambda result: result.speed["prefill"]),
    (gettext_lazy("디스크"), lambda result: result.disk),
]
