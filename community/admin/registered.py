"""Everything the admin shows. Imported once the models are ready."""

from . import answers, benchmarks, claims, figure_changes, notes, questions, sources, users

__all__ = ["answers", "benchmarks", "claims", "figure_changes", "notes", "questions", "sources", "users"]
