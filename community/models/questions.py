"""Questions and their answers. A question's state is derived from its answers, never stored."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Length
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community.content.pipeline import MADE_WITH, convert, made_with

from . import fields
from .publication import PUBLIC, Publication
from .sources import EvidenceLevel, Tag, joined_tags, tag_pairs

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

FIRST_NUMBER = 101


class State(models.TextChoices):
    VERIFIED = "verified", _("검증됨")
    CORRECTED = "corrected", _("정정됨")
    UNDER_REVIEW = "under_review", _("검토 중")
    WAITING = "waiting", _("답변 준비")


class Verdict(models.TextChoices):
    UNDER_REVIEW = "under_review", _("검토 중")
    CURATED = "curated", _("검증됨")
    WRONG = "wrong", _("오답")
    OUTDATED = "outdated", _("낡음")
    SUPERSEDED = "superseded", _("대체됨")


LIVE = (Verdict.CURATED, Verdict.UNDER_REVIEW)
CORRECTED = (Verdict.WRONG, Verdict.OUTDATED, Verdict.SUPERSEDED)
NEEDS_REASON = (Verdict.WRONG, Verdict.OUTDATED)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def published(self) -> AnswerQuerySet:
        return self.filter(PUBLIC)

    def holding(self, today: dt.date) -> AnswerQuerySet:
        """Curated, text unchanged since the verdict, review date not reached."""
        return self.filter(verdict=Verdict.CURATED, check_again=False).filter(
            Q(review_by=None) | Q(review_by__gt=today)
        )

    def corrected(self) -> AnswerQuerySet:
        return self.filter(verdict__in=CORRECTED)

    def latest_first(self) -> AnswerQuerySet:
        """By the date of the verdict; the databases disagree on where a missing date belongs."""
        return self.order_by(F("checked_on").desc(nulls_last=True), "question__number", "number")

    def due_for_review(self, today: dt.date) -> AnswerQuerySet:
        return self.filter(verdict=Verdict.CURATED).filter(Q(check_again=True) | Q(review_by__lte=today))


class QuestionQuerySet(models.QuerySet["Question"]):
    def published(self) -> QuestionQuerySet:
        return self.filter(PUBLIC, merged_into=None)

    def with_state(self, today: dt.date) -> QuestionQuerySet:
        answers = Answer.objects.published().filter(question=OuterRef("pk"))
        return self.annotate(
            corrected_count=Coalesce(
                Subquery(answers.corrected().order_by().values("question").annotate(n=models.Count("pk")).values("n")),
                0,
            ),
            state=Case(
                When(Exists(answers.holding(today)) & Q(corrected_count__gt=0), then=Value(State.CORRECTED)),
                When(Exists(answers.holding(today)), then=Value(State.VERIFIED)),
                When(Exists(answers.filter(verdict__in=LIVE)), then=Value(State.UNDER_REVIEW)),
                default=Value(State.WAITING),
                output_field=models.CharField(),
            ),
        )

    def with_summary(self) -> QuestionQuerySet:
        """The live answer's conclusion and verdict date, the date of the last change, the tags: one row of the list."""
        live = (
            Answer.objects.published().filter(question=OuterRef("pk"), verdict__in=LIVE).order_by("verdict", "number")
        )
        changes = Answer.objects.published().filter(question=OuterRef("pk")).order_by("-changed_on")
        return self.annotate(
            conclusion=Coalesce(Subquery(live.values("conclusion")[:1]), Value("")),
            last_changed_on=Greatest(
                F("changed_on"), Coalesce(Subquery(changes.values("changed_on")[:1]), F("changed_on"))
            ),
            tag_names=joined_tags("questions"),
        )

    def matching(self, text: str) -> QuestionQuerySet:
        """Every word stands in the title, the body or a live published answer."""
        found = self
        for word in text.split():
            live = Answer.objects.published().filter(question=OuterRef("pk"), verdict__in=LIVE)
            in_answer = live.filter(Q(body__icontains=word) | Q(conclusion__icontains=word))
            found = found.filter(Q(title__icontains=word) | Q(body__icontains=word) | Exists(in_answer))
        return found

    def tagged(self, slug: str) -> QuestionQuerySet:
        return self.filter(tags__slug=slug)


