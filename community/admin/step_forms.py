"""What each step asks for before it is taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Note, Question
from community.models.curation import CHANGE_REASON_LENGTH
from community.models.fields import REASON_MINIMUM, WITHDRAWN_REASON_LENGTH


class NothingAsked(forms.Form):
    pass


class VerdictForm(forms.Form):
    reason = forms.CharField(
        label=_("이유"),
        min_length=REASON_MINIMUM,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("20자 이상. 독자가 그대로 읽어요: 무엇이 왜 틀렸는지, 그리고 무엇이 맞는지 적어 주세요."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("거두는 이유"),
        max_length=WITHDRAWN_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("500자까지. 이 주소를 찾아온 독자가 그대로 읽어요."),
    )


class WithdrawQuestionForm(WithdrawForm):
    replacement = forms.ModelChoiceField(
        Question.objects.published(),
        to_field_name="number",
        required=False,
        widget=forms.NumberInput,
        label=_("대신 볼 질문"),
        help_text=_("공개된 질문의 번호. 없으면 비워 두세요."),
        error_messages={"invalid_choice": _("이 번호의 공개된 질문이 없어요.")},
    )


class WithdrawNoteForm(WithdrawForm):
    replacement = forms.ModelChoiceField(
        Note.objects.published(),
        to_field_name="slug",
        required=False,
        label=_("대신 볼 노트"),
        help_text=_("없으면 비워 두세요."),
    )


class MergeReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("이유"), max_length=CHANGE_REASON_LENGTH, help_text=_("100자까지. 기록에 그대로 나와요.")
    )


class MergeForm(MergeReasonForm):
    into = forms.ModelChoiceField(
        Question.objects.published(),
        to_field_name="number",
        widget=forms.NumberInput,
        label=_("어느 질문에 합칠까요"),
        help_text=_("공개된 질문의 번호. 이 질문의 주소로 온 독자를 그 질문으로 보내요."),
        error_messages={"invalid_choice": _("이 번호의 공개된 질문이 없어요.")},
    )
    field_order = ["into", "reason"]


class PurgeForm(WithdrawForm):
    sure = forms.BooleanField(label=_("글과 그 기록이 영영 없어진다는 것을 알고 있어요."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("지우는 이유")
