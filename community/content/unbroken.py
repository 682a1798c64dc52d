"""Keeps terms such as `Qwen3-235B-A22B`, `24 GiB` or ‘빠르다’는 on one line, without changing a letter.

`word-break: keep-all` still breaks after hyphens, between a number and its unit, and after a closing quotation mark.
"""

import re
from xml.etree import ElementTree as etree

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

UNITS = "GiB|MiB|KiB|GB|MB|TB|bpw|tok/s|GB/s|Gbps|Mbps|TFLOPS"
TERM = re.compile(
    rf"""(
        (?<![0-9A-Za-z_.])[0-9A-Za-z_.]+(?:[-/][0-9A-Za-z_.]+)+[가-힣]{{0,4}}  # Qwen3-235B-A22B를
      | (?<![\d,.])\d[\d,.]*\ (?:{UNITS})(?![A-Za-z/])[가-힣]{{0,4}}      # 39.6 GiB입니다
      | [’”][가-힣]{{1,4}}                                        # ’는
    )""",
    re.VERBOSE,
)
# Looking back, both begin where a run of their characters does: else each of 40,000 letters would be a start.
LONGEST = 32  # a longer term would overflow a narrow screen


def pieces(text: str) -> list[tuple[bool, str]]:
    """The text cut into (is a term, piece); joined, the pieces are the text."""
    cut = TERM.split(text)
    return [(bool(i % 2) and len(piece) <= LONGEST, piece) for i, piece in enumerate(cut) if piece]


def unbroken(text: str) -> SafeString:
    """The escaped text with its terms in <span class="nb">."""
    return format_html_join(
        "",
        "{}",
        (
            (SafeString(f'<span class="nb">{conditional_escape(piece)}</span>') if is_term else piece,)
            for is_term, piece in pieces(text)
        ),
    )


def keep_together(root: etree.Element) -> None:
    """The same for a tree, outside code."""
    for element in list(root.iter()):
        if element.tag in ("pre", "code") or not isinstance(element.tag, str):
            continue
        children = list(element)
        element.text = _wrap(element, element.text, 0)
        for child in children:
            child.tail = _wrap(element, child.tail, list(element).index(child) + 1)


def _wrap(parent: etree.Element, text: str | None, position: int) -> str | None:
    """Inserts spans for the terms of `text` at `position`; returns what stands before the first."""
    if not text or not TERM.search(text):
        return text
    before = ""
    last: etree.Element | None = None
    for is_term, piece in pieces(text):
        if is_term:
            last = etree.Element("span", {"class": "nb"})
            last.text = piece
            last.tail = ""
            parent.insert(position, last)
            position += 1
        elif last is None:
            before += piece
        else:
            last.tail = (last.tail or "") + piece
    return before
