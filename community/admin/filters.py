"""What lists can be narrowed by."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.models import State
from community.models.publication import PUBLIC
from community.views.today import today

SOON = dt.timedelta(days=30)


class ReviewDate(admin.SimpleListFilter):
    title = _("다시 확인할 날")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("past", _("이미 지남")), ("soon", _("30일 안")), ("later", _("나중")), ("none", _("없음"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = today()
        conditions = {
            "past": Q(review_by__lte=now),
            "soon": Q(review_by__gt=now, review_by__lte=now + SOON),
            "later": Q(review_by__gt=now + SOON),
            "none": Q(review_by=None),
        }
        return queryset.filter(conditions[self.value() or ""]) if self.value() in conditions else queryset


class QuestionState(admin.SimpleListFilter):
    """The derived state; the list's rows are annotated with it."""

    title = _("답변 상태")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() in State.values else queryset


class PublicationState(admin.SimpleListFilter):
    title = _("공개")
    parameter_name = "shown"
    conditions = {
        "public": PUBLIC,
        "draft": Q(published_at=None, withdrawn_at=None),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("public", _("공개")), ("draft", _("초안")), ("withdrawn", _("거둠"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        condition = self.conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else queryset
