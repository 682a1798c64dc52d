from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class AinexAdminSite(admin.AdminSite):
    site_header = _("AiNex 편집실")
    site_title = _("AiNex 편집실")
    index_title = _("무엇을 고칠까요")


class AinexAdminConfig(AdminConfig):
    default_site = "community.admin.site.AinexAdminSite"
