"""Markdown -> safe HTML, once, at save: markdown, then bleach, then nh3 as the last word."""

from xml.etree import ElementTree as etree

import markdown
from django.utils.translation import gettext
from markdown.extensions import Extension
from markdown.extensions.codehilite import CodeHiliteExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.treeprocessors import Treeprocessor

from .sanitize import sanitize
from .unbroken import keep_together

PIPELINE_VERSION = 1


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


def converter(prefix: str) -> markdown.Markdown:
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
        ],
        output_format="html",
    )


def render(text: str, prefix: str = "s") -> str:
    """Safe HTML of a Markdown text. `prefix` keeps ids apart where several texts share a page."""
    return sanitize(converter(prefix).convert(text))


def table_of_contents(text: str) -> list[dict[str, str]]:
    """Second-level headings as {id, name}, in order."""
    md = converter("s")
    md.convert(text)
    return [{"id": item["id"], "name": item["name"]} for item in md.toc_tokens if item["level"] == 2]  # type: ignore[attr-defined]
