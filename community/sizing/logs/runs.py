"""Several starts in one log, as a container that restarts leaves them: the last one counts."""

from __future__ import annotations

import re
from itertools import pairwise

STARTS = {
    "vllm": re.compile(
        r"vLLM API server version|Initializing an? (?:V1 )?LLM engine \(v|(?:^|[$#>] )vllm serve ", re.MULTILINE
    ),
    "sglang": re.compile(r"\bserver_args=(?:ServerArgs\(|\{)"),
    "llama.cpp": re.compile(r"^(?:\S{0,80} \|? ?)?(?:main: )?build(?: =|:) \d{1,6} \([0-9a-f]{6,40}\)", re.MULTILINE),
}
STARTS["ik_llama.cpp"] = STARTS["llama.cpp"]
# What comes later in a start than all its first lines, of which each process prints its own.
FURTHER = re.compile(
    r"Model loading took|model weights t(?:ook|ake)|Load weight end|Traceback \(most recent|"
    r"Application startup complete|loaded meta data with|EngineCore failed"
)


def last_run(text: str, engine: str) -> str:
    pattern = STARTS.get(engine)
    places = [match.start() for match in pattern.finditer(text)] if pattern else []
    cut = 0
    for before, place in pairwise(places):
        if FURTHER.search(text, before, place):
            cut = text.rfind("\n", 0, place) + 1
    return text[cut:]
