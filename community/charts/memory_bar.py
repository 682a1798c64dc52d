"""The memory of one device -> SVG.

Positions are in per cent, so one drawing serves every width without inline style. A part too thin to be seen is drawn
wider than it is; the table beside the bar holds the exact values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

LEAST = 1.5  # per cent: the least width a part is drawn with
LABEL_FROM = 18.0  # per cent: from here a label has room inside
LETTER = 2.8  # per cent: what a letter takes in a narrow bar; a longer label is shown in wide ones only
HATCHED = {"free": "hatch-free"}  # the patterns stand once on the page, in parts/_hatches.html

Amount = Callable[[int], str]  # writes bytes in the reader's unit


@dataclass(frozen=True)
class Segment:
    """`kind` is the class that colours it: weights, kv, act, engine, pool, free, host."""

    kind: str
    name: str
    size: int


@dataclass(frozen=True)
class Bar:
    """`capacity` may be less than the segments take; `limit` is the end of what the engine sets aside, 0 for none."""

    name: str
    capacity: int
    segments: tuple[Segment, ...]
    limit: int = 0

    @property
    def total(self) -> int:
        return sum(segment.size for segment in self.segments)


def legend(bars: Iterable[Bar]) -> dict[str, str]:
    """Class -> name of every segment that some bar has; system memory's bar is called what it is."""
    segments = (segment for bar in bars for segment in bar.segments if segment.size > 0)
    return {segment.kind: segment.name for segment in segments if segment.kind != "host"}


def memory_bar(bar: Bar, amount: Amount) -> SafeString:
    segments = [segment for segment in bar.segments if segment.size > 0]
    scale = max(bar.total, bar.capacity, 1)
    widths = drawn_widths([100 * segment.size / scale for segment in segments])
    parts, x = [], 0.0
    for segment, width in zip(segments, widths, strict=True):
        parts += drawn(segment, x, width, amount)
        x += width
    parts += [*overflow(bar, scale), *limit_line(bar, scale, segments, widths)]
    return format_html(
        '<svg class="memory-bar" role="img" aria-label="{}">{}</svg>',
        spoken(bar, segments, amount),
        SafeString("".join(parts)),  # every part is escaped where it is made
    )


def drawn_widths(shares: Sequence[float]) -> list[float]:
    """Every part at least LEAST wide; what that takes too much comes off the widest."""
    widths = [max(share, LEAST) for share in shares]
    excess = sum(widths) - max(100.0, sum(shares))
    if widths and excess > 0:
        widest = widths.index(max(widths))
        widths[widest] -= excess
    return widths


def drawn(segment: Segment, x: float, width: float, amount: Amount) -> list[str]:
    title = conditional_escape(f"{segment.name} {amount(segment.size)}")
    place = f'x="{percent(x)}" width="{percent(width)}" height="100%"'
    found = [f'<rect class="{segment.kind}" {place}><title>{title}</title></rect>']
    if segment.kind in HATCHED:
        found.append(f'<rect {place} fill="url(#{HATCHED[segment.kind]})" pointer-events="none"/>')
    if width >= LABEL_FROM:
        narrow = "" if width >= LETTER * len(title) else " if-wide"
        found.append(f'<text class="{segment.kind}{narrow}" x="{percent(x)}" y="50%" dx="10" dy=".35em">{title}</text>')
    return found


def overflow(bar: Bar, scale: int) -> list[str]:
    """What is beyond the device is hatched, with a line where the device ends."""
    if bar.total <= bar.capacity:
        return []
    end = 100 * bar.capacity / scale
    return [
        f'<rect class="over" x="{percent(end)}" width="{percent(100 - end)}" height="100%"/>'
        f'<rect x="{percent(end)}" width="{percent(100 - end)}" height="100%" fill="url(#hatch-over)"/>',
        f'<line class="end" x1="{percent(end)}" x2="{percent(end)}" y2="100%"/>',
    ]


def limit_line(bar: Bar, scale: int, segments: Sequence[Segment], widths: Sequence[float]) -> list[str]:
    if not bar.limit:
        return []
    x = percent(limit_at(bar, scale, segments, widths))
    return [f'<line class="limit" x1="{x}" x2="{x}" y2="100%"/>']


def limit_at(bar: Bar, scale: int, segments: Sequence[Segment], widths: Sequence[float]) -> float:
    """Where the engine's share ends: at the end of the reserved part as it is drawn, else where it truly is."""
    kinds = [segment.kind for segment in segments]
    return sum(widths[: kinds.index("pool") + 1]) if "pool" in kinds else 100 * bar.limit / scale


def spoken(bar: Bar, segments: Sequence[Segment], amount: Amount) -> str:
    """Every value of the drawing in words."""
    said = ", ".join(f"{segment.name} {amount(segment.size)}" for segment in segments)
    whole = _("전체 %(amount)s") % {"amount": amount(bar.capacity)}
    if bar.total <= bar.capacity:
        return f"{bar.name}: {said}, {whole}"
    over = _("%(amount)s 모자람") % {"amount": amount(bar.total - bar.capacity)}
    return f"{bar.name}: {said}, {whole}, {over}"


def percent(value: float) -> str:
    return f"{value:.4g}%"
