"""What curators do beside writing: judge, publish, withdraw, merge, and purge when the law asks for it.

Each function works on a row as it is stored now, not as some form remembered it, inside one transaction, and refuses
with a ValidationError. Who did it, and when, is written down by the history.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import fields
from .claims import Claim
from .figure_changes import FigureChange
from .notes import Note
from .publication import Publication
from .questions import Answer, Question, Verdict
from .sources import Citation

Row = TypeVar("Row", bound=Publication)
Page = TypeVar("Page", Question, Note)
NO_FIGURES: dict[str, Any] = {"figures": [], "sizing_version": ""}
CHANGE_REASON_LENGTH = 100  # of the history's column


def locked(row: Row) -> Row:
    """The row as it is stored now, held until the transaction ends. A purged page takes no further change."""
    current = type(row)._default_manager.select_for_update().get(pk=row.pk)
    page = current.question if isinstance(current, Answer) else current
    if page.purged_at:  # type: ignore[union-attr]
        raise ValidationError(_("완전히 지운 글은 더 바꿀 수 없어요."))
    return current


def save(row: Publication, change_reason: str) -> None:
    row._change_reason = change_reason[:CHANGE_REASON_LENGTH]  # type: ignore[attr-defined]
    row.save()


def required(reason: str) -> str:
    """A reason that readers will see, without the space around it."""
    if not 1 <= len(reason.strip()) <= fields.WITHDRAWN_REASON_LENGTH:
        raise ValidationError(_("이유를 500자까지 적어 주세요. 독자가 그대로 읽어요."))
    return reason.strip()


@transaction.atomic
def mark(answer: Answer, verdict: Verdict, reason: str, today: dt.date) -> None:
    """Judges an answer wrong or outdated; its question is left without a curated answer."""
    answer = locked(answer)
    answer.verdict, answer.reason = verdict, reason.strip()
    answer.changed_on = answer.checked_on = today
    answer.review_by = None
    answer.full_clean()
    save(answer, _("판정: %(verdict)s") % {"verdict": verdict.label})


@transaction.atomic
def publish(row: Publication) -> None:
    """Shows a draft, or a withdrawn row again."""
    row = locked(row)
    row.published_at = row.published_at or timezone.now()
    row.withdrawn_at, row.withdrawn_reason = None, ""
    if not isinstance(row, Answer):
        row.replacement = None  # type: ignore[attr-defined]
    save(row, _("공개"))


@transaction.atomic
def unpublish(row: Publication) -> None:
    """Makes a draft of it: its address answers 404, as if it had never been published."""
    row = locked(row)
    row.published_at = None
    save(row, _("초안으로 돌림"))


@transaction.atomic
def withdraw(row: Publication, reason: str, replacement: Publication | None = None) -> None:
    """Takes it from the readers; a page's address answers 410 with the reason and what to read instead."""
    row = locked(row)
    if replacement is not None and replacement.pk == row.pk:
        raise ValidationError(_("자기 자신을 대신 볼 글로 고를 수 없어요."))
    row.withdrawn_at, row.withdrawn_reason = timezone.now(), required(reason)
    if not isinstance(row, Answer):
        row.replacement = replacement  # type: ignore[attr-defined]
    save(row, _("거둠: %(reason)s") % {"reason": row.withdrawn_reason})


@transaction.atomic
def merge(question: Question, into: Question, reason: str) -> None:
    """Sends the readers of one question to another, in a single step: what was merged into it follows."""
    question, into = locked(question), locked(into)
    if question.pk == into.pk:
        raise ValidationError(_("자기 자신과는 합칠 수 없어요."))
    if into.merged_into_id or not into.is_public:
        raise ValidationError(_("합칠 질문은 공개되어 있어야 하고, 다른 질문에 합쳐지지 않았어야 해요."))
    for earlier in [*Question.objects.select_for_update().filter(merged_into=question), question]:
        earlier.merged_into = into
        save(earlier, required(reason))


@transaction.atomic
def separate(question: Question, reason: str) -> None:
    """Undoes a merge."""
    question = locked(question)
    question.merged_into = None
    save(question, required(reason))


@transaction.atomic
def purge(page: Page, reason: str) -> None:
    """Removes every text of a page and its history; the address stays taken and tells why."""
    page = locked(page)
    reason = required(reason)
    answers = Answer.objects.filter(question=page) if isinstance(page, Question) else Answer.objects.none()
    claims = Claim.objects.filter(**{page._meta.model_name or "": page})
    for rows in (type(page)._default_manager.filter(pk=page.pk), answers, claims):
        forget(rows)
    Citation.objects.filter(models.Q(answer__in=answers) | models.Q(claim__in=claims)).delete()
    empty_answers(answers)
    claims.update(statement="", evidence="", evidence_html="", compute={}, mark_html="", **NO_FIGURES)
    type(page)._default_manager.filter(replacement=page).update(replacement=None)
    empty(page, reason)
    save(page, _("완전히 지움: %(reason)s") % {"reason": reason})


def forget(rows: models.QuerySet[Any]) -> None:
    """Removes what the history and the admin's log remember of the rows' texts."""
    keys = list(rows.values_list("pk", flat=True))
    rows.model.history.filter(id__in=keys).delete()
    FigureChange.objects.filter(kind=rows.model._meta.model_name, row_id__in=keys).delete()
    kind = ContentType.objects.get_for_model(rows.model)
    logged = LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
    logged.update(object_repr=_("완전히 지운 글"), change_message="")


def empty_answers(answers: models.QuerySet[Answer]) -> None:
    """Without its reason an answer can no longer be wrong or outdated: the database would refuse it."""
    answers.update(
        verdict=Verdict.SUPERSEDED, reason="", conclusion="", body="", body_html="", applies_to=[], published_at=None,
        **NO_FIGURES,
    )  # fmt: skip


def empty(page: Question | Note, reason: str) -> None:
    """Every text of the page's own row; what is left is its number or slug, and why."""
    page.title = page.body = ""
    page.model_ids, page.replacement = [], None
    page.tags.clear()
    if isinstance(page, Question):
        page.merged_into = None
    else:
        page.summary, page.caveats, page.facts, page.benchmark = "", [], [], None
        page.citations.all().delete()
    page.purged_at = page.withdrawn_at = timezone.now()
    page.withdrawn_reason = reason
