"""A result to take along: as a link, as a block for Markdown, as an <iframe>, as an SVG file, and into a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext as _

from ..card import MOST_BARS, Card
from ..comparison.columns import compare_query
from ..query import DEFAULTS
from ..result import Result

WIDTH, BARE, BAR = 640, 222, 74  # CSS pixels of the <iframe>: across, down without bars, and for each bar


@dataclass(frozen=True)
class Share:
    """`origin` is the site's, as https://host: what is taken along must be whole."""

    result: Result
    origin: str

    @cached_property
    def link(self) -> str:
        return f"{self.origin}{reverse('calculator')}?{self.result.link_query}"

    @property
    def block(self) -> str:
        """What answers and notes show as a card: the address's parameters, one in a line."""
        pairs = [f"{name}: {value}" for name, value in parse_qsl(self.result.query)]
        return "\n".join(["```sizing", *pairs, "```"])

    @property
    def frame(self) -> str:
        """Plain text, to be escaped once more where it is shown."""
        source = escape(f"{self.origin}{reverse('calculator-embed')}?{self.result.query}")
        height = BARE + BAR * min(len(Card(self.result).columns), MOST_BARS)
        title = escape(_("AiNex VRAM 계산"))
        return f'<iframe src="{source}" width="{WIDTH}" height="{height}" loading="lazy" title="{title}"></iframe>'

    @property
    def comparisons(self) -> list[tuple[str, str]]:
        """(words, query): the result beside itself, for a change of one's own, and beside each suggestion."""
        ours = values_in(self.result.query)
        changes = [(change["words"], values_in(change["query"])) for change in self.result.suggestions]
        return [(words, compare_query([ours, values])) for words, values in [(_("값을 바꿔 견주기"), ours), *changes]]


def values_in(query: str) -> dict[str, str]:
    return DEFAULTS | dict(parse_qsl(query))
