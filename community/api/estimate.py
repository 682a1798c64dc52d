"""One estimate: the calculator's address, answered in bytes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from ninja import Schema
from pydantic import Field, create_model

from community.calculator.query import SETTINGS, values_of
from community.sizing import Verdict
from community.sizing.estimate import Evidence
from community.sizing.report import as_dict
from community.sizing.validation import ENOUGH

from .estimate_form import FIELDS, EstimateForm
from .parameters import Flag, parsed

KINDS: dict[type[forms.Field], Any] = {forms.IntegerField: int, forms.FloatField: float, Flag: bool}


def member(name: str, field: forms.Field) -> tuple[Any, Any]:
    """Type and description of a parameter where it is echoed."""
    made = KINDS.get(type(field), str)
    if name in SETTINGS:
        return made | None, Field(description=f"{field.label}. null: 정하지 않았어요.")
    return made, Field(description=str(field.label))


Deployment = create_model(  # type: ignore[call-overload]
    "Deployment", __base__=Schema, **{name: member(name, field) for name, field in FIELDS.items()}
)


class Reason(Schema):
    code: str = Field(description="이유의 이름. 예: context_beyond_model")
    values: dict[str, Any] = Field(description="이유에 든 값. 메모리는 바이트, 문맥은 토큰")


class Part(Schema):
    name: str = Field(description="weights, kv_cache, activations, runtime")
    bytes: int = Field(description="바이트")
    formula: str = Field(description="이 값을 구한 식")
    evidence: Evidence = Field(description="exact 정확, rule 공식, measured_constant 실측, estimate 추정")
    source: str = Field(description="규칙의 출처")
    records: int = Field(description="이 규칙을 견준 서로 다른 기록의 수")
    validated: bool = Field(description=f"기록이 {ENOUGH}개 이상인지")


class GpuMemory(Schema):
    device: str = Field(description="GPU의 id")
    usable: int = Field(description="쓸 수 있는 메모리, 바이트")
    weights: int = Field(description="가중치, 바이트")
    kv_cache: int = Field(description="KV 캐시, 바이트")
    activations: int = Field(description="활성값, 바이트")
    runtime: int = Field(description="드라이버와 엔진, 바이트")
    needed: int = Field(description="네 항목의 합, 바이트")
    reserved: int = Field(description="엔진이 시작할 때 잡는 메모리, 바이트. 0: 쓰는 만큼만")
    kv_pool: int = Field(description="그 가운데 KV 캐시의 자리, 바이트")
    free: int = Field(description="남는 메모리, 바이트. 모자라면 음수")
    parts: list[Part] = Field(description="항목마다 식과 근거")


class Suggestion(Schema):
    code: str = Field(description="제안의 이름. 예: more_gpus")
    change: dict[str, int | str] = Field(description="바꿀 매개변수와 값")
    verdict: Verdict = Field(description="바꾼 뒤의 판정")


class Parameters(Schema):
    total: int = Field(description="모든 파라미터의 수")
    active: int = Field(description="토큰 하나가 쓰는 파라미터의 수")


class Speed(Schema):
    kind: str = Field(description="ceiling: 넘을 수 없는 상한. 실제 속도는 더 낮아요.")
    bytes_per_token: int = Field(description="토큰 하나에 읽는 가중치, 바이트")
    decode_tokens_per_second: tuple[float | None, float | None] = Field(
        description="요청 하나의 생성 속도, tok/s. [문맥이 찼을 때, 비었을 때]"
    )
    prefill_tokens_per_second: float | None = Field(description="입력을 읽는 속도, tok/s")


class Estimate(Schema):
    verdict: Verdict = Field(
        description="fits 들어감, tight 빠듯함, fits_with_offload 일부를 시스템 메모리에, does_not_fit 안 들어감, "
        "unsupported 못 띄움, unknown 판단할 수 없음"
    )
    reasons: list[Reason] = Field(description="판정의 이유와 알아 둘 것")
    parameters: Parameters
    weights_bytes: int = Field(description="가중치, 바이트")
    file_bytes: int = Field(description="내려받을 파일, 바이트")
    kv_bytes_per_token: int = Field(description="토큰 하나의 KV 캐시, 바이트")
    kv_pool_bytes: int | None = Field(description="엔진이 잡는 KV 자리, 모든 GPU의 합, 바이트")
    kv_pool_tokens: int | None = Field(description="그 자리에 들어가는 토큰")
    needed_bytes: int | None = Field(description="필요한 메모리, 모든 GPU의 합, 바이트. null: 규칙을 몰라요.")
    reserved_bytes: int | None = Field(description="엔진이 시작할 때 잡는 메모리, 모든 GPU의 합, 바이트")
    host_bytes: int | None = Field(description="시스템 메모리에 두는 것, 바이트")
    per_gpu: list[GpuMemory] = Field(description="GPU마다, 순서대로")
    max_context: int | None = Field(description="들어가는 가장 긴 문맥, 토큰. 0: 하나도 안 들어가요.")
    max_requests: int | None = Field(description="문맥을 다 쓰는 요청이 몇 건 들어가는지")
    suggestions: list[Suggestion] = Field(description="들어가게 하는 변경. 하나씩 다시 계산해 확인했어요.")
    command: str = Field(description="실행 명령. 모르면 빈 글")
    speed: Speed
    rules_version: str = Field(description="계산 규칙의 날짜")
    deployment: Deployment = Field(description="무엇을 계산했는지. 빠진 매개변수는 기본값으로 채웠어요.")  # type: ignore[valid-type]
    url: str = Field(description="같은 계산을 보여 주는 계산기의 주소")


def estimate(request: HttpRequest) -> dict[str, Any]:
    """The Estimate of the calculator's page, with the address of that page."""
    form = parsed(EstimateForm, request.GET)
    assert form.deployment and form.estimate  # noqa: S101 - what a valid form holds
    return as_dict(form.estimate) | {
        "deployment": echoed(values_of(form.deployment, form.amount_unit)),
        "url": request.build_absolute_uri(f"{reverse('calculator')}?{form.query}"),
    }


def echoed(values: dict[str, str]) -> dict[str, Any]:
    """The address's values in their own types; None is a setting that is not made."""
    return {name: field.clean(values[name]) if values[name] else None for name, field in FIELDS.items()}
