from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.models import FigureChange

from .never_deleted import NeverDeleted


@admin.register(FigureChange)
class FigureChangeAdmin(NeverDeleted, admin.ModelAdmin):
    """A list to read; the one thing to do is to say that one has seen it."""

    list_display = ["text", "before", "after_or_none", "source", "found_at", "rules", "seen_by"]
    list_display_links = None
    list_filter = [("seen_at", admin.EmptyFieldListFilter), "kind"]
    search_fields = ["row", "source"]
    list_select_related = ["seen_by"]
    actions = ["mark_seen"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the list, for its action; no single row can be edited."""
        return obj is None and bool(super().has_change_permission(request))

    @admin.display(description=_("글"), ordering="row")
    def text(self, row: FigureChange) -> SafeString:
        address = reverse(f"admin:community_{row.kind}_change", args=[row.row_id])
        return format_html('<a href="{}">{}</a>', address, row.row)

    @admin.display(description=_("후"))
    def after_or_none(self, row: FigureChange) -> str:
        return row.after or str(_("계산할 수 없음"))

    @admin.display(description=_("계산 규칙"), ordering="rules_after")
    def rules(self, row: FigureChange) -> str:
        return f"{row.rules_before} → {row.rules_after}"

    @admin.action(description=_("봤어요"), permissions=["change"])
    def mark_seen(self, request: HttpRequest, rows: QuerySet[FigureChange]) -> None:
        count = rows.filter(seen_at=None).update(seen_at=timezone.now(), seen_by=request.user)
        said = ngettext("%(n)s건을 본 것으로 적었어요.", "%(n)s건을 본 것으로 적었어요.", count)
        messages.success(request, said % {"n": count})
