from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from community.models import Answer, Verdict, curation
from community.views.today import today

from .citations import CitationInline
from .filters import PublicationState, ReviewDate
from .publication_steps import publication_state, publication_steps
from .revised import Revised, RevisedForm
from .step_forms import VerdictForm
from .steps import Step

ENOUGH_SOURCES = 2


def judged(verdict: Verdict) -> Any:
    return lambda row, data: curation.mark(row, verdict, data["reason"], today())


MARK_WRONG = Step(
    name="mark-wrong",
    label=_("오답으로 표시"),
    consequence=_("답은 지워지지 않고, ‘오답’ 표시와 이유를 앞세워 접혀요. 검증됨 판정은 없어져요."),
    form=VerdictForm,
    run=judged(Verdict.WRONG),
    offered=lambda row: row.verdict != Verdict.WRONG,
)
MARK_OUTDATED = Step(
    name="mark-outdated",
    label=_("낡은 답으로 표시"),
    consequence=_("쓸 때는 맞았지만 이제는 아닌 답이에요. ‘낡음’ 표시와 이유를 앞세워 접혀요. 검증됨 판정은 없어져요."),
    form=VerdictForm,
    run=judged(Verdict.OUTDATED),
    offered=lambda row: row.verdict != Verdict.OUTDATED,
)


@admin.display(description=_("다시 확인"), ordering="check_again")
def check_again(row: Answer) -> str:
    """In words: Django's red cross for "no" reads like a fault."""
    return _now("필요") if row.check_again else ""


class AnswerForm(RevisedForm):
    wording_only = forms.BooleanField(
        label=_("표현만 고침"),
        required=False,
        help_text=_("판정이 말하는 내용은 그대로예요. 다시 확인하라는 표시를 하지 않아요."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "question" in self.fields:
            self.fields["question"].disabled = True
            same = Answer.objects.filter(question=self.instance.question).exclude(pk=self.instance.pk)
            self.fields["replaced_by"].queryset = same  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("verdict") == Verdict.CURATED and not self.cleaned_data.get("checked_on"):
            self.add_error("checked_on", ValidationError(_now("검증됨으로 판정하려면 확인한 날이 있어야 해요.")))
        return cleaned


@admin.register(Answer)
class AnswerAdmin(Revised):
    form = AnswerForm
    list_display = ["label", "question", "verdict", "publication", "checked_on", "review_by", check_again]
    list_filter = ["verdict", ReviewDate, "check_again", PublicationState, "evidence"]
    search_fields = ["=question__number", "question__title", "conclusion", "body"]
    search_help_text = _("질문의 번호와 제목, 결론, 답에서 찾아요.")
    list_select_related = ["question"]
    autocomplete_fields = ["question"]
    readonly_fields: ClassVar[Any] = ["publication", "withdrawn_reason", check_again]
    inlines = [CitationInline]
    markdown = ("body",)
    dated_by = ("conclusion", "body", "reason", "verdict")
    steps = (MARK_WRONG, MARK_OUTDATED, *publication_steps())
    listed_steps = ("mark-wrong", "mark-outdated")

    def get_fieldsets(self, request: HttpRequest, obj: Answer | None = None) -> list[Any]:
        text = ["question", "conclusion", "body", "applies_to"]
        verdict: list[Any] = ["verdict", "reason", "evidence", "checked_on", "review_by", check_again]
        verdict += ["replaced_by"] if obj else []
        wording = ["wording_only"] if obj and request.user.has_perm("community.reword_answer") else []
        return [
            (None, {"fields": text}),
            (
                _("판정"),
                {"fields": verdict, "description": _("검증됨에는 결론과 확인한 날, 근거 하나 이상이 있어야 해요.")},
            ),
            (_("공개"), {"fields": ["written_on", "publication", "withdrawn_reason"]}),
            (_("저장"), {"fields": ["change_reason", *wording, "based_on"]}),
        ]

    def save_model(self, request: HttpRequest, obj: Answer, form: Any, change: bool) -> None:
        may_reword = request.user.has_perm("community.reword_answer")  # the field is left out of the form otherwise
        obj.wording_only = may_reword and form.cleaned_data["wording_only"]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        answer = form.instance
        if answer.verdict == Verdict.CURATED and answer.citations.count() < ENOUGH_SOURCES:
            messages.warning(request, _now("근거가 하나뿐이에요. 서로 다른 근거를 둘 이상 다는 편이 좋아요."))

    @admin.display(description=_("답변"), ordering="question__number")
    def label(self, row: Answer) -> str:
        return f"{row.question.number}-{row.number}"

    @admin.display(description=_("공개"))
    def publication(self, row: Answer) -> str:
        return publication_state(row)
