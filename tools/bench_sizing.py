"""Time of the sizing engine beside a fixed loop of plain Python in the same run, so that machines can be compared."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from community.sizing import Deployment, catalog, size
from community.sizing.architecture import Architecture
from community.sizing.formats import parse_format, weigh
from community.sizing.logs import read_log

ROUNDS = 15
LINE = "(EngineCore pid=1) INFO 11-20 10:00:00 [worker.py:1] Free memory on device cuda:0 CUDA0 buffer size = 1 MiB\n"
LOG = (LINE * 2_000)[:200_000].encode()
IMPORT = "import time; start = time.perf_counter(); import community.sizing; print(time.perf_counter() - start)"


def fixed_loop() -> int:
    total = 0
    for number in range(100_000):
        total += number * number % 7
    return total


def estimate(name: str, weights: str, engine: str, card: str, count: int) -> Callable[[], object]:
    model, devices = catalog.model(name), (catalog.device(card),) * count
    deployment = Deployment(model.id, model.architecture, parse_format(weights), engine, "", devices, 8192)
    return lambda: size(deployment)


def from_config(name: str, weights: str) -> Callable[[], object]:
    """config.json as text -> every tensor -> bytes in a format, nothing kept from the last time."""
    text = json.dumps(dict(catalog.model(name).config))
    return lambda: weigh(Architecture.from_config(json.loads(text)), parse_format(weights))


def milliseconds(action: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            action()
        found.append((time.perf_counter() - start) * 1000 / times)
    return statistics.median(found)


def import_milliseconds() -> float:
    """In a fresh interpreter; its own start is not counted."""
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True) for _ in range(5)
    ]
    return statistics.median(float(run.stdout) for run in runs) * 1000


def main() -> None:
    loop = milliseconds(fixed_loop, 1)
    rows = {
        "fixed loop": loop,
        "size(): Qwen3-8B on vLLM": milliseconds(estimate("qwen3-8b", "bf16", "vllm", "rtx-5090", 1), 20),
        "size(): 70B over two cards": milliseconds(
            estimate("llama-3-70b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", 2), 20
        ),
        "size(): a no with suggestions": milliseconds(estimate("llama-3-70b", "awq-4bit", "vllm", "l40s", 1), 5),
        "200 KB of log lines": milliseconds(lambda: read_log(LOG), 1),
        "MoE of 61 layers from JSON": milliseconds(from_config("deepseek-v3.1", "fp8"), 1),
        "import": import_milliseconds(),
    }
    print(f"{'sizing':32}{'ms':>10}{'ratio':>10}")
    for name, value in rows.items():
        print(f"{name:32}{value:>10.2f}{value / loop:>10.2f}")


if __name__ == "__main__":
    main()
