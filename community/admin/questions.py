from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from community.models import Answer, Question, State, curation
from community.views.today import today

from .answers import check_again
from .filters import PublicationState, QuestionState
from .never_deleted import NeverDeleted
from .publication_steps import PURGE, publication_state, publication_steps
from .revised import Revised
from .step_forms import MergeForm, MergeReasonForm, WithdrawQuestionForm
from .steps import Step

MERGE = Step(
    name="merge",
    label=_("다른 질문에 합치기"),
    consequence=_("이 질문의 주소로 온 독자를 다른 질문으로 보내요. 글은 그대로 남아 있고, 되돌릴 수 있어요."),
    form=MergeForm,
    run=lambda row, data: curation.merge(row, data["into"], data["reason"]),
    offered=lambda row: row.merged_into_id is None and row.purged_at is None,
    right="merge",
)
SEPARATE = Step(
    name="separate",
    label=_("합친 것 되돌리기"),
    consequence=_("이 질문이 다시 자기 주소에서 보여요."),
    form=MergeReasonForm,
    run=lambda row, data: curation.separate(row, data["reason"]),
    offered=lambda row: row.merged_into_id is not None,
    right="merge",
)


class AnswerInline(NeverDeleted, admin.TabularInline):
    """The question's answers, each a link to its own form with its citations."""

    model = Answer
    fields: ClassVar[Any] = ["verdict", "conclusion", "checked_on", "review_by", check_again]
    readonly_fields: ClassVar[Any] = fields
    show_change_link = True
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(Revised):
    list_display = ["number", "title", "state", "publication", "asked_on", "changed_on"]
    list_display_links = ["number", "title"]
    list_filter = [QuestionState, PublicationState, "tags"]
    search_fields = ["=number", "title", "body"]
    search_help_text = _("번호, 제목, 질문에서 찾아요.")
    autocomplete_fields = ["tags"]
    readonly_fields = ["publication", "withdrawn_reason", "replacement", "merged_into", "new_answer"]
    inlines = [AnswerInline]
    markdown = ("body",)
    dated_by = ("title", "body")
    steps = (*publication_steps(WithdrawQuestionForm), MERGE, SEPARATE, PURGE)
    fieldsets = [
        (None, {"fields": ["title", "body", "tags", "model_ids", "asked_on"]}),
        (_("공개"), {"fields": ["publication", "withdrawn_reason", "replacement", "merged_into", "new_answer"]}),
        (_("저장"), {"fields": ["change_reason", "based_on"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return Question.objects.with_state(today()).select_related("merged_into")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"asked_on": today(), **super().get_changeform_initial_data(request)}

    @admin.display(description=_("답변 상태"), ordering="state")
    def state(self, row: Question) -> str:
        return str(State(row.state).label)

    @admin.display(description=_("공개"))
    def publication(self, row: Question) -> str:
        return publication_state(row)

    @admin.display(description=_("새 답변"))
    def new_answer(self, row: Question) -> str:
        if not row.pk:
            return "-"
        address = reverse("admin:community_answer_add", query={"question": row.pk})
        return format_html('<a class="addlink" href="{}">{}</a>', address, _("이 질문에 답변 쓰기"))
