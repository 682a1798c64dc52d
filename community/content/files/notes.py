"""notes/<slug>.md: a model note."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from community.models import Benchmark, Note

from .documents import Block, check_keys, join_blocks, split_blocks
from .rows import fill, find, meta_of, save, set_sources, set_tags, source_keys, tag_slugs
from .unit import Unit

FOLDER = "notes"
HEAD = ("slug", "title", "kind", "summary", "caveats")
TAIL = ("changed_on", "checked_on", "review_by", "published_at", "withdrawn_at", "withdrawn_reason")
ALLOWED = (*HEAD, "tags", "models", "evidence", "benchmark", *TAIL, "replacement", "sources", "facts")
REQUIRED = ("slug", "title", "kind", "summary", "evidence", "changed_on")


def units(folder: Path) -> Iterator[Unit]:
    for path in sorted((folder / FOLDER).glob("*.md")):
        name = f"{FOLDER}/{path.name}"
        block, *others = split_blocks(name, path.read_text())
        check_keys(block, ALLOWED, REQUIRED)
        if others or block.meta["slug"] != path.stem:
            raise block.error("slug", f"one note a file, named by its slug; this file is {path.stem}")
        slug = block.meta["slug"]
        yield Unit(name, path.read_text(), partial(current, slug), partial(save_note, block), partial(link, block))


def save_note(block: Block) -> None:
    note = Note.objects.filter(slug=block.meta["slug"]).first() or Note()
    changed = fill(note, block, (*HEAD, *TAIL, "models", "evidence", "facts"))
    named = block.meta.get("benchmark")
    benchmark = find(Benchmark, block, "benchmark", slug=named) if named else None
    if changed or note.body != block.body or note.benchmark != benchmark:
        note.body, note.benchmark = block.body, benchmark
        save(note, block)
    set_tags(note, block)
    set_sources(note, block)


def link(block: Block) -> None:
    note = Note.objects.get(slug=block.meta["slug"])
    named = block.meta.get("replacement")
    other = find(Note, block, "replacement", slug=named) if named else None
    if note.replacement != other:
        note.replacement = other
        save(note, block)


def current(slug: str) -> str:
    note = Note.objects.filter(slug=slug).first()
    return text_of(note) if note else ""


def text_of(note: Note) -> str:
    lists = {"tags": tag_slugs(note), "models": note.model_ids}
    sources = source_keys(note)
    meta = {
        **meta_of(note, HEAD),
        **{key: value for key, value in lists.items() if value},
        "evidence": note.evidence,
        **({"benchmark": note.benchmark.slug} if note.benchmark else {}),
        **meta_of(note, TAIL),
        **({"replacement": note.replacement.slug} if note.replacement else {}),
        **({"sources": sources} if sources else {}),
        **meta_of(note, ["facts"]),
    }
    return join_blocks([(meta, note.body)])


def dump() -> dict[str, str]:
    """Path -> text of every note."""
    rows = Note.objects.select_related("benchmark", "replacement").filter(purged_at=None)
    return {f"{FOLDER}/{note.slug}.md": text_of(note) for note in rows}
