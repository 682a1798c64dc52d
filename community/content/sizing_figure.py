"""Inline code that begins with `sizing:` -> one computed figure in running text, linked to its calculation.

`sizing: weights model=llama-3-70b weights=gguf-q4_k_m` is 39.6 GiB.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as etree

import markdown
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from markdown.inlinepatterns import BACKTICK_RE, BacktickInlineProcessor
from markdown.treeprocessors import Treeprocessor

from community.calculator.texts.asked import AskedError
from community.calculator.texts.figures import Figure, figure

from .placed import Piece, Placed

START = "sizing:"
MOST_FIGURES = 100
BEFORE_CODE = 191  # the library's own inline code is at 190
PLAIN = {"a", "h1", "h2", "h3", "h4", "h5", "h6"}
NEEDED = {"needed": "needed", "needed-gpu": "needed-gpu"}  # quantity -> class of <data>


class SizingFigures(BacktickInlineProcessor):
    def __init__(self, md: markdown.Markdown, placed: Placed) -> None:
        super().__init__(BACKTICK_RE)
        self.md = md
        self.placed = placed

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override]
        element, start, end = super().handleMatch(m, data)
        source = (element.text or "") if isinstance(element, etree.Element) else ""
        if not source.startswith(START):
            return None, None, None
        word = self.word(source)
        return (word, start, end) if word else (None, None, None)

    def word(self, source: str) -> str:
        """What stands for the figure; "" leaves code with an error as code."""
        if len(self.placed.pieces) >= MOST_FIGURES:
            self.placed.errors.append(_("계산한 값은 한 글에 %s개까지 쓸 수 있어요.") % MOST_FIGURES)
            return ""
        try:
            return self.placed.put(figure_of(source))
        except AskedError as error:
            self.placed.errors.append(f"`{source}` {error.key}: {error.message}")
            return ""


def figure_of(source: str) -> Piece:
    """Raises AskedError."""
    name, *pairs = source.removeprefix(START).split() or [""]
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not value:
            raise AskedError(pair, _("이름=값으로 적어 주세요."))
        if key in values:
            raise AskedError(key, _("같은 이름이 두 번 있어요."))
        values[key] = value
    found = figure(name, values)
    return Piece(html_of(found), found.text, source)


def html_of(found: Figure) -> str:
    text = found.text
    if found.name in NEEDED:
        text = format_html('<data class="{}" value="{}">{}</data>', NEEDED[found.name], found.value, text)
    address = f"{reverse('calculator')}?{found.query}"
    return format_html('<a class="computed" href="{}" title="{}">{}</a>', address, found.about, text)


class PlainFigures(Treeprocessor):
    """A heading's address must not change with a figure, and a link holds no other link: there it is an error."""

    def __init__(self, md: markdown.Markdown, placed: Placed) -> None:
        super().__init__(md)
        self.placed = placed

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            if element.tag in PLAIN and self.placed.token in "".join(element.itertext()):
                self.placed.errors.append(_("제목과 링크 안에는 계산한 값을 쓸 수 없어요: %s") % self.flatten(element))

    def flatten(self, element: etree.Element) -> str:
        for part in element.iter():
            part.text = self.placed.plain(part.text or "")
            if part is not element:
                part.tail = self.placed.plain(part.tail or "")
        return "".join(element.itertext())
