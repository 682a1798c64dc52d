"""Steps beside the save form: mark wrong, publish, withdraw, merge, purge. Each has a page that asks first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

AT_ONCE = 100


@dataclass(frozen=True)
class Step:
    """`right` is the first half of the permission's name; `offered` says for which rows the step makes sense."""

    name: str
    label: str | Promise
    consequence: str | Promise
    form: Callable[..., forms.Form]
    run: Callable[[Any, dict[str, Any]], None]
    offered: Callable[[Any], bool] = lambda row: True
    right: str = "change"
    is_grave: bool = False

    def allowed(self, request: HttpRequest, model_admin: Any, row: Any) -> bool:
        permission = f"{model_admin.opts.app_label}.{self.right}_{model_admin.opts.model_name}"
        return bool(request.user.has_perm(permission) and model_admin.has_change_permission(request, row))

    def url_name(self, model_admin: Any) -> str:
        return f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_{self.name}"

    def address(self, model_admin: Any, rows: list[Any]) -> str:
        chosen = urlencode([("pk", row.pk) for row in rows])
        return f"{reverse(f'admin:{self.url_name(model_admin)}')}?{chosen}"


class Steps:
    """Gives an admin its steps: their pages, their links on the save form, and list actions for some of them."""

    admin_site: AdminSite
    steps: tuple[Step, ...] = ()
    listed_steps: tuple[str, ...] = ()  # also offered for several rows of the list

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [path(f"step/{s.name}/", view(partial(step_page, self, s)), name=s.url_name(self)) for s in self.steps]
        return own + super().get_urls()  # type: ignore[misc]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)  # type: ignore[misc]
        for step in self.steps:
            if step.name in self.listed_steps and step.allowed(request, self, None):
                actions[step.name] = (partial(open_step, step), step.name, step.label)
        return actions

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_queryset(request).filter(pk=object_id).first() if object_id.isdecimal() else None  # type: ignore[attr-defined]
        offered = [step for step in self.steps if row and step.offered(row) and step.allowed(request, self, row)]
        links = [(step.label, step.address(self, [row]), step.is_grave) for step in offered]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "steps": links})  # type: ignore[misc]


def open_step(step: Step, model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    rows = list(queryset[: AT_ONCE + 1])
    if len(rows) > AT_ONCE:
        messages.error(request, _("한 번에 100개까지 고를 수 있어요."))
        return None
    return HttpResponseRedirect(step.address(model_admin, rows))


def step_page(model_admin: Any, step: Step, request: HttpRequest) -> HttpResponse:
    """Asks for what the step needs, then takes it for every chosen row, or for none of them."""
    rows = chosen_rows(model_admin, step, request)
    form = step.form(request.POST if request.method == "POST" else None)
    if form.is_valid() and taken(model_admin, step, request, rows, form):
        return HttpResponseRedirect(after(model_admin, request, rows))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": step.label,
        "opts": model_admin.opts,
        "step": step,
        "rows": rows,
        "form": form,
    }
    return TemplateResponse(request, "admin/community/step.html", context)


def chosen_rows(model_admin: Any, step: Step, request: HttpRequest) -> list[Any]:
    keys = [key for key in request.GET.getlist("pk") if key.isdecimal()][:AT_ONCE]
    rows = list(model_admin.get_queryset(request).filter(pk__in=keys))
    if not rows:
        raise Http404
    if not all(step.allowed(request, model_admin, row) for row in rows):
        raise PermissionDenied
    return rows


def taken(model_admin: Any, step: Step, request: HttpRequest, rows: list[Any], form: forms.Form) -> bool:
    try:
        with transaction.atomic():
            for row in rows:
                step.run(row, form.cleaned_data)
                row.refresh_from_db()
                model_admin.log_change(request, row, step.label)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    done = ngettext("%(label)s: %(count)s건을 마쳤어요.", "%(label)s: %(count)s건을 마쳤어요.", len(rows))
    messages.success(request, done % {"label": step.label, "count": len(rows)})
    return True


def after(model_admin: Any, request: HttpRequest, rows: list[Any]) -> str:
    names = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    if len(rows) == 1:
        return reverse(f"admin:{names}_change", args=[rows[0].pk])
    return reverse(f"admin:{names}_changelist")
