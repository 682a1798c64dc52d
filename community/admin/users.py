"""Curators. A chief editor sets the names they sign with; log-in names, passwords and roles are a superuser's."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from .never_deleted import NeverDeleted

admin.site.unregister([User, Group])  # groups and their rights are code: community/roles.py


@admin.register(User)
class CuratorAdmin(NeverDeleted, UserAdmin):
    list_display = ["username", "get_full_name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "groups"]
    everything = [
        (None, {"fields": ["username", "password"]}),
        (_("독자에게 보이는 이름"), {"fields": ["first_name"]}),
        (_("역할"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
    ]
    names = [(_("독자에게 보이는 이름"), {"fields": ["username", "first_name"]})]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        return self.everything if is_superuser(request) else self.names

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [] if is_superuser(request) else ["username"]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not is_superuser(request):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "first_name" in form.base_fields:
            form.base_fields["first_name"].label = _("이름")
            form.base_fields["first_name"].help_text = _("기록에 이 이름이 나와요. 비우면 ‘AiNex 편집부’예요.")
        return form


def is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)
