from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.models import Note

from .citations import CitationInline
from .filters import PublicationState, ReviewDate
from .publication_steps import PURGE, publication_state, publication_steps
from .revised import Revised
from .step_forms import WithdrawNoteForm


@admin.register(Note)
class NoteAdmin(Revised):
    list_display = ["title", "kind", "publication", "checked_on", "review_by", "changed_on"]
    list_filter = ["kind", ReviewDate, PublicationState, "evidence", "tags"]
    search_fields = ["slug", "title", "summary", "body"]
    autocomplete_fields = ["tags"]
    readonly_fields = ["publication", "withdrawn_reason", "replacement"]
    inlines = [CitationInline]
    markdown = ("body",)
    dated_by = ("title", "summary", "caveats", "facts", "body")
    steps = (*publication_steps(WithdrawNoteForm), PURGE)
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "summary", "caveats", "facts", "body"]}),
        (_("갈래와 자료"), {"fields": ["tags", "model_ids", "benchmark"]}),
        (_("확인"), {"fields": ["evidence", "checked_on", "review_by"]}),
        (_("공개"), {"fields": ["publication", "withdrawn_reason", "replacement"]}),
        (_("저장"), {"fields": ["change_reason", "based_on"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Note | None = None) -> list[str]:
        """The address of a note that was ever published stays."""
        return [*self.readonly_fields, "slug"] if obj and obj.published_at else self.readonly_fields

    @admin.display(description=_("공개"))
    def publication(self, row: Note) -> str:
        return publication_state(row)
