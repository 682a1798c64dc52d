"""The versions of one row with what changed in each, for its history page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.utils.text import capfirst

from community.content.revisions import TEXT_FIELDS, Change, changes_between, display_name

VERSIONS_A_PAGE = 20
NOT_SHOWN = {"changed_on"}


@dataclass(frozen=True)
class Version:
    history_id: int
    when: dt.datetime
    who: str
    why: str
    changes: list[Change]
    other_fields: list[str]
    is_current: bool


def versions(model: type[models.Model], object_id: str, page: str) -> Page[Any]:
    """Newest first. Each page asks for one record more than it shows, to compare the last one with."""
    records = model.history.filter(id=object_id).select_related("history_user")  # type: ignore[attr-defined]
    pages = Paginator(records.order_by("-history_date", "-history_id"), VERSIONS_A_PAGE)
    shown = pages.get_page(page)
    start = shown.start_index() - 1 if pages.count else 0
    found = list(pages.object_list[start : start + VERSIONS_A_PAGE + 1])
    earlier = [*found[1:], None][: len(found)]
    pairs = zip(found, earlier, strict=True)
    shown.object_list = [
        version(model, before, after, is_current=start + position == 0)
        for position, (after, before) in enumerate(pairs)
    ][:VERSIONS_A_PAGE]
    return shown


def version(model: type[models.Model], before: Any, after: Any, is_current: bool) -> Version:
    return Version(
        history_id=after.history_id,
        when=after.history_date,
        who=display_name(after.history_user),
        why=after.history_change_reason or "",
        changes=changes_between(model, before, after),
        other_fields=other_fields(model, before, after),
        is_current=is_current,
    )


def other_fields(model: type[models.Model], before: Any, after: Any) -> list[str]:
    """Names of the changed fields that hold no text to compare."""
    if before is None:
        return []
    changed = set(after.diff_against(before).changed_fields) - set(TEXT_FIELDS[model]) - NOT_SHOWN
    return sorted(capfirst(str(field.verbose_name)) for field in model._meta.fields if field.name in changed)
