"""Nothing is deleted here, whoever asks: texts are withdrawn, merged or purged instead."""

from typing import Any

from django.http import HttpRequest


class NeverDeleted:
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was purged stays as it is."""
        page = getattr(obj, "question", None) or getattr(obj, "note", None) or obj
        purged = getattr(page, "purged_at", None) is not None
        return not purged and bool(super().has_change_permission(request, obj))  # type: ignore[misc]
