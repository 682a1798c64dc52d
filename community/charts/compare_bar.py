"""The memory of one device on a scale that several share: 0 to 150 per cent of what the device has.

Positions are in per cent, so one drawing serves every width without inline style. Nothing is drawn wider than it is.
"""

from __future__ import annotations

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from .memory_bar import Amount, Bar, percent, spoken

SCALE = 150  # per cent of the capacity that the drawing's whole width stands for
FULL = 100 * 100 / SCALE  # where the device ends


def compare_bar(bar: Bar, amount: Amount) -> SafeString:
    """What is free is the ground of the drawing."""
    parts, start = [f'<rect class="room" width="{percent(FULL)}" height="100%"/>'], 0
    for segment in bar.segments:
        x, end = place(start, bar.capacity), place(start + segment.size, bar.capacity)
        start += segment.size
        if segment.kind != "free" and end > x:
            title = conditional_escape(f"{segment.name} {amount(segment.size)}")
            where = f'x="{percent(x)}" width="{percent(end - x)}" height="100%"'
            parts.append(f'<rect class="{segment.kind}" {where}><title>{title}</title></rect>')
    parts += [*overflow(place(start, bar.capacity)), *limit_line(bar)]
    parts.append(f'<line class="end" x1="{percent(FULL)}" x2="{percent(FULL)}" y2="100%"/>')
    return format_html(
        '<svg class="memory-bar compare-bar" role="img" aria-label="{}">{}</svg>',
        spoken(bar, [segment for segment in bar.segments if segment.size > 0], amount),
        SafeString("".join(parts)),  # every part is escaped where it is made
    )


def place(size: int, capacity: int) -> float:
    """Where so many bytes end, in per cent of the drawing; beyond its scale at its edge."""
    return min(100.0, FULL * size / max(capacity, 1))


def overflow(end: float) -> list[str]:
    """What is beyond the device is hatched."""
    if end <= FULL:
        return []
    where = f'x="{percent(FULL)}" width="{percent(end - FULL)}" height="100%"'
    return [f'<rect class="over" {where}/><rect {where} fill="url(#hatch-over)"/>']


def limit_line(bar: Bar) -> list[str]:
    """The end of what the engine sets aside."""
    x = percent(place(bar.limit, bar.capacity))
    return [f'<line class="limit" x1="{x}" x2="{x}" y2="100%"/>'] if bar.limit else []
