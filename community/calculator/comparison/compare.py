"""Two to four configurations side by side, each with its own form and result; the first is the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from community.charts.compare_bar import SCALE, compare_bar

from ..bars import alike, bar_of
from ..card import MOST_BARS, Card
from ..form import CalculatorForm
from ..query import DEFAULTS, ORDER, values_of
from ..result import Result, share_of
from .columns import FEWEST, MOST, asked_columns, beyond, compare_query
from .rows import Row, difference, rows_of


@dataclass(frozen=True)
class SharedScaleBar:
    """One GPU's, or that of neighbours that are filled alike; `needed` is a single card's, in bytes."""

    name: str
    svg: SafeString
    needed: int
    words: str
    share: int


class Column:
    """`reference` is the first column, None for itself. `without` and `ahead` are addresses of the comparison: without
    this column, and with it as the reference; "" where there is none."""

    def __init__(self, number: int, asked: Mapping[str, str], reference: Column | None) -> None:
        self.number, self.reference = number, reference
        self.form = CalculatorForm(asked)
        self.form.is_valid()
        self.without = self.ahead = ""

    @property
    def result(self) -> Result | None:
        return self.form.result

    @cached_property
    def values(self) -> dict[str, str]:
        """As in the address; what is wrong stays as it was sent."""
        form = self.form
        if form.deployment:
            return values_of(form.deployment, form.amount_unit)
        sent = {name: str(form.data[name]) for name in (*ORDER, "version") if form.data.get(name)}
        version = sent.pop("version", "")
        values = DEFAULTS | sent
        return values | {"engine": f"{values['engine']}@{version}"} if version else values

    @property
    def card(self) -> Card | None:
        return Card(self.result) if self.result else None

    @property
    def opened(self) -> bool:
        """Its fields: something is wrong, or nothing differs yet."""
        return not self.result or (self.reference is not None and self.values == self.reference.values)

    @property
    def difference(self) -> str:
        """Of what is needed, to the reference."""
        other = self.reference.result if self.reference else None
        if not self.result or not other or not self.result.memory or not other.memory:
            return ""
        return difference(self.result.needed, other.needed, self.result.amount)

    @property
    def cards(self) -> int:
        return len(self.result.deployment.devices) if self.result else 0

    @property
    def bars(self) -> list[SharedScaleBar]:
        result = self.result
        if not result or not result.memory:
            return []
        amount = result.amount
        return [
            SharedScaleBar(name, compare_bar(bar_of(name, gpu), amount), gpu.needed, amount(gpu.needed), share_of(gpu))
            for name, gpu, _count in alike(result.memory)[:MOST_BARS]
        ]

    @property
    def main_fields(self) -> dict[str, dict[str, str]]:
        return {name: self.numbered(field) for name, field in self.form.main_fields.items()}

    @property
    def settings(self) -> list[dict[str, str]]:
        return [self.numbered(field) for field in self.form.settings]

    def numbered(self, field: dict[str, str]) -> dict[str, str]:
        """Named as in the address of the comparison."""
        return field | {"name": self.prefix + field["name"]}

    @property
    def prefix(self) -> str:
        return "" if self.number == 1 else f"{self.number}."


class Comparison:
    scale = SCALE  # of the bars, in per cent of a GPU's capacity

    def __init__(self, query: Mapping[str, str]) -> None:
        self.sent = "of" in query  # by the form's button, not followed from a link
        self.beyond = beyond(query)
        self.columns: list[Column] = []
        for number, asked in enumerate(asked_columns(query), 1):
            self.columns.append(Column(number, asked, self.columns[0] if self.columns else None))
        for column in self.columns:
            others = [other for other in self.columns if other is not column]
            column.without = written(others) if len(others) >= FEWEST else ""
            column.ahead = written([column, *others]) if column.reference else ""

    @property
    def query(self) -> str:
        return written(self.columns)

    @property
    def answered(self) -> bool:
        return not self.beyond and all(column.result for column in self.columns)

    @property
    def more(self) -> int:
        """The number of columns with one more, 0 where there are as many as can be."""
        return len(self.columns) + 1 if len(self.columns) < MOST else 0

    @cached_property
    def rows(self) -> list[Row]:
        """Empty where a column has to be mended first."""
        results = [column.result for column in self.columns if column.result]
        return rows_of(results) if len(results) == len(self.columns) else []

    @property
    def different(self) -> list[Row]:
        return [row for row in self.rows if row.differs]

    @property
    def equal(self) -> list[Row]:
        return [row for row in self.rows if not row.differs]


def written(columns: list[Column]) -> str:
    return compare_query([column.values for column in columns])
