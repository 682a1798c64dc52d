"""What the calculator's fields say beside their labels, and how they are typed and read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

HINTS = {
    "kv": gettext_lazy("비우면 엔진의 기본값. 예: fp8, q8_0"),
    "utilization": gettext_lazy("GPU 메모리 중 엔진이 잡을 몫. 예: 0.9"),
    "tp": gettext_lazy("비우면 모든 장"),
    "ep": gettext_lazy("전문가 혼합 모델만"),
    "gpu_layers": gettext_lazy("비우면 들어가는 만큼"),
    "cpu_moe": gettext_lazy("전문가 혼합 모델만"),
    "gpu": gettext_lazy("여러 종류면 rtx-4090,rtx-3090:2처럼"),
    "version": gettext_lazy("비우면 최신. 예: 0.19.0"),
    "max_num_seqs": gettext_lazy("한 번에 도는 요청의 상한. 비우면 엔진의 기본값"),
    "max_num_batched_tokens": gettext_lazy("한 번에 계산하는 토큰의 상한. 비우면 엔진의 기본값"),
    "ubatch": gettext_lazy("한 번에 계산하는 토큰. 비우면 엔진의 기본값"),
    "eager": gettext_lazy("느려지지만 그래프 메모리가 안 들어요"),
}
CHECKBOXES = ("cpu_moe", "eager")


def whole(label: Any, most: int, least: int = 1) -> forms.IntegerField:
    said = gettext_lazy("{least}–{most} 사이의 정수로 적어 주세요.")
    message = format_lazy(said, least=f"{least:,}", most=f"{most:,}")
    wrong = {"invalid": message, "min_value": message, "max_value": message}
    return forms.IntegerField(required=False, min_value=least, max_value=most, label=label, error_messages=wrong)


def part(form: forms.Form, name: str, value: str, hint: str = "") -> dict[str, str]:
    """A field as templates/calculator/_field.html wants it."""
    error = form.errors.get(name, [""])[0]
    return {"name": name, "label": str(form.fields[name].label), "value": value, "error": str(error),
            "hint": hint or str(HINTS.get(name, "")), "kind": kind_of(form.fields[name])}  # fmt: skip


def kind_of(field: forms.Field) -> str:
    """The keyboard that it is typed with, "" for the usual one; a checkbox is none."""
    if isinstance(field, forms.BooleanField):
        return "check"
    if isinstance(field, forms.FloatField):  # one of Django's whole numbers too
        return "decimal"
    return "numeric" if isinstance(field, forms.IntegerField) else ""
