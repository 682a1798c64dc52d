from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models

from community.content.pipeline import PIPELINE_VERSION
from community.models import Answer, Claim, Note, Question


class Command(BaseCommand):
    help = "Renders again what an older version of the Markdown pipeline made. Leaves history and verdicts alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every row, whatever its version")

    def handle(self, *args: Any, all: bool, **options: Any) -> None:
        for model in (Question, Answer, Note, Claim):
            rows: models.QuerySet[Any] = model._default_manager.all()
            if not all:
                rows = rows.exclude(pipeline_version=PIPELINE_VERSION)
            count = 0
            for row in rows.iterator():
                values = row.rendered()
                model._default_manager.filter(pk=row.pk).update(**values)
                count += 1
            self.stdout.write(f"{model._meta.model_name}: {count} rendered")
