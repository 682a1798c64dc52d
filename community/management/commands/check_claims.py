from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.calculator.texts.asked import AskedError
from community.calculator.texts.claims import Agreement, agreement
from community.content.files.claims import computations
from community.models import Claim


class Command(BaseCommand):
    help = (
        "Compares every claim's figure with the computed one. Fails when a computation is malformed, or when a claim "
        'is "confirmed" that differs or "wrong" that agrees, and its computation does not say why.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="content files; without it, the database's claims")

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        counts: Counter[str] = Counter()
        wrong = []
        for name, verdict, compute in computations(folder) if folder else stored():
            try:
                found = agreement(compute) if compute else None
            except AskedError as error:
                wrong.append(f"{name}: {error}")
                continue
            counts[found.outcome.value if found else "without a figure"] += 1
            if found:
                self.stdout.write(f"{name:24}{verdict:14}{line(found)}")
            if found and found.contradicts(verdict):
                wrong.append(f"{name}: is {verdict!r}, but the figure {found.outcome.value}; judge again, or say why")
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())))
        if wrong:
            raise CommandError("\n".join(wrong))


def stored() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for claim in Claim.objects.select_related("question", "note").order_by("question", "note", "number"):
        subject = claim.question.number if claim.question else claim.note and claim.note.slug
        yield f"{subject}#{claim.number}", claim.verdict, claim.compute


def line(found: Agreement) -> str:
    both = f"stated {found.stated}, computed {found.computed}" if found.computed else f"stated {found.stated}"
    return f"{found.outcome.value:9}{found.quantity}: {both}" + (f" ({found.why})" if found.why else "")
