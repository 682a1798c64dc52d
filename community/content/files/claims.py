"""claims/<question number or note slug>.toml: checked statements, one unit each."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from community.models import Answer, Claim, Note, Question

from .documents import Block, check_keys, parse_toml
from .rows import fill, find, meta_of, save, set_sources, source_keys
from .unit import Unit

FOLDER = "claims"
HEAD = ("statement", "verdict", "evidence", "checked_on")
ALLOWED = ("number", "answer", *HEAD, "sources", "compute")
REQUIRED = ("number", *HEAD)


def units(folder: Path) -> Iterator[Unit]:
    for path in sorted((folder / FOLDER).glob("*.toml")):
        name, text = f"{FOLDER}/{path.name}", path.read_text()
        file = Block(name, 1, text, parse_toml(name, text))
        check_keys(file, ("note", "question", "claims"), ("claims",))
        subject: dict[str, Any] = {key: file.meta[key] for key in ("note", "question") if key in file.meta}
        if [str(value) for value in subject.values()] != [path.stem]:
            raise file.error("note", f"either note or question must be given and be the file's name, {path.stem}")
        for position, meta in enumerate(file.meta["claims"]):
            yield claim_unit(claim_block(file, position, meta), subject)


def claim_block(file: Block, position: int, meta: dict[str, Any]) -> Block:
    lines = file.head.split("\n")
    starts = [number for number, line in enumerate(lines) if line.strip() == "[[claims]]"]
    stop = starts[position + 1] if position + 1 < len(starts) else len(lines)
    block = Block(file.path, starts[position] + 1, "\n".join(lines[starts[position] : stop]), meta)
    check_keys(block, ALLOWED, REQUIRED)
    return block


def claim_unit(block: Block, subject: dict[str, Any]) -> Unit:
    number = block.meta["number"]
    return Unit(
        name=f"{block.path}#{number}",
        text=tomli_w.dumps(block.meta),
        current=partial(current, subject, number),
        save=partial(save_claim, block, subject),
    )


def computations(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name, verdict, computation) of every claim of the files."""
    for path in sorted((folder / FOLDER).glob("*.toml")):
        for meta in parse_toml(f"{FOLDER}/{path.name}", path.read_text())["claims"]:
            yield f"{path.stem}#{meta['number']}", meta["verdict"], meta.get("compute", {})


def lookup(subject: dict[str, Any]) -> dict[str, Any]:
    return {"note__slug": subject["note"]} if "note" in subject else {"question__number": subject["question"]}


def save_claim(block: Block, subject: dict[str, Any]) -> None:
    number = block.meta["number"]
    claim = Claim.objects.filter(**lookup(subject), number=number).first() or Claim(number=number)
    claim.note = find(Note, block, "note", slug=subject["note"]) if "note" in subject else None
    claim.question = find(Question, block, "question", number=subject["question"]) if "question" in subject else None
    answer = block.meta.get("answer")
    before = claim.answer
    claim.answer = find(Answer, block, "answer", number=answer, question=claim.question) if answer else None
    if fill(claim, block, (*HEAD, "compute")) or before != claim.answer:
        save(claim, block)
    set_sources(claim, block)


def current(subject: dict[str, Any], number: int) -> str:
    claim = Claim.objects.filter(**lookup(subject), number=number).first()
    return tomli_w.dumps(claim_meta(claim)) if claim else ""


def claim_meta(claim: Claim) -> dict[str, Any]:
    sources = source_keys(claim)
    return {
        "number": claim.number,
        **({"answer": claim.answer.number} if claim.answer else {}),
        **meta_of(claim, HEAD),
        **({"sources": sources} if sources else {}),
        **meta_of(claim, ["compute"]),
    }


def dump() -> dict[str, str]:
    """Path -> text of the claims of every question and note that has some."""
    files: dict[str, dict[str, Any]] = {}
    kept = Claim.objects.filter(question__purged_at=None, note__purged_at=None)
    for claim in kept.select_related("question", "note", "answer").order_by("number"):
        subject = {"question": claim.question.number} if claim.question else {"note": claim.note.slug}  # type: ignore[union-attr]
        name = f"{FOLDER}/{next(iter(subject.values()))}.toml"
        files.setdefault(name, {**subject, "claims": []})["claims"].append(claim_meta(claim))
    return {name: tomli_w.dumps(meta) for name, meta in files.items()}
