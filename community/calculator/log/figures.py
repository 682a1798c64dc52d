"""The figures of a log, the lines they were read from, and what these lines say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, islice
from math import isclose
from typing import Any

from django.utils.translation import gettext_lazy

from community.sizing.logs.patterns import Hit, Pattern, number
from community.sizing.logs.reader import ENGINES

MOST_HITS, MOST_LINES, LONGEST_LINE = 64, 4, 400
ASKED = r"(?:ctx|model[_-]len|seq_len|context|KvSize)[\w-]{0,20}['\"]?[=: ]{1,3}"  # a context that was a setting
CLOSE = 0.001  # the reader rounds

# Figure -> (name, unit).
FIGURES: dict[str, tuple[Any, str]] = {
    "weights_gib": (gettext_lazy("가중치"), "GiB"), "kv_gib": (gettext_lazy("KV 캐시"), "GiB"),
    "kv_tokens": (gettext_lazy("KV 캐시에 담기는 토큰"), ""), "compute_buffer_mib": (gettext_lazy("계산 버퍼"), "MiB"),
    "cuda_graph_gib": (gettext_lazy("CUDA 그래프"), "GiB"), "context": (gettext_lazy("문맥 길이"), ""),
}  # fmt: skip
# Figure -> the tables of an engine's file that it is read by.
TABLES = {
    "weights_gib": ("WEIGHTS", "FREE", "ESTIMATES"), "kv_gib": ("KV", "KV_BUFFER", "KV_SIZE", "POOL", "ESTIMATES"),
    "kv_tokens": ("TOKENS", "BLOCKS", "KV_SIZE", "KV_CELLS", "POOL"),
    "compute_buffer_mib": ("COMPUTE", "COMPUTE_TOTAL", "ESTIMATES"), "cuda_graph_gib": ("GRAPHS",),
    "context": ("CONTEXT", "SLOT", "NEW_SLOT"),
}  # fmt: skip
SERVING, GGML = ("vllm", "sglang"), ("llama.cpp", "ik_llama.cpp", "ollama")
# (engines, figure) -> what the line means.
MEANINGS = (
    (
        ("vllm",),
        "weights_gib",
        gettext_lazy("가중치를 다 올린 뒤 GPU 한 장에 든 양이에요. 여러 장이면 가장 많이 든 장의 값이에요."),
    ),
    (
        ("sglang",),
        "weights_gib",
        gettext_lazy("가중치를 올리는 동안 줄어든 빈자리예요. SGLang이 GB라고 찍지만 2^30으로 나눈 값이에요."),
    ),
    (GGML, "weights_gib", gettext_lazy("장치마다 잡은 가중치 버퍼예요. 여러 장치에 나눴으면 더한 값이에요.")),
    (
        ("vllm",),
        "kv_gib",
        gettext_lazy(
            "예약 비율의 몫에서 가중치와 활성값을 빼고 남아 KV 캐시에 준 양이에요. 필요한 양이 아니라 잡은 양이에요."
        ),
    ),
    (("sglang",), "kv_gib", gettext_lazy("KV 캐시 풀로 잡은 양이에요. 필요한 양이 아니라 잡은 양이에요.")),
    (GGML, "kv_gib", gettext_lazy("정한 문맥 전체의 KV 캐시예요. 시작할 때 한 번에 잡아요.")),
    (SERVING, "kv_tokens", gettext_lazy("잡은 KV 캐시에 들어가는 토큰 수예요. 모든 요청이 나눠 써요.")),
    (GGML, "kv_tokens", gettext_lazy("KV 캐시의 칸 수예요. 토큰 하나가 한 칸을 써요.")),
    (
        GGML,
        "compute_buffer_mib",
        gettext_lazy("한 번의 계산에 쓰는 중간값의 자리예요. 여러 장이면 가장 큰 장의 값이에요."),
    ),
    (SERVING, "cuda_graph_gib", gettext_lazy("디코드를 빠르게 하려고 CUDA 그래프를 잡으며 더 쓴 양이에요.")),
    (SERVING, "context", gettext_lazy("요청 하나가 쓸 수 있는 가장 긴 길이예요.")),
    (GGML, "context", gettext_lazy("KV 캐시를 잡은 길이예요.")),
)


def meaning(engine: str | None, figure: str) -> str:
    return next((str(words) for engines, name, words in MEANINGS if engine in engines and name == figure), "")


def written(figure: str, value: float) -> str:
    unit = FIGURES[figure][1]
    if not unit:
        return f"{round(value):,}"
    return f"{value:,.{1 if unit == 'MiB' else 2}f}\u00a0{unit}"


def lines_of(text: str, engine: str | None, figure: str, value: float) -> list[str]:
    """The lines that give the figure: one alone, or several that add up to it. Empty where none is found to."""
    for pattern in patterns(engine or "", figure):
        hits = list(islice(pattern.hits(text), MOST_HITS))
        held = [hit for hit in hits if hit.get("device") != "CPU_Mapped"] or hits
        if chosen := giving(held, figure, value):
            return list(dict.fromkeys(line_at(text, hit.at) for hit in chosen))[:MOST_LINES]
    asked = re.search(rf"{ASKED}{value:.0f}\b", text) if figure == "context" else None
    return [line_at(text, asked.start())] if asked else []


def patterns(engine: str, figure: str) -> Iterator[Pattern]:
    """Of the engine's own file; Ollama runs llama.cpp inside, so that its lines count too."""
    modules = [ENGINES[name] for name in (engine, *(["llama.cpp"] if engine == "ollama" else [])) if name in ENGINES]
    for table in (getattr(module, name, ()) for module in modules for name in TABLES[figure]):
        if isinstance(table, dict):
            table = [table[figure]] if figure in table else []
        yield from (table,) if isinstance(table, Pattern) else table


def giving(hits: list[Hit], figure: str, value: float) -> list[Hit]:
    sizes = [size_of(hit, figure, value) for hit in hits]
    for start in range(len(hits)):
        for end, size in enumerate(accumulate(sizes[start:]), start + 1):
            if isclose(size, value, rel_tol=CLOSE):
                return hits[start:end]
    return []


def size_of(hit: Hit, figure: str, value: float) -> float:
    """In the figure's unit. Blocks are given as a number, and the reader multiplies by their size."""
    if figure.endswith("_gib"):
        return hit.gib
    if figure.endswith("_mib"):
        return hit.mib
    count = number(hit.get("tokens") or hit.get("cells") or hit.get("value"))
    return value if hit.pattern.name == "blocks" and count and value % count == 0 else count


def line_at(text: str, at: int) -> str:
    """The line of this place; of a long one the part around it."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    if len(line) <= LONGEST_LINE:
        return line.strip()
    cut = max(0, at - start - LONGEST_LINE // 4)
    return f"…{line[cut : cut + LONGEST_LINE].strip()}…"
