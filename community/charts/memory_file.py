"""The memory of several devices -> an SVG file that stands alone: its own colours on light ground, no stylesheet.

Lengths are in pixels of the drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from unicodedata import east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .memory_bar import LABEL_FROM, Amount, Bar, Segment, drawn_widths, legend, limit_at, spoken

WIDTH, MARGIN = 720, 24
INSIDE = WIDTH - 2 * MARGIN
NEEDED = 170  # what the amount at the top right takes
HEAD, ROW, BAR, FOOT = 108, 80, 36, 44
FONT = "Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', sans-serif"
INK, PALE, GROUND, LINE, OVER = "#1B1E23", "#5F6570", "#FFFFFF", "#DBD8D0", "#9E2A1E"
COLOURS = {"weights": "#1C4E8F", "kv": "#B5451D", "act": "#27705A", "engine": "#5B616C", "host": "#5B616C",
           "pool": "#EFD5CB", "free": "#F6F5F1"}  # fmt: skip
DARK = ("pool", "free")  # dark words on these, white on the others
HATCH = mark_safe(  # noqa: S308 - a constant
    '<defs><pattern id="over" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0v8" stroke="{OVER}" stroke-width="5"/></pattern></defs>'
)


@dataclass(frozen=True)
class Drawing:
    """`lines` are the title, what it is of, and the verdict; `notes` the words below each bar."""

    lines: tuple[str, str, str]
    needed: tuple[str, str]
    bars: Sequence[Bar]
    notes: Sequence[str]
    foot: str


def memory_file(drawing: Drawing, amount: Amount) -> SafeString:
    height = HEAD + ROW * len(drawing.bars) + FOOT
    tops = range(HEAD, height - FOOT, ROW)
    rows = [row(bar, note, y, amount) for bar, note, y in zip(drawing.bars, drawing.notes, tops, strict=True)]
    said = [*drawing.lines, " ".join(drawing.needed), *(spoken(bar, bar.segments, amount) for bar in drawing.bars)]
    return sheet([head(drawing), *rows, foot(drawing, height - 20)], ". ".join(said), height)


def words_file(title: str, sentences: Sequence[str]) -> SafeString:
    """Where nothing can be drawn: why not."""
    lines = [line for sentence in sentences for line in wrap(sentence, 64, break_on_hyphens=False)]
    parts = [text(title, MARGIN, 38, 18, font_weight=700)]
    parts += [text(line, MARGIN, 66 + 20 * number) for number, line in enumerate(lines)]
    return sheet(parts, ". ".join([title, *sentences]), 66 + 20 * len(lines))


def sheet(parts: Sequence[SafeString], title: str, height: int) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        'font-family="{font}" font-size="13" fill="{ink}"><title>{title}</title>{hatch}'
        '<rect x=".5" y=".5" width="{w1}" height="{h1}" rx="10" fill="{ground}" stroke="{line}"/>{parts}</svg>\n',
        w=WIDTH, h=height, w1=WIDTH - 1, h1=height - 1, font=FONT, ink=INK, ground=GROUND, line=LINE, hatch=HATCH,
        title=title, parts=joined(parts),
    )  # fmt: skip


def joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def text(words: str, x: float, y: float, size: float = 13, room: float = INSIDE, **style: str | int) -> SafeString:
    """One line, smaller where it would not fit."""
    size = min(size, room / max(ems(words), 1))
    named = {"font-size": f"{size:.3g}", **{name.replace("_", "-"): value for name, value in style.items()}}
    attributes = format_html_join("", ' {}="{}"', named.items())
    return format_html('<text x="{}" y="{}"{}>{}</text>', f"{x:.4g}", f"{y:.4g}", attributes, words)


def ems(words: str) -> float:
    """About how wide the words are, in units of their size."""
    return sum(1.0 if east_asian_width(character) in "WF" else 0.58 for character in words)


def head(drawing: Drawing) -> SafeString:
    title, about, verdict = drawing.lines
    label, needed = drawing.needed
    right = {"text_anchor": "end"}
    return joined([
        text(title, MARGIN, 38, 18, INSIDE - NEEDED, font_weight=700),
        text(about, MARGIN, 62, 13, INSIDE - NEEDED, fill=PALE),
        text(verdict, MARGIN, 88, 15, font_weight=600),
        text(label, WIDTH - MARGIN, 32, 12, NEEDED - 10, fill=PALE, **right),
        text(needed, WIDTH - MARGIN, 60, 24, NEEDED - 10, font_weight=700, **right),
    ])  # fmt: skip


def row(bar: Bar, note: str, y: int, amount: Amount) -> SafeString:
    segments = [segment for segment in bar.segments if segment.size > 0]
    scale = max(bar.total, bar.capacity, 1)
    shares = drawn_widths([100 * segment.size / scale for segment in segments])
    parts, x = [text(bar.name, MARGIN, y + 12, font_weight=600)], float(MARGIN)
    for segment, share in zip(segments, shares, strict=True):
        parts.append(part(segment, x, y + 18, share * INSIDE / 100, amount))
        x += share * INSIDE / 100
    if bar.total > bar.capacity:
        parts.append(overflow(MARGIN + INSIDE * bar.capacity / scale, y + 18))
    if bar.limit:
        parts.append(upright(MARGIN + INSIDE * limit_at(bar, scale, segments, shares) / 100, y + 18))
    parts.append(text(note, MARGIN, y + 18 + BAR + 15, 12, fill=PALE))
    return joined(parts)


def part(segment: Segment, x: float, y: int, width: float, amount: Amount) -> SafeString:
    words = f"{segment.name} {amount(segment.size)}"
    ink = INK if segment.kind in DARK else GROUND
    label = text(words, x + 8, y + 23, 12, width - 12, fill=ink) if width >= INSIDE * LABEL_FROM / 100 else ""
    edge = LINE if segment.kind == "free" else GROUND
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"><title>{}</title></rect>{}',
        f"{x:.5g}", y, f"{width:.5g}", BAR, COLOURS[segment.kind], edge, words, label,
    )  # fmt: skip


def overflow(x: float, y: int) -> SafeString:
    """What is beyond the device, and where it ends."""
    return format_html(
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="#FBE8E4" fill-opacity=".55"/>'
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="url(#over)"/>'
        '<path d="M{x} {y}v{h}" stroke="{ink}" stroke-width="3"/>',
        x=f"{x:.5g}", y=y, w=f"{WIDTH - MARGIN - x:.5g}", h=BAR, ink=INK,
    )  # fmt: skip


def upright(x: float, y: int) -> SafeString:
    """Where the engine's share ends."""
    line = '<path d="M{} {}v{}" stroke="{}" stroke-width="2" stroke-dasharray="4 3"/>'
    return format_html(line, f"{x:.5g}", y, BAR, INK)


def foot(drawing: Drawing, y: int) -> SafeString:
    """What the colours mean, and where the figures come from."""
    parts, x = [], float(MARGIN)
    for kind, name in legend(drawing.bars).items():
        square = '<rect x="{}" y="{}" width="11" height="11" rx="2" fill="{}" stroke="{}"/>'
        parts += [format_html(square, f"{x:.4g}", y - 10, COLOURS[kind], LINE), text(name, x + 16, y, 12, fill=PALE)]
        x += 16 + 12 * ems(name) + 14
    parts.append(text(drawing.foot, WIDTH - MARGIN, y, 11, WIDTH - MARGIN - x, fill=PALE, text_anchor="end"))
    return joined(parts)
