from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models, transaction

from community.calculator.texts.version import sizing_version
from community.content.pipeline import PIPELINE_VERSION
from community.models import Answer, Claim, FigureChange, Note, Question
from community.models.figure_changes import changes


class Command(BaseCommand):
    help = (
        "Renders again what an older version of the Markdown pipeline or of the sizing engine made, and records every "
        "figure that changed. Leaves history and verdicts alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every row, whatever its version")

    @transaction.atomic
    def handle(self, *args: Any, all: bool, **options: Any) -> None:
        for model in (Question, Answer, Note, Claim):
            rows: models.QuerySet[Any] = model._default_manager.all()
            count = changed = 0
            for row in (rows if all else rows.filter(OLD | figures_of_another())).iterator():
                rendered = row.rendered()
                found = FigureChange.objects.bulk_create(changes(row, rendered))
                model._default_manager.filter(pk=row.pk).update(**rendered)
                count, changed = count + 1, changed + len(found)
            self.stdout.write(f"{model._meta.model_name}: {count} rendered, {changed} figures changed")


OLD = ~models.Q(pipeline_version=PIPELINE_VERSION)


def figures_of_another() -> models.Q:
    """Rows without figures have no version of the engine."""
    return ~models.Q(sizing_version__in=["", sizing_version()])
