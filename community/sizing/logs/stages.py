"""A log that shows the start from its beginning and stops without an error or a server that is ready."""

from __future__ import annotations

from .failure import Failure, stage

BEGINS = {"sglang": ("server_args=",), "vllm": ("non-default args", "with config: ", "args: Namespace(")}
# Where the start is as good as done, whatever comes after.
DONE = {
    "sglang": ("max_total_num_tokens=", "fired up and ready to roll", "Uvicorn running"),
    "vllm": ("GPU KV cache size", "# GPU blocks", "Application startup complete", "Starting vLLM", "Uvicorn running"),
}


def cut_short(text: str, engine: str) -> Failure | None:
    """None for excerpts, which show no beginning."""
    begins = [text.find(words) for words in BEGINS.get(engine, ()) if words in text]
    if not begins or any(words in text for words in DONE[engine]):
        return None
    return Failure("log_ends_during_start", begins[0], stage(text, len(text)))
