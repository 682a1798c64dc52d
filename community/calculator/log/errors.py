"""What a failure's message says, in Korean, and the question that answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Class -> the question whose answer tells what to do about it.
QUESTIONS = {
    "no_cache_blocks": 125, "kv_cache_too_small": 125, "free_memory_below_request": 125, "out_of_memory": 125,
    "no_kernel_image": 124, "driver_too_old": 131, "parallel_size": 115, "gated": 119,
}  # fmt: skip
# Flag that an engine refuses -> the question about it.
FLAG_QUESTIONS = {"--device": 118, "--resume-download": 119}

STAGES = {
    "graph_capture": gettext_lazy("CUDA 그래프를 잡을 때"), "profile": gettext_lazy("메모리를 재는 시험 실행에서"),
    "kv_cache": gettext_lazy("KV 캐시를 잡을 때"), "weights": gettext_lazy("가중치를 올릴 때"),
    "compute_buffer": gettext_lazy("계산 버퍼를 잡을 때"), "sampler": gettext_lazy("샘플러를 준비할 때"),
    "system": gettext_lazy("시스템 메모리를 잡을 때"),
}  # fmt: skip
# Value of a message -> (what it is, unit).
VALUES: dict[str, tuple[Any, Any]] = {
    "needed_gib": (gettext_lazy("필요한 KV 캐시"), "GiB"), "available_gib": (gettext_lazy("남은 자리"), "GiB"),
    "free_gib": (gettext_lazy("빈자리"), "GiB"), "total_gib": (gettext_lazy("GPU 전체"), "GiB"),
    "asked_gib": (gettext_lazy("잡으려던 양"), "GiB"), "asked_mib": (gettext_lazy("잡으려던 양"), "MiB"),
    "context": (gettext_lazy("달라고 한 문맥"), gettext_lazy("토큰")),
    "largest_context": (gettext_lazy("가능한 가장 긴 문맥"), gettext_lazy("토큰")),
    "tokens": (gettext_lazy("KV 캐시 자리"), gettext_lazy("토큰")), "device": (gettext_lazy("GPU 번호"), ""),
    "backend": (gettext_lazy("누구의 메모리"), ""), "allocation": (gettext_lazy("언제"), ""),
    "stage": (gettext_lazy("언제"), ""), "flag": (gettext_lazy("인자"), ""), "message": (gettext_lazy("로그의 말"), ""),
    "value": (gettext_lazy("준 값"), ""), "architecture": (gettext_lazy("구조"), ""),
    "tokenizer": (gettext_lazy("토크나이저"), ""), "tensor": (gettext_lazy("텐서"), ""),
    "expected": (gettext_lazy("기다린 것"), ""), "got": (gettext_lazy("파일의 것"), ""),
    "dtype": (gettext_lazy("자료형"), ""), "needed": (gettext_lazy("필요한 계산 능력"), ""),
    "quantization": (gettext_lazy("양자화"), ""), "heads": (gettext_lazy("어텐션 헤드"), ""),
    "tensor_parallel_size": (gettext_lazy("텐서 병렬"), ""), "model": (gettext_lazy("모델"), ""),
    "port": (gettext_lazy("포트"), ""), "exception": (gettext_lazy("예외"), ""),
    "asked": (gettext_lazy("달라고 한 GPU 수"), ""), "visible": (gettext_lazy("보이는 GPU 수"), ""),
    "capability": (gettext_lazy("이 GPU의 계산 능력"), ""), "config": (gettext_lazy("모델 설정의 양자화"), ""),
    "argument": (gettext_lazy("준 양자화"), ""), "key": (gettext_lazy("항목"), ""), "path": (gettext_lazy("경로"), ""),
    "limit": (gettext_lazy("이 GPU의 한도"), gettext_lazy("바이트")), "type": (gettext_lazy("형식"), ""),
    "required": (gettext_lazy("달라고 한 양"), gettext_lazy("바이트")), "package": (gettext_lazy("패키지"), ""),
    "bytes": (gettext_lazy("모자라는 양"), gettext_lazy("바이트")), "address": (gettext_lazy("주소"), ""),
    "max_num_seqs": (gettext_lazy("동시 요청 한도"), ""), "blocks": (gettext_lazy("들어가는 칸 수"), ""),
    "gpu_memory_utilization": (gettext_lazy("예약 비율"), ""), "mem_fraction_static": (gettext_lazy("예약 비율"), ""),
}  # fmt: skip
BACKENDS = {"system": gettext_lazy("시스템")}


def value_rows(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the message says, under Korean names; a name that is not known here stands as the reader calls it."""
    rows = {name: said(name, value) for name, value in values.items() if value is not True}
    return [(str(VALUES[name][0]) if name in VALUES else name, text) for name, text in rows.items()]


def said(name: str, value: Any) -> str:
    if name in ("stage", "allocation"):
        return str(STAGES.get(value, value))
    if name == "backend":
        return str(BACKENDS.get(value, value))
    unit = str(VALUES[name][1]) if name in VALUES else ""
    grouped = isinstance(value, float) or (isinstance(value, int) and bool(unit))
    text = f"{value:,}" if grouped else str(value)
    return f"{text}\u00a0{unit}" if unit in ("GiB", "MiB") else text + unit


def recovered(values: Mapping[str, Any]) -> str:
    if not values.get("recovered"):
        return ""
    return _("이 실패 뒤에 엔진이 더 작게 다시 시도했어요. 로그가 계속된다면 떴을 수 있어요.")


def question_of(code: str | None, values: Mapping[str, Any], line: str = "") -> int | None:
    """The number of the question that truly answers this, if there is one; those about kernels speak of CUDA."""
    if code == "no_kernel_image" and re.search(r"\bhip|rocblas", line, re.IGNORECASE):
        return None
    if code == "unknown_argument":
        return FLAG_QUESTIONS.get(str(values.get("flag", "")).replace("_", "-"))
    return QUESTIONS.get(code or "")
