from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _


class AinexAdminSite(admin.AdminSite):
    site_header = _("AiNex 편집실")
    site_title = _("AiNex 편집실")
    index_title = _("무엇을 고칠까요")
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from .desk import waiting_work  # this module is imported before the models are ready

        return super().index(request, {**(extra_context or {}), "work": waiting_work(request.user)})


class AinexAdminConfig(AdminConfig):
    default_site = "community.admin.site.AinexAdminSite"
