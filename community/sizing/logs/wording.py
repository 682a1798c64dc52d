"""One wording of a failure: what it looks like and which values it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .failure import Failure
from .patterns import plain_value

MOST_LOOKED_AT = 20  # places of a hint
BEFORE, AFTER = 300, 1_200  # characters around a hint in which its message stands


@dataclass(frozen=True)
class Message:
    """Named groups of `expression` are the values of the message.

    `hint` is plain text that every match holds. `alone`: says so much that no engine's name is needed beside it.
    """

    hint: str
    expression: str
    alone: bool = True

    def find(self, code: str, text: str) -> Failure | None:
        pattern = re.compile(self.expression, re.MULTILINE)
        at = text.find(self.hint)
        for _ in range(MOST_LOOKED_AT):
            if at < 0:
                return None
            match = pattern.search(text, max(0, at - BEFORE), at + AFTER)
            if match and not warned(text, match.start()):
                return Failure(code, match.start(), values_of(match))
            at = text.find(self.hint, max(at + 1, match.end() if match else 0))
        return None


def warned(text: str, at: int) -> bool:
    """In a line that the program itself calls a warning: it went on."""
    start = max(text.rfind("\n", 0, at) + 1, at - BEFORE)
    return "warn" in text[start:at].lower()


def values_of(match: re.Match[str]) -> dict[str, Any]:
    named = {name: value.strip() for name, value in match.groupdict().items() if value and value.strip()}
    return {name: plain_value(value.replace(",", "") if value[0].isdigit() else value) for name, value in named.items()}


def only(words: str, alone: bool = True) -> Message:
    """A wording that is its own hint and says no value."""
    return Message(words, re.escape(words), alone)


def said(words: str, expression: str = r"[^\n]{0,160}", alone: bool = False) -> Message:
    """A wording whose whole text, from these words on, is worth showing."""
    return Message(words, rf"(?P<message>{re.escape(words)}{expression})", alone)
