"""GPUs, as the catalogue's files have them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Path, Schema
from pydantic import Field

from community.sizing import InputError, catalog
from community.sizing.hardware import Device

from .parameters import parsed
from .parts import listed, unknown


class Gpu(Schema):
    id: str
    name: str
    vendor: str
    usable_bytes: int = Field(description="nvidia-smi가 보고하는 용량, Mac은 Metal이 쓰게 하는 용량. 바이트")
    cuda_bytes: int | None = Field(description="CUDA가 보고하는 용량, 바이트. null: 잰 기록이 없어요.")
    memory_bytes: int = Field(description="상표의 용량, 바이트")
    bandwidth_bytes_per_second: float = Field(description="메모리 대역폭, 바이트/초")
    tflops: dict[str, float] = Field(description="자료형별 밀집 연산 성능, TFLOPS")
    capability: str = Field(description="9.0, gfx942처럼. Mac은 빈 글")
    nvlink_bytes_per_second: float = Field(description="양방향 합, 바이트/초. 0: 없음")
    unified: bool = Field(description="GPU가 시스템 메모리를 함께 쓰는지")
    estimated: list[str] = Field(description="출처 없이 추정한 값의 이름")
    source: str
    checked: str = Field(description="확인한 날")
    url: str = Field(description="이 GPU의 쪽")
    api: str = Field(description="이 GPU의 JSON")


class Gpus(Schema):
    total: int
    items: list[Gpu]


def gpus(request: HttpRequest) -> dict[str, Any]:
    parsed(forms.Form, request.GET)
    return listed([gpu_row(request, device) for device in catalog.devices()])


def gpu(request: HttpRequest, id: str = Path(..., description="GPU의 id")) -> dict[str, Any] | HttpResponse:
    parsed(forms.Form, request.GET)
    try:
        device = catalog.device(id)
    except InputError:
        raise unknown(id, [row.id for row in catalog.devices()], _("GPU 목록에 없는 이름이에요.")) from None
    return gpu_row(request, device) if device.id == id else redirect("api:gpu", device.id, permanent=True)


def gpu_row(request: HttpRequest, device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "name": device.name,
        "vendor": device.vendor,
        "usable_bytes": device.usable,
        "cuda_bytes": device.cuda_total,
        "memory_bytes": device.memory,
        "bandwidth_bytes_per_second": device.bandwidth,
        "tflops": device.tflops,
        "capability": device.capability,
        "nvlink_bytes_per_second": device.nvlink,
        "unified": device.unified,
        "estimated": device.estimated,
        "source": device.source,
        "checked": device.checked,
        "url": request.build_absolute_uri(reverse("gpu-detail", args=[device.id])),
        "api": request.build_absolute_uri(reverse("api:gpu", args=[device.id])),
    }
