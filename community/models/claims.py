"""Statements found in the documents the site grew from, each checked on its own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community.content.claim_mark import mark_of
from community.content.pipeline import MADE_WITH, convert, made_with

from . import fields
from .notes import Note
from .questions import Answer, Question


class ClaimVerdict(models.TextChoices):
    CONFIRMED = "confirmed", _("확인됨")
    OUTDATED = "outdated", _("낡음")
    WRONG = "wrong", _("틀림")
    UNVERIFIABLE = "unverifiable", _("확인 불가")
    IMPRECISE = "imprecise", _("부정확")
    CONTRADICTION = "contradiction", _("모순")


class Claim(models.Model):
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("질문")
    )
    answer = models.ForeignKey(
        Answer, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("답변")
    )
    note = models.ForeignKey(
        Note, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("모델 노트")
    )
    number = models.PositiveSmallIntegerField(_("번호"))
    statement = models.TextField(_("진술"), validators=[MaxLengthValidator(fields.STATEMENT_LENGTH)])
    verdict = models.CharField(_("판정"), max_length=13, choices=ClaimVerdict)
    evidence = models.TextField(
        _("근거"), validators=[MaxLengthValidator(fields.EVIDENCE_LENGTH), fields.validate_markdown]
    )
    evidence_html = models.TextField(editable=False, blank=True)
    pipeline_version = models.PositiveSmallIntegerField(editable=False, default=0)
    sizing_version = models.CharField(max_length=40, editable=False, default="", blank=True)
    figures = models.JSONField(editable=False, default=list, blank=True)
    checked_on = models.DateField(_("확인한 날"))
    compute = models.JSONField(_("계산"), default=dict, blank=True, validators=[fields.validate_computation])
    mark_html = models.TextField(editable=False, blank=True, default="")

    revision = models.PositiveIntegerField(editable=False, default=0)

    history = HistoricalRecords(excluded_fields=["evidence_html", "mark_html", *MADE_WITH, "revision"])

    class Meta:
        ordering = ["question", "note", "number"]
        verbose_name = _("확인한 진술")
        verbose_name_plural = _("확인한 진술")
        constraints = [
            models.CheckConstraint(
                name="claim_has_one_subject",
                condition=Q(question__isnull=False, note=None) | Q(question=None, answer=None, note__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["question", "number"], condition=Q(question__isnull=False), name="claim_number_in_question"
            ),
            models.UniqueConstraint(
                fields=["note", "number"], condition=Q(note__isnull=False), name="claim_number_in_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.statement}"

    def clean(self) -> None:
        if bool(self.question_id) == bool(self.note_id):
            raise ValidationError(_("질문과 모델 노트 가운데 하나만 고르세요."))
        if self.answer and self.answer.question_id != self.question_id:
            raise ValidationError({"answer": _("같은 질문의 답이어야 해요.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.revision += 1
        self.__dict__.update(self.rendered())
        super().save(*args, **kwargs)

    def rendered(self) -> dict[str, Any]:
        """The columns that the Markdown pipeline fills."""
        found, marks = convert(self.evidence), [mark_of(self.compute)] if self.compute else []
        figures = [*found.figures, *({"source": mark.source, "text": mark.text} for mark in marks)]
        return {
            "evidence_html": found.html,
            "mark_html": "".join(mark.html for mark in marks),
            **made_with(figures),
        }
