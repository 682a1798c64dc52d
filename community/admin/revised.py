"""Texts with a history: every save gives its reason, and never overwrites what somebody else has saved meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.content.revisions import TEXT_FIELDS, Piece, word_diff
from community.models.curation import CHANGE_REASON_LENGTH
from community.views.today import today

from .form_fields import LINE_FIELDS, MarkdownField, PlainTextField
from .history import versions
from .never_deleted import NeverDeleted
from .steps import Steps

OWN_FIELDS = ("based_on", "change_reason", "wording_only")


@dataclass(frozen=True)
class Conflict:
    """One field that the stored row and the form hold differently, as words kept, removed and added."""

    label: str
    pieces: list[Piece]


class RevisedForm(forms.ModelForm):
    """`based_on` is the revision the curator began with; a save over a later one is refused once, with both texts."""

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    change_reason = forms.CharField(
        label=_("바꾼 이유"),
        max_length=CHANGE_REASON_LENGTH,
        help_text=_("100자까지. 공개하는 기록에 그대로 나와요."),
    )
    conflicts: list[Conflict] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].initial = self.instance.revision
        self.fields["change_reason"].required = self.instance.pk is not None
        self.fields["change_reason"].initial = getattr(self.instance, "restored", "")
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # browsers cut a pasted text there, without a word

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("based_on") != self.instance.revision:
            self.refuse()
        return cleaned

    def refuse(self) -> None:
        names = [name for name in self.changed_data if name not in OWN_FIELDS]
        self.conflicts = [self.conflict(name) for name in names]
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("based_on")] = str(self.instance.revision)
        self.data = data
        raise ValidationError(
            _(
                "그사이 다른 분이 이 글을 고쳤어요. 위에서 두 글을 견주어 보고 다시 저장해 주세요. "
                "저장하면 내가 쓴 글이 남아요."
            )
        )

    def conflict(self, name: str) -> Conflict:
        field = self.fields[name]
        stored, written = self.get_initial_for_field(field, name), self[name].value()
        return Conflict(str(field.label), word_diff(as_read(field, stored), as_read(field, written)))


def as_read(field: forms.Field, value: Any) -> str:
    """A field's value the way its form shows it."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        keys = [getattr(item, "pk", item) for item in value or []]
        return ", ".join(str(row) for row in field.queryset.filter(pk__in=keys))  # type: ignore[union-attr]
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value or None).first() or "")  # type: ignore[union-attr]
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    shown = field.prepare_value(value)
    return "" if shown is None else str(shown).replace("\r\n", "\n")


class Revised(NeverDeleted, Steps, admin.ModelAdmin):
    """The admin of a model with `revision` and `history`."""

    form = RevisedForm
    markdown: tuple[str, ...] = ()  # fields with a preview
    dated_by: tuple[str, ...] = ()  # fields whose change sets `changed_on`

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A row about to be saved is held until the transaction ends; one to be restored has its earlier text."""
        row = super().get_object(request, object_id, from_field)
        if row is None:
            return None
        if request.method == "POST":
            return self.model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        return with_text_of(row, request.GET.get("restore", ""))

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """A list that lost a row meanwhile is shown as it is now: what it was sent with is no longer there to save."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        sent = {value for name, value in request.POST.items() if name.startswith(f"{prefix}-") and name.endswith("-id")}
        if sent - {""} - {str(row.pk) for row in kwargs["queryset"]}:
            return {name: value for name, value in kwargs.items() if name not in ("data", "files")}
        return kwargs

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in LINE_FIELDS:
            form_class, help_text = LINE_FIELDS[db_field.name]
            label = db_field.verbose_name
            return form_class(label=label, help_text=help_text, required=False, initial=db_field.get_default())
        if isinstance(db_field, models.TextField) and not db_field.choices:
            kwargs["form_class"] = MarkdownField if db_field.name in self.markdown else PlainTextField
            kwargs["widget"] = kwargs["form_class"].widget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._change_reason = form.cleaned_data["change_reason"]
        if self.dated_by and (not change or set(self.dated_by) & set(form.changed_data)):
            obj.changed_on = today()
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["conflicts"] = context["adminform"].form.conflicts
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page = versions(self.model, object_id, request.GET.get("p", "1"))
        return super().history_view(request, object_id, {**(extra_context or {}), "versions": page})


def with_text_of(row: Any, history_id: str) -> Any:
    """The row with the texts of an earlier version, for a form to show; nothing is saved."""
    record = row.history.filter(history_id=history_id).first() if history_id.isdecimal() else None
    if record:
        for name in TEXT_FIELDS[type(row)]:
            setattr(row, name, getattr(record, name))
        row.restored = gettext("이전 판으로 되돌림")
    return row
