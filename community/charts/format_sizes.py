"""A model's weights in several formats -> one bar each, with lines where well-known cards end.

Lengths are in per cent of the drawing, heights in pixels: one drawing serves every width without inline style.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

GIB = 2**30
ROW, BAR, HEAD = 30, 18, 26  # pixels: a row, its bar, the names of the cards above
ROOM = 34.0  # per cent of the width that the name of a card takes

Sized = tuple[str, int]  # a name and bytes


def format_sizes(sizes: Sequence[Sized], cards: Sequence[Sized] = ()) -> SafeString:
    """Bars in the given order; `cards` are drawn where they end inside the longest bar."""
    longest = max(size for _name, size in sizes)
    height = HEAD + ROW * len(sizes)
    parts = [*card_lines(cards, longest, height)]
    for number, (name, size) in enumerate(sizes):
        parts += bar(name, size, longest, HEAD + ROW * number)
    return format_html(
        '<svg class="bars" role="img" height="{}" aria-label="{}">{}</svg>',
        height, spoken(sizes), SafeString("".join(parts)),
    )  # fmt: skip


def spoken(sizes: Sequence[Sized]) -> str:
    return _("형식마다 가중치의 크기") + ": " + ", ".join(f"{name} {gib(size)} GiB" for name, size in sizes)


def gib(size: int) -> str:
    return f"{size / GIB:,.1f}"


def bar(name: str, size: int, longest: int, top: int) -> Iterable[str]:
    middle, length = top + ROW // 2, f"{100 * size / longest:.4g}%"
    yield format_html('<text class="name" dx="-9" y="{}" dy=".35em">{}</text>', middle, name)
    yield format_html('<rect class="bar" y="{}" width="{}" height="{}"/>', middle - BAR // 2, length, BAR)
    yield format_html('<text x="{}" dx="8" y="{}" dy=".35em">{}</text>', length, middle, gib(size))


def card_lines(cards: Sequence[Sized], longest: int, height: int) -> Iterable[str]:
    """From the left; a card whose name would touch the one before is left out."""
    free_from = 0.0
    for name, size in sorted(cards, key=lambda card: card[1]):
        place = 100 * size / longest
        if place < free_from or place > 100:
            continue
        free_from, x = place + ROOM, f"{place:.4g}%"
        yield format_html('<line class="card-end" x1="{}" x2="{}" y1="{}" y2="{}"/>', x, x, HEAD - 6, height)
        yield format_html('<text class="card-name" x="{}" y="{}">{}</text>', x, HEAD - 12, name)
