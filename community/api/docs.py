"""/api/: the documentation for people, made from the OpenAPI description, and that description itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .estimate_form import EstimateForm
from .openapi import described
from .parameters import parsed
from .problems import PROBLEMS, ProblemError, body_of
from .v1 import api

Json = dict[str, Any]
REFUSED = {"model": "qwen3-8", "context": "0"}  # the example of an error


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    context = {
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "operations": operations(),
        "problems": [{"status": status, "name": name, "title": title} for status, (name, title) in PROBLEMS.items()],
        "refused": f"{reverse('api:estimate')}?{urlencode(REFUSED)}",
        "answer": json.dumps(refusal(), ensure_ascii=False, indent=2),
    }
    return render(request, "api.html", context)


@cache
def operations() -> tuple[Operation, ...]:
    schema = described(api)
    schemas = schema["components"]["schemas"]
    return tuple(Operation(path, methods["get"], schemas) for path, methods in schema["paths"].items())


@cache
def refusal() -> Json:
    """What the example of an error is answered, made by the API itself."""
    query = QueryDict(urlencode(REFUSED))
    try:
        parsed(EstimateForm, query)
    except ProblemError as error:
        return body_of(error.status, error.detail, **error.members)
    raise AssertionError("the example of an error has become right")


@cache_control(public=True, max_age=300)
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(described(api), json_dumps_params={"ensure_ascii": False})


@dataclass(frozen=True)
class Operation:
    """One operation in the words of its OpenAPI description; `schemas` are those that it refers to."""

    path: str
    described: Json
    schemas: Json

    @property
    def id(self) -> str:
        return str(self.described["operationId"])

    @property
    def summary(self) -> str:
        return str(self.described["summary"])

    @property
    def description(self) -> str:
        return str(self.described["description"])

    @property
    def parameters(self) -> list[Json]:
        return [row | {"kind": kind(row["schema"])} for row in self.described["parameters"]]

    @property
    def example(self) -> str:
        """An address that has an answer."""
        values = dict(self.described["x-example"])
        names = [name for name in values if f"{{{name}}}" in self.path]
        path = self.path.format(**{name: values.pop(name) for name in names})
        return f"{path}?{urlencode(values, safe=':,@')}" if values else path

    @cached_property
    def fields(self) -> list[Json]:
        """Every member of the answer, those of its objects after it with dotted names."""
        answer = self.described["responses"]["200"]["content"]["application/json"]["schema"]
        return list(members(answer, self.schemas, ""))


def members(schema: Json, schemas: Json, before: str) -> Iterator[Json]:
    for name, member in resolved(schema, schemas).get("properties", {}).items():
        inner = resolved(member, schemas)
        item = resolved(inner.get("items", inner), schemas)
        several = "[]" if "items" in inner else ""
        yield {"name": before + name, "kind": kind(item, several), "description": member.get("description", "")}
        yield from members(item, schemas, f"{before}{name}{several}.")


def resolved(schema: Json, schemas: Json) -> Json:
    """The schema itself: not a reference to it, and without the null beside it."""
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    if len(options) == 1:
        return resolved(options[0], schemas) | {"nullable": True}
    if "$ref" in schema:
        return resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    return schema


def kind(schema: Json, several: str = "") -> str:
    """What a value is: its type or the words it may be, its bounds, and whether it can be null."""
    if "const" in schema:
        return json.dumps(schema["const"])
    types = [option["type"] for option in schema.get("anyOf", [schema]) if "type" in option]
    words = [" | ".join(schema.get("enum", types)) + several]
    if "maximum" in schema:
        words.append(f"{schema['minimum']:,}–{schema['maximum']:,}")
    if "maxLength" in schema:
        words.append(_("%s자까지") % schema["maxLength"])
    if "default" in schema:
        words.append(_("기본값 %s") % schema["default"])
    return ", ".join(words) + (" | null" if schema.get("nullable") else "")
