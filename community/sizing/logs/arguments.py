"""Settings as programs print them: Python's arguments (`key=value`, `'key': value`) and command lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .patterns import plain_value

LONGEST = 30_000  # characters of one print of arguments
LONGEST_VALUE = 300
MOST_PLACES = 50
CLOSING = {"(": ")", "[": "]", "{": "}"}
SIMPLE = re.compile(r"'[^'\n]{0,300}'|\"[^\"\n]{0,300}\"|[^\s,(){}\[\]]{1,200}")


def printed(text: str, marker: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """Of the first print of arguments after `marker`, those in `keys`, under the names that `keys` gives them."""
    start = text.find(marker)
    if start < 0:
        return {}
    end = text.find("\n", start)
    part = text[start : end if end >= 0 else len(text)][:LONGEST]
    found: dict[str, Any] = {}
    for key, name in keys.items():
        places = [match.end() for match in re.finditer(rf"(?<![\w.])['\"]?{key}['\"]?(?:=|: )", part)][:MOST_PLACES]
        place = min(places, key=lambda end: depth(part, end), default=None)
        value = None if place is None else plain_value(value_at(part, place))
        if value is not None:
            found.setdefault(name, value)
    return found


def depth(text: str, end: int) -> int:
    """In how many brackets this place is: a setting of a part, such as the draft's model, is none of the whole."""
    return sum(text.count(mark, 0, end) - text.count(CLOSING[mark], 0, end) for mark in CLOSING)


def value_at(text: str, start: int) -> str:
    """The value that begins here; one in brackets up to where they close."""
    head = re.compile(r"\w{0,60}(?=[(\[{])").match(text, start)
    if head is None:
        simple = SIMPLE.match(text, start)
        return simple[0] if simple else ""
    open_brackets: list[str] = []
    for at in range(head.end(), min(len(text), start + LONGEST_VALUE)):
        if text[at] in CLOSING:
            open_brackets.append(CLOSING[text[at]])
        elif open_brackets and text[at] == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                return text[start : at + 1]
    return ""


FLAG = re.compile(
    r"(?<![\w-])(--?[a-zA-Z][\w-]{0,60})(?:(?:=|[ \t]+)(\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|"
    r"(?!-[a-zA-Z-])[^\s\"'`]{1,400}))?"
)


# The same as a list, of Compose or Kubernetes: on one line, or a line each.
LIST = re.compile(r"\[ ?((?:[\"'][^\"'\n]{0,300}[\"'],? ?){2,80})\]")
LINES = re.compile(
    r"^[ \t]{0,40}(?:command|args|entrypoint):[ \t]{0,20}\n((?:[ \t]{0,40}- [^\n]{1,300}\n){1,80})", re.MULTILINE
)
QUOTES = "\"' "
LISTED = ("command: ", "args: --", "entrypoint: ")


def commands(text: str, starts: Iterable[str]) -> Iterator[str]:
    """Command lines, those continued with a backslash as one."""
    text = unlisted(text)
    for start in (*starts, *LISTED):
        at = text.find(start)
        if at >= 0:
            part = re.sub(r"\\\n[ \t>]*", " ", text[at : at + 4_000])
            yield part.partition("\n")[0]


def unlisted(text: str) -> str:
    return LINES.sub(joined, LIST.sub(on_one_line, text))


def on_one_line(found: re.Match[str]) -> str:
    return re.sub(r"[\"'],? ?[\"']", " ", found[1]).strip("\"', ")


def joined(lines: re.Match[str]) -> str:
    return f"command: {' '.join(line.strip()[2:].strip(QUOTES) for line in lines[1].splitlines())}\n"


def flags(command: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """The flags of a command in `keys` (written with hyphens), under the names that `keys` gives them."""
    found: dict[str, Any] = {}
    for match in FLAG.finditer(command):
        name = keys.get(match[1].replace("_", "-"))
        if name and not (match[2] or "").startswith("$"):  # a shell variable says nothing
            found.setdefault(name, plain_value(match[2]) if match[2] else True)
    return found
