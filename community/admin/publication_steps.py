"""The steps that questions, answers and notes share."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import curation

from .step_forms import NothingAsked, PurgeForm, WithdrawForm
from .steps import Step

PUBLISH = Step(
    name="publish",
    label=_("공개하기"),
    consequence=_("독자가 바로 읽을 수 있어요. 거둔 글이라면 거둔 이유도 함께 없어져요."),
    form=NothingAsked,
    run=lambda row, data: curation.publish(row),
    offered=lambda row: not row.is_public,
)
UNPUBLISH = Step(
    name="unpublish",
    label=_("초안으로 돌리기"),
    consequence=_("주소가 없는 것처럼 보여요. 이미 알려진 글이라면 이유와 함께 거두는 편이 나아요."),
    form=NothingAsked,
    run=lambda row, data: curation.unpublish(row),
    offered=lambda row: row.is_public,
)
WITHDRAW = Step(
    name="withdraw",
    label=_("거두기"),
    consequence=_("독자에게 더 보이지 않아요. 주소에는 거둔 이유가 남아요. 다시 공개할 수 있어요."),
    form=WithdrawForm,
    run=lambda row, data: curation.withdraw(row, data["reason"], data.get("replacement")),
    offered=lambda row: row.is_public,
)
PURGE = Step(
    name="purge",
    label=_("완전히 지우기"),
    consequence=_(
        "법으로 지워야 할 때만 쓰세요. 제목과 본문, 답과 진술, 그 기록이 모두 없어지고 되돌릴 수 없어요. "
        "주소와 지운 이유만 남아요."
    ),
    form=PurgeForm,
    run=lambda row, data: curation.purge(row, data["reason"]),
    offered=lambda row: row.purged_at is None,
    right="purge",
    is_grave=True,
)


def publication_steps(withdraw_form: Callable[..., forms.Form] = WithdrawForm) -> tuple[Step, ...]:
    return PUBLISH, UNPUBLISH, replace(WITHDRAW, form=withdraw_form)


def publication_state(row: Any) -> str:
    """Where a row stands, in a word."""
    if getattr(row, "purged_at", None):
        return gettext("완전히 지움")
    if getattr(row, "merged_into_id", None):
        return gettext("합쳐짐")
    if row.withdrawn_at:
        return gettext("거둠")
    return gettext("공개") if row.published_at else gettext("초안")
