"""Reads config.json fields: a missing or senseless one is named, nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import InputError

LARGEST = 10**9  # no dimension of a transformer comes near; a larger value is a mistake
MOST_LAYERS = 256  # the deepest published model has 126 (Llama-3.1-405B)
MOST_STEPS = 16  # layers for multi-token prediction; published models have 1 to 3
LONGEST_LIST = 100_000
NOTHING: Mapping[str, Any] = {}
LARGEST_CONFIG = 2**20  # bytes; the longest real config.json has some 200 kB


def parse_config(text: str | bytes) -> Mapping[str, Any]:
    """The object in a config.json. Too long, nested too deep or not JSON is an InputError."""
    if len(text) > LARGEST_CONFIG:
        raise InputError("config", f"has {len(text)} bytes", f"at most {LARGEST_CONFIG} bytes")
    try:
        config = json.loads(text)
    except RecursionError:
        raise InputError("config", "is nested too deep", "the content of a config.json") from None
    except ValueError as error:
        raise InputError("config", f"is not JSON: {shown(error)}", "the content of a config.json") from None
    if not isinstance(config, dict):
        raise InputError("config", "is not an object", "the content of a config.json")
    return config


def shown(value: object) -> str:
    """A value for a message, however long it is."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST**2:
        return "a number of more than 18 digits"
    if isinstance(value, (Mapping, list)):
        return "an object" if isinstance(value, Mapping) else "a list"
    text = str(value) if isinstance(value, Exception) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


class Fields:
    """A config, or a nested one such as text_config, whose name stands in the errors."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self.values, self.path = values, path

    def has(self, *names: str) -> bool:
        return any(self.values.get(name) is not None for name in names)

    def renamed(self, names: Mapping[str, str], defaults: Mapping[str, int] = NOTHING) -> Fields:
        """The same config where a field that a family spells otherwise is read under its usual name.

        `defaults` stand in for fields that published configs leave out. A name with a dot is that of a nested field.
        """
        there = {usual: self._found(name, defaults) for usual, name in names.items()}
        there = {usual: value for usual, value in there.items() if value is not None}
        missing = {name: value for name, value in defaults.items() if not self.has(name)}
        return Fields({**self.values, **missing, **there}, self.path) if there or missing else self

    def _found(self, name: str, defaults: Mapping[str, int]) -> Any:
        outer, _, inner = name.rpartition(".")
        nested = self.values.get(outer) if outer else self.values
        value = nested.get(inner) if isinstance(nested, Mapping) else None
        return defaults.get(name) if value is None else value

    def layers(self, *names: str, default: int | None = None, least: int = 1) -> int:
        """A number of layers, each of which will be walked."""
        return self.integer(*names, default=default, least=least, most=MOST_LAYERS)

    def integer(self, *names: str, default: int | None = None, least: int = 1, most: int = LARGEST) -> int:
        """The first of `names` that is there; all are spellings of one field."""
        for name in names:
            value = self.values.get(name)
            if value is not None:
                return self._checked(name, value, least, most)
        if default is None:
            raise InputError(self.path + names[0], "is missing", "a whole number")
        return default

    def _checked(self, name: str, value: Any, least: int, most: int = LARGEST) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            allowed = f"a whole number from {least} to {most}"
            raise InputError(self.path + name, f"{shown(value)} is not usable", allowed)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise InputError(self.path + name, f"{shown(value)} is not usable", "true or false")
        return value

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise InputError(self.path + name, f"{shown(value)} is not usable", "a text")
        return value

    def integers(self, name: str, longest: int = LONGEST_LIST) -> list[int]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > longest:
            raise InputError(self.path + name, "is not usable", f"a list of at most {longest:,} whole numbers")
        return [self._checked(name, item, 0) for item in value]

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > LONGEST_LIST or not all(isinstance(item, str) for item in value):
            raise InputError(self.path + name, "is not usable", f"a list of at most {LONGEST_LIST:,} texts")
        return value

    def nested(self, *names: str) -> Fields | None:
        for name in names:
            value = self.values.get(name)
            if isinstance(value, Mapping):
                return Fields(value, f"{self.path}{name}.")
            if value is not None:
                raise InputError(self.path + name, f"{shown(value)} is not usable", "an object")
        return None
