"""Errors as application/problem+json (RFC 9457): what is wrong, at which field, and what is allowed."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Schema
from pydantic import Field

MEDIA_TYPE = "application/problem+json"
# Status -> (name, title). The name is the anchor on /api/ that explains it.
PROBLEMS = {
    400: ("unreadable-address", gettext_lazy("주소를 읽을 수 없어요")),
    404: ("not-found", gettext_lazy("그런 주소나 이름이 없어요")),
    405: ("method-not-allowed", gettext_lazy("읽기만 할 수 있어요")),
    410: ("gone", gettext_lazy("거둔 글이에요")),
    422: ("invalid-parameter", gettext_lazy("쓸 수 없는 값이 있어요")),
    500: ("server-error", gettext_lazy("우리 쪽에서 문제가 생겼어요")),
}


class FieldError(Schema):
    field: str = Field(description="매개변수의 이름")
    message: str = Field(description="무엇이 잘못됐는지")
    allowed: list[str] = Field(description="쓸 수 있는 값이나 가까운 이름. 범위는 한 줄로 적어요.")


class Problem(Schema):
    type: str = Field(description="이 오류를 설명하는 주소")
    title: str = Field(description="오류의 종류")
    status: int = Field(description="HTTP 상태 코드")
    detail: str = Field(description="이 요청에서 무엇이 잘못됐는지")
    errors: list[FieldError] = Field([], description="422: 잘못된 매개변수마다 하나")
    nearest: list[str] = Field([], description="404: 가까운 이름")
    replacement: str | None = Field(None, description="410: 대신 볼 글의 주소")


class ProblemError(Exception):
    """Raised by an operation, answered by `respond`."""

    def __init__(self, status: int, detail: str, **members: Any) -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.members = status, detail, members


def respond(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return problem(error.status, error.detail, **error.members)


def problem(status: int, detail: str = "", **members: Any) -> HttpResponse:
    content = json.dumps(body_of(status, detail, **members), ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=MEDIA_TYPE)


def body_of(status: int, detail: str = "", **members: Any) -> dict[str, Any]:
    name, title = PROBLEMS.get(status, ("", HTTPStatus(status).phrase))
    return {
        "type": f"/api/#{name}" if name else "about:blank",
        "title": str(title),
        "status": status,
        "detail": detail or str(title),
        **members,
    }


def no_such_address(request: HttpRequest, path: str = "") -> HttpResponse:
    return problem(404, _("이런 주소는 없어요. /api/에 모든 주소가 있어요."))
