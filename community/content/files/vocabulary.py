"""tags.toml and sources.toml: one unit a section."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w
from django.db import models

from community.models import Source, Tag

from .documents import Block, check_keys, parse_toml
from .rows import fill, meta_of, save
from .unit import Unit

TAGS, SOURCES = "tags.toml", "sources.toml"
TAG_KEYS = ("name",)
SOURCE_KEYS = ("title", "url", "kind", "read_on")


def units(folder: Path) -> Iterator[Unit]:
    yield from _units(folder, TAGS, ("name",), current_tag, save_tag)
    yield from _units(folder, SOURCES, ("title", "kind", "read_on"), current_source, save_source)


def _units(
    folder: Path, name: str, required: tuple[str, ...], current: Callable[[str], str], save_row: Callable[..., None]
) -> Iterator[Unit]:
    path = folder / name
    text = path.read_text() if path.exists() else ""
    for key, meta in parse_toml(name, text).items():
        block = section_block(name, text, key, meta)
        check_keys(block, TAG_KEYS if name == TAGS else SOURCE_KEYS, required)
        yield Unit(f"{name}#{key}", tomli_w.dumps({key: meta}), partial(current, key), partial(save_row, key, block))


def section_block(path: str, text: str, key: str, meta: dict[str, Any]) -> Block:
    """The section as a block, so that an error names its line."""
    lines = text.split("\n")
    heads = [number for number, line in enumerate(lines) if line.strip() in (f"[{key}]", f'["{key}"]')]
    start = heads[0] if heads else 0
    return Block(path, start + 1, "\n".join(lines[start : start + 8]), meta)


def save_tag(slug: str, block: Block) -> None:
    _save(Tag.objects.filter(slug=slug).first() or Tag(slug=slug), block, TAG_KEYS)


def save_source(key: str, block: Block) -> None:
    _save(Source.objects.filter(key=key).first() or Source(key=key), block, SOURCE_KEYS)


def _save(row: models.Model, block: Block, keys: tuple[str, ...]) -> None:
    if fill(row, block, keys):
        save(row, block)


def current_tag(slug: str) -> str:
    tag = Tag.objects.filter(slug=slug).first()
    return tomli_w.dumps({slug: meta_of(tag, TAG_KEYS)}) if tag else ""


def current_source(key: str) -> str:
    source = Source.objects.filter(key=key).first()
    return tomli_w.dumps({key: meta_of(source, SOURCE_KEYS)}) if source else ""


def dump() -> dict[str, str]:
    """The two files, sections by key."""
    tags = {tag.slug: meta_of(tag, TAG_KEYS) for tag in Tag.objects.order_by("slug")}
    sources = {source.key: meta_of(source, SOURCE_KEYS) for source in Source.objects.order_by("key")}
    return {TAGS: tomli_w.dumps(tags), SOURCES: tomli_w.dumps(sources)}
