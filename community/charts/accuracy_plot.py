"""Predicted against measured bytes -> a scatter plot with logarithmic axes and the line where both are equal.

Positions are in per cent, so one drawing serves every width without inline style.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

MOST_TICKS = 6
UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")

Dot = tuple[float, float]  # measured and predicted, in bytes


@dataclass(frozen=True)
class Axis:
    """From 2 to the power `low` to 2 to the power `high`, a tick every `step`; both axes are this one."""

    low: int
    high: int
    step: int

    @classmethod
    def of(cls, sizes: Iterable[float]) -> Axis:
        powers = [math.log2(size) for size in sizes]
        least, most = math.floor(min(powers)), math.ceil(max(powers))
        most = max(most, least + 1)
        step = next(step for step in (1, 2, 5, 10, 20) if (most - least) // step < MOST_TICKS)
        return cls(least, most, step)

    def place(self, size: float) -> float:
        """Per cent from the axis' start."""
        return 100 * (math.log2(size) - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> range:
        return range(-(-self.low // self.step) * self.step, self.high + 1, self.step)


def accuracy_plot(dots: Sequence[Dot]) -> SafeString:
    """Nothing is drawn without dots. A logarithm has no place for 0 or less, so those are left out."""
    drawn = [(measured, predicted) for measured, predicted in dots if measured > 0 and predicted > 0]
    if not drawn:
        return SafeString("")
    axis = Axis.of(size for dot in drawn for size in dot)
    return format_html(
        '<svg class="plot scatter" role="img" aria-label="{}">{}</svg>',
        spoken(drawn),
        SafeString("".join([*grid(axis), *marks(axis, drawn)])),
    )


def spoken(dots: Sequence[Dot]) -> str:
    near = sum(abs(predicted / measured - 1) <= 0.05 for measured, predicted in dots)
    words = _("잰 값과 계산한 값의 산점도. %(all)s개 가운데 %(near)s개가 5%% 안에서 같아요. 값은 아래 표에 있어요.")
    return words % {"all": f"{len(dots):,}", "near": f"{near:,}"}


def label(power: int) -> str:
    """30 -> 1 GiB, 35 -> 32 GiB."""
    unit = min(max(power // 10, 0), len(UNITS) - 1)
    return f"{2.0 ** (power - 10 * unit):g} {UNITS[unit]}"


def percent(value: float) -> str:
    return f"{value:.1f}%"


def grid(axis: Axis) -> Iterable[str]:
    for power in axis.ticks:
        place = axis.place(2.0**power)
        x, y = percent(place), percent(100 - place)
        yield f'<line class="rule" x2="100%" y1="{y}" y2="{y}"/><line class="rule" y2="100%" x1="{x}" x2="{x}"/>'
        yield f'<text class="y" dx="-9" y="{y}" dy=".35em">{label(power)}</text>'
        yield f'<text class="x" x="{x}" y="100%" dy="22">{label(power)}</text>'
    yield '<line class="base" x2="100%" y1="100%" y2="100%"/><line class="base" y2="100%"/>'
    yield '<line class="equal" x1="0" y1="100%" x2="100%" y2="0"/>'
    yield format_html('<text class="axis" x="100%" y="100%" dy="44">{}</text>', _("잰 값"))
    yield format_html('<text class="title" x="0" y="0" dx="-9" dy="-14">{}</text>', _("계산한 값"))


def marks(axis: Axis, dots: Sequence[Dot]) -> Iterable[str]:
    """Dots in one place are drawn once."""
    places = {(percent(axis.place(measured)), percent(100 - axis.place(predicted))) for measured, predicted in dots}
    for x, y in sorted(places):
        yield f'<circle cx="{x}" cy="{y}" r="3"/>'
