"""Weight formats, and the engines that read them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from community.calculator.query import SETTINGS, takes, usual_weights
from community.calculator.words import ENGINES, format_name
from community.sizing.engines import MODULES, latest
from community.sizing.formats import FORMATS, parse_format

from .parameters import parsed
from .parts import listed


class Format(Schema):
    id: str = Field(description="weights에 쓰는 이름")
    name: str
    kind: str = Field(description="floating, integer, gguf, exl, mlx")
    bits: float = Field(description="가중치 하나의 비트. 배율은 빼고 센 값")
    group: int = Field(description="배율 하나를 함께 쓰는 가중치 수. 0: 없음, -1: 한 줄")


class Formats(Schema):
    total: int
    items: list[Format]


def formats(request: HttpRequest) -> dict[str, Any]:
    parsed(forms.Form, request.GET)
    rows = map(parse_format, FORMATS)
    return listed([
        {"id": row.id, "name": format_name(row.id), "kind": row.kind, "bits": row.bits, "group": row.group}
        for row in rows
    ])  # fmt: skip


class Engine(Schema):
    id: str = Field(description="engine에 쓰는 이름")
    name: str
    latest: str = Field(description="규칙을 확인한 가장 새 버전. 버전을 적지 않으면 이 규칙으로 계산해요.")
    weights: str = Field(description="weights를 적지 않았을 때 쓰는 형식")
    settings: list[str] = Field(description="이 엔진이 받는 estimate의 매개변수")


class Engines(Schema):
    total: int
    items: list[Engine]


def engines(request: HttpRequest) -> dict[str, Any]:
    parsed(forms.Form, request.GET)
    return listed([
        {"id": name, "name": ENGINES[name], "latest": latest(name), "weights": usual_weights(name),
         "settings": [setting for setting in SETTINGS if takes(name, setting)]}
        for name in MODULES
    ])  # fmt: skip
