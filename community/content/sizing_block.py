"""A fenced block ```sizing of `key: value` lines -> a card with verdict and bar.

The keys are the parameters of the calculator's address. Elsewhere the block stays code that a person can read.
"""

from __future__ import annotations

import re
from itertools import count

import markdown
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.preprocessors import Preprocessor

from community.calculator.card import Card
from community.calculator.texts.asked import AskedError, asked

from .placed import Piece, Placed

LANGUAGE = "sizing"
MOST_BLOCKS = 8
BEFORE_FENCES = 26  # the library's own fences are at 25


class SizingBlocks(Preprocessor):
    """Finds fences as the library does, so that one inside another fence stays code."""

    def __init__(self, md: markdown.Markdown, placed: Placed) -> None:
        super().__init__(md)
        self.placed = placed

    def run(self, lines: list[str]) -> list[str]:
        numbers = count(1)

        def block(fence: re.Match[str]) -> str:
            if fence["lang"] != LANGUAGE:
                return fence[0]
            line = fence.string.count("\n", 0, fence.start("code")) + 1
            return self.card(fence[0], fence["code"], next(numbers), line)

        return FencedBlockPreprocessor.FENCED_BLOCK_RE.sub(block, "\n".join(lines)).split("\n")

    def card(self, fence: str, code: str, number: int, line: int) -> str:
        """What stands for the card; a block with an error stays code."""
        if number > MOST_BLOCKS:
            self.placed.errors.append(_("sizing 블록은 한 글에 %s개까지 쓸 수 있어요.") % MOST_BLOCKS)
            return fence
        try:
            piece = card_of(code)
        except AskedError as error:
            where = {"number": number, "line": line + line_of(code, error.key), "key": error.key}
            said = _("%(number)s번째 sizing 블록, %(line)s번째 줄 %(key)s: ") % where
            self.placed.errors.append(said + error.message)
            return fence
        return f"\n\n{self.md.htmlStash.store(self.placed.put_block(piece))}\n\n"


def card_of(code: str) -> Piece:
    """Raises AskedError for a key or value that the calculator does not know."""
    form = asked(values_of(code))
    assert form.result  # noqa: S101  # a valid form has one
    card = Card(form.result)
    return Piece(render_to_string("parts/_sizing_card.html", {"card": card}).strip(), card.text, code.strip())


def values_of(code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(str.strip, code.split("\n")):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not value:
            raise AskedError(key, _("한 줄에 하나씩 이름: 값으로 적어 주세요."))
        if key in found:
            raise AskedError(key, _("같은 이름이 두 번 있어요."))
        found[key] = value
    return found


def line_of(code: str, key: str) -> int:
    """Lines from the first one to the last that begins with the key; 0 where none does."""
    lines = [line.partition(":")[0].strip() for line in code.split("\n")]
    return max((place for place, found in enumerate(lines) if found == key), default=0)
