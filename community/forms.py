"""Everything a reader can send, parsed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import State


class Sort:
    CHANGED = "changed"
    ASKED = "asked"
    CORRECTED = "corrected"
    CHOICES = [(CHANGED, _("최근 수정순")), (ASKED, _("최근 질문순")), (CORRECTED, _("정정된 순"))]


class QuestionListForm(forms.Form):
    """The list's address: /community.html?q=&state=&tag=&sort=&page=."""

    q = forms.CharField(required=False, max_length=200, label=_("질문과 답변에서 찾기"))
    state = forms.ChoiceField(required=False, choices=[("", _("전체")), *State.choices], label=_("답변 상태"))
    tag = forms.CharField(required=False, max_length=40, label=_("주제"))
    sort = forms.ChoiceField(required=False, choices=Sort.CHOICES, label=_("정렬"))
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000, label=_("쪽"))


class ModelSort:
    PARAMETERS, ACTIVE, CACHE, NAME = "parameters", "active", "cache", "name"
    CHOICES = [
        (PARAMETERS, _("파라미터순")),
        (ACTIVE, _("활성 크기순")),
        (CACHE, _("KV 작은순")),
        (NAME, _("이름순")),
    ]


class GpuSort:
    MEMORY, BANDWIDTH, NAME = "memory", "bandwidth", "name"
    CHOICES = [(MEMORY, _("메모리순")), (BANDWIDTH, _("대역폭순")), (NAME, _("이름순"))]


class ModelListForm(forms.Form):
    """/models/?q=&sort=."""

    q = forms.CharField(required=False, max_length=100, label=_("모델 찾기"))
    sort = forms.ChoiceField(required=False, choices=ModelSort.CHOICES, label=_("정렬"))


class GpuListForm(forms.Form):
    """/gpus/?q=&sort=."""

    q = forms.CharField(required=False, max_length=100, label=_("GPU 찾기"))
    sort = forms.ChoiceField(required=False, choices=GpuSort.CHOICES, label=_("정렬"))


class AccuracyForm(forms.Form):
    """/accuracy/?model=&engine=&component=&page=."""

    model = forms.CharField(required=False, max_length=200, label=_("모델"))
    engine = forms.CharField(required=False, max_length=40, label=_("엔진"))
    component = forms.CharField(required=False, max_length=40, label=_("항목"))
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000, label=_("쪽"))
