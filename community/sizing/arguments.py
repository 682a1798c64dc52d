"""The words of the command line: numbers that are numbers, and errors that name the flag and what it may be."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from .errors import InputError

LONGEST = 200  # characters of a message
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
FRACTION = re.compile(r"[+-]?([0-9]{1,18}\.?[0-9]{0,18}|\.[0-9]{1,18})")
REPEATABLE = ("--gpu",)


def whole(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def fraction(text: str) -> float:
    if not FRACTION.fullmatch(text):
        raise ValueError
    return float(text)


KINDS = {"whole": "a whole number of at most 18 digits", "fraction": "a number such as 0.9"}

# What argparse says of one flag, as (message, what is allowed).
SAYINGS = (
    (r"invalid (\w+) value: (.*)", lambda found: (f"{found[2]} is not usable", KINDS[found[1]])),
    (
        r"invalid choice: (.*) \(choose from (.*)\)",
        lambda found: (f"{found[1]} is not usable", found[2].replace("'", "")),
    ),
)


class Parser(argparse.ArgumentParser):
    """Raises InputError where argparse would print its usage and leave."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        match = re.match(r"argument ([^ :/]+): (.*)", message, re.DOTALL)
        field, said = (match[1].lstrip("-"), match[2]) if match else ("arguments", message)
        raise InputError(field, *worded(" ".join(said.split())))


def worded(said: str) -> tuple[str, str]:
    for pattern, words in SAYINGS:
        found = re.fullmatch(pattern, said)
        if found:
            message, allowed = words(found)
            return shortened(message), allowed
    return shortened(said), "see --help"


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def check_words(words: Sequence[str]) -> None:
    """A flag said twice contradicts itself, and argparse reads --flag=-- as no value at all."""
    flags = [word.partition("=") for word in words if word.startswith("--")]
    names = [name for name, _, _ in flags if name not in REPEATABLE]
    for name, _, value in flags:
        if value == "--":
            raise InputError(name.lstrip("-"), "'--' is not usable", "a value")
        if names.count(name) > 1:
            raise InputError(shortened(name.lstrip("-")), "is given more than once", "once")
