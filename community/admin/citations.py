"""Sources of a text, edited on the text's own form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from community.models import Citation, Verdict

from .never_deleted import NeverDeleted


def kept(formset: forms.BaseInlineFormSet) -> int:
    """How many citations the text will have."""
    filled = (form.cleaned_data for form in formset.forms if hasattr(form, "cleaned_data"))
    return sum(1 for data in filled if data.get("source") and not data.get("DELETE"))


class CitationFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if getattr(self.instance, "verdict", None) == Verdict.CURATED and not kept(self):
            raise ValidationError(_("검증된 답에는 근거가 하나 이상 있어야 해요."))


class CitationInline(NeverDeleted, admin.TabularInline):
    model = Citation
    formset = CitationFormSet
    fields = ["source", "position"]
    autocomplete_fields = ["source"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_add_permission(request, obj) and self.has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A citation is part of its text, and may be taken out of it."""
        return bool(self.has_change_permission(request, obj))
