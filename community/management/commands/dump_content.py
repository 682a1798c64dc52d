from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from community.content.files import dump


class Command(BaseCommand):
    help = "Writes the database's content to files that load_content reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        changed = dump(folder)
        for name in changed:
            self.stdout.write(f"written {name}")
        self.stdout.write(f"content: {len(changed)} files written")
