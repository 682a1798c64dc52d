"""What a block in a text shows of a result: the verdict, what it is of, a bar, and what is not proved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.charts.memory_bar import legend
from community.sizing import Deployment
from community.sizing.estimate import EngineMemory
from community.sizing.size import needed_bytes

from .bars import Alike, alike, bar_of, host_bar
from .fields import CHECKBOXES
from .form import CalculatorForm
from .query import SETTINGS, values_of
from .result import Result
from .words import ENGINES, format_name

MOST_BARS = 4


@dataclass(frozen=True)
class CardBar:
    name: str
    svg: SafeString
    needed: str
    needed_bytes: int
    reserved: str
    capacity: str


@dataclass(frozen=True)
class Card:
    result: Result

    @property
    def memory(self) -> EngineMemory | None:
        return self.result.memory

    @property
    def what(self) -> list[str]:
        """Model, format, engine, cards, context, requests, and the settings that are not the engine's own."""
        asked = self.result.deployment
        counts: dict[str, int] = {}
        for device in asked.devices:
            counts[device.name] = counts.get(device.name, 0) + 1
        cards = [name if count == 1 else f"{name} × {count}" for name, count in counts.items()]
        return [
            self.result.model_name,
            format_name(asked.weights.id),
            " ".join(filter(None, [ENGINES[asked.engine], asked.version])),
            " + ".join(cards),
            _("문맥 %s") % f"{asked.context:,}",
            _("요청 %s건") % f"{asked.requests:,}",
            *settings_made(asked),
        ]

    @cached_property
    def columns(self) -> list[Alike]:
        """Neighbours that are filled alike are one."""
        return alike(self.memory) if self.memory else []

    @property
    def bars(self) -> list[CardBar]:
        amount = self.result.amount
        return [
            CardBar(
                name=name,
                svg=self.result.drawn(bar_of(name, gpu)),
                needed=amount(gpu.needed),
                needed_bytes=gpu.needed,
                reserved=amount(gpu.reserved) if gpu.reserved else "",
                capacity=amount(gpu.usable),
            )
            for name, gpu, _count in self.columns[:MOST_BARS]
        ]

    @property
    def legend(self) -> dict[str, str]:
        """Class -> name."""
        return legend(bar_of(name, gpu) for name, gpu, _count in self.columns[:MOST_BARS])

    @property
    def unlisted(self) -> int:
        """GPUs that have no bar."""
        return sum(count for _name, _gpu, count in self.columns[MOST_BARS:])

    @property
    def host(self) -> str:
        return self.result.amount(self.memory.host_bytes) if self.memory and host_bar(self.memory) else ""

    @property
    def needed_bytes(self) -> int:
        return needed_bytes(self.memory)

    @property
    def needed(self) -> str:
        return self.result.amount(self.needed_bytes)

    @property
    def max_context(self) -> str:
        return _("%s토큰") % f"{self.memory.max_context:,}" if self.memory and self.memory.max_context else ""

    @property
    def max_requests(self) -> str:
        return _("%s건") % f"{self.memory.max_requests:,}" if self.memory and self.memory.max_requests else ""

    @property
    def unproved(self) -> str:
        """The parts whose rules too few measured records stand behind."""
        found = self.result.breakdown
        return ", ".join(row.name for row in found.rows if not row.validated) if found else ""

    @property
    def text(self) -> str:
        """The card in one line."""
        needed = _("필요 %s") % self.needed if self.memory else ""
        return " · ".join(filter(None, [self.result.words, needed]))


def settings_made(deployment: Deployment) -> list[str]:
    """Each with its label; a checkbox is its label."""
    made = {name: value for name, value in values_of(deployment).items() if name in SETTINGS and value}
    labels = {name: str(CalculatorForm.base_fields[name].label) for name in made}
    return [labels[name] if name in CHECKBOXES else f"{labels[name]} {value}" for name, value in made.items()]
