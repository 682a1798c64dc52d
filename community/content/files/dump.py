"""Rows -> files, the canonical text of everything that was ever published or drafted."""

from pathlib import Path

from . import benchmarks, claims, notes, questions, vocabulary


def dump(folder: Path) -> list[str]:
    """Writes every content file below `folder`; returns the paths that changed."""
    changed = []
    for kind in (vocabulary, benchmarks, notes, questions, claims):
        for name, text in kind.dump().items():
            path = folder / name
            if not path.exists() or path.read_text() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
                changed.append(name)
    return changed
