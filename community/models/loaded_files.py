"""What was last loaded from a content file, so that a file never overwrites what a curator has changed since."""

from django.db import models


class LoadedFile(models.Model):
    path = models.CharField(max_length=200, unique=True)
    file_digest = models.CharField(max_length=64)
    row_digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.path
