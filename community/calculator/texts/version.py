"""What computed a stored figure: when this changes, the figure is computed again."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from community import sizing
from community.sizing.size import RULES_VERSION

CALCULATOR = Path(__file__).parent.parent
SUFFIXES = {".py", ".toml", ".json", ".jsonl"}


@cache
def sizing_version() -> str:
    """The rules' version and a digest of the engine, its data and the words about them."""
    total = sha256()
    for folder in (Path(sizing.__file__).parent, CALCULATOR):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
            total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{RULES_VERSION}+{total.hexdigest()[:12]}"
