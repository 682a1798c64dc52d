from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from community.content.files import load
from community.content.files.documents import ContentError


class Command(BaseCommand):
    help = "Loads fixtures/ into the database. Rows that a curator has changed since the last load are left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures")

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        try:
            report = load(folder)
        except ContentError as error:
            raise CommandError(f"{error}. Nothing was changed.") from error
        for name in report.kept:
            self.stdout.write(f"kept    {name}: changed by a curator since it was loaded")
        if verbosity > 1:
            for name in report.loaded:
                self.stdout.write(f"loaded  {name}")
        self.stdout.write(
            f"content: {len(report.loaded)} loaded, {report.unchanged} unchanged, {len(report.kept)} kept"
        )
