"""Measured throughput, with the conditions it was measured under."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import fields


class Benchmark(models.Model):
    slug = models.CharField(_("주소 이름"), max_length=60, unique=True, validators=[fields.slug_validator])
    finding = models.CharField(_("알게 된 것"), max_length=fields.TITLE_LENGTH, help_text=_("그래프의 제목이 됩니다."))
    conditions = models.CharField(_("조건"), max_length=500)
    measured_on = models.DateField(_("잰 날"), null=True, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("성능 자료")
        verbose_name_plural = _("성능 자료")

    def __str__(self) -> str:
        return self.finding


class Series(models.Model):
    """One engine with one set of settings. Runs with different settings never share a line."""

    benchmark = models.ForeignKey(Benchmark, models.CASCADE, related_name="series", verbose_name=_("성능 자료"))
    position = models.PositiveSmallIntegerField(_("순서"), default=0)
    engine = models.CharField(_("엔진"), max_length=60)
    version = models.CharField(_("버전"), max_length=120)
    settings = models.CharField(_("설정"), max_length=300, blank=True)

    class Meta:
        ordering = ["benchmark", "position"]
        verbose_name = _("계열")
        verbose_name_plural = _("계열")
        constraints = [models.UniqueConstraint(fields=["benchmark", "position"], name="series_position_unique")]

    def __str__(self) -> str:
        return f"{self.engine} {self.version}"


class Point(models.Model):
    """Total tokens/s of all users together; `low` and `high` only where a run was repeated."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="points", verbose_name=_("계열"))
    users = models.PositiveIntegerField(_("동시 사용자"), validators=[MinValueValidator(1)])
    tokens_per_second = models.FloatField(_("합산 처리량(tok/s)"), validators=[MinValueValidator(0)])
    low = models.FloatField(_("가장 낮은 값"), null=True, blank=True)
    high = models.FloatField(_("가장 높은 값"), null=True, blank=True)

    class Meta:
        ordering = ["series", "users"]
        verbose_name = _("측정점")
        verbose_name_plural = _("측정점")
        constraints = [models.UniqueConstraint(fields=["series", "users"], name="one_point_per_user_count")]

    def __str__(self) -> str:
        return f"{self.users}: {self.tokens_per_second}"

    @property
    def per_user(self) -> float:
        """Tokens/s that one user receives."""
        return self.tokens_per_second / self.users
