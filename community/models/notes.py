"""Model notes: longer articles with their caveats before any figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community.content.pipeline import MADE_WITH, convert, made_with, table_of_contents

from . import fields
from .publication import PUBLIC, Publication
from .sources import EvidenceLevel, Tag, joined_tags, tag_pairs


class NoteKind(models.TextChoices):
    FAMILY = "family", _("모델 제품군")
    BENCHMARK = "benchmark", _("성능 보고서")
    DEPLOYMENT = "deployment", _("배포 안내")
    REQUIREMENTS = "requirements", _("준비물")


class NoteQuerySet(models.QuerySet["Note"]):
    def published(self) -> NoteQuerySet:
        return self.filter(PUBLIC)

    def with_tags(self) -> NoteQuerySet:
        return self.annotate(tag_names=joined_tags("notes"))


class Note(Publication):
    slug = models.CharField(_("주소 이름"), max_length=60, unique=True, validators=[fields.slug_validator])
    title = models.CharField(_("제목"), max_length=fields.TITLE_LENGTH)
    kind = models.CharField(_("갈래"), max_length=12, choices=NoteKind)
    summary = models.CharField(_("요약"), max_length=fields.CONCLUSION_LENGTH)
    caveats = models.JSONField(_("읽기 전에"), default=list, blank=True, validators=[fields.validate_sentences])
    facts = models.JSONField(_("세 가지 사실"), default=list, blank=True, validators=[fields.validate_facts])
    body = models.TextField(
        _("본문"),
        validators=[MaxLengthValidator(fields.NOTE_LENGTH), fields.validate_markdown],
        help_text=_("Markdown, 60,000자까지."),
    )
    body_html = models.TextField(editable=False, blank=True)
    contents = models.JSONField(editable=False, default=list)
    pipeline_version = models.PositiveSmallIntegerField(editable=False, default=0)
    sizing_version = models.CharField(max_length=40, editable=False, default="", blank=True)
    figures = models.JSONField(editable=False, default=list, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="notes", verbose_name=_("주제"))
    model_ids = models.JSONField(_("모델"), default=list, blank=True, validators=[fields.validate_catalogue_ids])
    evidence = models.CharField(_("근거 수준"), max_length=10, choices=EvidenceLevel)
    benchmark = models.ForeignKey(
        "Benchmark", models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("성능 자료")
    )
    changed_on = models.DateField(_("고친 날"), editable=False)
    checked_on = models.DateField(_("확인한 날"), null=True, blank=True)
    review_by = models.DateField(_("다시 확인할 날"), null=True, blank=True)
    replacement = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("대신 볼 노트")
    )
    purged_at = models.DateTimeField(_("지운 시각"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(editable=False, default=0)

    history = HistoricalRecords(excluded_fields=["body_html", "contents", *MADE_WITH, "revision"])
    objects = NoteQuerySet.as_manager()

    if TYPE_CHECKING:
        tag_names: str

    class Meta:
        ordering = ["slug"]
        verbose_name = _("모델 노트")
        verbose_name_plural = _("모델 노트")
        permissions = [("purge_note", _("모델 노트를 완전히 지울 수 있음"))]

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("note-detail", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.update(self.rendered())
        self.revision += 1
        super().save(*args, **kwargs)

    def rendered(self) -> dict[str, Any]:
        """The columns that the Markdown pipeline fills."""
        found = convert(self.body)
        return {
            "body_html": found.html,
            "contents": table_of_contents(self.body),
            **made_with(found.figures),
        }

    @cached_property
    def tag_list(self) -> list[tuple[str, str]]:
        """(slug, name) pairs of an annotated row, by name."""
        return tag_pairs(self.tag_names)
