"""Markdown -> safe HTML, once, at save: markdown, then bleach, then nh3 as the last word."""

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as etree

import markdown
from django.utils.translation import gettext
from markdown.extensions import Extension
from markdown.extensions.codehilite import CodeHiliteExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.treeprocessors import Treeprocessor

from community.calculator.texts.version import sizing_version

from .placed import Placed
from .sanitize import sanitize
from .sizing_block import BEFORE_FENCES, SizingBlocks
from .sizing_figure import BEFORE_CODE, PlainFigures, SizingFigures
from .unbroken import keep_together

PIPELINE_VERSION = 2
MADE_WITH = ("pipeline_version", "sizing_version", "figures")  # the columns that `made_with` fills
BEFORE_HEADINGS = 6  # the table of contents is made at 5


class Presentation(Treeprocessor):
    """Tables that scroll in a named region, terms that do not break."""

    def run(self, root: etree.Element) -> None:
        for parent in list(root.iter()):
            for position, child in enumerate(list(parent)):
                if child.tag == "table":
                    parent[position] = scroll_region(child)
        keep_together(root)


def scroll_region(table: etree.Element) -> etree.Element:
    """The table in a region that the keyboard reaches, named by its column heads."""
    heads = [" ".join("".join(cell.itertext()).split()) for cell in table.iter("th")]
    name = gettext("표: %(heads)s") % {"heads": ", ".join(filter(None, heads))}
    region = etree.Element("div", {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": name})
    region.tail, table.tail = table.tail, None
    region.append(table)
    for cell in list(table.iter("th")):
        if not "".join(cell.itertext()).strip():
            cell.tag = "td"  # an empty corner heads nothing
    return region


class PresentationExtension(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.treeprocessors.register(Presentation(md), "presentation", 1)


class SizingExtension(Extension):
    def __init__(self, placed: Placed) -> None:
        super().__init__()
        self.placed = placed

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.register(SizingBlocks(md, self.placed), "sizing", BEFORE_FENCES)
        md.inlinePatterns.register(SizingFigures(md, self.placed), "sizing", BEFORE_CODE)
        md.treeprocessors.register(PlainFigures(md, self.placed), "sizing", BEFORE_HEADINGS)


def converter(prefix: str, placed: Placed) -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            "fenced_code",
            "attr_list",
            "sane_lists",
            CodeHiliteExtension(guess_lang=False, css_class="highlight"),
            FootnoteExtension(
                BACKLINK_TEXT="↩", BACKLINK_TITLE=gettext("각주 {}을 단 곳으로"), SEPARATOR=f"-{prefix}-"
            ),
            TocExtension(
                slugify=lambda value, separator: f"{prefix}-{slugify_unicode(value, separator)}",
                permalink="¶",
                permalink_class="anchor",
                permalink_title=gettext("이 제목의 주소"),
                toc_depth="2-3",
            ),
            PresentationExtension(),
            SizingExtension(placed),
        ],
        output_format="html",
    )


@dataclass(frozen=True)
class Converted:
    """`figures` are what was computed, each with its source; `errors` say what could not be, and why."""

    html: str
    figures: list[dict[str, str]]
    errors: list[str]


def convert(text: str, prefix: str = "s") -> Converted:
    """Safe HTML of a Markdown text. `prefix` keeps ids apart where several texts share a page."""
    placed = Placed()
    html = placed.restore(sanitize(converter(prefix, placed).convert(text)))
    figures = [{"source": piece.source, "text": piece.text} for piece in placed.pieces]
    return Converted(html, figures, placed.errors)


def render(text: str, prefix: str = "s") -> str:
    return convert(text, prefix).html


def made_with(figures: list[dict[str, str]]) -> dict[str, Any]:
    """The columns that say what a row's HTML was made with; without figures it does not depend on the engine."""
    return {
        "pipeline_version": PIPELINE_VERSION,
        "sizing_version": sizing_version() if figures else "",
        "figures": figures,
    }


def table_of_contents(text: str) -> list[dict[str, str]]:
    """Second-level headings as {id, name}, in order."""
    md = converter("s", Placed())
    md.convert(text)
    return [{"id": item["id"], "name": item["name"]} for item in md.toc_tokens if item["level"] == 2]  # type: ignore[attr-defined]
