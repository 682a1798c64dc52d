"""Files -> rows: all or nothing, and never over what a curator has changed since."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from community.models import LoadedFile

from . import benchmarks, claims, notes, questions, vocabulary
from .unit import Unit


@dataclass
class LoadReport:
    loaded: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def all_units(folder: Path) -> list[Unit]:
    """Every unit, in an order in which each finds what it refers to. A broken file stops here, with file and line."""
    return [unit for kind in (vocabulary, benchmarks, notes, questions, claims) for unit in kind.units(folder)]


@transaction.atomic
def load(folder: Path) -> LoadReport:
    """Brings the rows to what the files say; raises ContentError and changes nothing when a file is broken."""
    report = LoadReport()
    known = {row.path: row for row in LoadedFile.objects.all()}
    written = []
    for unit in all_units(folder):
        before = known.get(unit.name) or LoadedFile(path=unit.name)
        if before.file_digest == digest(unit.text):
            report.unchanged += 1
        elif changed_since(before, unit):
            report.kept.append(unit.name)
        else:
            unit.save()
            written.append((unit, before))
    for unit, _ in written:
        unit.link()
    for unit, record in written:
        record.file_digest, record.row_digest = digest(unit.text), digest(unit.current())
        record.save()
        report.loaded.append(unit.name)
    return report


def changed_since(before: LoadedFile, unit: Unit) -> bool:
    """Whether the rows differ from what was last loaded; rows that no file brought were written by a curator."""
    now = unit.current()
    return bool(now) and digest(now) not in (before.row_digest, digest(unit.text))
