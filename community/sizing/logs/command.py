"""python -m community.sizing log FILE: what a start-up log says."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ..errors import InputError
from .reader import Reading, read_log
from .text import ALLOWED, LARGEST


def add_log(commands: Any) -> None:
    command = commands.add_parser("log", help="what the start-up log of an engine says")
    command.add_argument("file", metavar="FILE")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=log)


def log(asked: argparse.Namespace) -> None:
    found = read_log(read_file(asked.file))
    print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if asked.json else "\n".join(lines(found)))


def read_file(path: str) -> bytes:
    """One byte more than is allowed is enough to refuse the rest."""
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError("file", f"{path[:200]!r} cannot be read: {reason}", ALLOWED) from None


def lines(found: Reading) -> list[str]:
    values = {"engine": found.engine, "version": found.engine_version, "model": found.model, **found.found}
    rows = [(name, "not in the log" if value is None else value) for name, value in values.items()]
    rows += [(f"  {name}", value) for name, value in found.settings.items()]
    rows.append(("error", found.error_class or "none"))
    rows += [
        (f"  {step['code']}", ", ".join(f"{key}={value}" for key, value in step["values"].items()))
        for step in found.advice
    ]
    return [f"{name:<32}{value}".rstrip() for name, value in rows]
