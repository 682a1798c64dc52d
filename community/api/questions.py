"""Questions with the one answer that stands; corrected answers apart from it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from ninja import Path, Schema
from pydantic import Field

from community.calculator.fields import whole
from community.forms import QuestionListForm, Sort
from community.models import Answer, EvidenceLevel, Question, State
from community.views.questions import ORDER, article, find_question
from community.views.today import today

from .parameters import described, parsed
from .parts import Source, Tag, gone, own_address, sources, tags

LARGEST_PAGE, USUAL_PAGE, MOST_PAGES = 100, 20, 100_000
USUAL = {"sort": Sort.CHANGED, "page": "1", "page_size": str(USUAL_PAGE)}


class QuestionsForm(QuestionListForm):
    """The list's own address, and how many rows."""

    page = whole(_("쪽"), MOST_PAGES)
    page_size = whole(_("한 쪽의 질문 수"), LARGEST_PAGE)


def parameters() -> list[dict[str, Any]]:
    return described(QuestionsForm, USUAL, {})


class VersionRange(Schema):
    engine: str
    since: str | None = Field(None, description="이 버전부터. null: 처음부터")
    until: str | None = Field(None, description="이 버전까지. null: 지금까지")


class Answered(Schema):
    number: int = Field(description="이 질문에서의 순번")
    conclusion: str
    markdown: str = Field(description="답의 Markdown")
    html: str = Field(description="같은 답의 HTML")
    evidence: EvidenceLevel = Field(description="가장 약한 근거의 수준")
    applies_to: list[VersionRange] = Field(description="이 답이 맞는 엔진과 버전. 빈 목록: 버전과 상관없어요.")
    written_on: dt.date | None
    changed_on: dt.date
    checked_on: dt.date | None = Field(description="판정한 날")
    sources: list[Source]


class StandingAnswer(Answered):
    corrected: Literal[False] = False
    verdict: Literal["curated", "under_review"] = Field(description="curated 검증됨, under_review 검토 중")
    due: bool = Field(description="다시 확인할 때가 지났거나 글이 바뀐 뒤 확인하지 않았는지")
    review_by: dt.date | None = Field(description="다시 확인할 날")


class CorrectedAnswer(Answered):
    corrected: Literal[True] = True
    verdict: Literal["wrong", "outdated", "superseded"] = Field(
        description="wrong 오답, outdated 낡음, superseded 대체됨"
    )
    reason: str = Field(description="왜 틀렸거나 낡았는지")
    replaced_by: int | None = Field(description="대신하는 답의 순번")


class QuestionRow(Schema):
    number: int
    title: str
    state: State = Field(description="verified 검증됨, corrected 정정됨, under_review 검토 중, waiting 답변 준비")
    conclusion: str | None = Field(description="지금 서 있는 답의 결론. null: 아직 답이 없어요.")
    corrected_count: int = Field(description="바로잡은 이전 답의 수")
    tags: list[Tag]
    models: list[str] = Field(description="다루는 모델의 id")
    asked_on: dt.date
    changed_on: dt.date = Field(description="질문이나 답을 마지막으로 고친 날")
    url: str = Field(description="이 질문의 쪽")
    api: str = Field(description="이 질문의 JSON")


class Questions(Schema):
    total: int = Field(description="조건에 맞는 질문의 수")
    page: int
    pages: int
    page_size: int
    next: str | None = Field(description="다음 쪽의 주소")
    items: list[QuestionRow]


class QuestionDetail(QuestionRow):
    markdown: str = Field(description="질문의 Markdown")
    html: str = Field(description="같은 질문의 HTML")
    answer: StandingAnswer | None = Field(description="지금 서 있는 단 하나의 답")
    corrected_answers: list[CorrectedAnswer] = Field(description="틀렸거나 낡은 이전 답. 답으로 쓰지 마세요.")


def questions(request: HttpRequest) -> dict[str, Any]:
    """One page of the list, in the list's own order. A page past the end is empty."""
    asked = parsed(QuestionsForm, request.GET).cleaned_data
    number, size = asked["page"] or 1, asked["page_size"] or USUAL_PAGE
    found = Question.objects.published().with_state(today()).matching(asked["q"])
    if asked["tag"]:
        found = found.tagged(asked["tag"])
    if asked["state"]:
        found = found.filter(state=asked["state"])  # type: ignore[misc]  # annotated by with_state
    rows = found.with_summary().defer("body", "body_html").order_by(*ORDER[asked["sort"] or Sort.CHANGED])
    pages = Paginator(rows, size)
    items = [question_row(request, row) for row in pages.get_page(number)] if number <= pages.num_pages else []
    return {
        "total": pages.count,
        "page": number,
        "pages": pages.num_pages,
        "page_size": size,
        "next": following(request, number) if number < pages.num_pages else None,
        "items": items,
    }


def following(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number + 1)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def question(request: HttpRequest, number: int = Path(..., description="질문의 번호")) -> dict[str, Any] | HttpResponse:
    parsed(forms.Form, request.GET)
    found = find_question(number)
    if found.merged_into:
        return redirect("api:question", found.merged_into.number, permanent=True)
    if found.withdrawn_at:
        raise gone(request, found)
    if not found.is_public:
        raise Http404
    parts = article(found)
    numbers = {answer.pk: answer.number for answer in [parts["live"], *parts["corrected"]] if answer}
    return question_row(request, found) | {
        "markdown": found.body,
        "html": found.body_html,
        "answer": standing(parts["live"]) if parts["live"] else None,
        "corrected_answers": [corrected(answer, numbers) for answer in parts["corrected"]],
    }


def question_row(request: HttpRequest, row: Question) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "state": row.state,
        "conclusion": row.conclusion or None,
        "corrected_count": row.corrected_count,
        "tags": tags(row),
        "models": row.model_ids,
        "asked_on": row.asked_on,
        "changed_on": row.last_changed_on,
        "url": request.build_absolute_uri(row.get_absolute_url()),
        "api": own_address(request, row),
    }


def answered(answer: Answer) -> dict[str, Any]:
    return {
        "number": answer.number,
        "verdict": answer.verdict,
        "conclusion": answer.conclusion,
        "markdown": answer.body,
        "html": answer.body_html,
        "evidence": answer.evidence,
        "applies_to": answer.applies_to,
        "written_on": answer.written_on,
        "changed_on": answer.changed_on,
        "checked_on": answer.checked_on,
        "sources": sources(answer),
    }


def standing(answer: Answer) -> dict[str, Any]:
    return answered(answer) | {"due": answer.is_due(today()), "review_by": answer.review_by}


def corrected(answer: Answer, numbers: dict[int, int]) -> dict[str, Any]:
    """`numbers` are of the answers that readers see: no other is named."""
    return answered(answer) | {"reason": answer.reason, "replaced_by": numbers.get(answer.replaced_by_id or 0)}
