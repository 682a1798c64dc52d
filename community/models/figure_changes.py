"""Figures that another version of the sizing engine computed otherwise: curators read the text around them again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .claims import Claim
from .notes import Note
from .questions import Answer, Question

LONGEST = 500
KINDS: dict[str, type[models.Model]] = {"question": Question, "answer": Answer, "note": Note, "claim": Claim}


class FigureChange(models.Model):
    """`source` is what the curator wrote; `after` is empty where nothing can be computed any more."""

    kind = models.CharField(
        _("갈래"), max_length=8, choices=[(name, model._meta.verbose_name) for name, model in KINDS.items()]
    )
    row_id = models.PositiveBigIntegerField(editable=False)
    row = models.CharField(_("글"), max_length=200)
    source = models.TextField(_("계산"))
    before = models.CharField(_("전"), max_length=LONGEST)
    after = models.CharField(_("후"), max_length=LONGEST, blank=True)
    rules_before = models.CharField(_("전의 규칙"), max_length=40)
    rules_after = models.CharField(_("후의 규칙"), max_length=40)
    found_at = models.DateTimeField(_("바뀐 때"), auto_now_add=True)
    seen_at = models.DateTimeField(_("본 때"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("본 사람")
    )

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = _("바뀐 계산값")
        verbose_name_plural = _("바뀐 계산값")

    def __str__(self) -> str:
        return f"{self.row}: {self.before} → {self.after or '—'}"


def changes(row: Any, rendered: dict[str, Any]) -> list[FigureChange]:
    """What a row says otherwise than it did, figure by figure; a text that was edited is no change of the engine."""
    after = {figure["source"]: figure["text"] for figure in rendered["figures"]}
    return [
        FigureChange(
            kind=row._meta.model_name,
            row_id=row.pk,
            row=str(row)[:200],
            source=figure["source"],
            before=figure["text"][:LONGEST],
            after=after.get(figure["source"], "")[:LONGEST],
            rules_before=row.sizing_version,
            rules_after=rendered["sizing_version"],
        )
        for figure in row.figures
        if after.get(figure["source"], "") != figure["text"]
    ]
