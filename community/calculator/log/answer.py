"""What the log's page shows, in the order in which it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from community.sizing import InputError, size
from community.sizing.catalog import Model
from community.sizing.hardware import Device
from community.sizing.logs import Reading
from community.sizing.logs.runs import last_run
from community.sizing.validation import ENOUGH

from ..card import Card
from ..result import Result
from ..words import ENGINES, EVIDENCE, error_words
from .causes import CAUSES
from .errors import question_of, recovered, value_rows
from .expected import Expected, expected, unclear_pool
from .figures import FIGURES, lines_of, meaning, written
from .names import NotRebuilt
from .places import place_of
from .rebuilt import rebuilt
from .settings import setting_rows
from .steps import Step, steps_of

CONTEXTS = ("max_model_len", "context_length", "n_ctx")  # settings that say as much as the figure


@dataclass(frozen=True)
class Comparison:
    """What was to be expected of a figure; the difference is in % of the log's."""

    value: str
    difference: str
    evidence: str
    records: int
    validated: bool


@dataclass(frozen=True)
class Row:
    """A figure of the log; `expected` where the log says enough to work it out."""

    name: str
    logged: str
    lines: list[str]
    meaning: str
    expected: Comparison | None


@dataclass(frozen=True)
class LogAnswer:
    reading: Reading
    text: str
    devices: tuple[Device, ...]
    model: Model | None

    @property
    def engine(self) -> str:
        """As the program calls itself; "" where no program was recognised."""
        names = ENGINES | {"ik_llama.cpp": "ik_llama.cpp"}
        return " ".join(filter(None, [names.get(self.reading.engine or "", ""), self.reading.engine_version]))

    @cached_property
    def computed(self) -> tuple[Result | None, str]:
        """What the rules say of the log's own deployment, or why there is none."""
        try:
            deployment = rebuilt(self.reading, self.text, self.devices, self.model)
            return Result(deployment, size(deployment), "GiB"), ""
        except NotRebuilt as why:
            return None, str(why)
        except InputError as error:
            return None, _("이 설정은 계산할 수 없어요(%s).") % error_words(error, error.field)

    @property
    def result(self) -> Result | None:
        return self.computed[0]

    @property
    def why_not(self) -> str:
        return self.computed[1]

    @property
    def deployment_words(self) -> str:
        if self.result is None:
            return ""
        newest = [] if self.result.deployment.version else [_("버전을 몰라 최신 규칙으로 계산")]
        return " · ".join([*Card(self.result).what, *newest])

    @property
    def unclear(self) -> str:
        """Why the cache is not compared, where the rest is."""
        return unclear_pool(self.result.deployment, self.reading.settings, self.text) if self.result else ""

    @cached_property
    def expectations(self) -> dict[str, Expected]:
        if self.result is None or self.result.memory is None:
            return {}
        return expected(self.result.deployment, self.result.memory, self.unclear)

    @property
    def figures(self) -> dict[str, float]:
        """A context that was set to something else than a number is none."""
        return {name: value for name, value in self.reading.found.items() if isinstance(value, (int, float))}

    @cached_property
    def rows(self) -> list[Row]:
        return [self.row(name, self.figures[name]) for name in FIGURES if name in self.figures]

    @cached_property
    def run(self) -> str:
        """The last start, from which figures and failure were read; what it runs on may stand before it."""
        return last_run(self.text, self.reading.engine or "")

    def row(self, figure: str, value: float) -> Row:
        ours = self.expectations.get(figure)
        return Row(
            name=str(FIGURES[figure][0]),
            logged=written(figure, value),
            lines=lines_of(self.run, self.reading.engine, figure, value),
            meaning=meaning(self.reading.engine, figure),
            expected=comparison(figure, ours, value) if ours else None,
        )

    @property
    def compared(self) -> bool:
        return any(row.expected for row in self.rows)

    @property
    def missing(self) -> list[str]:
        """Figures that the engine prints and this log does not hold: said, not guessed."""
        given = {"context"} if any(name in self.reading.settings for name in CONTEXTS) else set()
        absent = [name for name in FIGURES if name not in self.figures and name not in given]
        return [str(FIGURES[name][0]) for name in absent if meaning(self.reading.engine, name)]

    @cached_property
    def settings(self) -> list[tuple[str, str, str]]:
        return setting_rows(self.reading.settings)

    @property
    def failed(self) -> bool:
        return self.reading.error_class is not None

    @property
    def error(self) -> tuple[str, str]:
        """What happened and why."""
        unknown = (self.reading.error_class or "", "")
        happened, because = CAUSES.get(self.reading.error_class or "", unknown)
        return str(happened), str(because)

    @property
    def error_values(self) -> dict[str, Any]:
        """The first advice is the failure itself, with what its message says."""
        return self.reading.advice[0]["values"] if self.reading.advice else {}

    @property
    def error_rows(self) -> list[tuple[str, str]]:
        return value_rows(self.error_values)

    @property
    def error_line(self) -> str:
        return place_of(self.run, self.reading.error_class or "", self.error_values)

    @property
    def recovered(self) -> str:
        return recovered(self.error_values)

    @property
    def steps(self) -> list[Step]:
        return steps_of(self.reading.advice, self.reading.engine)

    @property
    def question_number(self) -> int | None:
        return question_of(self.reading.error_class, self.error_values, self.error_line)


def comparison(figure: str, ours: Expected, logged: float) -> Comparison:
    share = 100 * (ours.value - logged) / logged if logged else 0.0
    return Comparison(
        value=written(figure, ours.value),
        difference=f"{share:+.1f}%" if abs(share) >= 0.05 else "0%",
        evidence=str(EVIDENCE[ours.evidence]),
        records=ours.records,
        validated=ours.records >= ENOUGH,
    )
