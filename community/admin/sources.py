from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.models import Source, Tag

from .never_deleted import NeverDeleted


@admin.register(Source)
class SourceAdmin(NeverDeleted, admin.ModelAdmin):
    list_display = ["title", "kind", "read_on", "cited"]
    list_filter = ["kind", ("citations", admin.EmptyFieldListFilter)]
    search_fields = ["key", "title", "url"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(cited=Count("citations"))

    @admin.display(description=_("단 곳"), ordering="cited")
    def cited(self, row: Source) -> int:
        return int(row.cited)  # type: ignore[attr-defined]


@admin.register(Tag)
class TagAdmin(NeverDeleted, admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["slug", "name"]