class Question(Publication):
    number = models.PositiveIntegerField(_("번호"), unique=True, editable=False, validators=[MinValueValidator(1)])
    title = models.CharField(_("제목"), max_length=fields.TITLE_LENGTH)
    body = models.TextField(
        _("질문"),
        validators=[MaxLengthValidator(fields.QUESTION_LENGTH), fields.validate_markdown],
        help_text=_("Markdown, 10,000자까지."),
    )
    body_html = models.TextField(editable=False, blank=True)
    pipeline_version = models.PositiveSmallIntegerField(editable=False, default=0)
    sizing_version = models.CharField(max_length=40, editable=False, default="", blank=True)
    figures = models.JSONField(editable=False, default=list, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="questions", verbose_name=_("주제"))
    model_ids = models.JSONField(_("모델"), default=list, blank=True, validators=[fields.validate_catalogue_ids])
    asked_on = models.DateField(_("질문한 날"))
    changed_on = models.DateField(_("고친 날"), editable=False)
    replacement = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("대신 볼 질문")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("합쳐진 질문")
    )
    purged_at = models.DateTimeField(_("지운 시각"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(editable=False, default=0)

    history = HistoricalRecords(excluded_fields=["body_html", *MADE_WITH, "revision"])
    objects = QuestionQuerySet.as_manager()

    if TYPE_CHECKING:
        answers: RelatedManager[Answer]
        state: str
        conclusion: str
        corrected_count: int
        last_changed_on: dt.date
        tag_names: str

    class Meta:
        ordering = ["number"]
        verbose_name = _("질문")
        verbose_name_plural = _("질문")
        permissions = [
            ("merge_question", _("질문을 합칠 수 있음")),
            ("purge_question", _("질문을 완전히 지울 수 있음")),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("question-detail", args=[self.number])

    def clean(self) -> None:
        if self.merged_into_id and self.merged_into_id == self.pk:
            raise ValidationError({"merged_into": _("자기 자신과는 합칠 수 없어요.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:
            highest = Question.objects.aggregate(highest=models.Max("number"))["highest"]
            self.number = (highest or FIRST_NUMBER - 1) + 1
        self.revision += 1
        self.__dict__.update(self.rendered())
        super().save(*args, **kwargs)

    def rendered(self) -> dict[str, Any]:
        """The columns that the Markdown pipeline fills."""
        found = convert(self.body, prefix="q")
        return {"body_html": found.html, **made_with(found.figures)}

    @cached_property
    def tag_list(self) -> list[tuple[str, str]]:
        """(slug, name) pairs of an annotated row, by name."""
        return tag_pairs(self.tag_names)


class Answer(Publication):
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name=_("질문"))
    number = models.PositiveSmallIntegerField(_("순번"), editable=False, validators=[MinValueValidator(1)])
    verdict = models.CharField(_("판정"), max_length=12, choices=Verdict, default=Verdict.UNDER_REVIEW)
    reason = models.TextField(
        _("판정 이유"),
        blank=True,
        validators=[MaxLengthValidator(1_000)],
        help_text=_("오답이나 낡은 답이라면 20자 이상으로 이유를 적습니다. 독자가 그대로 읽습니다."),
    )
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced", verbose_name=_("대신하는 답")
    )
    conclusion = models.CharField(
        _("결론"), max_length=fields.CONCLUSION_LENGTH, help_text=_("한두 문장. 목록에 그대로 나옵니다.")
    )
    body = models.TextField(
        _("답"),
        validators=[MaxLengthValidator(fields.ANSWER_LENGTH), fields.validate_markdown],
        help_text=_("Markdown, 40,000자까지."),
    )
    body_html = models.TextField(editable=False, blank=True)
    pipeline_version = models.PositiveSmallIntegerField(editable=False, default=0)
    sizing_version = models.CharField(max_length=40, editable=False, default="", blank=True)
    figures = models.JSONField(editable=False, default=list, blank=True)
    evidence = models.CharField(_("근거 수준"), max_length=10, choices=EvidenceLevel)
    applies_to = models.JSONField(_("적용 범위"), default=list, blank=True, validators=[fields.validate_version_ranges])
    written_on = models.DateField(_("쓴 날"), null=True, blank=True)
    changed_on = models.DateField(_("고친 날"), editable=False)
    checked_on = models.DateField(_("확인한 날"), null=True, blank=True)
    review_by = models.DateField(_("다시 확인할 날"), null=True, blank=True)
    check_again = models.BooleanField(_("다시 확인 필요"), default=False, editable=False)
    revision = models.PositiveIntegerField(editable=False, default=0)

    history = HistoricalRecords(excluded_fields=["body_html", *MADE_WITH, "revision"])
    objects = AnswerQuerySet.as_manager()

    wording_only = False  # set by the chief editor's form: this edit does not touch what the verdict speaks of

    class Meta:
        ordering = ["question", "number"]
        verbose_name = _("답변")
        verbose_name_plural = _("답변")
        permissions = [("reword_answer", _("판정을 그대로 두고 표현만 고칠 수 있음"))]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="answer_number_unique"),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(verdict="curated"),
                name="one_curated_answer",
                violation_error_message=_("이 질문에는 검증된 답이 이미 있어요. 먼저 그 답의 판정을 바꾸세요."),
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["wrong", "outdated"])
                | Q(GreaterThanOrEqual(Length("reason"), fields.REASON_MINIMUM)),
                name="wrong_answer_has_reason",
                violation_error_message=_("오답이나 낡은 답에는 20자 이상의 이유가 있어야 해요."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question.number}-{self.number} {self.get_verdict_display()}"

    @property
    def is_corrected(self) -> bool:
        return self.verdict in CORRECTED

    def is_due(self, today: dt.date) -> bool:
        """A curated answer that must be checked again: its text changed, or its date has come."""
        return self.verdict == Verdict.CURATED and (
            self.check_again or (self.review_by is not None and self.review_by <= today)
        )

    @property
    def text(self) -> tuple[str, str]:
        """What a verdict speaks of."""
        return self.conclusion, self.body

    def clean(self) -> None:
        self.reason = self.reason.strip()
        if self.verdict in NEEDS_REASON and len(self.reason) < fields.REASON_MINIMUM:
            raise ValidationError({"reason": _("오답이나 낡은 답에는 20자 이상의 이유가 있어야 해요.")})
        if self.replaced_by and (self.replaced_by_id == self.pk or self.replaced_by.question_id != self.question_id):
            raise ValidationError({"replaced_by": _("같은 질문의 다른 답이어야 해요.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:
            highest = Answer.objects.filter(question=self.question).aggregate(highest=models.Max("number"))["highest"]
            self.number = (highest or 0) + 1
        self._mark_for_check()
        self.revision += 1
        self.__dict__.update(self.rendered())
        super().save(*args, **kwargs)

    def rendered(self) -> dict[str, Any]:
        """The columns that the Markdown pipeline fills."""
        found = convert(self.body, prefix=f"a{self.number}")
        return {"body_html": found.html, **made_with(found.figures)}

    def _mark_for_check(self) -> None:
        """A verdict speaks of a revision: a new text needs a new check, a new verdict or date settles it."""
        before = Answer.objects.filter(pk=self.pk).first() if self.pk else None
        if before is None:
            return
        if (before.verdict, before.checked_on) != (self.verdict, self.checked_on):
            self.check_again = False
        elif before.text != self.text and not self.wording_only:
            self.check_again = True
