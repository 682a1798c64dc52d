"""Model notes: caveats before figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Path, Schema
from pydantic import Field

from community.models import Citation, EvidenceLevel, Note
from community.models.notes import NoteKind
from community.views.questions import attach_sources

from .parameters import parsed
from .parts import Source, Tag, gone, listed, own_address, sources, tags, unknown


class Fact(Schema):
    label: str
    value: str
    note: str


class NoteRow(Schema):
    slug: str
    title: str
    kind: NoteKind
    summary: str
    evidence: EvidenceLevel = Field(description="가장 약한 근거의 수준")
    tags: list[Tag]
    models: list[str] = Field(description="다루는 모델의 id")
    changed_on: dt.date
    checked_on: dt.date | None
    url: str = Field(description="이 노트의 쪽")
    api: str = Field(description="이 노트의 JSON")


class Notes(Schema):
    total: int
    items: list[NoteRow]


class NoteDetail(NoteRow):
    caveats: list[str] = Field(description="숫자를 보기 전에 읽을 것")
    facts: list[Fact]
    markdown: str = Field(description="본문의 Markdown")
    html: str = Field(description="같은 본문의 HTML")
    benchmark: str | None = Field(description="성능 자료의 CSV 주소. null: 없어요.")
    sources: list[Source]


def notes(request: HttpRequest) -> dict[str, Any]:
    parsed(forms.Form, request.GET)
    rows = Note.objects.published().with_tags().defer("body", "body_html", "contents")
    return listed([note_row(request, row) for row in rows])


def note(request: HttpRequest, slug: str = Path(..., description="노트의 주소 이름")) -> dict[str, Any]:
    parsed(forms.Form, request.GET)
    found = Note.objects.with_tags().select_related("benchmark", "replacement").filter(slug=slug).first()
    if found and found.withdrawn_at:
        raise gone(request, found)
    if not found or not found.is_public:
        known = Note.objects.published().values_list("slug", flat=True)
        raise unknown(slug, list(known), _("이런 이름의 노트가 없어요."))
    attach_sources([found], list(Citation.objects.select_related("source").filter(note=found)))
    return note_row(request, found) | {
        "caveats": found.caveats,
        "facts": found.facts,
        "markdown": found.body,
        "html": found.body_html,
        "benchmark": csv_of(request, found.benchmark),
        "sources": sources(found),
    }


def csv_of(request: HttpRequest, benchmark: Any) -> str | None:
    return request.build_absolute_uri(reverse("benchmark-csv", args=[benchmark.slug])) if benchmark else None


def note_row(request: HttpRequest, row: Note) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "title": row.title,
        "kind": row.kind,
        "summary": row.summary,
        "evidence": row.evidence,
        "tags": tags(row),
        "models": row.model_ids,
        "changed_on": row.changed_on,
        "checked_on": row.checked_on,
        "url": request.build_absolute_uri(row.get_absolute_url()),
        "api": own_address(request, row),
    }
