"""Why a start failed: the first class that the log names. What only repeats a cause is none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .failure import Failure, stage
from .memory_errors import out_of_memory
from .messages import GENERAL, SPECIFIC, Message

# The last line of a traceback, behind whatever the log puts before its lines.
EXCEPTION = re.compile(
    r"(?:^|[\])|:] {1,4})(?P<exception>(?:[a-z_]\w{0,40}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception)): "
    r"(?P<message>[^\n]{1,300})",
    re.MULTILINE,
)
MOST_EXCEPTIONS = 200
ECHOES = (
    "Engine core initialization failed", "Engine process failed to start", "WorkerProc initialization failed",
    "EngineDeadError", "root cause above", "See stack trace above", "cancelled", "Executor failed", "died unexpectedly",
)  # fmt: skip
DIED = ("EngineDeadError", "EngineCore encountered", "Scheduler hit an exception", "Engine loop")  # while it served
RESTARTED = ("vllm", "sglang")  # a failed start ends the process; llama.cpp and Ollama report it and go on
READY = ("Application startup complete", "fired up and ready to roll", "server is listening on", "Uvicorn running on")


def failure_of(text: str, engine: str | None) -> Failure | None:
    """Without an engine only messages that speak for themselves count: another program's errors are none of ours."""
    ready = started(text)
    part = text[ready:] if engine in RESTARTED else text
    found = named(SPECIFIC, part, engine) or out_of_memory(part) or named(GENERAL, part, engine)
    if found or engine is None or (ready and not any(words in part for words in DIED)):
        return found
    return exception(part)


def started(text: str) -> int:
    """What was said before the server was ready after all did not stop it."""
    return max(0, *(text.rfind(words) for words in READY))


def named(classes: Mapping[str, tuple[Message, ...]], text: str, engine: str | None) -> Failure | None:
    rows = ((code, message) for code, messages in classes.items() for message in messages if engine or message.alone)
    return next((found for code, message in rows if (found := message.find(code, text))), None)


def exception(text: str) -> Failure | None:
    """The first one that is a cause."""
    for count, match in enumerate(EXCEPTION.finditer(text)):
        if count == MOST_EXCEPTIONS:
            break
        if is_cause(match[0], text[text.rfind("\n", 0, match.start() + 1) + 1 : match.start()]):
            values = {"exception": match["exception"].rpartition(".")[2], "message": match["message"].strip()}
            return Failure("python_exception", match.start(), values | stage(text, match.start()))
    return None


def is_cause(line: str, before: str) -> bool:
    return not any(echo in line for echo in ECHOES) and "WARN" not in before and "INFO" not in before
