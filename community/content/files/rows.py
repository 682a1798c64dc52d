"""Between a row's attributes and the keys of a file."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from community.models import Citation, Source, Tag

from .documents import Block, invalid

Row = TypeVar("Row", bound=models.Model)
CHANGE_REASON = "콘텐츠 파일"
ATTRIBUTES = {"models": "model_ids"}
KEY_ORDER = (
    "engine", "since", "until", "label", "value", "note", "model", "weights", "gpu", "gpus", "context", "requests",
    "utilization", "size", "rate", "quantity", "against", "stated", "why",
)  # fmt: skip


def fill(row: models.Model, block: Block, keys: Iterable[str]) -> bool:
    """Sets the row's attributes from the keys; an absent key is empty. Returns whether anything changed."""
    changed = row.pk is None
    for key in keys:
        attribute = ATTRIBUTES.get(key, key)
        field = row._meta.get_field(attribute)
        empty = None if field.null else field.get_default()  # type: ignore[union-attr]
        value = block.meta.get(key, empty)
        changed = changed or getattr(row, attribute) != value
        setattr(row, attribute, value)
    return changed


def save(row: models.Model, block: Block) -> None:
    """Validates as the admin does, and saves with the reason that the history shows."""
    row._change_reason = CHANGE_REASON  # type: ignore[attr-defined]
    try:
        row.full_clean()
    except ValidationError as error:
        raise invalid(block, error) from error
    row.save()


def meta_of(row: models.Model, keys: Iterable[str]) -> dict[str, Any]:
    """The row's values by key, without the empty ones."""
    values = ((key, in_order(getattr(row, ATTRIBUTES.get(key, key)))) for key in keys)
    return {key: value for key, value in values if value not in (None, "", [], {}, False)}


def in_order(value: Any) -> Any:
    """PostgreSQL's jsonb forgets the order of keys: files have them as docs/content.md does, others by name."""
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if isinstance(value, dict):
        rank = {key: position for position, key in enumerate(KEY_ORDER)}
        return dict(sorted(value.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0])))
    return value


def set_tags(row: Any, block: Block) -> None:
    tags = [find(Tag, block, "tags", slug=slug) for slug in block.meta.get("tags", [])]
    row.tags.set(tags)


def set_sources(row: models.Model, block: Block) -> None:
    """Replaces the row's citations when the file names other sources or another order."""
    subject = {row._meta.model_name or "": row}
    keys = block.meta.get("sources", [])
    if source_keys(row) == keys:
        return
    sources = [find(Source, block, "sources", key=key) for key in keys]
    Citation.objects.filter(**subject).delete()
    Citation.objects.bulk_create(
        Citation(source=source, position=position, **subject) for position, source in enumerate(sources)
    )


def source_keys(row: Any) -> list[str]:
    return list(row.citations.order_by("position").values_list("source__key", flat=True))


def tag_slugs(row: Any) -> list[str]:
    return list(row.tags.order_by("slug").values_list("slug", flat=True))


def find(model: type[Row], block: Block, key: str, /, **lookup: Any) -> Row:
    """The row another file must have brought, or an error at the key that names it."""
    row = model._default_manager.filter(**lookup).first()
    if row is None:
        raise block.error(key, f"{key}: {next(iter(lookup.values()))!r} is not known")
    return row
