"""Measured throughput -> SVG.

Positions are in per cent, so one drawing serves every width without inline style.
Nothing is drawn between or beyond measured points but straight lines, and ticks stand only where it was measured.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.models import Point

MOST_LINES = 5  # one dash, one marker and one colour each; more would no longer be told apart
LABEL_GAP = 16.0  # per cent of the height that a label of two lines takes
TICK_GAP = 7.0  # per cent of the width that a tick's number takes
MARKERS = (
    '<circle class="dot s1" r="5"/>',
    '<path class="dot s2" d="M-4.5-4.5h9v9h-9z"/>',
    '<path class="dot s3" d="M0-6 5.5 4h-11z"/>',
    '<path class="dot s4" d="M0-6 6 0 0 6-6 0z"/>',
    '<path class="dot s5" d="M-5-1.7h3.3V-5h3.4v3.3H5v3.4H1.7V5h-3.4V1.7H-5z"/>',
)


@dataclass(frozen=True)
class Measurement:
    users: int
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Line:
    """One engine with one set of settings."""

    name: str
    version: str
    settings: str
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True)
class Panel:
    """One drawing and the same numbers as a table: a row for each user count, a column for each line."""

    title: str
    unit: str
    svg: SafeString
    lines: tuple[Line, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def throughput_panels(points: Iterable[Point]) -> list[Panel]:
    """Total throughput, and what one user gets of it. Points come ordered by series, then users."""
    runs = [(series, list(run)) for series, run in groupby(points, key=lambda point: point.series)]
    if not runs:
        return []
    names = distinct_names([series.engine for series, _run in runs])
    total, share = [], []
    for name, (series, run) in zip(names, runs, strict=True):
        total.append(Line(name, series.version, series.settings, tuple(map(whole, run))))
        share.append(Line(name, series.version, series.settings, tuple(map(per_user, run))))
    return [
        panel(_("합산 처리량"), _("tok/s"), total),
        panel(_("1명이 받는 속도"), _("tok/s, 합산 ÷ 사용자"), share),
    ]


def distinct_names(engines: Sequence[str]) -> list[str]:
    """The engine's name; numbered where one engine was run with several settings."""
    times, seen = Counter(engines), Counter[str]()
    names = []
    for engine in engines:
        seen[engine] += 1
        names.append(f"{engine} {seen[engine]}" if times[engine] > 1 else engine)
    return names


def whole(point: Point) -> Measurement:
    return Measurement(point.users, point.tokens_per_second, point.low, point.high)


def per_user(point: Point) -> Measurement:
    low, high = (None if end is None else end / point.users for end in (point.low, point.high))
    return Measurement(point.users, point.per_user, low, high)


def panel(title: str, unit: str, lines: Sequence[Line]) -> Panel:
    users = sorted({measurement.users for line in lines for measurement in line.measurements})
    rows = tuple((count, tuple(cell(line, count) for line in lines)) for count in users)
    return Panel(title, unit, drawing(title, unit, lines[:MOST_LINES]), tuple(lines), rows)


def cell(line: Line, users: int) -> str:
    found = [measurement for measurement in line.measurements if measurement.users == users]
    return described(found[0]) if found else _("기록 없음")


def described(measurement: Measurement) -> str:
    """The value, with the range of repeated runs."""
    value = f"{measurement.value:,.1f}"
    if measurement.low is None or measurement.high is None:
        return value
    return f"{value} ({measurement.low:,.1f}–{measurement.high:,.1f})"


def drawing(title: str, unit: str, lines: Sequence[Line]) -> SafeString:
    scale = Scale.of(lines)
    parts = [*grid(scale), *ticks(scale), *(part for i, line in enumerate(lines) for part in curve(scale, i, line))]
    return format_html(
        '<svg class="plot" role="img" aria-label="{}">{}</svg>',
        spoken(title, unit, lines),
        SafeString("".join([*parts, *end_labels(scale, lines)])),  # every part is escaped where it is made
    )


