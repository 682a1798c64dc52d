"""One table row a wording: what it names, the expression, the unit and where the wording comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# Every one of these programs divides by powers of 1024, also where it prints GB.
MIB = {"B": 2**-20, "K": 2**-10, "M": 1.0, "G": 1024.0, "T": 1024.0**2}
MOST_HITS = 2_000
NUMBER = r"-?\d[\d,]{0,20}(?:\.\d{0,12})?"


@dataclass(frozen=True)
class Pattern:
    """`hint` is plain text that every match holds, so that an absent wording costs one plain search.

    The group `value` is the figure, `more` is added to it; a group `unit` goes before `unit`.
    """

    name: str
    hint: str
    expression: str
    unit: str = ""
    source: str = ""

    def hits(self, text: str) -> Iterator[Hit]:
        if self.hint not in text:
            return
        for count, match in enumerate(re.finditer(self.expression, text)):
            if count == MOST_HITS:
                return
            yield Hit(self, match)


@dataclass(frozen=True)
class Hit:
    pattern: Pattern
    match: re.Match[str]

    @property
    def at(self) -> int:
        return self.match.start()

    def get(self, group: str) -> str:
        return self.match.groupdict().get(group) or ""

    @property
    def value(self) -> float:
        return number(self.get("value")) + (number(self.get("more")) if self.get("more") else 0)

    @property
    def mib(self) -> float:
        return self.value * MIB[(self.get("unit") or self.pattern.unit)[0].upper()]

    @property
    def gib(self) -> float:
        return self.mib / 1024


def number(text: str) -> float:
    return float(text.replace(",", "").rstrip("."))


def first_wording(text: str, patterns: Iterable[Pattern]) -> list[Hit]:
    """The hits of the first wording that occurs: the rows of a table stand in order of preference."""
    for pattern in patterns:
        if hits := list(pattern.hits(text)):
            return hits
    return []


def first(text: str, patterns: Iterable[Pattern]) -> Hit | None:
    return next(iter(first_wording(text, patterns)), None)


def rounded(value: float | None, places: int = 4) -> float | None:
    return None if value is None else round(value, places)


def plain_value(text: str) -> Any:
    """A printed value of Python or of a command line: number, truth, None or the text itself."""
    text = text.strip()
    words = {"True": True, "true": True, "False": False, "false": False, "None": None, "null": None, "": None}
    if text in words:
        return words[text]
    if re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if re.fullmatch(r"-?\d{1,18}\.\d{0,18}(?:[eE]-?\d{1,2})?", text):
        return float(text)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
