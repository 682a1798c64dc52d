"""What several answers have: lists, tags, sources, and rows that are not there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from community.models import EvidenceLevel, Note, Question
from community.views.catalogue import nearest

from .problems import ProblemError


class Tag(Schema):
    slug: str
    name: str


class Source(Schema):
    title: str
    url: str | None = Field(description="null: 우리가 한 계산")
    kind: EvidenceLevel
    read_on: dt.date = Field(description="읽은 날")


def listed(items: list[Any]) -> dict[str, Any]:
    return {"total": len(items), "items": items}


def tags(row: Question | Note) -> list[dict[str, str]]:
    return [{"slug": slug, "name": name} for slug, name in row.tag_list]


def sources(row: Any) -> list[dict[str, Any]]:
    """Of an answer or note that attach_sources has seen."""
    return [
        {"title": source.title, "url": source.url or None, "kind": source.kind, "read_on": source.read_on}
        for source in row.sources
    ]


def own_address(request: HttpRequest, row: Question | Note) -> str:
    """Of the row as JSON."""
    if isinstance(row, Question):
        return request.build_absolute_uri(reverse("api:question", args=[row.number]))
    return request.build_absolute_uri(reverse("api:note", args=[row.slug]))


def unknown(name: str, known: list[str], detail: str) -> ProblemError:
    return ProblemError(404, detail, nearest=nearest(name.strip().lower(), known))


def gone(request: HttpRequest, page: Question | Note) -> ProblemError:
    other = page.replacement
    address = own_address(request, other) if other else None
    return ProblemError(410, page.withdrawn_reason, replacement=address)