def spoken(title: str, unit: str, lines: Sequence[Line]) -> str:
    """Every value of the drawing in words."""
    said = [
        f"{line.name}: "
        + ", ".join(_("%(n)s명 %(value)s") % {"n": m.users, "value": described(m)} for m in line.measurements)
        for line in lines
    ]
    return f"{title}, {unit}. " + ". ".join(said)


@dataclass(frozen=True)
class Scale:
    """User counts and values -> per cent of the drawing. Both axes start at 0."""

    users: tuple[int, ...]
    step: float
    top: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Scale:
        measurements = [measurement for line in lines for measurement in line.measurements]
        highest = max(max(m.value, m.high or 0) for m in measurements)
        step = grid_step(highest)
        return cls(tuple(sorted({m.users for m in measurements})), step, step * max(1, math.ceil(highest / step)))

    def x(self, users: int) -> float:
        return 100 * users / self.users[-1]

    def y(self, value: float) -> float:
        return 100 - 100 * value / self.top


def grid_step(highest: float) -> float:
    """The smallest round step that needs at most five grid lines."""
    if highest <= 0:
        return 1.0
    power: float = 10 ** math.floor(math.log10(highest / 5))
    return next(factor * power for factor in (1, 2, 5, 10) if highest / (factor * power) <= 5)


def percent(value: float) -> str:
    return f"{value:.4g}%"


def grid(scale: Scale) -> Iterable[str]:
    for i in range(round(scale.top / scale.step) + 1):
        y = percent(scale.y(i * scale.step))
        kind = "rule" if i else "base"
        yield f'<line class="{kind}" x2="100%" y1="{y}" y2="{y}"/>'
        yield f'<text class="y" dx="-9" y="{y}" dy=".35em">{i * scale.step:,g}</text>'


def ticks(scale: Scale) -> Iterable[str]:
    """A number where it has room; the rightmost always has."""
    free_until = math.inf
    for users in reversed(scale.users):
        x = scale.x(users)
        yield f'<svg class="at" x="{percent(x)}" y="100%"><path class="tick" d="M0 0v5"/></svg>'
        if free_until - x >= TICK_GAP:
            free_until = x
            yield f'<text class="x" x="{percent(x)}" y="100%" dy="22">{users:,}</text>'
    yield f'<text class="axis" x="100%" y="100%" dy="42">{conditional_escape(_("동시 사용자(명)"))}</text>'


def curve(scale: Scale, index: int, line: Line) -> Iterable[str]:
    """Straight between the measured points; a bar from the lowest to the highest of repeated runs."""
    where = [(percent(scale.x(m.users)), percent(scale.y(m.value)), m) for m in line.measurements]
    for (x1, y1, _m), (x2, y2, _n) in pairwise(where):
        yield f'<line class="line s{index + 1}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'
    for x, y, m in where:
        if m.low is not None and m.high is not None:
            low, high = percent(scale.y(m.low)), percent(scale.y(m.high))
            yield f'<line class="spread s{index + 1}" x1="{x}" y1="{low}" x2="{x}" y2="{high}"/>'
        yield f'<svg class="at" x="{x}" y="{y}">{MARKERS[index]}</svg>'


def end_labels(scale: Scale, lines: Sequence[Line]) -> Iterable[str]:
    """Name and last value beside the end of each line."""
    last = [line.measurements[-1] for line in lines]
    places = moved_apart([scale.y(m.value) for m in last])
    for index, (line, m, y) in enumerate(zip(lines, last, places, strict=True)):
        value = f"{m.value:,.0f}" if m.value >= 100 else f"{m.value:.1f}"
        yield format_html(
            '<text class="end s{}" y="{}"><tspan x="100%" dx="12" dy="-.1em">{}</tspan>'
            '<tspan x="100%" dx="12" dy="1.25em" class="value">{}</tspan></text>',
            index + 1, percent(y), line.name, value,
        )  # fmt: skip


def moved_apart(heights: Sequence[float]) -> list[float]:
    """The heights with at least LABEL_GAP between any two, in the same order and inside the drawing."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = list(heights)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + LABEL_GAP)
    limit = 100.0
    for i in reversed(order):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - LABEL_GAP
    return placed
