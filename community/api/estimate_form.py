"""The parameters of an estimate: those of the calculator's address."""

from __future__ import annotations

from typing import Any

from community.calculator.fields import HINTS
from community.calculator.form import SAVED, CalculatorForm
from community.calculator.query import DEFAULTS, ORDER
from community.calculator.words import NO_SETTING
from community.sizing import InputError

from .parameters import described, strict

# Where an address needs other words than a form's field.
WORDS = {
    "model": "models의 id, 허브의 저장소 이름이나 다른 이름",
    "engine": "engines의 id. 버전은 vllm@0.19.0처럼. 적지 않으면 최신",
    "weights": "formats의 id. 적지 않으면 엔진에서 흔히 쓰는 형식",
    "gpu": "gpus의 id. 섞으면 rtx-4090,rtx-3090:2처럼",
    "gpus": "같은 GPU의 수. 섞을 때는 적지 않아요",
    "context": "요청 하나의 토큰",
    "requests": "동시에 도는 요청의 수",
    "kv": "적지 않으면 엔진의 기본값. 예: fp8, q8_0",
    "tp": "적지 않으면 모든 장",
    "gpu_layers": "적지 않으면 들어가는 만큼",
    "max_num_seqs": "한 번에 도는 요청의 상한. 적지 않으면 엔진의 기본값",
    "max_num_batched_tokens": "한 번에 계산하는 토큰의 상한. 적지 않으면 엔진의 기본값",
    "ubatch": "한 번에 계산하는 토큰. 적지 않으면 엔진의 기본값",
    "unit": "url에만 쓰여요. 답은 언제나 바이트",
}
NOT_COUNTED = "복사한 링크에 적힌 값. 계산을 바꾸지 않아요"


class EstimateForm(CalculatorForm):
    """The parameters of the calculator's address. `allowed` keeps what the sizing engine would take, by field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed: dict[str, list[str]] = {}

    def refuse(self, error: InputError) -> None:
        before = set(self.errors)
        super().refuse(error)
        for field in set(self.errors) - before:
            self.allowed[field] = choices_of(error)


FIELDS = {name: strict(CalculatorForm.base_fields[name]) for name in ORDER}
EstimateForm.base_fields = FIELDS | {name: CalculatorForm.base_fields[name] for name in SAVED}


def choices_of(error: InputError) -> list[str]:
    """Names as a list, a sentence as it is. What an engine has no setting for may have no value at all."""
    text = error.allowed.removeprefix("nearest: ")
    if text in ("", "see the list") or NO_SETTING in error.message:
        return []
    names = text.split(", ")
    return [text] if any(" " in name for name in names) else names


def parameters() -> list[dict[str, Any]]:
    return described(EstimateForm, DEFAULTS, HINTS | WORDS | dict.fromkeys(SAVED, NOT_COUNTED))
