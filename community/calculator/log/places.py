"""The line of a log that names the failure, found by the reader's own wordings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from community.sizing.logs.memory_errors import FAILED
from community.sizing.logs.messages import AFTER_MEMORY, BEFORE_MEMORY, LAST

from .figures import line_at


def place_of(text: str, code: str, values: Mapping[str, Any]) -> str:
    if code == "log_ends_during_start":
        return line_at(text, len(text.rstrip()) - 1)
    if code == "out_of_memory":
        match = FAILED.search(text)
    elif code == "python_exception":
        match = re.search(re.escape(": ".join(said(values))), text)
    else:
        return worded(text, code)
    return line_at(text, match.start()) if match else ""


def said(values: Mapping[str, Any]) -> list[str]:
    """An exception as tracebacks end with it, with its message where it has one."""
    return [str(values[name]) for name in ("exception", "message") if name in values]


def worded(text: str, code: str) -> str:
    messages = [message for table in (*BEFORE_MEMORY, *AFTER_MEMORY, *LAST) for message in table.get(code, ())]
    found = (message.find(code, text) for message in messages)
    return next((line_at(text, failure.at) for failure in found if failure), "")
