"""Why a start failed: the first class that the log names. What only repeats a cause is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from .failure import Failure, stage
from .memory_errors import out_of_memory
from .messages import AFTER_MEMORY, BEFORE_MEMORY, LAST
from .wording import Message

# The last line of a traceback, behind whatever the log puts before its lines.
EXCEPTION = re.compile(
    r"(?:^[ \t>]{0,12}|[\])|:│▎-] {1,4}|T[\d:.]{8,20}Z )"
    r"(?P<exception>(?:[a-z_]\w{0,40}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception))"
    r"(?:: (?P<message>[^\n]{1,300})|$)",
    re.MULTILINE,
)
MOST_EXCEPTIONS = 200
ONLY_SAID = re.compile(r"WARN|INFO \d")  # a line of the engine's own that goes on; wrappers call all lines INFO
ECHOES = (
    "Engine core initialization failed", "Engine process failed to start", "WorkerProc initialization failed",
    "EngineDeadError", "root cause above", "See stack trace above", "cancelled", "Executor failed", "died unexpectedly",
    "has no attribute 'workers'", "'NoneType' object has no attribute 'shutdown'",
)  # fmt: skip
DIED = (  # while it served
    "EngineDeadError", "EngineCore encountered", "Scheduler hit an exception", "Engine loop", "Received sigquit",
)  # fmt: skip
RESTARTED = ("vllm", "sglang")  # a failed start ends the process; llama.cpp and Ollama report it and go on
READY = ("Application startup complete", "fired up and ready to roll", "server is listening on", "Uvicorn running on")


def failure_of(text: str, engine: str | None) -> Failure | None:
    """Without an engine only messages that speak for themselves count: another program's errors are none of ours."""
    ready = started(text)
    part = text[ready:] if engine in RESTARTED else text
    found = next(named(BEFORE_MEMORY, part, engine), None) or out_of_memory(part)
    found = found or min(named(AFTER_MEMORY, part, engine), key=lambda failure: failure.at, default=None)
    if found or engine is None:
        return found
    if ready and not any(words in part for words in DIED):
        return next(named(LAST[:1], text[ready:], engine), None)
    return exception(part) or next(named(LAST, part, engine), None)


def started(text: str) -> int:
    """What was said before the server was ready after all did not stop it."""
    return max(0, *(text.rfind(words) for words in READY))


def named(tables: tuple[dict[str, tuple[Message, ...]], ...], text: str, engine: str | None) -> Iterator[Failure]:
    """Of each class the wording that says most."""
    for table in tables:
        for code, messages in table.items():
            found = (message.find(code, text) for message in messages if engine or message.alone)
            yield from islice((failure for failure in found if failure), 1)


def exception(text: str) -> Failure | None:
    """The first one that is a cause."""
    for count, match in enumerate(EXCEPTION.finditer(text)):
        if count == MOST_EXCEPTIONS:
            break
        if is_cause(match[0], text[text.rfind("\n", 0, match.start() + 1) + 1 : match.start()]):
            values = {"exception": match["exception"].rpartition(".")[2], "message": (match["message"] or "").strip()}
            said = {name: value for name, value in values.items() if value}
            return Failure("python_exception", match.start(), said | stage(text, match.start()))
    return None


def is_cause(line: str, before: str) -> bool:
    return not any(echo in line for echo in ECHOES) and not ONLY_SAID.search(before)
