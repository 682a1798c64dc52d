"""What is shown, what is withdrawn, and what was purged. Nothing is deleted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import WITHDRAWN_REASON_LENGTH


class Publication(models.Model):
    """A row with `published_at` is public; a withdrawn one answers 410 with the reason."""

    published_at = models.DateTimeField(_("공개 시각"), null=True, blank=True, help_text=_("비우면 초안이에요."))
    withdrawn_at = models.DateTimeField(_("거둔 시각"), null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField(_("거둔 이유"), max_length=WITHDRAWN_REASON_LENGTH, blank=True)

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


PUBLIC = models.Q(published_at__isnull=False, withdrawn_at=None)
