"""Version numbers as tuples, so that rules can say since when they hold."""

from __future__ import annotations

import re

from .errors import InputError

Version = tuple[int, ...]
NUMBER = re.compile(r"[vb]?(\d{1,6}(?:\.\d{1,6}){0,3})((?:\.?(?:post|rc|dev)\d{1,4}|[-+][\w.]{1,20})?)", re.ASCII)


def parse_version(text: str, field: str = "engine") -> Version:
    """0.10.2, v0.8.5.post1 and b10488 alike; three numbers at least."""
    match = NUMBER.fullmatch(text)
    if not match:
        raise InputError(field, f"{text[:40]!r} is not a version", "numbers and points, such as 0.10.2")
    numbers = tuple(int(part) for part in match[1].split("."))
    return numbers + (0,) * (3 - len(numbers))


# Groups of vLLM versions that share their memory rules.
VLLM = (((0, 20, 0), "0.20-"), ((0, 17, 0), "0.17-0.19"), ((0, 8, 0), "0.8-0.16"), ((0, 0, 0), "-0.7"))


def version_group(engine: str, version: str) -> str:
    """ "" is the newest version, and the one group of engines whose records are too few to tell versions apart."""
    if engine != "vllm":
        return ""
    if not version:
        return VLLM[0][1]
    number = parse_version(version)
    return next(name for since, name in VLLM if number >= since)
