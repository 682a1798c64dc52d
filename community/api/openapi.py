"""The OpenAPI 3.1 description, made by django-ninja from the operations themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from .problems import MEDIA_TYPE, PROBLEMS, Problem

EVERYWHERE = (400, 422)  # what any operation may answer


class Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """django-ninja with short operation ids, and with problems where it knows only its own errors."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        made = Problem.model_json_schema(ref_template=REF_TEMPLATE)
        schema["components"]["schemas"] |= made.pop("$defs") | {"Problem": made}
        content = {MEDIA_TYPE: {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}}
        schema["components"]["responses"] = {
            name: {"description": title, "content": content} for name, title in PROBLEMS.values()
        }
        return schema


def declared(
    *errors: int,
    parameters: Iterable[dict[str, Any]] = (),
    moves: bool = False,
    example: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What django-ninja cannot see of an operation: a form's parameters, its errors, and an example that works."""
    responses: dict[int, Any] = {301: {"description": _("정식 이름의 주소로 옮겨 가요.")}} if moves else {}
    responses[304] = {"description": _("If-None-Match에 적은 그대로예요.")}
    for status in sorted((*EVERYWHERE, *errors)):
        responses[status] = {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"}
    return {"parameters": list(parameters), "responses": responses, "x-example": dict(example or {})}


@cache
def described(api: NinjaAPI) -> dict[str, Any]:
    """Plain JSON values; the same for the life of the process."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder))
    return found
