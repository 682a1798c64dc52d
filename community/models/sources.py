"""Where a figure comes from, and what a text is about."""

from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from .fields import slug_validator


class EvidenceLevel(models.TextChoices):
    """Strongest first; a text carries the level of its weakest link."""

    MEASURED = "measured", _("실측")
    PRIMARY = "primary", _("1차 문서")
    SECONDARY = "secondary", _("2차 자료")
    COMPUTED = "computed", _("계산")
    ESTIMATE = "estimate", _("추정")


class Tag(models.Model):
    slug = models.CharField(_("주소 이름"), max_length=40, unique=True, validators=[slug_validator])
    name = models.CharField(_("이름"), max_length=40, unique=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("주제")
        verbose_name_plural = _("주제")

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    key = models.CharField(_("열쇠"), max_length=80, unique=True, validators=[slug_validator])
    title = models.CharField(_("제목"), max_length=300)
    url = models.URLField(_("주소"), max_length=500, blank=True, help_text=_("우리 계산이면 비워 둡니다."))
    kind = models.CharField(_("근거 수준"), max_length=10, choices=EvidenceLevel)
    read_on = models.DateField(_("읽은 날"))

    class Meta:
        ordering = ["key"]
        verbose_name = _("출처")
        verbose_name_plural = _("출처")

    def __str__(self) -> str:
        return self.title


class Citation(models.Model):
    """One source of one text, in the order the text names them."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="citations", verbose_name=_("출처"))
    answer = models.ForeignKey("Answer", models.CASCADE, null=True, blank=True, related_name="citations")
    note = models.ForeignKey("Note", models.CASCADE, null=True, blank=True, related_name="citations")
    claim = models.ForeignKey("Claim", models.CASCADE, null=True, blank=True, related_name="citations")
    benchmark = models.ForeignKey("Benchmark", models.CASCADE, null=True, blank=True, related_name="citations")
    position = models.PositiveSmallIntegerField(_("순서"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("근거")
        verbose_name_plural = _("근거")
        constraints = [
            models.CheckConstraint(
                name="citation_has_one_subject",
                condition=(
                    models.Q(answer__isnull=False, note=None, claim=None, benchmark=None)
                    | models.Q(answer=None, note__isnull=False, claim=None, benchmark=None)
                    | models.Q(answer=None, note=None, claim__isnull=False, benchmark=None)
                    | models.Q(answer=None, note=None, claim=None, benchmark__isnull=False)
                ),
            )
        ]

    def __str__(self) -> str:
        return self.source.title


class JoinedNames(models.Aggregate):
    """The names of related rows in one column, so that a list needs no second query. Names hold no U+001F."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, '\x1f')"
    output_field = models.TextField()

    def as_postgresql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]
        return self.as_sql(compiler, connection, function="STRING_AGG", **extra)


def joined_tags(relation: str) -> Coalesce:
    """The tags of each row as one text; `tag_pairs` takes it apart."""
    tags = Tag.objects.filter(**{relation: OuterRef("pk")}).order_by().values(relation)
    joined = tags.annotate(names=JoinedNames(Concat("slug", Value("="), "name"))).values("names")
    return Coalesce(Subquery(joined), Value(""), output_field=models.TextField())


def tag_pairs(joined: str) -> list[tuple[str, str]]:
    """(slug, name) pairs by name."""
    pairs = (item.partition("=") for item in joined.split("\x1f") if item)
    return sorted(((slug, name) for slug, _, name in pairs), key=lambda pair: pair[1])
