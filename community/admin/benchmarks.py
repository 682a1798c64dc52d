from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from community.models import Benchmark, Point, Series

from .citations import CitationInline
from .never_deleted import NeverDeleted


class SeriesInline(NeverDeleted, admin.TabularInline):
    model = Series
    show_change_link = True
    extra = 0


class PointInline(NeverDeleted, admin.TabularInline):
    model = Point
    extra = 0


@admin.register(Benchmark)
class BenchmarkAdmin(NeverDeleted, admin.ModelAdmin):
    list_display = ["finding", "slug", "measured_on"]
    search_fields = ["slug", "finding", "conditions"]
    inlines = [SeriesInline, CitationInline]


@admin.register(Series)
class SeriesAdmin(NeverDeleted, admin.ModelAdmin):
    """Reached through its benchmark."""

    list_display = ["__str__", "benchmark", "settings"]
    list_select_related = ["benchmark"]
    inlines = [PointInline]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["benchmark"] if obj else []
