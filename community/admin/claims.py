from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from community.models import Claim

from .citations import CitationInline
from .revised import Revised


@admin.register(Claim)
class ClaimAdmin(Revised):
    list_display = ["number", "statement", "verdict", "question", "note", "checked_on"]
    list_display_links = ["number", "statement"]
    list_filter = ["verdict", "note"]
    search_fields = ["statement", "evidence", "=question__number", "note__slug"]
    list_select_related = ["question", "note"]
    autocomplete_fields = ["question", "answer", "note"]
    inlines = [CitationInline]
    markdown = ("evidence",)
    fieldsets = [
        (
            _("어디에 있던 진술인가요"),
            {
                "fields": ["question", "answer", "note", "number"],
                "description": _("질문과 모델 노트 가운데 하나만 고르세요. 답변은 그 질문의 것이어야 해요."),
            },
        ),
        (None, {"fields": ["statement", "verdict", "evidence", "checked_on", "compute"]}),
        (_("저장"), {"fields": ["change_reason", "based_on"]}),
    ]
