"""Models, as the catalogue's files have them."""

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
from community.views.models import sizes_of

from .estimate import Parameters
from .parameters import parsed
from .parts import listed, unknown


class ModelRow(Schema):
    id: str = Field(description="calculator와 API에서 쓰는 이름")
    name: str
    model_type: str = Field(description="config.json의 model_type")
    parameters: Parameters
    context: int | None = Field(description="모델의 문맥 한도, 토큰. null: 적혀 있지 않아요.")
    url: str = Field(description="이 모델의 쪽")
    api: str = Field(description="이 모델의 JSON")


class Models(Schema):
    total: int
    items: list[ModelRow]


class Experts(Schema):
    count: int = Field(description="층마다 전문가 수")
    active: int = Field(description="토큰마다 쓰는 전문가 수")


class Architecture(Schema):
    layers: int
    hidden: int = Field(description="숨은 크기")
    vocabulary: int
    heads: int
    kv_heads: int
    experts: Experts | None
    uncounted: list[str] = Field(description="config에 있지만 세지 않은 부분")


class FormatSize(Schema):
    format: str = Field(description="형식의 id")
    weights_bytes: int = Field(description="계산한 가중치, 바이트")
    projector_bytes: int = Field(description="따로 나오는 비전 탑(mmproj), 바이트. 없으면 0")
    repository: str | None = Field(description="이 형식으로 올라온 저장소. null: 아는 곳이 없어요.")
    published_bytes: int | None = Field(description="올라온 파일의 크기, 바이트. null: 기록이 없어요.")


class Model(ModelRow):
    hub_names: list[str] = Field(description="허브의 저장소 이름")
    aliases: list[str] = Field(description="함께 알아듣는 이름")
    architecture: Architecture
    sizes: list[FormatSize] = Field(description="형식별 크기, 큰 것부터")
    published_parameters: int | None = Field(description="허브가 적은 파라미터 수. null: 견줄 수가 없어요.")
    source: str
    checked: str = Field(description="확인한 날")


def models(request: HttpRequest) -> dict[str, Any]:
    parsed(forms.Form, request.GET)
    return listed([model_row(request, model) for model in catalog.models()])


def model(
    request: HttpRequest, id: str = Path(..., description="모델의 id나 허브의 저장소 이름")
) -> dict[str, Any] | HttpResponse:
    """A hub name or alias leads to the model's own address."""
    parsed(forms.Form, request.GET)
    try:
        found = catalog.model(id)
    except InputError:
        raise unknown(id, [row.id for row in catalog.models()], _("모델 목록에 없는 이름이에요.")) from None
    if found.id != id:
        return redirect("api:model", found.id, permanent=True)
    return model_row(request, found) | {
        "hub_names": found.hub_names,
        "aliases": found.aliases,
        "architecture": architecture(found),
        "sizes": sizes(found.id),
        "published_parameters": found.published,
        "source": found.source,
        "checked": found.checked,
    }


def model_row(request: HttpRequest, found: catalog.Model) -> dict[str, Any]:
    made = found.architecture
    return {
        "id": found.id,
        "name": found.name,
        "model_type": made.model_type,
        "parameters": {"total": made.parameters, "active": made.active_parameters},
        "context": made.context or None,
        "url": request.build_absolute_uri(reverse("model-detail", args=[found.id])),
        "api": request.build_absolute_uri(reverse("api:model", args=[found.id])),
    }


def architecture(found: catalog.Model) -> dict[str, Any]:
    made = found.architecture
    experts = {"count": made.experts.count, "active": made.experts.active} if made.experts else None
    return {
        "layers": len(made.layers),
        "hidden": made.hidden,
        "vocabulary": made.vocabulary,
        "heads": made.heads,
        "kv_heads": made.kv_heads,
        "experts": experts,
        "uncounted": made.uncounted,
    }


def sizes(model_id: str) -> list[dict[str, Any]]:
    return [
        {"format": size.format, "weights_bytes": size.bytes, "projector_bytes": size.projector,
         "repository": size.repository or None, "published_bytes": size.published}
        for size in sizes_of(model_id)
    ]  # fmt: skip
