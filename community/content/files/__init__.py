"""Content files <-> rows. docs/content.md describes the files."""

from .dump import dump
from .load import LoadReport, load

__all__ = ["LoadReport", "dump", "load"]
