"""What waits for a curator, for the admin's first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Answer, FigureChange, Note, Question, Source
from community.views.today import today

SHOWN = 10


@dataclass(frozen=True)
class Pile:
    title: str
    rows: list[tuple[str, str]]  # (text, address)
    count: int
    more: str

    @property
    def rest(self) -> int:
        return self.count - len(self.rows)


def waiting_work(user: Any) -> list[Pile]:
    """The piles that hold something, of the kinds that this curator may see."""
    draft = {"published_at": None, "withdrawn_at": None}
    answers = Answer.objects.select_related("question")
    piles = [
        (_("다시 확인할 답"), answers.due_for_review(today()).filter(withdrawn_at=None), "review=past"),
        (_("다시 확인할 노트"), Note.objects.filter(review_by__lte=today(), withdrawn_at=None), "review=past"),
        (_("계산값이 바뀐 곳"), FigureChange.objects.filter(seen_at=None), "seen_at__isempty=1"),
        (_("초안인 질문"), Question.objects.filter(**draft), "shown=draft"),
        (_("초안인 답"), answers.filter(**draft), "shown=draft"),
        (_("초안인 노트"), Note.objects.filter(**draft), "shown=draft"),
        (_("아무 데도 달지 않은 출처"), Source.objects.filter(citations=None), "citations__isempty=1"),
    ]
    found = [pile(title, rows, query) for title, rows, query in piles if user.has_perm(view_right(rows))]
    return [one for one in found if one.rows]


def view_right(rows: QuerySet[Any]) -> str:
    return f"community.view_{rows.model._meta.model_name}"


def pile(title: str, rows: QuerySet[Any], query: str) -> Pile:
    name = f"admin:community_{rows.model._meta.model_name}"
    shown = [(text_of(row), reverse(f"{name}_change", args=[row.pk])) for row in rows[:SHOWN]]
    return Pile(title, shown, rows.count(), f"{reverse(f'{name}_changelist')}?{query}")


def text_of(row: Any) -> str:
    return f"{row.question.number}-{row.number} {row.question.title}" if isinstance(row, Answer) else str(row)
