"""A comparison's address <-> its columns: `model=…&gpu=…&2.weights=awq-4bit&3.engine=sglang`.

The first column stands in full, the others with what differs from it. Every value is text, named as in the calculator's
own address (query.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from ..query import ALWAYS, DEFAULTS, ORDER, SETTINGS, takes

FEWEST, MOST = 2, 4
COUNT = "columns"  # how many there are, where the last ones differ in nothing
NUMBERED = re.compile(r"([0-9]+)\.(.+)", re.ASCII)

Values = Mapping[str, str]


def asked_columns(query: Values) -> list[dict[str, str]]:
    """What each column asks for."""
    first = {name: value for name, value in query.items() if "." not in name and name != COUNT}
    own: dict[int, dict[str, str]] = {}
    for name, value in query.items():
        if found := NUMBERED.fullmatch(name):
            own.setdefault(int(found[1]), {})[found[2]] = value
    written = [number for number in own if FEWEST <= number <= MOST]
    count = max([FEWEST, *written, *([int(query[COUNT])] if is_count(query.get(COUNT, "")) else [])])
    return [first, *(over(first, own.get(number, {})) for number in range(FEWEST, count + 1))]


def is_count(text: str) -> bool:
    return text in [str(number) for number in range(FEWEST, MOST + 1)]


def beyond(query: Values) -> bool:
    """A column is asked for that there cannot be."""
    numbers = [found[1] for name in query if (found := NUMBERED.fullmatch(name))]
    return not all(map(is_count, [*numbers, *([query[COUNT]] if query.get(COUNT) else [])]))


def over(first: Values, own: dict[str, str]) -> dict[str, str]:
    """A column's own values over those of the first. What the form sends is whole. Another engine takes over only the
    settings that it has, and cards that say their own counts no count."""
    if "of" in own:
        return own | {"unit": first.get("unit", "")}
    left = {"of"}
    if own.get("engine", first.get("engine")) != first.get("engine"):
        name = own["engine"].partition("@")[0]
        left |= {"version", *(setting for setting in SETTINGS if not takes(name, setting))}
    if counted(own.get("gpu", "")):
        left.add("gpus")
    return {key: value for key, value in first.items() if key not in left} | own


def counted(cards: str) -> bool:
    """Cards that say their own counts, as rtx-4090,rtx-3090:2 do."""
    return "," in cards or ":" in cards


def compare_query(columns: Sequence[Values]) -> str:
    """The canonical address's query, without the question mark; the unit is the first column's."""
    first = columns[0]
    pairs = [(name, first[name]) for name in ORDER if first.get(name)]
    pairs = [(name, value) for name, value in pairs if name in ALWAYS or value != DEFAULTS.get(name)]
    named = FEWEST
    for number, values in enumerate(columns[1:], FEWEST):
        changes = [(f"{number}.{name}", values.get(name, "")) for name in ORDER if differs(name, values, first)]
        named = number if changes else named
        pairs += changes
    if len(columns) > named:
        pairs.append((COUNT, str(len(columns))))
    return urlencode(pairs, safe=":,@")


def differs(name: str, values: Values, first: Values) -> bool:
    """Worth writing: not what goes by itself with another engine or with counted cards."""
    if name == "unit" or values.get(name, "") == first.get(name, ""):
        return False
    if name == "gpus" and counted(values["gpu"]) and values["gpu"] != first["gpu"]:
        return values["gpus"] != "1"
    return bool(values.get(name)) or name not in SETTINGS or takes(values["engine"].partition("@")[0], name)
